/* The agents, a line end, a URL, a line end, then robots.txt itself. */
#include "t/fuzz/fuzz.h"

#include "worker/crawl/robots.h"

#include <stdlib.h>
#include <string.h>

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check(struct arena *a, const struct robots *r, const char *url)
{
	struct robots_verdict v = robots_check(r, url);
	const char *const *maps;
	size_t n;

	must(v.allowed || v.rule != NULL);
	must((v.rule != NULL) == (v.line > 0));
	must(v.rule == NULL || v.allowed == (strncmp(v.rule, "Allow", 5) == 0));
	/* A fragment is not sent, so it cannot matter. */
	must(
	    strchr(url, '#') != NULL ||
	    robots_check(r, arena_printf(a, "%s#x", url)).allowed == v.allowed);
	maps = robots_sitemaps(r, &n);
	for (size_t i = 0; i < n; i++)
		must(maps[i][0] != '\0');
	must(robots_delay_ms(r) >= -1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *p = (const char *)data;
	const char *one = memchr(p, '\n', len), *two;
	struct arena a;
	char *agents, *url;
	size_t rest;

	if (one == NULL)
		return 0;
	rest = len - (size_t)(one - p) - 1;
	two = memchr(one + 1, '\n', rest);
	if (two == NULL)
		return 0;
	rest -= (size_t)(two - one);
	arena_init(&a);
	agents = arena_strndup(&a, p, (size_t)(one - p));
	url = arena_strndup(&a, one + 1, (size_t)(two - one) - 1);
	check(&a, robots_parse(&a, two + 1, rest, agents, 500 * 1024), url);
	check(&a, robots_parse(&a, two + 1, rest, agents, rest / 2), url);
	arena_release(&a);
	return 0;
}
