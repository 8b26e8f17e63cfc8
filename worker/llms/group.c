#include "worker/llms/group.h"

#include "core/arena.h"
#include "worker/llms/folders.h"
#include "worker/llms/hubs.h"
#include "worker/llms/site.h"
#include "worker/llms/plain.h"

#include <stdlib.h>
#include <string.h>

/* A section with more links than this is split where it can be. */
#define FULL 60
/* Fewer pages than this make no section of their own: at the top, below. */
#define LEAST_TOP 3
#define LEAST_BELOW 5
/* More sections than this and the smallest go together. */
#define SECTIONS 40
#define NAME_CHARS 60

/* A set of pages, as indexes, in the order of the site. */
struct set {
	uint32_t *page;
	size_t n;
};

struct draft {
	const char *name;
	struct set set;
	bool first; /* comes before all others */
	bool last;  /* comes after all but Optional */
};

struct group {
	struct site *site;
	struct arena a; /* gone when the sections are made */
	struct folder *folders;
	struct draft *drafts;
	size_t ndrafts;
	struct set loose; /* pages of folders too small for a section */
};

static struct set
set_new(struct group *g, size_t room)
{
	return (struct set){
	    .page = arena_array(&g->a, room + 1, sizeof(uint32_t))};
}

static void
set_add(struct set *s, uint32_t page)
{
	s->page[s->n++] = page;
}

static void
set_join(struct set *to, struct set from)
{
	for (size_t i = 0; i < from.n; i++)
		set_add(to, from.page[i]);
}

static void
add_draft(struct group *g, const char *name, struct set set)
{
	struct draft *d;

	if (set.n == 0)
		return;
	d = &g->drafts[g->ndrafts++];
	d->name = name;
	d->set = set;
}

/* ---- names ---- */

/* A page's name can be a section's if it is short enough for a heading. */
static const char *
usable_name(const struct group *g, uint32_t page)
{
	const char *name = g->site->pages[page].name;

	if (plain_length(name) > NAME_CHARS ||
	    plain_same(name, g->site->title) || plain_same(name, "Optional"))
		return NULL;
	return name;
}

/*
 * folder_name: what the site calls the folder all of set lies in: the name
 * of its index page, else its path's.
 */
static const char *
folder_name(struct group *g, struct set set, size_t depth, const char *parent)
{
	const char *part = folders_part(&g->folders[set.page[0]], depth - 1);
	const char *name;

	for (size_t i = 0; i < set.n; i++) {
		const struct folder *f = &g->folders[set.page[i]];

		if (f->is_index && f->depth == depth &&
		    (name = usable_name(g, set.page[i])) != NULL)
			return name;
	}
	if (strcmp(part, "#") == 0)
		return parent != NULL ? parent : "Posts";
	name = plain_human(&g->a, part, strlen(part));
	if (*name == '\0' || plain_same(name, "Optional"))
		name = "Pages";
	return parent == NULL ? name
			      : arena_printf(&g->a, "%s: %s", parent, name);
}

/* ---- splitting ---- */

/* pick_hub: the members of a hub, out of set; the hub itself first. */
static struct set
pick_hub(struct group *g, struct set set, const uint32_t *hub, uint32_t which)
{
	struct set out = set_new(g, set.n);

	for (size_t i = 0; i < set.n; i++)
		if (hub[i] == which && set.page[i] == which)
			set_add(&out, set.page[i]);
	for (size_t i = 0; i < set.n; i++)
		if (hub[i] == which && set.page[i] != which)
			set_add(&out, set.page[i]);
	return out;
}

/*
 * split_by_hubs: sections for the hubs among too many pages of one folder;
 * what is left keeps the folder's name.
 */
static void
split_by_hubs(struct group *g, struct set set, const char *name)
{
	uint32_t *hub = arena_array(&g->a, set.n + 1, sizeof(*hub));
	struct set rest = set_new(g, set.n);
	size_t mine = g->ndrafts++; /* the rest stands before its parts */

	hubs_find(g->site, set.page, set.n, LEAST_BELOW, hub);
	for (size_t i = 0; i < set.n; i++) {
		const char *called = NULL;
		uint32_t which = hub[i];

		if (which != SITE_NONE)
			called = usable_name(g, which);
		if (called == NULL) {
			set_add(&rest, set.page[i]);
			continue;
		}
		/* The first member seen brings all of them. */
		for (size_t j = 0; j < i; j++)
			if (hub[j] == which)
				called = NULL;
		if (called != NULL)
			add_draft(g, called, pick_hub(g, set, hub, which));
	}
	if (rest.n < LEAST_TOP) {
		set_join(&g->loose, rest);
		rest.n = 0;
	}
	g->drafts[mine] = (struct draft){.name = name, .set = rest};
}

static bool
same_part(const struct group *g, uint32_t x, uint32_t y, size_t depth)
{
	return strcmp(folders_part(&g->folders[x], depth),
		   folders_part(&g->folders[y], depth)) == 0;
}

/* take_child: moves the pages of one subfolder of set out of it. */
static struct set
take_child(struct group *g, struct set *set, size_t depth, size_t from)
{
	struct set child = set_new(g, set->n), rest = set_new(g, set->n);
	uint32_t example = set->page[from];

	for (size_t i = 0; i < set->n; i++) {
		uint32_t p = set->page[i];

		if (g->folders[p].depth > depth &&
		    same_part(g, p, example, depth))
			set_add(&child, p);
		else
			set_add(&rest, p);
	}
	*set = rest;
	return child;
}

/* next_child: a page of set that lies deeper than depth; set.n if none. */
static size_t
next_child(const struct group *g, struct set set, size_t depth)
{
	size_t i = 0;

	while (i < set.n && g->folders[set.page[i]].depth <= depth)
		i++;
	return i;
}

static void split_folder(
    struct group *g, struct set set, size_t depth, const char *name);

/*
 * split_children: a section for each subfolder with `least` pages or more.
 * Returns what is left: the folder's own pages and those of small subfolders.
 */
static struct set
split_children(struct group *g, struct set set, size_t depth, size_t least,
    const char *parent)
{
	struct set own = set_new(g, set.n);
	size_t at;

	while ((at = next_child(g, set, depth)) < set.n) {
		struct set child = take_child(g, &set, depth, at);

		if (child.n < least)
			set_join(&own, child);
		else
			split_folder(g, child, depth + 1,
			    folder_name(g, child, depth + 1, parent));
	}
	set_join(&own, set);
	return own;
}

static int
by_index(const void *x, const void *y)
{
	const uint32_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static void
set_sort(struct set s)
{
	if (s.n > 1)
		qsort(s.page, s.n, sizeof(*s.page), by_index);
}

/* split_folder: set lies in one folder, `depth` parts deep. */
static void
split_folder(struct group *g, struct set set, size_t depth, const char *name)
{
	size_t mine;
	struct set own;

	if (set.n <= FULL) {
		add_draft(g, name, set);
		return;
	}
	mine = g->ndrafts++; /* its own pages stand before its subfolders' */
	own = split_children(g, set, depth, LEAST_BELOW, name);
	set_sort(own);
	if (own.n < LEAST_TOP) {
		set_join(&g->loose, own);
		own.n = 0;
	}
	g->drafts[mine] = (struct draft){.name = name, .set = own};
	if (own.n > FULL) {
		g->drafts[mine].set.n = 0;
		split_by_hubs(g, own, name);
	}
}

/* common_depth: folders that all pages of set lie in. */
static size_t
common_depth(const struct group *g, struct set set)
{
	size_t depth = set.n == 0 ? 0 : g->folders[set.page[0]].depth;

	for (size_t i = 1; i < set.n; i++) {
		const struct folder *f = &g->folders[set.page[i]];

		/* The home page is above all folders and no reason to stop. */
		if (set.page[i] == g->site->home ||
		    set.page[0] == g->site->home)
			continue;
		if (f->depth < depth)
			depth = f->depth;
		for (size_t j = 0; j < depth; j++)
			if (!same_part(g, set.page[0], set.page[i], j))
				depth = j;
	}
	return depth;
}

static void
split_top(struct group *g, struct set set)
{
	size_t depth = common_depth(g, set);
	size_t mine = g->ndrafts++;
	struct set own = split_children(g, set, depth, LEAST_TOP, NULL);
	const char *name = g->ndrafts == mine + 1 ? "Pages" : "Overview";

	set_sort(own);
	g->drafts[mine] =
	    (struct draft){.name = name, .set = own, .first = true};
	if (own.n > FULL) {
		g->drafts[mine].set.n = 0;
		split_by_hubs(g, own, "General");
	}
}

/* ---- the result ---- */

/* place_of: where a draft stands: by the home page's navigation, then by the
 * order in which the site was read. */
static uint64_t
place_of(const struct group *g, const struct draft *d)
{
	uint32_t nav = UINT32_MAX, first = UINT32_MAX;

	for (size_t i = 0; i < d->set.n; i++) {
		const struct site_page *p = &g->site->pages[d->set.page[i]];

		if (p->nav != 0 && p->nav < nav)
			nav = p->nav;
		if (d->set.page[i] < first)
			first = d->set.page[i];
	}
	return (uint64_t)(d->first  ? 0
			  : d->last ? 2
				    : 1)
		   << 62 |
	       (uint64_t)(nav >> 2) << 31 | first >> 1;
}

/* Insertion sort: there are few, and equal ones keep their order. */
static void
sort_drafts(struct group *g)
{
	for (size_t i = 1; i < g->ndrafts; i++) {
		struct draft d = g->drafts[i];
		uint64_t place = place_of(g, &d);
		size_t j = i;

		for (; j > 0 && place_of(g, &g->drafts[j - 1]) > place; j--)
			g->drafts[j] = g->drafts[j - 1];
		g->drafts[j] = d;
	}
}

static void
drop_empty(struct group *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->ndrafts; i++)
		if (g->drafts[i].set.n > 0)
			g->drafts[n++] = g->drafts[i];
	g->ndrafts = n;
}

/* join_into: one more draft, or more pages for the one of that name. */
static struct draft *
join_into(struct group *g, const char *name, struct set set)
{
	struct draft *d;

	for (size_t i = 0; i < g->ndrafts; i++) {
		struct set both;

		d = &g->drafts[i];
		if (!plain_same(d->name, name))
			continue;
		both = set_new(g, d->set.n + set.n);
		set_join(&both, d->set);
		set_join(&both, set);
		d->set = both;
		return d;
	}
	d = &g->drafts[g->ndrafts++];
	*d = (struct draft){.name = name, .set = set};
	return d;
}

/* join_smallest: no more than SECTIONS, the rest under "More". */
static void
join_smallest(struct group *g)
{
	struct set more = set_new(g, g->site->npages);

	while (g->ndrafts + (more.n > 0) > SECTIONS) {
		size_t least = 0;

		for (size_t i = 1; i < g->ndrafts; i++)
			if (g->drafts[i].set.n < g->drafts[least].set.n)
				least = i;
		set_join(&more, g->drafts[least].set);
		g->drafts[least].set.n = 0;
		drop_empty(g);
	}
	if (more.n == 0)
		return;
	set_sort(more);
	join_into(g, "More", more)->last = true;
}

/* Two folders may have index pages of one name. */
static void
join_same_names(struct group *g)
{
	struct draft *old = g->drafts;
	size_t n = g->ndrafts;

	g->drafts = arena_array(&g->a, n + 4, sizeof(*g->drafts));
	g->ndrafts = 0;
	for (size_t i = 0; i < n; i++) {
		struct draft *d = join_into(g, old[i].name, old[i].set);

		d->first |= old[i].first;
		d->last |= old[i].last;
	}
}

/* A section's own page stands first in it, the others as they were read. */
static void
index_first(struct group *g, struct draft *d)
{
	for (size_t i = 0; i < d->set.n; i++) {
		uint32_t p = d->set.page[i];

		if (!plain_same(g->site->pages[p].name, d->name) &&
		    p != g->site->home)
			continue;
		memmove(d->set.page + 1, d->set.page, i * sizeof(uint32_t));
		d->set.page[0] = p;
		return;
	}
}

static void
make_sections(struct group *g, struct set optional)
{
	struct site *site = g->site;
	size_t n = g->ndrafts + (optional.n > 0);

	site->sections =
	    arena_array(site->arena, n + 1, sizeof(*site->sections));
	site->nsections = n;
	for (size_t i = 0; i < n; i++) {
		struct site_section *s = &site->sections[i];
		bool last = i == g->ndrafts;
		struct set set = last ? optional : g->drafts[i].set;
		uint32_t *pages =
		    arena_array(site->arena, set.n + 1, sizeof(*pages));

		if (!last)
			index_first(g, &g->drafts[i]);
		memcpy(pages, set.page, set.n * sizeof(*pages));
		s->name = last ? "Optional"
			       : arena_strdup(site->arena, g->drafts[i].name);
		s->pages = pages;
		s->npages = set.n;
		s->optional = last;
		for (size_t j = 0; j < set.n; j++)
			site->pages[pages[j]].section = (uint32_t)i;
	}
}

void
group_site(struct site *site)
{
	struct group g = {.site = site};
	struct set all, optional;

	arena_init(&g.a);
	g.folders = folders_find(&g.a, site);
	/* Each draft takes a page at least, but for those left empty. */
	g.drafts = arena_array(&g.a, 3 * site->npages + 16, sizeof(*g.drafts));
	g.loose = set_new(&g, site->npages);
	all = set_new(&g, site->npages);
	optional = set_new(&g, site->npages);
	for (uint32_t i = 0; i < site->npages; i++)
		set_add(
		    g.folders[i].optional && i != site->home ? &optional : &all,
		    i);
	/* A site of nothing but such pages is listed all the same. */
	if (all.n == 0) {
		all = optional;
		optional.n = 0;
	}
	split_top(&g, all);
	if (g.loose.n > 0)
		join_into(&g, "Overview", g.loose)->first = true;
	drop_empty(&g);
	join_same_names(&g);
	join_smallest(&g);
	sort_drafts(&g);
	make_sections(&g, optional);
	arena_release(&g.a);
}
