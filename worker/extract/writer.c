#include "worker/extract/writer.h"

#include "core/text.h"

#include <string.h>

void
writer_init(struct writer *w, size_t max)
{
	memset(w, 0, sizeof(*w));
	buf_init(&w->out, max);
	w->fresh = true;
}

void
writer_release(struct writer *w)
{
	buf_release(&w->out);
}

static void
new_line(struct writer *w, size_t prefix_len)
{
	buf_addc(&w->out, '\n');
	buf_add(&w->out, w->prefix, prefix_len);
}

/* prefix_without_spaces: n bytes of the prefix, less the spaces at their end.
 */
static size_t
prefix_without_spaces(const struct writer *w, size_t n)
{
	while (n > 0 && w->prefix[n - 1] == ' ')
		n--;
	return n;
}

/* due_lines: what separates the coming text from the last block. */
static void
due_lines(struct writer *w)
{
	size_t n = w->marker[0] != '\0' ? w->marker_at : w->prefix_len;
	size_t between = n < w->low ? n : w->low;

	if (w->out.len == 0) {
		buf_add(&w->out, w->prefix, n);
	} else if (w->due > 0) {
		if (w->due == 1 && w->hard)
			buf_add(&w->out, "  ", 2);
		if (w->due > 1) {
			new_line(w, prefix_without_spaces(w, between));
		}
		new_line(w, n);
	}
	if (w->due > 0)
		w->space = false;
	w->due = 0;
	w->hard = false;
	w->low = w->prefix_len;
	if (w->marker[0] != '\0') {
		buf_adds(&w->out, w->marker);
		w->marker[0] = '\0';
	}
}

void
writer_escape_last(struct writer *w)
{
	struct buf *out = &w->out;
	char last = out->data[out->len - 1];

	/* Never shorter than the blocks that are whole. */
	if (!buf_ok(out) || out->len >= out->max)
		return;
	buf_cut(out, out->len - 1);
	buf_addc(out, '\\');
	buf_addc(out, last);
}

/*
 * open_mark: "**a**" goes on as "**ab**", because "****" is no mark; and "!"
 * before a link would make it an image.
 */
static void
open_mark(struct writer *w, const char *mark)
{
	size_t n = w->out.len;

	if (n > w->good && n == w->closed_at && buf_ok(&w->out) &&
	    strcmp(mark, w->closed) == 0) {
		buf_cut(&w->out, n - strlen(mark));
		return;
	}
	if (n > 0 && w->out.data[n - 1] == '!' && mark[0] == '[')
		writer_escape_last(w);
	buf_adds(&w->out, mark);
}

/* open_marks: those that wait for something visible. */
static void
open_marks(struct writer *w)
{
	for (unsigned i = 0; i < w->open.n; i++)
		if (!w->open.list[i].written) {
			open_mark(w, w->open.list[i].open);
			w->open.list[i].written = true;
		}
}

/* writer_ready: everything that is due before visible text. */
static void
writer_ready(struct writer *w)
{
	bool start = w->fresh;

	if (w->due > 0 || w->marker[0] != '\0' || w->out.len == 0) {
		due_lines(w);
		start = true;
	}
	if (w->space && !start)
		buf_addc(&w->out, ' ');
	w->space = false;
	w->fresh = false;
	if (w->lead != NULL) {
		buf_adds(&w->out, w->lead);
		w->lead = NULL;
	}
	open_marks(w);
}

void
writer_raw(struct writer *w, const char *s, size_t n)
{
	writer_ready(w);
	buf_add(&w->out, s, n);
}

static bool
is_ascii_alnum(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
	       (c & 0x80);
}

/* at_start: the run s[0..n), first of its line, would start a block. */
static size_t
at_start(const char *s, size_t n)
{
	size_t i = 0;

	switch (s[0]) {
	case '#':
		while (i < n && s[i] == '#')
			i++;
		return i == n && i <= 6 ? 1 : 0;
	case '>':
		return 1;
	case '*':
		return n == 1;
	case '-':
	case '+':
	case '=':
		/* A bullet or an underline of "---". */
		while (i < n && s[i] == s[0])
			i++;
		return i == n && (s[0] != '+' || n == 1) ? 1 : 0;
	default:
		while (i < n && i < 9 && s[i] >= '0' && s[i] <= '9')
			i++;
		return i > 0 && i + 1 == n && (s[i] == '.' || s[i] == ')')
			   ? i + 1
			   : 0;
	}
}

/* is_reference: n bytes, from "&" on, would be read as a character's name. */
static bool
is_reference(const char *s, size_t n)
{
	size_t i = n > 1 && s[1] == '#' ? 2 : 1, first = i;

	while (i < n && is_ascii_alnum(s[i]) && (unsigned char)s[i] < 0x80)
		i++;
	return i > first && i < n && s[i] == ';';
}

/* is_special: s[i] would be read as a mark where it stands. */
static bool
is_special(const struct writer *w, const char *s, size_t i, size_t n)
{
	char prev = i > 0 ? s[i - 1] : ' ', next = i + 1 < n ? s[i + 1] : ' ';

	switch (s[i]) {
	case '\\':
		return next > ' ' && !is_ascii_alnum(next);
	case '*':
		return !text_is_ascii_space(prev) || !text_is_ascii_space(next);
	case '_':
		return !is_ascii_alnum(prev) || !is_ascii_alnum(next);
	case '`':
		return true;
	case '[':
		return w->links > 0;
	case ']':
		return w->links > 0 || next == '(' || next == '[' ||
		       next == ':';
	case '<':
		return ((next | 32) >= 'a' && (next | 32) <= 'z') ||
		       next == '/' || next == '!' || next == '?';
	case '~':
		return prev == '~' || next == '~';
	case '|':
		return w->cell;
	case '&':
		return is_reference(s + i, n - i);
	default:
		return false;
	}
}

/* invisible_length: the bytes of a character without width at s; 0 for any
 * other. */
static size_t
invisible_length(const char *s, size_t left)
{
	if (left >= 2 && memcmp(s, "\xc2\xad", 2) == 0) /* soft hyphen */
		return 2;
	if (left >= 3 && (memcmp(s, "\xe2\x80\x8b", 3) == 0 ||
			     memcmp(s, "\xef\xbb\xbf", 3) == 0))
		return 3;
	return 0;
}

/* is_plain_byte: a byte of a word that needs no look. */
static bool
is_plain_byte(unsigned char c)
{
	switch (c) {
	case '|':
	case '&':
	case '\\':
	case '*':
	case '_':
	case '`':
	case '~':
	case '[':
	case ']':
	case '<':
	case 0xc2:
	case 0xe2:
	case 0xef:
	case 127:
		return false;
	default:
		return c >= ' ';
	}
}

/*
 * after_bracket: "[1]" and then "(a)" would be a link, and at the start of a
 * line "[1]: a" the address of one.
 */
static bool
after_bracket(const struct writer *w, char c)
{
	const char *out = w->out.data;
	size_t n = w->out.len, from = n;

	if (n == 0 || out[n - 1] != ']' || (c != '(' && c != '[' && c != ':'))
		return false;
	while (from > 0 && n - from < WRITER_PREFIX && out[from - 1] != '[' &&
	       out[from - 1] != '\n')
		from--;
	if (c != ':' || from < 2)
		return true;
	for (n = from - 1; n > 0 && out[n - 1] != '\n';)
		n--;
	return from - 1 - n <= w->prefix_len;
}

/* run: one word of the text, escaped. */
static void
run(struct writer *w, const char *s, size_t n, bool start)
{
	size_t from = 0, dot = start ? at_start(s, n) : 0;

	if (after_bracket(w, s[0]))
		buf_addc(&w->out, '\\');
	if (dot > 0) {
		buf_add(&w->out, s, dot - 1);
		buf_addc(&w->out, '\\');
		from = dot - 1;
	}
	for (size_t i = dot; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		size_t skip = 0;

		if (is_plain_byte(c))
			continue;
		if (c >= 0x80) {
			skip = invisible_length(s + i, n - i);
			if (skip == 0)
				continue;
		} else if (c < ' ' || c == 127) {
			skip = 1;
		} else if (!is_special(w, s, i, n)) {
			continue;
		}
		buf_add(&w->out, s + from, i - from);
		if (skip == 0)
			buf_addc(&w->out, '\\');
		from = i + skip;
		i += skip > 0 ? skip - 1 : 0;
	}
	buf_add(&w->out, s + from, n - from);
}

void
writer_text(struct writer *w, struct slice s)
{
	size_t i = 0, from;

	for (;;) {
		bool start;

		from = i;
		while (i < s.len && text_is_ascii_space(s.s[i]))
			i++;
		if (i > from)
			w->space = true;
		if (i == s.len)
			return;
		from = i;
		while (i < s.len && !text_is_ascii_space(s.s[i]))
			i++;
		start = w->fresh || w->due > 0 || w->marker[0] != '\0';
		writer_ready(w);
		run(w, s.s + from, i - from, start && w->flat == 0);
		w->words += buf_ok(&w->out);
	}
}

static void
close_marks(struct writer *w)
{
	for (unsigned i = w->open.n; i-- > 0;)
		if (w->open.list[i].written) {
			buf_adds(&w->out, w->open.list[i].close);
			w->open.list[i].written = false;
			if (w->open.list[i].once) {
				/* Popped by its element as an empty one. */
				w->open.list[i].open = "";
				w->open.list[i].close = "";
			}
		}
}

void
writer_break(struct writer *w, unsigned n)
{
	if (w->flat > 0) {
		w->space = true;
		return;
	}
	close_marks(w);
	/* An item that has only its marker yet begins on that line. */
	if (w->due < n && w->marker[0] == '\0')
		w->due = n;
	w->hard = false;
	w->space = false;
	w->fresh = true;
	if (buf_ok(&w->out))
		w->good = w->out.len;
}

void
writer_br(struct writer *w)
{
	if (w->flat > 0 || w->out.len == 0) {
		w->space = true;
		return;
	}
	if (w->due > 0) {
		writer_break(w, w->hard ? 2 : w->due);
		return;
	}
	w->due = 1;
	w->hard = true;
	w->space = false;
	w->fresh = true;
}

void
writer_line(struct writer *w)
{
	new_line(w, w->prefix_len);
}

void
writer_blank(struct writer *w)
{
	new_line(w, prefix_without_spaces(w, w->prefix_len));
}

bool
writer_push(struct writer *w, const char *open, const char *close, bool once)
{
	if (w->open.n == WRITER_MARKS)
		return false;
	for (unsigned i = 0; i < w->open.n; i++)
		if (strcmp(w->open.list[i].open, open) == 0)
			return false;
	w->open.list[w->open.n++] =
	    (struct writer_mark){.open = open, .close = close, .once = once};
	w->links += once;
	return true;
}

void
writer_pop(struct writer *w)
{
	struct writer_mark *m = &w->open.list[--w->open.n];

	w->links -= m->once;
	if (!m->written)
		return;
	buf_adds(&w->out, m->close);
	if (!m->once && buf_ok(&w->out)) {
		w->closed = m->open;
		w->closed_at = w->out.len;
	}
}

void
writer_suspend(struct writer *w, struct writer_marks *saved)
{
	*saved = w->open;
	w->open.n = 0;
}

void
writer_resume(struct writer *w, const struct writer_marks *saved)
{
	w->open = *saved;
}

size_t
writer_indent(struct writer *w, const char *prefix, const char *marker)
{
	size_t before = w->prefix_len, n = strlen(prefix);

	/* "- - x": the outer marker is written now, on the same line. */
	if (w->marker[0] != '\0' && marker != NULL) {
		due_lines(w);
		w->fresh = true;
	}
	if (marker != NULL) {
		size_t len = strlen(marker);

		if (len >= sizeof(w->marker))
			len = sizeof(w->marker) - 1;
		memcpy(w->marker, marker, len);
		w->marker[len] = '\0';
		w->marker_at = before;
	}
	if (before + n <= WRITER_PREFIX) {
		memcpy(w->prefix + before, prefix, n);
		w->prefix_len += n;
	}
	return before;
}

void
writer_outdent(struct writer *w, size_t before)
{
	w->prefix_len = before;
	if (w->low > before)
		w->low = before;
	if (w->marker[0] != '\0' && w->marker_at >= before)
		w->marker[0] = '\0';
}
