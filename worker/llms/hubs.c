#include "worker/llms/hubs.h"

#include "core/arena.h"
#include "worker/llms/site.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A page with fewer words than this for each of its links is a list. */
#define WORDS_PER_LINK 40
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
links_back(const struct hubs *h, uint32_t page, uint32_t hub)
{
	uint32_t wanted = hub | SITE_NAV;

	return page_at(h, page)->nlinks > 0 &&
	       bsearch(&wanted, h->sorted + page_at(h, page)->links_at,
		   page_at(h, page)->nlinks, sizeof(wanted), compare) != NULL;
}

static bool
can_be_hub(const struct hubs *h, uint32_t p, size_t least)
{
	return p != h->site->home && !h->barred[p] && !h->dissolved[p] &&
	       h->listed[p] >= least &&
	       (size_t)h->listed[p] * TOO_MUCH_DEN <= h->n * TOO_MUCH_NUM;
}

static bool
is_list(const struct hubs *h, uint32_t p)
{
	return page_at(h, p)->words <= WORDS_PER_LINK * h->listed[p];
}

/* A hub that its member links back to is better; then the one that lists
 * fewest. */
static void
choose(const struct hubs *h, size_t least, uint32_t *hub, bool *back)
{
	for (uint32_t p = 0; p < h->site->npages; p++) {
		if (!can_be_hub(h, p, least))
			continue;
		for (uint32_t i = 0; i < page_at(h, p)->nlinks; i++) {
			uint32_t to = link_at(h, p, i), at;
			bool mutual;

			if ((to & SITE_NAV) != 0 || to == p ||
			    (at = h->place[to]) == 0)
				continue;
			mutual = links_back(h, to, p);
			if (!mutual && (back[at - 1] || !is_list(h, p)))
				continue;
			if (hub[at - 1] == SITE_NONE ||
			    (mutual && !back[at - 1]) ||
			    h->listed[p] < h->listed[hub[at - 1]]) {
				hub[at - 1] = p;
				back[at - 1] = mutual;
			}
		}
	}
	/* A hub stands in its own group, not in another's. */
	for (size_t i = 0; i < h->n; i++)
		if (hub[i] != SITE_NONE && h->place[hub[i]] != 0)
			hub[h->place[hub[i]] - 1] = hub[i];
}

/* dissolve: false when every hub has members enough. */
static bool
dissolve(struct hubs *h, size_t least, const uint32_t *hub, uint32_t *members)
{
	bool again = false;

	for (uint32_t p = 0; p < h->site->npages; p++)
		members[p] = 0;
	for (size_t i = 0; i < h->n; i++)
		if (hub[i] != SITE_NONE)
			members[hub[i]]++;
	for (uint32_t p = 0; p < h->site->npages; p++)
		if (members[p] > 0 && members[p] < least) {
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
	uint32_t *members;
	bool *back;

	arena_init(&a);
	h.place = arena_array(&a, site->npages + 1, sizeof(*h.place));
	h.listed = arena_array(&a, site->npages + 1, sizeof(*h.listed));
	h.dissolved = arena_array(&a, site->npages + 1, sizeof(*h.dissolved));
	members = arena_array(&a, site->npages + 1, sizeof(*members));
	for (size_t i = 0; i < n; i++)
		h.place[pages[i]] = (uint32_t)i + 1;
	count_listed(&h);
	sort_links(&h);
	for (unsigned round = 0; round < ROUNDS; round++) {
		back = arena_array(&a, n + 1, sizeof(*back));
		for (size_t i = 0; i < n; i++)
			hub[i] = SITE_NONE;
		choose(&h, least, hub, back);
		if (!dissolve(&h, least, hub, members))
			break;
	}
	for (size_t i = 0; i < n; i++)
		if (hub[i] != SITE_NONE && members[hub[i]] < least)
			hub[i] = SITE_NONE;
	arena_release(&a);
}
