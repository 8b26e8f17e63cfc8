#include "worker/llms/hubs.h"

#include "core/arena.h"
#include "worker/llms/site.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A page with fewer words than this for each of its links is a list. */
#define WORDS_PER_LINK 40
/* One that is no member of the set must be one without doubt. */
#define WORDS_PER_LINK_OUTSIDE 20
#define LEAST_OUTSIDE 10
/* A page that lists more than this share of a set says nothing about it. */
#define TOO_MUCH_NUM 3
#define TOO_MUCH_DEN 5
/* Fewer members than this make no group. */
#define LEAST 3

/* How sure it is that a page belongs to a hub that links to it. */
enum bond {
	BOND_NONE,
	BOND_LIST,   /* the hub is mostly a list */
	BOND_TEXT,   /* and the page links back */
	BOND_NAV,    /* the page links back in its navigation: a breadcrumb */
	BOND_NUMBER, /* the page is "3.2." and the hub "Chapter 3." */
	BOND_OUTLINE /* the home page lists it below the hub */
};

struct hubs {
	const struct site *site;
	struct arena *a;
	uint32_t *place;   /* of each page of the site in the set, from 1; 0 */
	uint32_t *menus;   /* of pages of the set that each page is in */
	uint32_t *listed;  /* by each page of the site: links into the set */
	uint32_t *sorted;  /* links of the set's pages, each page's in order */
	size_t *sorted_at; /* where those of each page of the set begin */
	size_t n;          /* pages in the set */
	const bool *barred;
	const uint32_t *pages; /* the set */
	uint32_t *parent;      /* of each page of the set, or SITE_NONE */
	enum bond *best;       /* how sure that is */
};

static const struct site_page *
page_at(const struct hubs *h, uint32_t i)
{
	return &h->site->pages[i];
}

static uint32_t
link_at(const struct hubs *h, uint32_t page, uint32_t i)
{
	return h->site->links[page_at(h, page)->links_at + i];
}

/* Links of the text alone count: navigation lists everything everywhere. */
static void
count_listed(struct hubs *h)
{
	for (uint32_t p = 0; p < h->site->npages; p++)
		for (uint32_t i = 0; i < page_at(h, p)->nlinks; i++) {
			uint32_t to = link_at(h, p, i);

			if ((to & SITE_NAV) == 0 && to != p &&
			    h->place[to] != 0)
				h->listed[p]++;
			if ((to & SITE_NAV) != 0 && h->place[p] != 0)
				h->menus[to & ~SITE_NAV]++;
		}
}

static int
compare(const void *x, const void *y)
{
	const uint32_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

/* A large site is asked for many sets; only the set's pages may cost. */
static void
sort_links(struct hubs *h)
{
	size_t n = 0;

	h->sorted_at = arena_array(h->a, h->n + 1, sizeof(*h->sorted_at));
	for (size_t i = 0; i < h->n; i++) {
		h->sorted_at[i] = n;
		n += page_at(h, h->pages[i])->nlinks;
	}
	h->sorted = arena_array(h->a, n + 1, sizeof(*h->sorted));
	for (size_t i = 0; i < h->n; i++) {
		const struct site_page *p = page_at(h, h->pages[i]);
		uint32_t *to = h->sorted + h->sorted_at[i];

		if (p->nlinks == 0)
			continue;
		memcpy(
		    to, h->site->links + p->links_at, p->nlinks * sizeof(*to));
		qsort(to, p->nlinks, sizeof(*to), compare);
	}
}

/* has_link: the page, one of the set, has that link. */
static bool
has_link(const struct hubs *h, uint32_t page, uint32_t link)
{
	size_t n = page_at(h, page)->nlinks;

	return n > 0 &&
	       bsearch(&link, h->sorted + h->sorted_at[h->place[page] - 1], n,
		   sizeof(link), compare) != NULL;
}

static bool
can_be_hub(const struct hubs *h, uint32_t p)
{
	return p != h->site->home && !h->barred[p] && h->listed[p] >= LEAST &&
	       (size_t)h->listed[p] * TOO_MUCH_DEN <= h->n * TOO_MUCH_NUM;
}

static enum bond
bond(const struct hubs *h, uint32_t hub, uint32_t member)
{
	uint32_t words = page_at(h, hub)->words, n = h->listed[hub];

	if (h->place[hub] == 0)
		return n >= LEAST_OUTSIDE && words <= WORDS_PER_LINK_OUTSIDE * n
			   ? BOND_LIST
			   : BOND_NONE;
	/* What is in every menu is no breadcrumb. */
	if (has_link(h, member, hub | SITE_NAV) &&
	    (size_t)h->menus[hub] * TOO_MUCH_DEN <= h->n * TOO_MUCH_NUM)
		return BOND_NAV;
	if (words > WORDS_PER_LINK * n)
		return BOND_NONE;
	return has_link(h, member, hub) ? BOND_TEXT : BOND_LIST;
}

/* choose_for: the hub p for those of its links that have no better one. */
static void
choose_for(struct hubs *h, uint32_t p)
{
	for (uint32_t i = 0; i < page_at(h, p)->nlinks; i++) {
		uint32_t to = link_at(h, p, i), at;
		enum bond b;

		if ((to & SITE_NAV) != 0 || to == p || to == h->site->home ||
		    (at = h->place[to]) == 0)
			continue;
		b = bond(h, p, to);
		if (b < h->best[at - 1] || b == BOND_NONE ||
		    (b == h->best[at - 1] &&
			h->listed[p] >= h->listed[h->parent[at - 1]]))
			continue;
		h->parent[at - 1] = p;
		h->best[at - 1] = b;
	}
}

/* chapter_of: the chapter that page p says, and rather one that lists it. */
static uint32_t
chapter_of(const struct hubs *h, uint32_t p)
{
	uint32_t found = SITE_NONE;

	for (uint32_t c = 0; c < h->n; c++) {
		uint32_t of = h->pages[c];

		if (!page_at(h, of)->is_chapter || of == p ||
		    page_at(h, of)->chapter != page_at(h, p)->chapter)
			continue;
		if (has_link(h, of, p) || has_link(h, p, of | SITE_NAV) ||
		    has_link(h, p, of))
			return of;
		if (found == SITE_NONE)
			found = of;
	}
	return found;
}

/* choose_chapters: a numbered section belongs to the chapter it says. */
static void
choose_chapters(struct hubs *h)
{
	for (size_t i = 0; i < h->n; i++) {
		const struct site_page *p = page_at(h, h->pages[i]);
		uint32_t of;

		if (p->chapter == 0 || p->is_chapter ||
		    (of = chapter_of(h, h->pages[i])) == SITE_NONE)
			continue;
		h->parent[i] = of;
		h->best[i] = BOND_NUMBER;
	}
}

/* choose_outline: what the home page lists below a page belongs to it. */
static void
choose_outline(struct hubs *h, const uint32_t *above)
{
	for (size_t i = 0; i < h->n && above != NULL; i++) {
		uint32_t up = above[h->pages[i]];

		if (up == SITE_NONE)
			continue;
		if (up == h->site->home)
			up = SITE_NONE;
		else if (h->place[up] == 0 || h->barred[up])
			continue;
		h->parent[i] = up;
		h->best[i] = BOND_OUTLINE;
	}
}

/*
 * cut_circles: pages that list each other are under each other; the one that
 * lists most is above the rest.
 */
static void
cut_circles(struct hubs *h)
{
	for (size_t i = 0; i < h->n; i++) {
		size_t at = i, top = i;

		for (size_t hops = 0; hops <= h->n; hops++) {
			uint32_t up = h->parent[at];

			if (up == SITE_NONE || h->place[up] == 0)
				break;
			at = h->place[up] - 1;
			if (h->listed[h->pages[at]] > h->listed[h->pages[top]])
				top = at;
			if (at != i)
				continue;
			h->parent[top] = SITE_NONE;
			h->best[top] = BOND_NONE;
			break;
		}
	}
}

/* ---- groups ---- */

/*
 * Groups, by the page that is their hub: how much they hold, in halves of a
 * page (one that is not sure to belong counts half), and the group that one
 * went into when it was too small: itself while it stands, SITE_NONE when it
 * was dissolved.
 */
struct groups {
	struct hubs *h;
	uint32_t *halves;
	uint32_t *into;
	uint32_t *below; /* so many standing groups have their hub in it */
	size_t standing;
};

/* own_group: the hub whose group the page at that place is in at first. */
static uint32_t
own_group(const struct groups *g, size_t at)
{
	uint32_t p = g->h->pages[at];

	return g->into[p] != SITE_NONE ? p : g->h->parent[at];
}

static void
make_groups(struct groups *g)
{
	struct hubs *h = g->h;
	size_t n = h->site->npages;

	g->halves = arena_array(h->a, n + 1, sizeof(*g->halves));
	g->into = arena_array(h->a, n + 1, sizeof(*g->into));
	for (size_t i = 0; i < n; i++)
		g->into[i] = SITE_NONE;
	for (size_t i = 0; i < h->n; i++) {
		uint32_t up = h->parent[i];

		if (up == SITE_NONE)
			continue;
		g->standing += g->into[up] == SITE_NONE;
		g->into[up] = up;
	}
	for (size_t i = 0; i < h->n; i++) {
		uint32_t own = own_group(g, i);

		if (own != SITE_NONE)
			g->halves[own] +=
			    own == h->pages[i] || h->best[i] >= BOND_NAV ? 2
									 : 1;
	}
}

/* stands_in: the group that what began in that of hub is in now. */
static uint32_t
stands_in(const struct groups *g, uint32_t hub)
{
	while (hub != SITE_NONE && g->into[hub] != hub)
		hub = g->into[hub];
	return hub;
}

/* above: the group that the hub of a standing group is a member of. */
static uint32_t
above_of(const struct groups *g, uint32_t hub)
{
	const struct hubs *h = g->h;

	if (h->place[hub] == 0)
		return SITE_NONE;
	return stands_in(g, h->parent[h->place[hub] - 1]);
}

static void
count_below(struct groups *g)
{
	size_t n = g->h->site->npages;

	g->below = arena_array(g->h->a, n + 1, sizeof(*g->below));
	for (uint32_t p = 0; p < n; p++) {
		uint32_t up = g->into[p] == p ? above_of(g, p) : SITE_NONE;

		if (up != SITE_NONE && up != p)
			g->below[up]++;
	}
}

/*
 * smallest: of the standing groups with none below, so that parts join before
 * the whole is judged; SITE_NONE when there is none.
 */
static uint32_t
smallest(const struct groups *g)
{
	uint32_t best = SITE_NONE;

	for (uint32_t p = 0; p < g->h->site->npages; p++)
		if (g->into[p] == p && g->below[p] == 0 &&
		    (best == SITE_NONE || g->halves[p] < g->halves[best]))
			best = p;
	return best;
}

/*
 * merge: what is too small, or one too many, joins the group that its hub is
 * a member of.
 */
static void
merge(struct groups *g, size_t most)
{
	uint32_t p, up;

	count_below(g);
	while ((p = smallest(g)) != SITE_NONE &&
	       (g->halves[p] < 2 * LEAST || g->standing > most)) {
		up = above_of(g, p);
		up = up == p ? SITE_NONE : up;
		g->into[p] = up;
		if (up != SITE_NONE) {
			g->halves[up] += g->halves[p];
			g->below[up]--;
		}
		g->standing--;
	}
}

void
hubs_find(const struct site *site, const uint32_t *pages, size_t n, size_t most,
    const bool *barred, const uint32_t *above, uint32_t *hub)
{
	struct arena a;
	struct hubs h = {
	    .site = site, .a = &a, .pages = pages, .n = n, .barred = barred};
	struct groups g = {.h = &h};

	arena_init(&a);
	h.place = arena_array(&a, site->npages + 1, sizeof(*h.place));
	h.menus = arena_array(&a, site->npages + 1, sizeof(*h.menus));
	h.listed = arena_array(&a, site->npages + 1, sizeof(*h.listed));
	h.parent = arena_array(&a, n + 1, sizeof(*h.parent));
	h.best = arena_array(&a, n + 1, sizeof(*h.best));
	for (size_t i = 0; i < n; i++) {
		h.place[pages[i]] = (uint32_t)i + 1;
		h.parent[i] = SITE_NONE;
	}
	count_listed(&h);
	sort_links(&h);
	choose_chapters(&h);
	for (uint32_t p = 0; p < site->npages; p++)
		if (can_be_hub(&h, p))
			choose_for(&h, p);
	choose_outline(&h, above);
	cut_circles(&h);
	make_groups(&g);
	for (size_t i = 0; i < n; i++)
		hub[i] = own_group(&g, i);
	merge(&g, most);
	for (size_t i = 0; i < n; i++)
		hub[i] = stands_in(&g, hub[i]);
	arena_release(&a);
}
