#include "worker/crawl/rules/faceted_nav.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/strmap.h"
#include "core/url.h"

#include <stdlib.h>
#include <string.h>

/* A path of more words is another rule's; of fewer it is never strange. */
#define WORDS 14
#define FEW_WORDS 2
/* So many words in so many orders are mixed. */
#define MIXED_WORDS 3
#define MIXED_ORDERS 3
/* So many mixed sets of words make a site one of filters. */
#define MIXED_SETS 5
/* Their combinations that are visited once that is known. */
#define COMBINATIONS 20

struct faceted_nav {
	struct arena *a;
	struct strmap orders; /* of a set of words */
	struct strmap mixed;  /* words of the sets with many orders */
	unsigned sets;        /* with many orders */
	unsigned visited;     /* combinations that were visited */
};

/* The words of one path, sorted. */
struct path_words {
	char *word[WORDS];
	size_t n;
};

struct faceted_nav *
faceted_nav_new(struct arena *a)
{
	struct faceted_nav *m = arena_alloc(a, sizeof(*m));

	m->a = a;
	strmap_init(&m->orders, a, 64, false);
	strmap_init(&m->mixed, a, 64, false);
	return m;
}

static int
compare_words(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

/*
 * path_words_split: false: nothing that could be mixed.  A date has orders,
 * too.
 */
static bool
path_words_split(struct arena *a, const struct url *u, struct path_words *w)
{
	char *save = NULL, *path;

	w->n = 0;
	if (u->query != NULL)
		return false;
	path = arena_strdup(a, u->path);
	for (char *p = strtok_r(path, "/+,", &save); p != NULL;
	     p = strtok_r(NULL, "/+,", &save)) {
		if (w->n == WORDS || p[strspn(p, "0123456789")] == '\0')
			return false;
		w->word[w->n++] = p;
	}
	qsort(w->word, w->n, sizeof(w->word[0]), compare_words);
	return w->n >= FEW_WORDS;
}

/*
 * faceted_nav_count_order: counts one order of the words; gives how many there
 * are.
 */
static uint32_t
faceted_nav_count_order(
    struct faceted_nav *m, struct arena *a, const struct path_words *w)
{
	const char *key = "";
	uint32_t orders;

	for (size_t i = 0; i < w->n; i++)
		key = arena_printf(a, "%s/%s", key, w->word[i]);
	orders = strmap_get(&m->orders, key);
	if (orders == STRMAP_NONE) {
		strmap_add(&m->orders, arena_strdup(m->a, key), 1);
		return 1;
	}
	strmap_set(&m->orders, key, ++orders);
	if (orders != MIXED_ORDERS)
		return orders;
	m->sets++;
	for (size_t i = 0; i < w->n; i++)
		if (strmap_get(&m->mixed, w->word[i]) == STRMAP_NONE)
			strmap_add(
			    &m->mixed, arena_strdup(m->a, w->word[i]), 1);
	return orders;
}

/* is_combination: of nothing but words that are mixed on this site. */
static bool
is_combination(const struct faceted_nav *m, const struct path_words *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (strmap_get(&m->mixed, w->word[i]) == STRMAP_NONE)
			return false;
	return m->sets >= MIXED_SETS;
}

static const char *
faceted_nav_too_many(const struct faceted_nav *m)
{
	return m->visited >= COMBINATIONS
		   ? "one more combination of words that its path has in any "
		     "order"
		   : NULL;
}

const char *
faceted_nav_check(struct faceted_nav *m, const struct url *u)
{
	const char *why = NULL;
	uint32_t orders = 1;
	struct arena scratch;
	struct path_words w;

	arena_init(&scratch);
	if (path_words_split(&scratch, u, &w)) {
		if (w.n >= MIXED_WORDS)
			orders = faceted_nav_count_order(m, &scratch, &w);
		if (is_combination(m, &w))
			why = orders > 1 ? "the same words in its path in "
					   "another order"
					 : faceted_nav_too_many(m);
	}
	arena_release(&scratch);
	return why;
}

const char *
faceted_nav_recheck(struct faceted_nav *m, const struct url *u, bool visited)
{
	const char *why = NULL;
	struct arena scratch;
	struct path_words w;

	if (m->sets < MIXED_SETS)
		return NULL;
	arena_init(&scratch);
	if (path_words_split(&scratch, u, &w) && is_combination(m, &w)) {
		why = faceted_nav_too_many(m);
		m->visited += why == NULL && visited;
	}
	arena_release(&scratch);
	return why;
}
