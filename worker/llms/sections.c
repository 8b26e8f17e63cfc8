#include "worker/llms/sections.h"

#include "core/min_heap.h"
#include "worker/site/text_line.h"
#include "worker/llms/described_site.h"

#include <stdlib.h>
#include <string.h>

/* More sections than this and the smallest go together. */
#define SECTIONS 40

void
sections_init(struct sections *s, struct described_site *site)
{
	memset(s, 0, sizeof(*s));
	arena_init(&s->a);
	s->site = site;
	/* Sets are disjoint, so each draft has a page of its own. */
	s->draft =
	    arena_array(&s->a, site->crawled->npages + 8, sizeof(*s->draft));
	s->parent =
	    arena_array(&s->a, site->crawled->npages + 8, sizeof(*s->parent));
}

struct set
set_new(struct sections *s, size_t n)
{
	return (struct set){
	    .page = arena_array(&s->a, n + 1, sizeof(uint32_t))};
}

void
set_add(struct set *to, uint32_t page)
{
	to->page[to->n++] = page;
}

void
set_join(struct set *to, struct set from)
{
	for (size_t i = 0; i < from.n; i++)
		set_add(to, from.page[i]);
}

static int
by_index(const void *x, const void *y)
{
	const uint32_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

void
set_sort(struct set s)
{
	if (s.n > 1)
		qsort(s.page, s.n, sizeof(*s.page), by_index);
}

uint32_t
sections_family(struct sections *s, uint32_t index)
{
	s->parent[s->families] = index;
	return s->families++;
}

void
sections_add(struct sections *s, const struct draft *d)
{
	if (d->set.n > 0)
		s->draft[s->n++] = *d;
}

/* ---- how many ---- */

/* Drafts that go into others; the pages move once, when all is decided. */
struct joining {
	struct sections *s;
	uint32_t *into; /* of each draft: itself while it stands */
	size_t *pages;  /* in each that stands */
	size_t standing;
	uint32_t
	    *rest; /* of each family: a rest of its folder, SITE_NONE ... */
	uint32_t *next; /* ... and of each draft: the next one */
};

static void
joining_init(struct joining *j, struct sections *s)
{
	*j = (struct joining){.s = s, .standing = s->n};
	j->into = arena_array(&s->a, s->n + 1, sizeof(*j->into));
	j->pages = arena_array(&s->a, s->n + 1, sizeof(*j->pages));
	for (uint32_t i = 0; i < s->n; i++) {
		j->into[i] = i;
		j->pages[i] = s->draft[i].set.n;
	}
}

static void
section_join(struct joining *j, uint32_t what, uint32_t into)
{
	j->into[what] = into;
	j->pages[into] += j->pages[what];
	j->standing--;
}

static uint32_t
stands_in(struct joining *j, uint32_t i)
{
	while (j->into[i] != i)
		i = j->into[i] = j->into[j->into[i]];
	return i;
}

/* section_settle: those that stand get the pages of all that went into them. */
static void
section_settle(struct joining *j)
{
	struct sections *s = j->s;
	struct set *set = arena_array(&s->a, s->n + 1, sizeof(*set));
	size_t n = 0;

	for (uint32_t i = 0; i < s->n; i++)
		if (j->into[i] == i)
			set[i] = set_new(s, j->pages[i]);
	for (uint32_t i = 0; i < s->n; i++)
		set_join(&set[stands_in(j, i)], s->draft[i].set);
	for (uint32_t i = 0; i < s->n; i++)
		if (set[i].n > 0) {
			s->draft[n] = s->draft[i];
			s->draft[n++].set = set[i];
		}
	s->n = n;
}

struct named {
	const char *name;
	uint32_t at;
};

static int
by_name(const void *x, const void *y)
{
	const struct named *a = x, *b = y;
	int c = text_line_order(a->name, b->name);

	return c != 0 ? c : (a->at > b->at) - (a->at < b->at);
}

/* join_same_names: two folders may have index pages of one name. */
static void
join_same_names(struct sections *s)
{
	struct named *sorted = arena_array(&s->a, s->n + 1, sizeof(*sorted));
	struct joining j;

	joining_init(&j, s);
	for (uint32_t i = 0; i < s->n; i++)
		sorted[i] = (struct named){s->draft[i].name, i};
	qsort(sorted, s->n, sizeof(*sorted), by_name);
	for (size_t i = 1, first = 0; i < s->n; i++)
		if (text_line_same(sorted[first].name, sorted[i].name))
			section_join(&j, sorted[i].at, sorted[first].at);
		else
			first = i;
	section_settle(&j);
}

static void
find_rests(struct joining *j)
{
	struct sections *s = j->s;

	j->rest = arena_array(&s->a, s->families + 1, sizeof(*j->rest));
	j->next = arena_array(&s->a, s->n + 1, sizeof(*j->next));
	for (uint32_t i = 0; i < s->families; i++)
		j->rest[i] = SITE_NONE;
	for (size_t i = s->n; i-- > 0;) {
		uint32_t family = s->draft[i].family;

		if (s->draft[i].index != s->parent[family])
			continue;
		j->next[i] = j->rest[family];
		j->rest[family] = (uint32_t)i;
	}
}

static uint32_t
standing_from(const struct joining *j, uint32_t i)
{
	while (i != SITE_NONE && j->into[i] != i)
		i = j->next[i];
	return i;
}

/* rest_of: the draft of what is left of the folder i was split from. */
static uint32_t
rest_of(struct joining *j, uint32_t i)
{
	uint32_t *first = &j->rest[j->s->draft[i].family];

	*first = standing_from(j, *first);
	return *first == i ? standing_from(j, j->next[i]) : *first;
}

static uint64_t
size_key(const struct joining *j, uint32_t i)
{
	return (uint64_t)j->pages[i] << 32 | i;
}

/*
 * join_down_to: while there are too many the smallest, and of those the first,
 * goes back to the folder that it was split from, or to `more`.
 */
static void
join_down_to(struct joining *j, size_t most, uint32_t more)
{
	struct sections *s = j->s;
	uint64_t *heap = arena_array(&s->a, s->n + 1, sizeof(*heap));
	size_t n = 0;

	for (uint32_t i = 0; i < s->n; i++)
		if (s->draft[i].place == DRAFT_MIDDLE)
			heap[n++] = size_key(j, i);
	for (size_t i = n; i-- > 0;)
		min_heap_sift(heap, n, i);
	while (n > 0 && j->standing - (j->pages[more] == 0) > most) {
		uint32_t i = (uint32_t)heap[0], rest;

		/* It has grown since. */
		if (heap[0] != size_key(j, i)) {
			heap[0] = size_key(j, i);
			min_heap_sift(heap, n, 0);
		} else {
			rest = rest_of(j, i);
			section_join(j, i, rest == SITE_NONE ? more : rest);
			min_heap_drop(heap, n--);
		}
	}
}

static void
join_smallest(struct sections *s)
{
	uint32_t more = (uint32_t)s->n, same = 0;
	struct joining j;

	s->draft[s->n++] = (struct draft){.name = "More",
	    .part = "More",
	    .index = SITE_NONE,
	    .family = sections_family(s, SITE_NONE),
	    .place = DRAFT_LAST};
	joining_init(&j, s);
	find_rests(&j);
	join_down_to(&j, SECTIONS, more);
	while (same < more && (j.into[same] != same ||
				  !text_line_same(s->draft[same].name, "More")))
		same++;
	if (same < more)
		section_join(&j, more, same);
	section_settle(&j);
}

/* ---- in what order ---- */

/*
 * rank_links: rank[p] is the place of page p among the links of `from`, from
 * 1, those of its text before its navigation; UINT32_MAX for other pages.
 */
static void
rank_links(const struct described_site *site, uint32_t from, uint32_t *rank)
{
	uint32_t place = 0;

	for (size_t i = 0; i < site->crawled->npages; i++)
		rank[i] = UINT32_MAX;
	if (from == SITE_NONE)
		return;
	for (unsigned nav = 0; nav < 2; nav++)
		for (uint32_t i = 0; i < site->crawled->pages[from].nlinks;
		     i++) {
			uint32_t link =
			    site->crawled
				->links[site->crawled->pages[from].links_at +
					i];
			uint32_t to = link & ~SITE_NAV;

			if (((link & SITE_NAV) != 0) == nav &&
			    rank[to] == UINT32_MAX)
				rank[to] = ++place;
		}
}

struct sort_key {
	uint64_t major;
	uint64_t minor;
	uint32_t at; /* what is sorted */
};

static int
by_key(const void *x, const void *y)
{
	const struct sort_key *a = x, *b = y;

	if (a->major != b->major)
		return a->major < b->major ? -1 : 1;
	if (a->minor != b->minor)
		return a->minor < b->minor ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

/* order_pages: the index page, then as it lists them, then as read. */
static void
order_pages(struct sections *s, struct draft *d, uint32_t *rank)
{
	uint32_t first =
	    d->index == SITE_NONE ? s->site->crawled->home : d->index;
	struct sort_key *key = arena_array(&s->a, d->set.n + 1, sizeof(*key));

	rank_links(s->site, first, rank);
	for (size_t i = 0; i < d->set.n; i++) {
		uint32_t p = d->set.page[i];

		key[i].major = p == first ? 0 : rank[p];
		key[i].minor = p;
		key[i].at = p;
	}
	qsort(key, d->set.n, sizeof(*key), by_key);
	for (size_t i = 0; i < d->set.n; i++)
		d->set.page[i] = key[i].at;
}

/*
 * family_places: a family stands where the home page's navigation, or else
 * its text, first links into it; then in the order in which it was read.
 */
static uint64_t *
family_places(struct sections *s, uint32_t *rank)
{
	const struct described_site *site = s->site;
	uint64_t *place = arena_array(&s->a, s->families + 1, sizeof(*place));

	rank_links(site, site->crawled->home, rank);
	for (uint32_t i = 0; i < s->families; i++)
		place[i] = UINT64_MAX;
	for (size_t i = 0; i < s->n; i++) {
		const struct draft *d = &s->draft[i];

		for (size_t j = 0; j < d->set.n; j++) {
			uint32_t p = d->set.page[j];
			uint32_t nav = site->crawled->pages[p].nav;
			uint64_t at =
			    (uint64_t)(nav != 0 ? nav : rank[p]) << 32 | p;

			if (at < place[d->family])
				place[d->family] = at;
		}
	}
	return place;
}

static void
order_drafts(struct sections *s, uint32_t *rank)
{
	uint64_t *place = family_places(s, rank);
	struct sort_key *key = arena_array(&s->a, s->n + 1, sizeof(*key));
	struct draft *old = s->draft;
	uint32_t ranked = UINT32_MAX;

	for (uint32_t i = 0; i < s->n; i++) {
		const struct draft *d = &old[i];
		bool rest = d->index == s->parent[d->family];

		if (d->family != ranked)
			rank_links(s->site, s->parent[d->family], rank);
		ranked = d->family;
		key[i].major =
		    (uint64_t)d->place << 62 | (place[d->family] >> 2);
		/* What the folder has left stands before its parts. */
		key[i].minor = rest || d->index == SITE_NONE
				   ? (rest ? 0 : UINT32_MAX)
				   : rank[d->index];
		key[i].at = i;
	}
	qsort(key, s->n, sizeof(*key), by_key);
	s->draft = arena_array(&s->a, s->n + 1, sizeof(*s->draft));
	for (size_t i = 0; i < s->n; i++)
		s->draft[i] = old[key[i].at];
}

/* ---- the result ---- */

static void
make_one(struct sections *s, size_t i)
{
	struct described_site *site = s->site;
	const struct draft *d = &s->draft[i];
	struct section *out = &site->sections[i];
	uint32_t *pages =
	    arena_array(site->arena, d->set.n + 1, sizeof(*pages));

	memcpy(pages, d->set.page, d->set.n * sizeof(*pages));
	out->name = arena_strdup(site->arena, d->name);
	out->part = arena_strdup(site->arena, d->part);
	out->pages = pages;
	out->npages = d->set.n;
	out->optional = d->place == DRAFT_OPTIONAL;
	out->general = d->place != DRAFT_MIDDLE;
	for (size_t j = 0; j < d->set.n; j++)
		site->pages[pages[j]].section = (uint32_t)i;
}

void
sections_make(struct sections *s)
{
	struct described_site *site = s->site;
	uint32_t *rank =
	    arena_array(&s->a, site->crawled->npages + 1, sizeof(*rank));

	join_same_names(s);
	join_smallest(s);
	for (size_t i = 0; i < s->n; i++)
		order_pages(s, &s->draft[i], rank);
	order_drafts(s, rank);
	site->nsections = s->n;
	site->sections =
	    arena_array(site->arena, s->n + 1, sizeof(*site->sections));
	for (size_t i = 0; i < s->n; i++)
		make_one(s, i);
	arena_release(&s->a);
}
