#include "worker/llms/hubs.h"

#include "core/arena.h"
#include "core/min_heap.h"
#include "worker/llms/described_site.h"

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
	const struct described_site *site;
	struct arena *a;
	uint32_t *place;  /* of each page of the site in the set, from 1; 0 */
	uint32_t *menus;  /* of pages of the set that each page is in */
	uint32_t *listed; /* by each page of the site: links into the set */
	const struct backlinks *back;
	uint32_t *sorted;  /* links of the set's pages, each page's in order */
	size_t *sorted_at; /* where those of each page of the set begin */
	size_t n;          /* pages in the set */
	const bool *barred;
	const uint32_t *pages; /* the set */
	uint32_t *parent;      /* of each page of the set, or SITE_NONE */
	enum bond *best;       /* how sure that is */
};

static const struct described_page *
page_at(const struct hubs *h, uint32_t i)
{
	return &h->site->pages[i];
}

static uint32_t
link_at(const struct hubs *h, uint32_t page, uint32_t i)
{
	return h->site->crawled->links[page_at(h, page)->crawled->links_at + i];
}

struct backlinks *
backlinks_find(struct arena *a, const struct described_site *site)
{
	struct backlinks *b = arena_alloc(a, sizeof(*b));
	uint32_t to;

	b->at = arena_array(a, site->crawled->npages + 2, sizeof(*b->at));
	/* First how many each has, one place later; then where they go on. */
	for (unsigned turn = 0; turn < 2; turn++) {
		for (uint32_t p = 0; p < site->crawled->npages; p++)
			for (uint32_t i = 0; i < site->crawled->pages[p].nlinks;
			     i++) {
				to = site->crawled->links
					 [site->crawled->pages[p].links_at + i];
				if ((to & SITE_NAV) != 0 || to == p)
					continue;
				if (turn == 0)
					b->at[to + 2]++;
				else
					b->from[b->at[to + 1]++] = p;
			}
		if (turn > 0)
			break;
		for (size_t i = 2; i < site->crawled->npages + 2; i++)
			b->at[i] += b->at[i - 1];
		b->from = arena_array(
		    a, b->at[site->crawled->npages + 1] + 1, sizeof(*b->from));
	}
	return b;
}

/* Links of the text alone count: navigation lists everything everywhere. */
static void
count_listed(struct hubs *h)
{
	for (size_t i = 0; i < h->n; i++) {
		uint32_t p = h->pages[i];

		for (size_t k = h->back->at[p]; k < h->back->at[p + 1]; k++)
			h->listed[h->back->from[k]]++;
		for (uint32_t k = 0; k < page_at(h, p)->crawled->nlinks; k++) {
			uint32_t to = link_at(h, p, k);

			if ((to & SITE_NAV) != 0)
				h->menus[to & ~SITE_NAV]++;
		}
	}
}

static int
hub_compare(const void *x, const void *y)
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
		n += page_at(h, h->pages[i])->crawled->nlinks;
	}
	h->sorted = arena_array(h->a, n + 1, sizeof(*h->sorted));
	for (size_t i = 0; i < h->n; i++) {
		const struct described_page *p = page_at(h, h->pages[i]);
		uint32_t *to = h->sorted + h->sorted_at[i];

		if (p->crawled->nlinks == 0)
			continue;
		memcpy(to, h->site->crawled->links + p->crawled->links_at,
		    p->crawled->nlinks * sizeof(*to));
		qsort(to, p->crawled->nlinks, sizeof(*to), hub_compare);
	}
}

/* has_link: the page, one of the set, has that link. */
static bool
has_link(const struct hubs *h, uint32_t page, uint32_t link)
{
	size_t n = page_at(h, page)->crawled->nlinks;

	return n > 0 &&
	       bsearch(&link, h->sorted + h->sorted_at[h->place[page] - 1], n,
		   sizeof(link), hub_compare) != NULL;
}

static bool
can_be_hub(const struct hubs *h, uint32_t p)
{
	return p != h->site->crawled->home && !h->barred[p] &&
	       h->listed[p] >= LEAST &&
	       (size_t)h->listed[p] * TOO_MUCH_DEN <= h->n * TOO_MUCH_NUM;
}

static enum bond
bond_of(const struct hubs *h, uint32_t hub, uint32_t member)
{
	uint32_t words = page_at(h, hub)->crawled->words, n = h->listed[hub];

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

/* choose_for: the best hub of those that list the i-th page of the set. */
static void
choose_for(struct hubs *h, size_t i)
{
	uint32_t to = h->pages[i];

	if (to == h->site->crawled->home)
		return;
	for (size_t k = h->back->at[to]; k < h->back->at[to + 1]; k++) {
		uint32_t p = h->back->from[k];
		enum bond b = can_be_hub(h, p) ? bond_of(h, p, to) : BOND_NONE;

		if (b < h->best[i] || b == BOND_NONE ||
		    (b == h->best[i] &&
			h->listed[p] >= h->listed[h->parent[i]]))
			continue;
		h->parent[i] = p;
		h->best[i] = b;
	}
}

/* earlier_chapter: of two pages the first in the set that is p's chapter. */
static uint32_t
earlier_chapter(const struct hubs *h, uint32_t p, uint32_t found, uint32_t of)
{
	if (of == p || h->place[of] == 0 || !page_at(h, of)->is_chapter ||
	    page_at(h, of)->chapter != page_at(h, p)->chapter)
		return found;
	return found == SITE_NONE || h->place[of] < h->place[found] ? of
								    : found;
}

/* chapter_linked: the first chapter that page p says with a link either way. */
static uint32_t
chapter_linked(const struct hubs *h, uint32_t p)
{
	uint32_t found = SITE_NONE;

	for (size_t k = h->back->at[p]; k < h->back->at[p + 1]; k++)
		found = earlier_chapter(h, p, found, h->back->from[k]);
	for (uint32_t i = 0; i < page_at(h, p)->crawled->nlinks; i++)
		found =
		    earlier_chapter(h, p, found, link_at(h, p, i) & ~SITE_NAV);
	return found;
}

/* choose_chapters: a numbered section belongs to the chapter it says. */
static void
choose_chapters(struct hubs *h)
{
	uint32_t first[SITE_CHAPTERS];

	for (size_t i = 0; i < SITE_CHAPTERS; i++)
		first[i] = SITE_NONE;
	for (size_t i = h->n; i-- > 0;)
		if (page_at(h, h->pages[i])->is_chapter)
			first[page_at(h, h->pages[i])->chapter] = h->pages[i];
	for (size_t i = 0; i < h->n; i++) {
		const struct described_page *p = page_at(h, h->pages[i]);
		uint32_t of;

		if (p->chapter == 0 || p->is_chapter)
			continue;
		of = chapter_linked(h, h->pages[i]);
		if (of == SITE_NONE)
			of = first[p->chapter];
		if (of == SITE_NONE)
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
		if (up == h->site->crawled->home)
			up = SITE_NONE;
		else if (h->place[up] == 0 || h->barred[up])
			continue;
		h->parent[i] = up;
		h->best[i] = BOND_OUTLINE;
	}
}

/* up_from: the place in the set of what is above that one; h->n: none. */
static size_t
up_from(const struct hubs *h, size_t at)
{
	uint32_t up = h->parent[at];

	return up == SITE_NONE || h->place[up] == 0 ? h->n : h->place[up] - 1;
}

/* cut_circle: the one that a place lies on, above the one that lists most. */
static void
cut_circle(struct hubs *h, size_t on)
{
	size_t first = on, top;

	for (size_t at = up_from(h, on); at != on; at = up_from(h, at))
		if (at < first)
			first = at;
	top = first;
	for (size_t at = up_from(h, first); at != first; at = up_from(h, at))
		if (h->listed[h->pages[at]] > h->listed[h->pages[top]])
			top = at;
	h->parent[top] = SITE_NONE;
	h->best[top] = BOND_NONE;
}

/*
 * cut_circles: pages that list each other are under each other; the one that
 * lists most is above the rest.  walk[] says on whose way up a page was seen.
 */
static void
cut_circles(struct hubs *h)
{
	size_t *walk = arena_array(h->a, h->n + 1, sizeof(*walk));

	for (size_t i = 0; i < h->n; i++) {
		size_t at = i;

		while (at < h->n && walk[at] == 0) {
			walk[at] = i + 1;
			at = up_from(h, at);
		}
		if (at < h->n && walk[at] == i + 1)
			cut_circle(h, at);
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
	size_t n = h->site->crawled->npages;

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
stands_in(struct groups *g, uint32_t hub)
{
	while (hub != SITE_NONE && g->into[hub] != hub) {
		uint32_t up = g->into[hub];

		/* The next who asks has half the way. */
		if (up != SITE_NONE)
			g->into[hub] = g->into[up];
		hub = up;
	}
	return hub;
}

/* above: the group that the hub of a standing group is a member of. */
static uint32_t
above_of(struct groups *g, uint32_t hub)
{
	const struct hubs *h = g->h;

	if (h->place[hub] == 0)
		return SITE_NONE;
	return stands_in(g, h->parent[h->place[hub] - 1]);
}

static void
count_below(struct groups *g)
{
	size_t n = g->h->site->crawled->npages;

	g->below = arena_array(g->h->a, n + 1, sizeof(*g->below));
	for (uint32_t p = 0; p < n; p++) {
		uint32_t up = g->into[p] == p ? above_of(g, p) : SITE_NONE;

		if (up != SITE_NONE && up != p)
			g->below[up]++;
	}
}

static uint64_t
size_key(const struct groups *g, uint32_t hub)
{
	return (uint64_t)g->halves[hub] << 32 | hub;
}

/*
 * merge_groups: what is too small, or one too many, joins the group that its
 * hub is a member of.  The smallest goes first, of those with none below it, so
 * that parts join before the whole is judged.
 */
static void
merge_groups(struct groups *g, size_t most)
{
	size_t pages = g->h->site->crawled->npages, n = 0;
	uint64_t *heap = arena_array(g->h->a, g->standing + 1, sizeof(*heap));

	count_below(g);
	for (uint32_t p = 0; p < pages; p++)
		if (g->into[p] == p && g->below[p] == 0)
			min_heap_add(heap, n++, size_key(g, p));
	while (n > 0) {
		uint32_t p = (uint32_t)heap[0], up;

		if (g->halves[p] >= 2 * LEAST && g->standing <= most)
			break;
		min_heap_drop(heap, n--);
		up = above_of(g, p);
		up = up == p ? SITE_NONE : up;
		g->into[p] = up;
		g->standing--;
		if (up == SITE_NONE)
			continue;
		g->halves[up] += g->halves[p];
		if (--g->below[up] == 0)
			min_heap_add(heap, n++, size_key(g, up));
	}
}

void
hubs_find(const struct described_site *site, const struct backlinks *back,
    const uint32_t *pages, size_t n, size_t most, const bool *barred,
    const uint32_t *above, uint32_t *hub)
{
	struct arena a;
	struct hubs h = {.site = site,
	    .back = back,
	    .a = &a,
	    .pages = pages,
	    .n = n,
	    .barred = barred};
	struct groups g = {.h = &h};

	arena_init(&a);
	h.place = arena_array(&a, site->crawled->npages + 1, sizeof(*h.place));
	h.menus = arena_array(&a, site->crawled->npages + 1, sizeof(*h.menus));
	h.listed =
	    arena_array(&a, site->crawled->npages + 1, sizeof(*h.listed));
	h.parent = arena_array(&a, n + 1, sizeof(*h.parent));
	h.best = arena_array(&a, n + 1, sizeof(*h.best));
	for (size_t i = 0; i < n; i++) {
		h.place[pages[i]] = (uint32_t)i + 1;
		h.parent[i] = SITE_NONE;
	}
	count_listed(&h);
	sort_links(&h);
	choose_chapters(&h);
	for (size_t i = 0; i < n; i++)
		choose_for(&h, i);
	choose_outline(&h, above);
	cut_circles(&h);
	make_groups(&g);
	for (size_t i = 0; i < n; i++)
		hub[i] = own_group(&g, i);
	merge_groups(&g, most);
	for (size_t i = 0; i < n; i++)
		hub[i] = stands_in(&g, hub[i]);
	arena_release(&a);
}
