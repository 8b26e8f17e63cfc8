#include "core/llms_parse.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/strmap.h"
#include "core/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

enum file_part { PART_START, PART_HEAD, PART_INFO, PART_SECTION };

struct check {
	struct arena *a;
	struct llms_file *out;
	enum file_part part;
	unsigned line;
	char *paragraph;       /* the end of the one being read, or NULL */
	unsigned summary_line; /* the last line of the summary */
	bool after_optional;
	/* The section being read; NULL: none yet. */
	struct llms_section *section;
	unsigned section_line;
	bool section_faulty; /* a line of it could not be read */
	bool dirty;          /* the line has what none should hold */
	struct strmap names; /* what was seen */
	unsigned kept[LLMS_KIND_MAX];
	struct strmap urls;
};

static const struct {
	enum llms_level level;
	const char *message;
	const char *kind;
} issues[LLMS_KIND_MAX] = {
#define LLMS_ISSUE(name, level, message, kind) {LLMS_##level, message, kind},
#include "core/llms_issue.def"
#undef LLMS_ISSUE
};

enum llms_level
llms_issue_level(enum llms_kind kind)
{
	return issues[kind].level;
}

const char *
llms_issue_kind(enum llms_kind kind)
{
	return issues[kind].kind;
}

/* issue_at: the message of the kind takes what follows as printf does. */
static void
issue_at(struct check *c, unsigned line, enum llms_kind kind, ...)
{
	struct llms_file *r = c->out;
	va_list ap;

	r->found++;
	r->invalid += issues[kind].level == LLMS_INVALID;
	if (c->kept[kind] >= (kind == LLMS_CR ? 1 : LLMS_PER_KIND)) {
		r->dropped[kind]++;
		return;
	}
	c->kept[kind]++;
	va_start(ap, kind);
	r->issues[r->nissues++] = (struct llms_issue){
	    .line = line,
	    .kind = kind,
	    .what = arena_vprintf(c->a, issues[kind].message, ap),
	};
	va_end(ap);
}

#define issue(c, ...) issue_at(c, (c)->line, __VA_ARGS__)

static bool
is_blank(struct check *c, const char *s)
{
	return text_line(c->a, s, 1)[0] == '\0';
}

/* check_character: what no line should hold.  False: nothing more of it. */
static bool
check_character(struct check *c, int32_t cp)
{
	if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
		issue(c, LLMS_CONTROL, (unsigned)cp);
	else if (cp == 0x2028 || cp == 0x2029)
		issue(c, LLMS_LINE_SEPARATOR, (unsigned)cp);
	else if (cp == 0xFEFF)
		issue(c, LLMS_INNER_BOM);
	else
		return true;
	return false;
}

/*
 * check_bytes: the line's bytes; what ends it and is not of it is cut off.
 * False: it is no text at all.
 */
static bool
check_bytes(struct check *c, char *s, size_t n)
{
	size_t len;

	c->dirty = false;
	for (size_t i = 0; i < n; i += len) {
		int32_t cp = text_decode(s + i, n - i, &len);

		if (cp < 0) {
			issue(c, LLMS_NOT_UTF8, (unsigned char)s[i]);
			return false;
		}
		if (cp == '\r' && i == n - 1) {
			issue(c, LLMS_CR);
			s[--n] = '\0';
			break;
		}
		if (!c->dirty)
			c->dirty = !check_character(c, cp);
	}
	if (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t')) {
		if (!c->dirty)
			issue(c, LLMS_END_SPACE);
		while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
			s[--n] = '\0';
	}
	return true;
}

static void
check_title(struct check *c, const char *s)
{
	const char *title = s + 1 + (s[1] == ' ');

	if (c->line != 1 && c->part == PART_START)
		issue(c, LLMS_TITLE_LATE);
	if (is_blank(c, title))
		issue(c, LLMS_TITLE_EMPTY);
	else if (s[1] != ' ' || !text_is_trimmed(title))
		issue(c, LLMS_TITLE_SPACE);
	c->out->title = title;
	c->part = PART_HEAD;
}

static void
check_summary(struct check *c, const char *s)
{
	const char *text = s + 1 + (s[1] == ' ');

	if (c->out->summary == NULL) {
		if (c->part == PART_INFO)
			issue(c, LLMS_SUMMARY_LATE);
		else if (s[1] != ' ' || !text_is_trimmed(text))
			issue(c, LLMS_SUMMARY_SPACE);
		c->out->summary = text;
	} else if (c->line == c->summary_line + 1 || c->part == PART_HEAD) {
		issue(c, LLMS_SUMMARY_LINES);
	}
	c->summary_line = c->line;
}

/* A section with a line that could not be read has its issue already. */
static void
end_section(struct check *c)
{
	if (c->section != NULL && c->section->n == 0 && !c->section_faulty)
		issue_at(c, c->section_line, LLMS_SECTION_EMPTY,
		    text_excerpt(c->a, c->section->name));
}

/*
 * The head is over when the first section begins, or the file ends.  What has
 * no title is no such file, and needs no advice on how to be a better one.
 */
static void
end_head(struct check *c)
{
	if (c->out->title == NULL)
		return;
	if (c->out->summary == NULL)
		issue(c, LLMS_NO_SUMMARY);
	if (c->out->ninfo == 0)
		issue(c, LLMS_NO_INFO);
}

static void
check_section(struct check *c, const char *s)
{
	const char *name = s + 2 + (s[2] == ' ');

	if (c->part != PART_SECTION)
		end_head(c);
	end_section(c);
	if (s[2] != ' ' || !text_is_trimmed(name))
		issue(c, LLMS_SECTION_SPACE);
	if (c->after_optional)
		issue(c, LLMS_SECTION_LATE, text_excerpt(c->a, name));
	if (!strmap_add(&c->names, name, 0))
		issue(c, LLMS_SECTION_TWICE, text_excerpt(c->a, name));
	c->after_optional = strcmp(name, LLMS_OPTIONAL) == 0;
	c->section = &c->out->sections[c->out->nsections++];
	c->section->name = name;
	c->section->first = (uint32_t)c->out->nlinks;
	c->section_line = c->line;
	c->section_faulty = false;
	c->part = PART_SECTION;
}

static bool
is_port(const char *s, size_t n)
{
	unsigned long port = 0;

	for (size_t i = 0; i < n && port < 65536; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		port = port * 10 + (unsigned)(s[i] - '0');
	}
	/* RFC 3986, 3.2.3: it may be empty. */
	return n == 0 || (port > 0 && port < 65536);
}

/* Names in any script; whether such a one exists is not the question. */
static bool
is_host(const char *s, size_t n)
{
	if (n > 2 && s[0] == '[' && s[n - 1] == ']')
		return strspn(s + 1, "0123456789abcdefABCDEF:.") == n - 2;
	for (size_t i = 0; i < n; i++) {
		unsigned char ch = (unsigned char)s[i];

		if (ch == '.' && (i == 0 || s[i - 1] == '.'))
			return false;
		if (ch < 0x80 && !isalnum(ch) && strchr("-._~%", ch) == NULL)
			return false;
	}
	return true;
}

/* check_authority: the host and port that a URL names; n bytes. */
static void
check_authority(struct check *c, const char *s, size_t n)
{
	const char *in = memchr(s, ']', n), *colon;
	size_t host;

	in = in == NULL ? s : in;
	colon = memchr(in, ':', n - (size_t)(in - s));
	host = colon == NULL ? n : (size_t)(colon - s);
	if (memchr(s, '@', n) != NULL)
		issue(c, LLMS_URL_USER);
	else if (host == 0)
		issue(c, LLMS_URL_NO_HOST);
	else if (!is_host(s, host))
		issue(c, LLMS_URL_HOST,
		    text_excerpt(c->a, arena_strndup(c->a, s, host)));
	else if (colon != NULL && !is_port(colon + 1, n - host - 1))
		issue(c, LLMS_URL_PORT,
		    text_excerpt(
			c->a, arena_strndup(c->a, colon + 1, n - host - 1)));
}

/* has_scheme: RFC 3986, 3.1: a letter, then letters, digits, "+-.", ":". */
static bool
has_scheme(const char *url)
{
	const char *s = url;

	if (!isalpha((unsigned char)*s))
		return false;
	while (isalnum((unsigned char)*s) ||
	       (*s != '\0' && strchr("+-.", *s) != NULL))
		s++;
	return *s == ':';
}

/* check_url: whole says that the URL ends where its ")" is. */
static void
check_url(struct check *c, const char *url, bool whole)
{
	const char *host = strstr(url, "://");

	if (!whole || strpbrk(url, " (<>\"\\^`{|}") != NULL)
		issue(c, LLMS_URL_CHARS);
	else if (!has_scheme(url))
		issue(c, LLMS_URL_RELATIVE, text_excerpt(c->a, url));
	else if (host == NULL || (strncasecmp(url, "http://", 7) != 0 &&
				     strncasecmp(url, "https://", 8) != 0))
		issue(c, LLMS_URL_SCHEME, text_excerpt(c->a, url));
	else
		check_authority(c, host + 3, strcspn(host + 3, "/?#"));
	if (!strmap_add(&c->urls, url, 0))
		issue(c, LLMS_URL_TWICE, text_excerpt(c->a, url));
}

/* What follows the ")" is nothing, or ": description", which it returns. */
static const char *
check_description(struct check *c, const char *s)
{
	if (*s == '\0' || *s == ')')
		return "";
	if (s[0] != ':' || s[1] != ' ') {
		issue(c, LLMS_AFTER_LINK);
		return s[0] == ':' ? s + 1 : "";
	}
	if (!text_is_trimmed(s + 2))
		issue(c, LLMS_TEXT_SPACE);
	return s + 2;
}

/* skip_number: past the "12." of a numbered list; s where there is none. */
static const char *
skip_number(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n > 0 && (s[n] == '.' || s[n] == ')') ? s + n + 1 : s;
}

/*
 * link_text: where the "[" of a list's line is, what is unusual before it
 * said; NULL where the line is none of a list.
 */
static char *
link_text(struct check *c, char *s)
{
	char *bullet = s + strspn(s, " \t"), *after, *text;

	after = strchr("-*+", *bullet) != NULL && *bullet != '\0'
		    ? bullet + 1
		    : bullet + (skip_number(bullet) - bullet);
	text = after + strspn(after, " \t");
	if (after == bullet || *text != '[')
		return NULL;
	if (bullet != s)
		issue(c, LLMS_INDENT);
	if (*bullet != '-' || text != after + 1 || *after != ' ')
		issue(c, LLMS_BULLET,
		    text_excerpt(c->a,
			arena_strndup(c->a, bullet, (size_t)(text - bullet))));
	return text;
}

/*
 * link_cut: the title that follows a "[", cut out of the line, and *url what
 * follows its "](".  False: there is no "](".
 */
static bool
link_cut(struct check *c, char *title, char **url)
{
	char *middle = strstr(title, "](");

	if (middle == NULL)
		return false;
	*middle = '\0';
	*url = middle + 2;
	/* Readers look for the first "]". */
	if (strchr(title, ']') != NULL)
		issue(c, LLMS_LINK_BRACKETS);
	else if (is_blank(c, title))
		issue(c, LLMS_LINK_NO_TITLE);
	else if (!text_is_trimmed(title) && !c->dirty)
		issue(c, LLMS_LINK_SPACE);
	else if (strchr(title, '[') != NULL)
		issue(c, LLMS_LINK_BRACKET);
	return true;
}

/* link_fault: the line cannot be read, and so its section is not empty. */
static void
link_fault(struct check *c, enum llms_kind kind)
{
	issue(c, kind);
	c->section_faulty = true;
}

static void
check_link(struct check *c, char *s)
{
	char *text = link_text(c, s), *url, *end;
	struct llms_link *link;

	if (text == NULL) {
		link_fault(c, LLMS_NOT_A_LINK);
		return;
	}
	if (!link_cut(c, text + 1, &url)) {
		link_fault(c, LLMS_LINK_NO_URL);
		return;
	}
	end = strchr(url, ')');
	if (end == NULL || end == url) {
		link_fault(c, end == url ? LLMS_LINK_NO_URL : LLMS_LINK_NO_END);
		return;
	}
	*end = '\0';
	check_url(c, url, end[1] != ')');
	link = &c->out->links[c->out->nlinks++];
	link->title = text + 1;
	link->url = url;
	link->text = check_description(c, end + 1);
	link->section = (uint32_t)(c->section - c->out->sections);
	c->section->n++;
}

/* Lines of a paragraph follow each other in our copy: join them again. */
static void
add_paragraph(struct check *c, char *s)
{
	if (c->paragraph == NULL || c->paragraph + 1 != s)
		c->out->info[c->out->ninfo++] = s;
	else
		*c->paragraph = '\n';
	c->paragraph = s + strlen(s);
}

static void
check_text(struct check *c, char *s)
{
	if (c->part == PART_SECTION) {
		check_link(c, s);
		return;
	}
	c->part = PART_INFO;
	if (!text_is_trimmed(s))
		issue(c, LLMS_INFO_SPACE);
	add_paragraph(c, s);
}

static void
check_heading(struct check *c, const char *s)
{
	if (s[1] == '#')
		issue(c, LLMS_HEADING_LEVEL);
	else if (c->part != PART_SECTION)
		issue(c, LLMS_SECOND_TITLE);
	else
		link_fault(c, LLMS_HEADING_IN_SECTION);
}

/* is_title: "# Title"; where the file begins "#Title" is meant for one. */
static bool
is_title(const struct check *c, const char *s)
{
	return s[0] == '#' && s[1] != '#' &&
	       (s[1] == ' ' || s[1] == '\0' || c->part == PART_START);
}

static bool
is_summary(const struct check *c, const char *s)
{
	return s[0] == '>' && c->part != PART_SECTION &&
	       (c->out->summary == NULL || c->part == PART_HEAD ||
		   c->line == c->summary_line + 1);
}

static void
check_line(struct check *c, char *s)
{
	bool title = is_title(c, s);

	if (c->part == PART_START && *s != '\0' && !title) {
		issue(c, LLMS_NO_TITLE);
		c->part = PART_HEAD;
	}
	if (*s == '\0')
		c->paragraph = NULL;
	else if (strncmp(s, "##", 2) == 0 && s[2] != '#')
		check_section(c, s);
	else if (title && c->out->title == NULL)
		check_title(c, s);
	else if (title || strncmp(s, "##", 2) == 0)
		check_heading(c, s);
	else if (is_summary(c, s))
		check_summary(c, s);
	else
		check_text(c, s);
}

static void
check_lines(struct check *c, char *s, char *end)
{
	if (end - s >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0) {
		issue_at(c, 1, LLMS_BOM);
		s += 3;
	}
	while (s < end) {
		char *lf = memchr(s, '\n', (size_t)(end - s));
		size_t len = (size_t)((lf == NULL ? end : lf) - s);

		c->line++;
		s[len] = '\0';
		if (check_bytes(c, s, len))
			check_line(c, s);
		else if (c->part == PART_SECTION)
			c->section_faulty = true;
		if (lf == NULL)
			issue(c, LLMS_NO_LAST_LF);
		s += len + 1;
	}
}

/* make_room: no line is more than one link, section or paragraph. */
static void
make_room(struct check *c, const char *s, const char *end)
{
	size_t links = 0, sections = 0, others = 0;

	while (s < end) {
		const char *lf = memchr(s, '\n', (size_t)(end - s));

		if (*s == '#')
			sections++;
		else
			links++;
		others += *s != '\n';
		s = lf == NULL ? end : lf + 1;
	}
	c->out->links = arena_array(c->a, links + 1, sizeof(*c->out->links));
	c->out->sections =
	    arena_array(c->a, sections + 1, sizeof(*c->out->sections));
	c->out->info = arena_array(c->a, others + 1, sizeof(*c->out->info));
	strmap_init(&c->urls, c->a, links, false);
	strmap_init(&c->names, c->a, sections, true);
}

enum rc
llms_parse(struct arena *a, const void *bytes, size_t n, struct llms_file *out)
{
	struct check c = {.a = a, .out = out};
	char *copy = arena_strndup(a, bytes, n);

	memset(out, 0, sizeof(*out));
	out->issues = arena_array(a, LLMS_ISSUES, sizeof(*out->issues));
	if (n == 0) {
		issue_at(&c, 0, LLMS_EMPTY);
		return E_INPUT;
	}
	make_room(&c, copy, copy + n);
	check_lines(&c, copy, copy + n);
	if (c.part == PART_START) {
		issue_at(&c, 0, LLMS_EMPTY);
		return E_INPUT;
	}
	if (c.part != PART_SECTION) {
		end_head(&c);
		if (out->title != NULL)
			issue_at(&c, 0, LLMS_NO_SECTION);
	}
	end_section(&c);
	return out->found == 0 ? OK : E_INPUT;
}

static void
print_section(struct buf *out, const struct llms_file *f, size_t i)
{
	const struct llms_section *s = &f->sections[i];

	buf_printf(out, "\n## %s\n\n", s->name);
	for (uint32_t j = s->first; j < s->first + s->n; j++) {
		const struct llms_link *l = &f->links[j];

		buf_printf(out, "- [%s](%s)%s%s\n", l->title, l->url,
		    *l->text != '\0' ? ": " : "", l->text);
	}
}

void
llms_print(struct buf *out, const struct llms_file *f)
{
	buf_printf(out, "# %s\n\n> %s\n", f->title, f->summary);
	for (size_t i = 0; i < f->ninfo; i++)
		buf_printf(out, "\n%s\n", f->info[i]);
	for (size_t i = 0; i < f->nsections; i++)
		if (f->sections[i].n > 0)
			print_section(out, f, i);
}
