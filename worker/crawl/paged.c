#include "worker/crawl/paged.h"

#include "core/arena.h"
#include "worker/crawl/frontier.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A list of more pages is none; so is a year. */
#define PAGES_DIGITS 5

/* number_at: s is nothing but a number of two or more, "/" after it allowed. */
static bool
number_at(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n > 0 && n <= PAGES_DIGITS && atol(s) > 1 &&
	       strcmp(s + n, s[n] == '/' ? "/" : "") == 0;
}

/* first_by_path: "/blog/" of "/blog/page/2"; NULL. */
static const char *
first_by_path(struct arena *a, const struct url *u)
{
	const char *last = NULL;

	for (const char *p = u->path; (p = strstr(p, "/page/")) != NULL; p++)
		last = p;
	if (last == NULL || u->query != NULL || !number_at(last + 6))
		return NULL;
	return arena_strndup(a, u->path, (size_t)(last + 1 - u->path));
}

/* says_page: the title has "page 2" in it, as lists do. */
static bool
says_page(struct arena *a, const char *title, const char *number)
{
	static const char *const words[] = {
	    "page", "seite", "pagina", "p\xc3\xa1gina", NULL};

	for (size_t i = 0; words[i] != NULL; i++) {
		const char *say = arena_printf(a, "%s %s", words[i], number);
		const char *at = strcasestr(title, say);

		if (at != NULL && strspn(at + strlen(say), "0123456789") == 0)
			return true;
	}
	return false;
}

/*
 * first_by_query: "/blog" of "/blog?paged=2".  "page" may as well be the name
 * of any page, so there the title has to say it.
 */
static const char *
first_by_query(struct arena *a, const struct url *u, const char *title)
{
	const char *value;

	if (u->query == NULL || strchr(u->query, '&') != NULL)
		return NULL;
	value = strchr(u->query, '=');
	if (value == NULL || !number_at(++value) || strchr(value, '/') != NULL)
		return NULL;
	if (strncasecmp(u->query, "paged=", 6) == 0 ||
	    (strncasecmp(u->query, "page=", 5) == 0 &&
		says_page(a, title, value)))
		return u->path;
	return NULL;
}

/* is_further: the list's own page is one that can be listed. */
static bool
is_further(struct frontier *f, uint32_t i, struct arena *a, const char *title)
{
	const char *text = frontier_url(f, i, a), *path;
	const struct frontier_entry *e;
	uint32_t first;
	struct url u, to;

	if (url_parse(a, text, &u) != OK)
		return false;
	path = first_by_path(a, &u);
	if (path == NULL)
		path = first_by_query(a, &u, title);
	if (path == NULL || url_resolve(a, &u, path, &to) != OK)
		return false;
	first = frontier_find(f, to.text);
	if (first == FRONTIER_NONE || first == i)
		return false;
	first = frontier_page(f, first);
	if (first == FRONTIER_NONE || first == i)
		return false;
	e = frontier_at(f, first);
	return e->fate == FATE_LISTED || e->fate == FATE_PENDING;
}

bool
paged_further(struct frontier *f, uint32_t i, const char *title)
{
	struct arena scratch;
	bool further;

	if (i == 0 || frontier_at(f, i)->from_sitemap)
		return false;
	arena_init(&scratch);
	further = is_further(f, i, &scratch, title);
	arena_release(&scratch);
	return further;
}
