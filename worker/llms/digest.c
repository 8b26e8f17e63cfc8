#include "worker/llms/digest.h"

#include "core/arena.h"
#include "core/buf.h"
#include "worker/extract/doc.h"
#include "worker/llms/site.h"
#include "worker/llms/plain.h"

#include <ctype.h>
#include <string.h>

/* Room for the first paragraphs and headings of a page, bytes. */
#define LEAD_BYTES 2400
#define LEAD_PARAGRAPHS 6
#define PARAGRAPH_CHARS 600
#define HEADING_CHARS 80
#define HEADINGS 6
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
	}
	arena_init(&a);
	add_line(b, plain_clip(&a, plain_markdown(&a, from, to - from),
			PARAGRAPH_CHARS));
	arena_release(&a);
}

static char *
paragraphs(struct arena *a, const char *md, size_t n)
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
headings(struct arena *a, const char *md, size_t n)
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
		s = plain_markdown(&scratch, s, l.line + l.len - s);
		if (*s == '\0' || plain_length(s) > HEADING_CHARS)
			continue;
		add_line(&b, s);
		found++;
	}
	arena_release(&scratch);
	out = arena_strdup(a, b.data);
	buf_release(&b);
	return out;
}

static char *
field(struct arena *a, const char *s)
{
	struct arena scratch;
	char *out;

	arena_init(&scratch);
	out = plain_clip(a, plain_fold(&scratch, s), FIELD_CHARS);
	arena_release(&scratch);
	return out;
}

void
digest_page(struct arena *a, const struct doc *doc, struct site_page *out)
{
	size_t look =
	    doc->markdown_len < LOOK_BYTES ? doc->markdown_len : LOOK_BYTES;

	out->title = field(a, doc->title);
	out->raw_title = field(a, doc->raw_title);
	out->h1 = field(a, doc->h1);
	out->site_name = field(a, doc->site_name);
	out->description = field(a, doc->description);
	out->description_from = doc->description_from;
	out->lang = field(a, doc->lang);
	out->lead = paragraphs(a, doc->markdown, look);
	out->headings = headings(a, doc->markdown, look);
	out->label = "";
	out->name = "";
	out->line = "";
	out->words = doc->words;
	out->section = SITE_NONE;
}
