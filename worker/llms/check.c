#include "worker/llms/check.h"

#include "core/arena.h"
#include "worker/llms/plain.h"

#include <search.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What of a line is quoted in an issue, bytes. */
#define QUOTE 60

enum part { PART_START, PART_HEAD, PART_INFO, PART_SECTION };

struct check {
	struct arena *a;
	struct check_report *out;
	enum part part;
	unsigned line;
	bool in_paragraph;
	bool after_optional;
	/* The section being read. */
	const char *section;
	unsigned section_line;
	size_t section_links;
	void *names; /* tsearch trees of what was seen */
	void *urls;
};

__attribute__((format(printf, 3, 4))) static void
issue(struct check *c, unsigned line, const char *fmt, ...)
{
	struct check_report *r = c->out;
	va_list ap;

	if (r->found++ >= CHECK_ISSUES)
		return;
	va_start(ap, fmt);
	r->issues[r->nissues].line = line;
	r->issues[r->nissues++].what = arena_vprintf(c->a, fmt, ap);
	va_end(ap);
}

static int
compare(const void *x, const void *y)
{
	return strcasecmp(x, y);
}

static int
compare_exact(const void *x, const void *y)
{
	return strcmp(x, y);
}

static void
keep(void *node)
{
	(void)node; /* the arena's */
}

/* first_time: s was not in the tree before. */
static bool
first_time(void **tree, const char *s, int (*cmp)(const void *, const void *))
{
	const char **found = tsearch(s, tree, cmp);

	return found == NULL || *found == s;
}

static const char *
quote(struct check *c, const char *s)
{
	size_t n = strlen(s), at = QUOTE;

	if (n <= QUOTE)
		return s;
	while (at > 0 && (s[at] & 0xC0) == 0x80)
		at--;
	return arena_printf(c->a, "%.*s…", (int)at, s);
}

static bool
is_trimmed(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && s[0] != ' ' && s[n - 1] != ' ';
}

/* check_bytes: what no line may hold.  A line it accepts is plain text. */
static bool
check_bytes(struct check *c, const char *s, size_t n)
{
	size_t len;

	if (n > 0 && s[n - 1] == '\r') {
		issue(c, c->line, "the line ends in CR LF; only LF may end it");
		n--;
	}
	for (size_t i = 0; i < n; i += len) {
		int32_t cp = plain_decode(s + i, n - i, &len);

		if (cp < 0) {
			issue(c, c->line, "byte 0x%02X is not UTF-8",
			    (unsigned char)s[i]);
			return false;
		}
		if (cp < 0x20 || cp == 0x7F) {
			issue(c, c->line, "control character 0x%02X",
			    (unsigned)cp);
			return false;
		}
		if (cp == 0xFEFF) {
			issue(c, c->line, "a byte order mark (U+FEFF)");
			return false;
		}
	}
	if (n > 0 && s[n - 1] == ' ')
		issue(c, c->line, "white space at the end of the line");
	return true;
}

static void
check_title(struct check *c, const char *s)
{
	if (c->line != 1)
		issue(c, c->line, "the title must be the first line");
	if (!is_trimmed(s))
		issue(c, c->line,
		    *s == '\0' ? "the title is empty"
			       : "white space around the title");
	c->out->title = s;
	c->part = PART_HEAD;
}

static void
check_summary(struct check *c, const char *s)
{
	if (c->out->summary != NULL)
		issue(c, c->line, "the summary takes more than one line");
	else if (c->part == PART_INFO)
		issue(c, c->line,
		    "a quote among the paragraphs; the summary "
		    "comes right after the title");
	else if (s[1] != ' ' || !is_trimmed(s + 2))
		issue(c, c->line, "the summary must be '> ' and its text");
	if (c->out->summary == NULL)
		c->out->summary = s + 1 + (s[1] == ' ');
}

static void
end_section(struct check *c)
{
	if (c->section != NULL && c->section_links == 0)
		issue(c, c->section_line, "section '%s' has no links",
		    quote(c, c->section));
}

/* The head is over when the first section begins, or the file ends. */
static void
end_head(struct check *c)
{
	if (c->out->summary == NULL)
		issue(c, c->line, "there is no '> summary' after the title");
	if (c->out->paragraphs == 0)
		issue(c, c->line,
		    "there is no paragraph of information "
		    "before the first section");
}

static void
check_section(struct check *c, const char *s)
{
	const char *name = s + 2 + (s[2] == ' ');

	if (c->part != PART_SECTION)
		end_head(c);
	end_section(c);
	if (s[2] != ' ' || !is_trimmed(name))
		issue(c, c->line, "a section must be '## ' and its name");
	if (c->after_optional)
		issue(c, c->line,
		    "section '%s' comes after 'Optional', which "
		    "must be the last",
		    quote(c, name));
	if (!first_time(&c->names, name, compare))
		issue(c, c->line, "a second section '%s'", quote(c, name));
	c->after_optional = strcmp(name, "Optional") == 0;
	c->section = name;
	c->section_line = c->line;
	c->section_links = 0;
	c->out->sections++;
	c->part = PART_SECTION;
}

static void
check_url(struct check *c, const char *url)
{
	const char *host = strstr(url, "://");

	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		issue(c, c->line, "'%s' is not an http(s) address",
		    quote(c, url));
	else if (host[3] == '\0' || host[3] == '/' || host[3] == ':')
		issue(c, c->line, "the address has no host");
	else if (strpbrk(url, " (<>\"") != NULL)
		issue(c, c->line,
		    "a space, bracket or quote in the address; "
		    "it must be percent-encoded");
	if (!first_time(&c->urls, url, compare_exact))
		issue(c, c->line, "'%s' is listed twice", quote(c, url));
}

/* after_url: what follows the ")" is nothing, or ": description". */
static void
check_description(struct check *c, const char *s)
{
	if (*s == '\0')
		return;
	if (s[0] == ')')
		issue(c, c->line,
		    "a ')' in the address; it must be "
		    "percent-encoded");
	else if (s[0] != ':' || s[1] != ' ')
		issue(c, c->line, "only ': description' may follow the link");
	else if (!is_trimmed(s + 2))
		issue(c, c->line,
		    "the description is empty or has white "
		    "space around it");
}

static void
check_link(struct check *c, const char *s)
{
	char *title, *middle, *url, *end;

	if (strncmp(s, "- [", 3) != 0) {
		issue(c, c->line,
		    "only '- [title](url): description' lines "
		    "may stand in a section");
		return;
	}
	title = arena_strdup(c->a, s + 3);
	middle = strstr(title, "](");
	if (middle == NULL) {
		issue(c, c->line, "no '](' after the link's title");
		return;
	}
	*middle = '\0';
	url = middle + 2;
	end = strchr(url, ')');
	if (end == NULL) {
		issue(c, c->line, "no ')' after the link's address");
		return;
	}
	*end = '\0';
	if (!is_trimmed(title))
		issue(c, c->line,
		    "the link's title is empty or has white "
		    "space around it");
	if (strpbrk(title, "[]") != NULL)
		issue(c, c->line, "'[' or ']' in the link's title");
	check_url(c, url);
	check_description(c, end + 1);
	c->section_links++;
	c->out->links++;
}

static void
check_text(struct check *c, const char *s)
{
	if (c->part == PART_SECTION) {
		check_link(c, s);
		return;
	}
	if (c->out->summary == NULL && !c->in_paragraph)
		issue(c, c->line, "the summary must come before this");
	c->part = PART_INFO;
	c->out->paragraphs += !c->in_paragraph;
	c->in_paragraph = true;
}

static void
check_line(struct check *c, const char *s)
{
	bool is_title = s[0] == '#' && s[1] == ' ';

	if (c->part == PART_START && *s != '\0' && !is_title) {
		issue(c, c->line, "the file must begin with '# Title'");
		c->part = PART_HEAD;
	}
	if (*s == '\0') {
		c->in_paragraph = false;
	} else if (strncmp(s, "##", 2) == 0 && s[2] != '#') {
		check_section(c, s);
	} else if (is_title && c->out->title == NULL) {
		check_title(c, s + 2);
	} else if (is_title || strncmp(s, "##", 2) == 0) {
		issue(c, c->line,
		    s[1] == ' '
			? "a second title"
			: "a heading below '##'; only sections may follow");
	} else if (s[0] == '>' && c->part != PART_SECTION) {
		check_summary(c, s);
	} else {
		check_text(c, s);
	}
}

static void
check_file(struct check *c, const char *s, size_t n)
{
	const char *end = s + n;

	if (n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0) {
		issue(c, 1, "the file begins with a byte order mark");
		s += 3;
	}
	while (s < end) {
		const char *lf = memchr(s, '\n', end - s);
		size_t len = (lf == NULL ? end : lf) - s;

		c->line++;
		if (check_bytes(c, s, len)) {
			char *line = arena_strndup(c->a, s, len);

			if (len > 0 && line[len - 1] == '\r')
				line[len - 1] = '\0';
			check_line(c, line);
		}
		if (lf == NULL)
			issue(c, c->line, "no line feed ends the last line");
		s += len + 1;
	}
}

enum rc
check_llms(
    struct arena *a, const void *bytes, size_t n, struct check_report *out)
{
	struct check c = {.a = a, .out = out};

	memset(out, 0, sizeof(*out));
	out->issues = arena_array(a, CHECK_ISSUES, sizeof(*out->issues));
	if (n == 0) {
		issue(&c, 0, "the file is empty");
		return E_INPUT;
	}
	check_file(&c, bytes, n);
	if (c.part != PART_SECTION) {
		end_head(&c);
		issue(&c, 0, "there is no '## Section' with links");
	}
	end_section(&c);
	tdestroy(c.names, keep);
	tdestroy(c.urls, keep);
	return out->found == 0 ? OK : E_INPUT;
}
