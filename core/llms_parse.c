#include "core/llms_parse.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/strmap.h"
#include "core/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

/* What of a line is quoted in an issue, bytes. */
#define QUOTE 60

enum part { PART_START, PART_HEAD, PART_INFO, PART_SECTION };

struct check {
	struct arena *a;
	struct llms_file *out;
	enum part part;
	unsigned line;
	char *paragraph; /* the end of the one being read, or NULL */
	bool after_optional;
	/* The section being read; NULL: none yet. */
	struct llms_section *section;
	unsigned section_line;
	struct strmap names; /* what was seen */
	struct strmap urls;
};

__attribute__((format(printf, 3, 4))) static void
issue(struct check *c, unsigned line, const char *fmt, ...)
{
	struct llms_file *r = c->out;
	va_list ap;

	if (r->found++ >= LLMS_ISSUES)
		return;
	va_start(ap, fmt);
	r->issues[r->nissues].line = line;
	r->issues[r->nissues++].what = arena_vprintf(c->a, fmt, ap);
	va_end(ap);
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
		int32_t cp = text_decode(s + i, n - i, &len);

		if (cp < 0) {
			issue(c, c->line, "byte 0x%02X is not UTF-8",
			    (unsigned char)s[i]);
			return false;
		}
		if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0)) {
			issue(c, c->line, "control character 0x%02X",
			    (unsigned)cp);
			return false;
		}
		/* Some readers end a line here. */
		if (cp == 0x2028 || cp == 0x2029) {
			issue(c, c->line, "a line separator (U+%04X)",
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
	if (!text_trimmed(s))
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
	else if (s[1] != ' ' || !text_trimmed(s + 2))
		issue(c, c->line, "the summary must be '> ' and its text");
	if (c->out->summary == NULL)
		c->out->summary = s + 1 + (s[1] == ' ');
}

static void
end_section(struct check *c)
{
	if (c->section != NULL && c->section->n == 0)
		issue(c, c->section_line, "section '%s' has no links",
		    quote(c, c->section->name));
}

/* The head is over when the first section begins, or the file ends. */
static void
end_head(struct check *c)
{
	if (c->out->summary == NULL)
		issue(c, c->line, "there is no '> summary' after the title");
	if (c->out->ninfo == 0)
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
	if (s[2] != ' ' || !text_trimmed(name))
		issue(c, c->line, "a section must be '## ' and its name");
	if (c->after_optional)
		issue(c, c->line,
		    "section '%s' comes after 'Optional', which "
		    "must be the last",
		    quote(c, name));
	if (!strmap_add(&c->names, name, 0))
		issue(c, c->line, "a second section '%s'", quote(c, name));
	c->after_optional = strcmp(name, LLMS_OPTIONAL) == 0;
	c->section = &c->out->sections[c->out->nsections++];
	c->section->name = name;
	c->section->first = (uint32_t)c->out->nlinks;
	c->section_line = c->line;
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
		issue(c, c->line, "a user or password in the address");
	else if (host == 0)
		issue(c, c->line, "the address has no host");
	else if (!is_host(s, host))
		issue(c, c->line, "'%s' is not the name of a host",
		    quote(c, arena_strndup(c->a, s, host)));
	else if (colon != NULL && !is_port(colon + 1, n - host - 1))
		issue(c, c->line, "'%s' is not a port; from 1 to 65535 are",
		    quote(c, arena_strndup(c->a, colon + 1, n - host - 1)));
}

static void
check_url(struct check *c, const char *url)
{
	const char *host = strstr(url, "://");

	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		issue(c, c->line, "'%s' is not an http(s) address",
		    quote(c, url));
	else if (strpbrk(url, " (<>\"\\^`{|}") != NULL)
		issue(c, c->line,
		    "a space, bracket or quote in the address; "
		    "it must be percent-encoded");
	else
		check_authority(c, host + 3, strcspn(host + 3, "/?#"));
	if (!strmap_add(&c->urls, url, 0))
		issue(c, c->line, "'%s' is listed twice", quote(c, url));
}

/* What follows the ")" is nothing, or ": description", which it returns. */
static const char *
check_description(struct check *c, const char *s)
{
	if (*s == '\0')
		return s;
	if (s[0] == ')')
		issue(c, c->line,
		    "a ')' in the address; it must be "
		    "percent-encoded");
	else if (s[0] != ':' || s[1] != ' ')
		issue(c, c->line, "only ': description' may follow the link");
	else if (!text_trimmed(s + 2))
		issue(c, c->line,
		    "the description is empty or has white "
		    "space around it");
	return s[0] == ':' ? s + 1 + (s[1] == ' ') : "";
}

static void
check_link(struct check *c, char *s)
{
	char *title = s + 3, *middle, *url, *end;
	struct llms_link *link;

	if (strncmp(s, "- [", 3) != 0) {
		issue(c, c->line,
		    "only '- [title](url): description' lines "
		    "may stand in a section");
		return;
	}
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
	if (!text_trimmed(title))
		issue(c, c->line,
		    "the link's title is empty or has white "
		    "space around it");
	if (strpbrk(title, "[]") != NULL)
		issue(c, c->line, "'[' or ']' in the link's title");
	check_url(c, url);
	link = &c->out->links[c->out->nlinks++];
	link->title = title;
	link->url = url;
	link->text = check_description(c, end + 1);
	link->section = (uint32_t)(c->section - c->out->sections);
	c->section->n++;
}

/* Lines of a paragraph follow each other in our copy: join them again. */
static void
add_paragraph(struct check *c, char *s)
{
	if (c->paragraph == NULL)
		c->out->info[c->out->ninfo++] = s;
	else if (c->paragraph + 1 == s)
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
	if (c->out->summary == NULL && c->paragraph == NULL)
		issue(c, c->line, "the summary must come before this");
	c->part = PART_INFO;
	if (text_trimmed(s))
		add_paragraph(c, s);
	else
		issue(c, c->line, "white space around the information");
}

static void
check_line(struct check *c, char *s)
{
	bool is_title = s[0] == '#' && s[1] == ' ';

	if (c->part == PART_START && *s != '\0' && !is_title) {
		issue(c, c->line, "the file must begin with '# Title'");
		c->part = PART_HEAD;
	}
	if (*s == '\0') {
		c->paragraph = NULL;
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
check_lines(struct check *c, char *s, char *end)
{
	if (end - s >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0) {
		issue(c, 1, "the file begins with a byte order mark");
		s += 3;
	}
	while (s < end) {
		char *lf = memchr(s, '\n', (size_t)(end - s));
		size_t len = (size_t)((lf == NULL ? end : lf) - s);

		c->line++;
		if (check_bytes(c, s, len)) {
			s[len] = '\0';
			if (len > 0 && s[len - 1] == '\r')
				s[len - 1] = '\0';
			check_line(c, s);
		}
		if (lf == NULL)
			issue(c, c->line, "no line feed ends the last line");
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

		if (*s == '-')
			links++;
		else if (*s == '#')
			sections++;
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
		issue(&c, 0, "the file is empty");
		return E_INPUT;
	}
	make_room(&c, copy, copy + n);
	check_lines(&c, copy, copy + n);
	if (c.part != PART_SECTION) {
		end_head(&c);
		issue(&c, 0, "there is no '## Section' with links");
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
