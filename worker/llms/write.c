#include "worker/llms/write.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/idn.h"
#include "worker/llms/described_site.h"
#include "worker/site/text_line.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* A backslash at the end would take the link's "]" with it. */
static bool
ends_escaping(const char *s)
{
	size_t n = strlen(s), k = n;

	while (k > 0 && s[k - 1] == '\\')
		k--;
	return (n - k) % 2 == 1;
}

char *
write_title(struct arena *a, const char *s)
{
	char *out = text_line_fold(a, s);

	for (char *p = out; *p != '\0'; p++) {
		if (*p == '[')
			*p = '(';
		else if (*p == ']')
			*p = ')';
	}
	return ends_escaping(out) ? arena_printf(a, "%s\\", out) : out;
}

/* RFC 3986 allows parentheses in a path; Markdown ends the link at one. */
char *
write_url(struct arena *a, const char *url)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, 3 * strlen(url) + 1);
	char *o = out;

	for (const char *p = url; *p != '\0'; p++) {
		unsigned char c = *p;

		if (c > ' ' && c < 0x7F && strchr("()<>\"\\^`{|}", c) == NULL) {
			*o++ = *p;
			continue;
		}
		*o++ = '%';
		*o++ = hex[c >> 4];
		*o++ = hex[c & 15];
	}
	*o = '\0';
	return out;
}

const char *
write_host(struct arena *a, const char *host)
{
	size_t n = host[0] == '[' ? strlen(host) : strcspn(host, ":");

	return arena_printf(
	    a, "%s%s", idn_display(a, arena_strndup(a, host, n)), host + n);
}

/* "1. " and "1) " begin a list (CommonMark 5.2); bytes of its number, or 0. */
static size_t
list_number(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n > 0 && n < 10 && (s[n] == '.' || s[n] == ')') &&
		       (s[n + 1] == ' ' || s[n + 1] == '\0')
		   ? n
		   : 0;
}

const char *
write_paragraph(struct arena *a, const char *s)
{
	const char *p = text_line_fold(a, s);
	size_t n;

	while (*p != '\0' && strchr("#>-+*=|~`_ ", *p) != NULL)
		p++;
	n = list_number(p);
	return n == 0 ? p : arena_printf(a, "%.*s\\%s", (int)n, p, p + n);
}

/* code_span: bytes of the code span (CommonMark 6.1) that s begins with, or 0.
 */
static size_t
code_span(const char *s)
{
	size_t marks = strspn(s, "`"), n;

	for (const char *p = s + marks; (p = strchr(p, '`')) != NULL; p += n) {
		n = strspn(p, "`");
		if (n == marks)
			return (size_t)(p - s) + n;
	}
	return 0;
}

/* begins_html: what follows the "<" makes it a tag, a comment or an autolink.
 */
static bool
begins_html(const char *s)
{
	return isalpha((unsigned char)*s) ||
	       (*s != '\0' && strchr("/!?", *s) != NULL);
}

/* How many marks of code are looked behind, so that time stays linear. */
#define SPANS_MAX 2000

/*
 * inert_line: s, a line of a site's words, with what Markdown takes for HTML,
 * for a link or for code without an end escaped: the only links of the file are
 * ours.  Names like vector<T> read as before.  Doing it twice changes nothing.
 */
static char *
inert_line(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, 2 * strlen(s) + 1), *o = out;
	unsigned spans = 0;

	while (*s != '\0') {
		size_t n = 1, span = 0;

		if (*s == '`' && spans++ < SPANS_MAX)
			span = code_span(s);
		if (*s == '\\' && ispunct((unsigned char)s[1]))
			n = 2;
		else if (span > 0)
			n = span;
		else if (*s == '`' || (*s == '<' && begins_html(s + 1)) ||
			 (*s == ']' && s[1] != '\0' && strchr("([:", s[1])))
			*o++ = '\\';
		memcpy(o, s, n);
		o += n;
		s += n;
	}
	*o = '\0';
	return out;
}

static void
add_head(struct buf *out, const struct described_site *site)
{
	struct arena a;

	arena_init(&a);
	buf_printf(out, "# %s\n", inert_line(&a, write_title(&a, site->title)));
	buf_printf(out, "\n> %s\n",
	    inert_line(&a, write_paragraph(&a, site->summary)));
	for (size_t i = 0; i < site->ninfo; i++)
		buf_printf(out, "\n%s\n",
		    inert_line(&a, write_paragraph(&a, site->info[i])));
	arena_release(&a);
}

static void
add_link(struct buf *out, struct arena *a, const struct described_page *page)
{
	const char *line = inert_line(a, text_line_fold(a, page->line));

	buf_printf(out, "- [%s](%s)", inert_line(a, write_title(a, page->name)),
	    write_url(a, page->crawled->url));
	if (*line != '\0')
		buf_printf(out, ": %s", line);
	buf_addc(out, '\n');
}

void
write_llms_txt(struct buf *out, const struct described_site *site)
{
	struct arena a;

	arena_init(&a);
	add_head(out, site);
	for (size_t i = 0; i < site->nsections; i++) {
		const struct section *s = &site->sections[i];

		if (s->npages == 0)
			continue;
		buf_printf(out, "\n## %s\n\n",
		    inert_line(&a, write_title(&a, s->name)));
		for (size_t j = 0; j < s->npages; j++) {
			add_link(out, &a, &site->pages[s->pages[j]]);
			arena_reset(&a);
		}
	}
	arena_release(&a);
}

static enum rc
copy_text(FILE *out, int texts, uint64_t at, size_t left)
{
	char bytes[65536];

	while (left > 0) {
		size_t want = left < sizeof(bytes) ? left : sizeof(bytes);
		ssize_t n = pread(texts, bytes, want, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || fwrite(bytes, 1, n, out) != (size_t)n)
			return E_INTERNAL;
		at += n;
		left -= n;
	}
	return OK;
}

static enum rc
add_page(FILE *out, int texts, const struct described_page *page)
{
	struct arena a;
	enum rc rc;

	arena_init(&a);
	fprintf(out, "\n# %s\n\nURL: %s\n",
	    inert_line(&a, write_title(&a, page->name)),
	    write_url(&a, page->crawled->url));
	arena_release(&a);
	if (page->crawled->text_len == 0)
		return OK;
	fputc('\n', out);
	rc = copy_text(
	    out, texts, page->crawled->text_at, page->crawled->text_len);
	return rc == OK && ferror(out) ? E_INTERNAL : rc;
}

enum rc
write_full(FILE *out, int texts, const struct described_site *site)
{
	struct buf head;
	enum rc rc = OK;

	buf_init(&head, 1 << 20);
	add_head(&head, site);
	fwrite(head.data, 1, head.len, out);
	buf_release(&head);
	for (size_t i = 0; i < site->nsections && rc == OK; i++) {
		const struct section *s = &site->sections[i];

		for (size_t j = 0; j < s->npages && rc == OK; j++)
			rc = add_page(out, texts, &site->pages[s->pages[j]]);
	}
	return rc == OK && ferror(out) ? E_INTERNAL : rc;
}
