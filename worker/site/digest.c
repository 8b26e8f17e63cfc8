#include "worker/site/digest.h"

#include "core/arena.h"
#include "core/buf.h"
#include "worker/extract/page_reader.h"
#include "worker/site/crawled_site.h"
#include "worker/site/text_line.h"
#include "worker/site/prose.h"
#include "worker/site/words.h"

#include <ctype.h>
#include <string.h>

/* Room for the first paragraphs and headings of a page, bytes. */
#define LEAD_BYTES 2400
#define LEAD_PARAGRAPHS 6
#define PARAGRAPH_CHARS 600
#define HEADING_CHARS 80
#define HEADINGS 6
#define ITEMS 12
/* Of a preformatted text. */
#define CODE_BLOCKS 12
#define LINE_BYTES 400
/* How far into a page its first paragraphs are looked for, bytes. */
#define LOOK_BYTES 65536
/* Longer than any title or description worth reading, code points. */
#define FIELD_CHARS 1000

/* A walk over the lines of Markdown. */
struct lines {
	const char *at;
	const char *end;
	const char *line;
	size_t len;
	char fence; /* '`' or '~' while inside fenced code */
};

static bool
next_line(struct lines *l)
{
	const char *lf;

	if (l->at >= l->end)
		return false;
	lf = memchr(l->at, '\n', l->end - l->at);
	l->line = l->at;
	l->len = (lf == NULL ? l->end : lf) - l->at;
	l->at += l->len + 1;
	return true;
}

/* in_code: the line opens, closes or is inside fenced code. */
static bool
in_code(struct lines *l)
{
	char c = l->len >= 3 ? l->line[0] : 0;
	bool mark =
	    (c == '`' || c == '~') && l->line[1] == c && l->line[2] == c;

	if (l->fence != 0) {
		if (mark && c == l->fence)
			l->fence = 0;
		return true;
	}
	if (mark)
		l->fence = c;
	return mark;
}

/* A list item, a quote, a table, an image, a rule, indented code. */
static bool
is_prose(const char *s, size_t n)
{
	size_t digits = 0;

	if (n == 0 || strchr("#>|-+=\t", s[0]) != NULL)
		return false;
	if (n > 1 &&
	    ((s[0] == '*' && s[1] == ' ') || (s[0] == ' ' && s[1] == ' ') ||
		(s[0] == '!' && s[1] == '[')))
		return false;
	while (digits < n && isdigit((unsigned char)s[digits]))
		digits++;
	return digits == 0 || digits + 1 >= n ||
	       (s[digits] != '.' && s[digits] != ')') || s[digits + 1] != ' ';
}

static void
add_line(struct buf *b, const char *s)
{
	if (*s == '\0')
		return;
	if (b->len > 0)
		buf_addc(b, '\n');
	buf_adds(b, s);
}

/* is_rule: "~~~~~~", what is drawn below a heading. */
static bool
is_rule(const char *s, size_t n)
{
	size_t i = 0;

	while (n > 0 && s[n - 1] == ' ')
		n--;
	while (i < n && (s[i] == ' ' || s[i] == '\\'))
		i++;
	if (n - i < 4 || !ispunct((unsigned char)s[i]))
		return false;
	for (size_t j = i; j < n; j++)
		if (s[j] != s[i] && s[j] != '\\')
			return false;
	return true;
}

/* add_paragraph: the line and those that go on with it, as one. */
static void
add_paragraph(struct buf *b, struct lines *l)
{
	const char *from = l->line, *to = l->line + l->len;
	struct arena a;

	while (l->at < l->end && *l->at != '\n') {
		struct lines ahead = *l;

		if (!next_line(&ahead) || !is_prose(ahead.line, ahead.len))
			break;
		*l = ahead;
		to = l->line + l->len;
		if (is_rule(l->line, l->len))
			from = to;
	}
	arena_init(&a);
	add_line(b, text_line_clip(&a, text_line_markdown(&a, from, to - from),
			PARAGRAPH_CHARS));
	arena_release(&a);
}

static char *
lead_paragraphs(struct arena *a, const char *md, size_t n)
{
	struct lines l = {.at = md, .end = md + n};
	unsigned found = 0;
	struct buf b;
	char *out;

	buf_init(&b, LEAD_BYTES + 4 * PARAGRAPH_CHARS);
	while (found < LEAD_PARAGRAPHS && b.len < LEAD_BYTES && next_line(&l)) {
		if (in_code(&l) || !is_prose(l.line, l.len))
			continue;
		add_paragraph(&b, &l);
		found++;
	}
	out = arena_strdup(a, b.data);
	buf_release(&b);
	return out;
}

static char *
first_headings(struct arena *a, const char *md, size_t n)
{
	struct lines l = {.at = md, .end = md + n};
	struct arena scratch;
	unsigned found = 0;
	struct buf b;
	char *out;

	buf_init(&b, HEADINGS * 4 * HEADING_CHARS);
	arena_init(&scratch);
	while (found < HEADINGS && next_line(&l)) {
		const char *s = l.line;

		if (in_code(&l) || l.len < 4 || strncmp(s, "##", 2) != 0)
			continue;
		while (s < l.line + l.len && (*s == '#' || *s == ' '))
			s++;
		s = text_line_markdown(&scratch, s, l.line + l.len - s);
		if (*s == '\0' || text_line_length(s) > HEADING_CHARS)
			continue;
		add_line(&b, s);
		found++;
	}
	arena_release(&scratch);
	out = arena_strdup(a, b.data);
	buf_release(&b);
	return out;
}

/* ---- pages without sentences ---- */

static bool
has_sentence(struct arena *a, const char *lead)
{
	const char *s;

	for (unsigned i = 0; (s = prose_line(a, lead, i)) != NULL; i++)
		if (prose_sentence(s))
			return true;
	return false;
}

/* item_at: what a list's item, a table's row or a picture says; n bytes. */
static const char *
item_at(const char *s, const char *end, size_t *n)
{
	size_t digits;

	while (s < end && *s == ' ')
		s++;
	digits = strspn(s, "0123456789");
	if (s + 2 < end && strchr("-*+|", *s) != NULL && s[1] == ' ')
		s += 2;
	else if (digits > 0 && s + digits + 2 < end &&
		 strchr(".)", s[digits]) != NULL && s[digits + 1] == ' ')
		s += digits + 2;
	else if (s + 2 >= end || s[0] != '!' || s[1] != '[')
		return NULL;
	*n = (size_t)(end - s);
	return s;
}

/* add_item: its name, without what is said about it. */
static void
add_item(struct buf *b, struct arena *a, const char *s, size_t n)
{
	char *item = arena_strndup(a, s, n), *text, *at;

	/* A table's cell ends at the next one. */
	if ((at = strstr(item, " | ")) != NULL)
		*at = '\0';
	text = text_line_markdown(a, item, strlen(item));
	for (size_t i = 0; words_item_separators[i] != NULL; i++)
		if ((at = strstr(text, words_item_separators[i])) != NULL)
			*at = '\0';
	if (text_line_length(text) <= HEADING_CHARS &&
	    strpbrk(text, "|") == NULL && strspn(text, "-: ") < strlen(text))
		add_line(b, text);
}

static void
find_items(struct arena *a, const char *md, size_t n, struct crawled_page *out)
{
	struct lines l = {.at = md, .end = md + n};
	struct arena scratch;
	unsigned found = 0;
	struct buf b;

	buf_init(&b, ITEMS * 4 * HEADING_CHARS);
	arena_init(&scratch);
	while (found < ITEMS && next_line(&l)) {
		const char *s;
		size_t len;

		if (in_code(&l)) {
			out->has_code = true;
			continue;
		}
		s = item_at(l.line, l.line + l.len, &len);
		if (s == NULL)
			continue;
		add_item(&b, &scratch, s, len);
		found++;
	}
	out->items = arena_strdup(a, b.data);
	arena_release(&scratch);
	buf_release(&b);
}

/* join_line: a line of code as the next of a paragraph, "infor-" joined. */
static void
join_line(struct buf *b, const char *s, size_t n)
{
	while (n > 0 && isspace((unsigned char)*s)) {
		s++;
		n--;
	}
	if (b->len > 1 && b->data[b->len - 1] == '-' &&
	    isalpha((unsigned char)b->data[b->len - 2]) && n > 0 &&
	    islower((unsigned char)*s))
		buf_cut(b, b->len - 1);
	else if (b->len > 0)
		buf_addc(b, ' ');
	buf_add(b, s, n);
}

/* is_program: the block is code or a comment in it, not text. */
static bool
is_program(const char *s)
{
	if ((unsigned char)*s < 0x80 && !isalnum((unsigned char)*s))
		return true;
	for (size_t i = 0; words_code_starts[i] != NULL; i++)
		if (strncmp(s, words_code_starts[i],
			strlen(words_code_starts[i])) == 0)
			return true;
	return strcasestr(s, "copyright") != NULL;
}

/* is_caption: "SEE ALSO", which has no blank line after it. */
static bool
is_caption(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isupper((unsigned char)s[i]) && s[i] != ' ')
			return false;
	return n > 0 && s[0] != ' ';
}

/*
 * code_paragraphs: of a page that is one preformatted text, such as a manual
 * page or an RFC: its blocks between blank lines.
 */
static char *
code_paragraphs(struct arena *a, const char *md, size_t n)
{
	struct lines l = {.at = md, .end = md + n};
	unsigned found = 0;
	struct buf b, block;
	struct arena scratch;
	bool more = true;
	char *out;

	buf_init(&b, LEAD_BYTES + 4 * PARAGRAPH_CHARS);
	buf_init(&block, LEAD_BYTES + LINE_BYTES);
	arena_init(&scratch);
	while (more && found < CODE_BLOCKS && b.len < LEAD_BYTES) {
		more = next_line(&l);
		if (more && in_code(&l) && l.len > 0 && l.fence != 0 &&
		    l.line[0] != l.fence && !is_caption(l.line, l.len)) {
			if (is_rule(l.line, l.len))
				buf_clear(&block);
			else if (l.len < LINE_BYTES && block.len < LEAD_BYTES)
				join_line(&block, l.line, l.len);
			continue;
		}
		if (block.len > 0 && !is_program(block.data))
			add_line(&b, text_line_clip(&scratch,
					 text_line_fold(&scratch, block.data),
					 PARAGRAPH_CHARS));
		found += block.len > 0;
		buf_clear(&block);
	}
	out = arena_strdup(a, b.data);
	arena_release(&scratch);
	buf_release(&block);
	buf_release(&b);
	return out;
}

static char *
field_text(struct arena *a, const char *s)
{
	struct arena scratch;
	char *out;

	arena_init(&scratch);
	out = text_line_clip(a, text_line_fold(&scratch, s), FIELD_CHARS);
	arena_release(&scratch);
	return out;
}

void
digest_page(
    struct arena *a, const struct html_page *doc, struct crawled_page *out)
{
	size_t look =
	    doc->markdown_len < LOOK_BYTES ? doc->markdown_len : LOOK_BYTES;
	struct arena scratch;

	out->title = field_text(a, doc->title);
	out->raw_title = field_text(a, doc->raw_title);
	out->h1 = field_text(a, doc->h1);
	out->site_name = field_text(a, doc->site_name);
	out->description = field_text(a, doc->description);
	out->description_from = doc->description_from;
	out->lang = field_text(a, doc->lang);
	out->lead = lead_paragraphs(a, doc->markdown, look);
	out->headings = first_headings(a, doc->markdown, look);
	out->items = "";
	out->has_code = false;
	arena_init(&scratch);
	if (!has_sentence(&scratch, out->lead))
		find_items(a, doc->markdown, look, out);
	arena_release(&scratch);
	if (out->has_code && *out->lead == '\0')
		out->lead = code_paragraphs(a, doc->markdown, look);
	out->label = "";
	out->words = doc->words;
}
