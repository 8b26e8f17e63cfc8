#include "worker/llms/sections.h"

#include "worker/llms/plain.h"
#include "worker/llms/site.h"

#include <stdlib.h>
#include <string.h>

/* More sections than this and the smallest go together. */
#define SECTIONS 40

void
sections_init(struct sections *s, struct site *site)
{
	memset(s, 0, sizeof(*s));
	arena_init(&s->a);
	s->site = site;
	/* Sets are disjoint, so each draft has a page of its own. */
	s->draft = arena_array(&s->a, site->npages + 8, sizeof(*s->draft));
	s->parent = arena_array(&s->a, site->npages + 8, sizeof(*s->parent));
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

static void
add_pages(struct sections *s, struct draft *to, struct set set)
{
	struct set both = set_new(s, to->set.n + set.n);

	set_join(&both, to->set);
	set_join(&both, set);
	set_sort(both);
	to->set = both;
}

/* join_into: the pages go to the draft of that name, or to a new one. */
static void
join_into(struct sections *s, const struct draft *d)
{
	for (size_t i = 0; i < s->n; i++) {
		if (!plain_same(s->draft[i].name, d->name))
			continue;
		add_pages(s, &s->draft[i], d->set);
		return;
	}
	sections_add(s, d);
}

/* Two folders may have index pages of one name. */
static void
join_same_names(struct sections *s)
{
	struct draft *old = s->draft;
	size_t n = s->n;

	s->draft = arena_array(&s->a, n + 8, sizeof(*s->draft));
	s->n = 0;
	for (size_t i = 0; i < n; i++)
		join_into(s, &old[i]);
}

/* rest_of: the draft of what is left of the folder d was split from. */
static struct draft *
rest_of(struct sections *s, const struct draft *d)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->draft[i].family == d->family && &s->draft[i] != d &&
		    s->draft[i].index == s->parent[d->family])
			return &s->draft[i];
	return NULL;
}

static size_t
smallest(const struct sections *s)
{
	size_t least = 0;

	for (size_t i = 1; i < s->n; i++)
		if (s->draft[i].place == DRAFT_MIDDLE &&
		    (s->draft[least].place != DRAFT_MIDDLE ||
			s->draft[i].set.n < s->draft[least].set.n))
			least = i;
	return least;
}

/*
 * join_smallest: while there are too many, the smallest goes back to the
 * folder that it was split from, or to "More".
 */
static void
join_smallest(struct sections *s)
{
	struct draft more = {.name = "More",
	    .part = "More",
	    .set = set_new(s, s->site->npages),
	    .index = SITE_NONE,
	    .place = DRAFT_LAST};

	while (s->n + (more.set.n > 0) > SECTIONS) {
		size_t least = smallest(s);
		struct draft *rest = rest_of(s, &s->draft[least]);

		add_pages(s, rest != NULL ? rest : &more, s->draft[least].set);
		memmove(&s->draft[least], &s->draft[least + 1],
		    (s->n - least - 1) * sizeof(*s->draft));
		s->n--;
	}
	more.family = sections_family(s, SITE_NONE);
	if (more.set.n > 0)
		join_into(s, &more);
}

/* ---- in what order ---- */

/*
 * rank_links: rank[p] is the place of page p among the links of `from`, from
 * 1, those of its text before its navigation; UINT32_MAX for other pages.
 */
static void
rank_links(const struct site *site, uint32_t from, uint32_t *rank)
{
	uint32_t place = 0;

	for (size_t i = 0; i < site->npages; i++)
		rank[i] = UINT32_MAX;
	if (from == SITE_NONE)
		return;
	for (unsigned nav = 0; nav < 2; nav++)
		for (uint32_t i = 0; i < site->pages[from].nlinks; i++) {
			uint32_t link =
			    site->links[site->pages[from].links_at + i];
			uint32_t to = link & ~SITE_NAV;

			if (((link & SITE_NAV) != 0) == nav &&
			    rank[to] == UINT32_MAX)
				rank[to] = ++place;
		}
}

struct key {
	uint64_t major;
	uint64_t minor;
	uint32_t at; /* what is sorted */
};

static int
by_key(const void *x, const void *y)
{
	const struct key *a = x, *b = y;

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
	uint32_t first = d->index == SITE_NONE ? s->site->home : d->index;
	struct key *key = arena_array(&s->a, d->set.n + 1, sizeof(*key));

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
	const struct site *site = s->site;
	uint64_t *place = arena_array(&s->a, s->families + 1, sizeof(*place));

	rank_links(site, site->home, rank);
	for (uint32_t i = 0; i < s->families; i++)
		place[i] = UINT64_MAX;
	for (size_t i = 0; i < s->n; i++) {
		const struct draft *d = &s->draft[i];

		for (size_t j = 0; j < d->set.n; j++) {
			uint32_t p = d->set.page[j];
			uint32_t nav = site->pages[p].nav;
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
	struct key *key = arena_array(&s->a, s->n + 1, sizeof(*key));
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
	struct site *site = s->site;
	const struct draft *d = &s->draft[i];
	struct site_section *out = &site->sections[i];
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
	struct site *site = s->site;
	uint32_t *rank = arena_array(&s->a, site->npages + 1, sizeof(*rank));

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
