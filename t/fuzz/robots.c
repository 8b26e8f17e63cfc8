/* The agents, a line end, a URL, a line end, then robots.txt itself. */
#include "t/fuzz/fuzz.h"

#include "core/buf.h"
#include "worker/fetch/robots.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct file {
	const char *text;
	size_t len;
	const char *agents;
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* same: another way to write it, the same answer by the same line. */
static void
same(struct arena *a, const struct file *f, const char *url,
    const struct robots_verdict *v)
{
	struct robots *r =
	    robots_parse(a, f->text, f->len, f->agents, ROBOTS_BYTES);
	struct robots_verdict w = robots_check(r, url);

	must(w.allowed == v->allowed && w.line == v->line);
	must((w.agent == NULL) == (v->agent == NULL));
	must((w.rule == NULL) == (v->rule == NULL));
	must(w.rule == NULL || strcmp(w.rule, v->rule) == 0);
}

static void
with_a_mark(struct arena *a, const struct file *f, const char *url,
    const struct robots_verdict *v)
{
	struct file marked = *f;
	char *text = arena_alloc(a, f->len + 3);

	if (f->len == 0 || f->text[0] == '\xef' || f->len + 3 >= ROBOTS_BYTES)
		return;
	memcpy(text, "\xef\xbb\xbf", 3);
	memcpy(text + 3, f->text, f->len);
	marked.text = text;
	marked.len = f->len + 3;
	same(a, &marked, url, v);
}

/* with_line_ends: CR, LF and CRLF are one line end each. */
static void
with_line_ends(struct arena *a, const struct file *f, const char *url,
    const struct robots_verdict *v, const char *end)
{
	struct file other = *f;
	struct buf b;

	buf_init(&b, ROBOTS_BYTES - 1);
	for (size_t i = 0; i < f->len; i++) {
		if (f->text[i] != '\r' && f->text[i] != '\n') {
			buf_addc(&b, f->text[i]);
			continue;
		}
		if (f->text[i] == '\r' && i + 1 < f->len &&
		    f->text[i + 1] == '\n')
			i++;
		buf_adds(&b, end);
	}
	other.text = b.data;
	other.len = b.len;
	if (buf_ok(&b))
		same(a, &other, url, v);
	buf_release(&b);
}

static void
in_capitals(struct arena *a, const struct file *f, const char *url,
    const struct robots_verdict *v)
{
	struct file other = *f;
	char *agents = arena_strdup(a, f->agents);

	for (char *p = agents; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)toupper(*p);
	other.agents = agents;
	same(a, &other, url, v);
}

/* escaped: "%61" is "a", wherever it stands in the path. */
static void
escaped(struct arena *a, const struct file *f, const char *url,
    const struct robots_verdict *v)
{
	size_t n = strlen(url);

	if (n < 4 || url[0] != '/' || url[1] == '/' ||
	    strpbrk(url, "%#") != NULL || !isalpha((unsigned char)url[n - 1]) ||
	    strcmp(url, "/robots.txt") == 0)
		return;
	same(a, f,
	    arena_printf(
		a, "%.*s%%%02x", (int)n - 1, url, (unsigned char)url[n - 1]),
	    v);
}

static void
check(struct arena *a, const struct robots *r, const char *url)
{
	struct robots_verdict v = robots_check(r, url);
	const char *const *maps;
	size_t n;

	must(v.allowed || v.rule != NULL);
	must((v.rule != NULL) == (v.line > 0 || v.unsure));
	must(!v.unsure || !v.allowed);
	must(v.rule == NULL || v.unsure ||
	     v.allowed == (strncmp(v.rule, "Allow", 5) == 0));
	/* A fragment is not sent, so it cannot matter. */
	must(
	    strchr(url, '#') != NULL ||
	    robots_check(r, arena_printf(a, "%s#x", url)).allowed == v.allowed);
	maps = robots_sitemaps(r, &n);
	for (size_t i = 0; i < n; i++)
		must(maps[i][0] != '\0');
	must(robots_delay_ms(r) >= -1);
}

static void
check_whole(struct arena *a, const struct file *f, const char *url)
{
	struct robots *r =
	    robots_parse(a, f->text, f->len, f->agents, ROBOTS_BYTES);
	struct robots_verdict v = robots_check(r, url);

	check(a, r, url);
	must(!robots_truncated(r) || f->len > ROBOTS_BYTES);
	same(a, f, url, &v);
	with_a_mark(a, f, url, &v);
	with_line_ends(a, f, url, &v, "\n");
	with_line_ends(a, f, url, &v, "\r");
	with_line_ends(a, f, url, &v, "\r\n");
	in_capitals(a, f, url, &v);
	escaped(a, f, url, &v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *p = (const char *)data;
	const char *one = memchr(p, '\n', len), *two;
	struct arena a;
	struct file f;
	char *url;
	size_t rest;

	if (one == NULL)
		return 0;
	rest = len - (size_t)(one - p) - 1;
	two = memchr(one + 1, '\n', rest);
	if (two == NULL)
		return 0;
	rest -= (size_t)(two - one);
	arena_init(&a);
	f.text = two + 1;
	f.len = rest;
	f.agents = arena_strndup(&a, p, (size_t)(one - p));
	url = arena_strndup(&a, one + 1, (size_t)(two - one) - 1);
	check_whole(&a, &f, url);
	check(&a, robots_parse(&a, f.text, rest, f.agents, rest / 2), url);
	arena_release(&a);
	return 0;
}
