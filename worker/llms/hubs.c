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
/* Members a hub loses to better ones are counted again so often. */
#define ROUNDS 4

struct hubs {
	const struct site *site;
	struct arena *a;
	uint32_t *place;  /* of each page of the site in the set, from 1; 0 */
	uint32_t *listed; /* by each page of the site: links into the set */
	bool *dissolved;  /* hubs left with too few members */
	uint32_t *sorted; /* site->links, each page's in order */
	size_t n;         /* pages in the set */
	const bool *barred;
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
		}
}

static int
compare(const void *x, const void *y)
{
	const uint32_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static void
sort_links(struct hubs *h)
{
	h->sorted = arena_array(h->a, h->site->nlinks + 1, sizeof(*h->sorted));
	if (h->site->nlinks > 0)
		memcpy(h->sorted, h->site->links,
		    h->site->nlinks * sizeof(*h->sorted));
	for (uint32_t p = 0; p < h->site->npages; p++)
		if (page_at(h, p)->nlinks > 1)
			qsort(h->sorted + page_at(h, p)->links_at,
			    page_at(h, p)->nlinks, sizeof(*h->sorted), compare);
}

static bool
has_link(const struct hubs *h, uint32_t page, uint32_t link)
{
	return page_at(h, page)->nlinks > 0 &&
	       bsearch(&link, h->sorted + page_at(h, page)->links_at,
		   page_at(h, page)->nlinks, sizeof(link), compare) != NULL;
}

/* How sure it is that a page belongs to a hub that links to it. */
enum bond {
	BOND_NONE,
	BOND_LIST,  /* the hub is mostly a list */
	BOND_TEXT,  /* and the page links back */
	BOND_NAV,   /* the page links back in its navigation: a breadcrumb */
	BOND_NUMBER /* the page is "3.2." and the hub "Chapter 3." */
};

static bool
can_be_hub(const struct hubs *h, uint32_t p, size_t least)
{
	return p != h->site->home && !h->barred[p] && !h->dissolved[p] &&
	       h->listed[p] >= least &&
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
	if (has_link(h, member, hub | SITE_NAV))
		return BOND_NAV;
	if (words > WORDS_PER_LINK * n)
		return BOND_NONE;
	return has_link(h, member, hub) ? BOND_TEXT : BOND_LIST;
}

/* choose_for: the hub p for those of its links that have no better one. */
static void
choose_for(const struct hubs *h, uint32_t p, uint32_t *hub, enum bond *best)
{
	for (uint32_t i = 0; i < page_at(h, p)->nlinks; i++) {
		uint32_t to = link_at(h, p, i), at;
		enum bond b;

		if ((to & SITE_NAV) != 0 || to == p || to == h->site->home ||
		    (at = h->place[to]) == 0)
			continue;
		b = bond(h, p, to);
		if (b < best[at - 1] || b == BOND_NONE ||
		    (b == best[at - 1] &&
			h->listed[p] >= h->listed[hub[at - 1]]))
			continue;
		hub[at - 1] = p;
		best[at - 1] = b;
	}
}

/* choose_chapters: a numbered section belongs to the chapter it says. */
static void
choose_chapters(const struct hubs *h, uint32_t *hub, enum bond *best)
{
	uint32_t of[SITE_CHAPTERS];

	for (size_t i = 0; i < SITE_CHAPTERS; i++)
		of[i] = SITE_NONE;
	for (uint32_t p = 0; p < h->site->npages; p++)
		if (page_at(h, p)->is_chapter && h->place[p] != 0 &&
		    !h->dissolved[p] && of[page_at(h, p)->chapter] == SITE_NONE)
			of[page_at(h, p)->chapter] = p;
	for (uint32_t p = 0; p < h->site->npages; p++) {
		uint32_t at = h->place[p];
		unsigned chapter = page_at(h, p)->chapter;

		if (at == 0 || chapter == 0 || page_at(h, p)->is_chapter ||
		    of[chapter] == SITE_NONE)
			continue;
		hub[at - 1] = of[chapter];
		best[at - 1] = BOND_NUMBER;
	}
}

static void
choose(const struct hubs *h, size_t least, uint32_t *hub, enum bond *best)
{
	choose_chapters(h, hub, best);
	for (uint32_t p = 0; p < h->site->npages; p++)
		if (can_be_hub(h, p, least))
			choose_for(h, p, hub, best);
	/* A hub stands in its own group, not in another's. */
	for (size_t i = 0; i < h->n; i++)
		if (hub[i] != SITE_NONE && h->place[hub[i]] != 0)
			hub[h->place[hub[i]] - 1] = hub[i];
}

/*
 * dissolve: false when every hub has members enough; one that is not sure to
 * belong to it counts half.
 */
static bool
dissolve(struct hubs *h, size_t least, const uint32_t *hub,
    const enum bond *best, uint32_t *halves)
{
	bool again = false;

	for (uint32_t p = 0; p < h->site->npages; p++)
		halves[p] = 0;
	for (size_t i = 0; i < h->n; i++)
		if (hub[i] != SITE_NONE)
			halves[hub[i]] +=
			    best[i] >= BOND_NAV || h->place[hub[i]] == i + 1
				? 2
				: 1;
	for (uint32_t p = 0; p < h->site->npages; p++)
		if (halves[p] > 0 && halves[p] < 2 * least) {
			h->dissolved[p] = true;
			again = true;
		}
	return again;
}

void
hubs_find(const struct site *site, const uint32_t *pages, size_t n,
    size_t least, const bool *barred, uint32_t *hub)
{
	struct arena a;
	struct hubs h = {.site = site, .a = &a, .n = n, .barred = barred};
	uint32_t *halves;
	enum bond *best;

	arena_init(&a);
	h.place = arena_array(&a, site->npages + 1, sizeof(*h.place));
	h.listed = arena_array(&a, site->npages + 1, sizeof(*h.listed));
	h.dissolved = arena_array(&a, site->npages + 1, sizeof(*h.dissolved));
	halves = arena_array(&a, site->npages + 1, sizeof(*halves));
	for (size_t i = 0; i < n; i++)
		h.place[pages[i]] = (uint32_t)i + 1;
	count_listed(&h);
	sort_links(&h);
	for (unsigned round = 0; round < ROUNDS; round++) {
		best = arena_array(&a, n + 1, sizeof(*best));
		for (size_t i = 0; i < n; i++)
			hub[i] = SITE_NONE;
		choose(&h, least, hub, best);
		if (!dissolve(&h, least, hub, best, halves))
			break;
	}
	for (size_t i = 0; i < n; i++)
		if (hub[i] != SITE_NONE && halves[hub[i]] < 2 * least)
			hub[i] = SITE_NONE;
	arena_release(&a);
}
