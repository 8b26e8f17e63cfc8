#include "worker/story/draft.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/text.h"
#include "worker/site/text_line.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* "Of course! Here is your story:" is not longer, bytes. */
#define PREAMBLE_BYTES 300
/* A line that may be a title without a mark, code points. */
#define BARE_TITLE_CHARS 80
/* A repeated end is looked for between these, bytes. */
#define OVERLAP_LEAST 16
#define OVERLAP_MOST 600
/* The last sentence's end is looked for so far from the end, bytes. */
#define SENTENCE_BYTES 800

/* Directions that make a line read as another, and the byte order mark. */
static bool
is_unwanted(int32_t cp)
{
	return (cp < 0x20 && cp != '\n') || (cp >= 0x7F && cp < 0xA0) ||
	       (cp >= 0x202A && cp <= 0x202E) ||
	       (cp >= 0x2066 && cp <= 0x2069) || cp == 0xFEFF || cp == 0xFFFD;
}

/*
 * Text without controls, spaces at either end of a line (four would make it
 * code), empty lines in a row.
 */
static char *
tidy_text(struct arena *a, const char *s)
{
	size_t n = strlen(s), at = 0, len, breaks = 0;
	char *out = arena_alloc(a, n + 2);

	for (size_t i = 0; i < n; i += len) {
		int32_t cp = text_decode(s + i, n - i, &len);

		if (cp == '\r' && s[i + 1] == '\n')
			continue;
		if (cp == '\r' || cp == 0x2028 || cp == 0x2029)
			cp = '\n';
		if (cp == '\t')
			cp = ' ';
		if (cp == ' ' && (at == 0 || out[at - 1] == '\n'))
			continue;
		if (cp == ' ') {
			out[at++] = ' ';
		} else if (cp == '\n') {
			while (at > 0 && out[at - 1] == ' ')
				at--;
			if (at > 0 && breaks < 2)
				out[at++] = '\n';
			breaks++;
			continue;
		} else if (!is_unwanted(cp)) {
			memcpy(out + at, s + i, len);
			at += len;
		}
		if (at > 0 && out[at - 1] != '\n' && out[at - 1] != ' ')
			breaks = 0;
	}
	while (at > 0 && strchr(" \n", out[at - 1]) != NULL)
		at--;
	out[at] = '\0';
	return out;
}

/* Past the thoughts that some servers leave in the text. */
static const char *
strip_thoughts(const char *s)
{
	const char *end;

	s += strspn(s, " \t\r\n");
	if (strncmp(s, "<think>", 7) != 0)
		return s;
	end = strstr(s, "</think>");
	return end == NULL ? "" : end + 8;
}

/* Without a code fence around the whole; s is tidy. */
static char *
strip_fence(char *s)
{
	char *last;

	if (strncmp(s, "```", 3) != 0)
		return s;
	s += strcspn(s, "\n");
	s += strspn(s, "\n");
	last = strrchr(s, '\n');
	last = last == NULL ? s : last + 1;
	if (strcmp(last, "```") == 0)
		*last = '\0';
	for (last = s + strlen(s); last > s && last[-1] == '\n';)
		*--last = '\0';
	return s;
}

/* A heading of the first level: its text; NULL when the line is none. */
static const char *
heading_text(const char *line)
{
	if (line[0] != '#' || line[1] == '#')
		return NULL;
	line += 1 + strspn(line + 1, " ");
	return *line == '\0' || *line == '\n' ? NULL : line;
}

/* Politeness before the title goes, where there is a title. */
static char *
strip_preamble(char *s)
{
	for (char *line = s; line - s < PREAMBLE_BYTES; line++) {
		if (heading_text(line) != NULL)
			return line;
		line = strchr(line, '\n');
		if (line == NULL)
			break;
	}
	return s;
}

static char *
clean_answer(struct arena *a, const char *answer)
{
	return strip_fence(tidy_text(a, strip_thoughts(answer)));
}

/* ---- the title ---- */

/* A title as people read it; "" when nothing of it is left. */
static const char *
title_text(struct arena *a, const char *s, size_t n)
{
	char *t = text_line_markdown(a, s, n);

	if (strncasecmp(t, "title:", 6) == 0)
		t += 6 + strspn(t + 6, " ");
	while (*t == '#' || *t == ' ')
		t++;
	return text_line_clip(a, t, DRAFT_TITLE_CHARS);
}

/* "**The Fox**", "Title: The Fox", or a short line that stands alone. */
static bool
is_bare_title(const char *s, size_t n)
{
	bool alone = s[n] == '\n' && s[n + 1] == '\n';

	if (n > 4 && strncmp(s, "**", 2) == 0 &&
	    strncmp(s + n - 2, "**", 2) == 0)
		return true;
	if (strncasecmp(s, "title:", 6) == 0)
		return true;
	return alone && n > 0 && n <= BARE_TITLE_CHARS &&
	       strchr(".!?,;:\"*-_>", s[n - 1]) == NULL &&
	       strchr("-*>\"0123456789", s[0]) == NULL;
}

/* Sets *title and returns what follows it; title stays where there is none. */
static const char *
title_remove(struct arena *a, const char *s, const char **title)
{
	const char *marked = heading_text(s), *t;
	size_t n = strcspn(s, "\n");

	if (marked != NULL)
		t = title_text(a, marked, strcspn(marked, "\n"));
	else if (is_bare_title(s, n))
		t = title_text(a, s, n);
	else
		return s;
	if (*t != '\0')
		*title = t;
	s += n;
	return s + strspn(s, "\n");
}

/* ---- the body ---- */

/* Lines of s; headings of the first level become the second. */
static void
add_body(struct buf *b, const char *s)
{
	size_t n;

	for (; *s != '\0'; s += n) {
		n = strcspn(s, "\n");
		if (s[n] == '\n')
			n++;
		if (*s == '#' && s[1] != '#')
			buf_addc(b, '#');
		buf_add(b, s, n);
	}
}

static void
buf_release_arg(void *b)
{
	buf_release(b);
}

/* A buffer that goes with the arena; it holds whatever these texts make. */
static struct buf *
new_buf(struct arena *a, size_t n)
{
	struct buf *b = arena_alloc(a, sizeof(*b));

	buf_init(b, 2 * n + 4096);
	arena_defer(a, buf_release_arg, b);
	return b;
}

char *
draft_first(struct arena *a, const char *answer, const char *title)
{
	const char *s = strip_preamble(clean_answer(a, answer));
	struct buf *b = new_buf(a, strlen(s) + strlen(title));

	title = title_text(a, title, strlen(title));
	s = title_remove(a, s, &title);
	if (*title == '\0')
		title = "Story";
	buf_printf(b, "# %s\n", title);
	if (*s != '\0') {
		buf_addc(b, '\n');
		add_body(b, s);
		buf_addc(b, '\n');
	}
	return b->data;
}

const char *
draft_title(struct arena *a, const char *story)
{
	const char *s = heading_text(story);

	return s == NULL ? "" : arena_strndup(a, s, strcspn(s, "\n"));
}

const char *
draft_body(const char *story)
{
	story += strcspn(story, "\n");
	return story + strspn(story, "\n");
}

/* ---- going on ---- */

/* Bytes of s that say again how the n bytes at story end. */
static size_t
repeated_bytes(const char *story, size_t n, const char *s)
{
	size_t most = strlen(s);

	if (most > n)
		most = n;
	if (most > OVERLAP_MOST)
		most = OVERLAP_MOST;
	for (; most >= OVERLAP_LEAST; most--)
		if (memcmp(story + n - most, s, most) == 0)
			return most;
	return 0;
}

/* The answer begins as the story does, and is no longer: it is the same. */
static bool
is_repeated_answer(const char *body, const char *s)
{
	size_t n = strlen(s);

	if (n < OVERLAP_LEAST || n > strlen(body))
		return false;
	return strncmp(body, s, n < OVERLAP_MOST ? n : OVERLAP_MOST) == 0;
}

/* How an answer is put behind the n bytes of a story. */
static const char *
answer_separator(const char *story, size_t n, bool paragraph, const char *s)
{
	size_t len;
	int32_t cp;

	if (paragraph || *s == '#' || *s == '>' || *s == '*')
		return "\n\n";
	while (n > 0 && ((unsigned char)story[n - 1] & 0xC0) == 0x80)
		n--;
	cp = n == 0 ? 0 : text_decode(story + n - 1, 4, &len);
	/* Chinese and Japanese sentences follow without a space. */
	return cp >= 0x3000 && cp <= 0xFFEF ? "" : " ";
}

char *
draft_join(struct arena *a, const char *story, const char *answer)
{
	size_t n = strlen(story), again;
	bool paragraph = n > 1 && story[n - 1] == '\n' && story[n - 2] == '\n';
	struct buf *b;
	const char *s;

	paragraph = paragraph || answer[strspn(answer, " \t\r")] == '\n';
	s = clean_answer(a, answer);
	if (heading_text(s) != NULL)
		s = draft_body(s);
	if (is_repeated_answer(draft_body(story), s))
		return arena_strdup(a, story);
	while (n > 0 && strchr(" \n", story[n - 1]) != NULL)
		n--;
	again = repeated_bytes(story, n, s);
	s += again;
	if (again > 0 && *s == '\n')
		paragraph = true;
	s += strspn(s, " \n");
	b = new_buf(a, n + strlen(s));
	buf_add(b, story, n);
	if (*s != '\0') {
		buf_adds(b, answer_separator(story, n, paragraph, s));
		add_body(b, s);
	}
	buf_addc(b, '\n');
	return b->data;
}

/* The code points that end a sentence. */
static bool
ends_sentence(int32_t cp)
{
	return cp == '.' || cp == '!' || cp == '?' || cp == 0x2026 ||
	       cp == 0x3002 || cp == 0xFF01 || cp == 0xFF1F || cp == 0x0964 ||
	       cp == 0x061F || cp == 0x06D4;
}

/* Marks that may stand between a sentence's end and the space after it. */
static bool
is_closing_mark(int32_t cp)
{
	return cp == '"' || cp == '\'' || cp == ')' || cp == '*' || cp == '_' ||
	       cp == 0xBB || cp == 0x201D || cp == 0x2019 || cp == 0x201C ||
	       cp == 0x300D || cp == 0x300F;
}

/* Where the last whole sentence of n bytes ends; 0 when none is near. */
static size_t
last_sentence(const char *s, size_t n)
{
	size_t from = n > SENTENCE_BYTES ? n - SENTENCE_BYTES : 0, best = 0;
	size_t len;
	bool ended = false;

	while (from > 0 && ((unsigned char)s[from] & 0xC0) == 0x80)
		from--;
	for (size_t i = from; i < n; i += len) {
		int32_t cp = text_decode(s + i, n - i, &len);

		if (ends_sentence(cp))
			ended = true;
		else if (!is_closing_mark(cp))
			ended = false;
		/* "3.5" ends nothing; a full-width stop needs no space. */
		if (ended && (i + len == n || s[i + len] == ' ' ||
				 s[i + len] == '\n' || cp >= 0x3000))
			best = i + len;
		if (cp == '\n' && i > 0 && s[i - 1] == '\n')
			best = i - 1;
	}
	return best;
}

char *
draft_open(struct arena *a, const char *story)
{
	size_t n = strlen(story), title = (size_t)(draft_body(story) - story);
	bool paragraph;
	size_t end;

	while (n > 0 && strchr(" \n", story[n - 1]) != NULL)
		n--;
	if (n <= title)
		return arena_strdup(a, story);
	end = last_sentence(story, n);
	if (end <= title)
		end = n;
	paragraph = end < n && story[end] == '\n';
	return arena_printf(
	    a, "%.*s\n%s", (int)end, story, paragraph ? "\n" : "");
}
