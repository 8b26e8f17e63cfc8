#include "worker/llms/group.h"

#include "core/arena.h"
#include "core/strmap.h"
#include "worker/llms/folders.h"
#include "worker/llms/hubs.h"
#include "worker/llms/names.h"
#include "worker/site/outline.h"
#include "worker/site/text_line.h"
#include "worker/llms/sections.h"
#include "worker/llms/described_site.h"
#include "worker/llms/titles.h"
#include "worker/llms/unique_titles.h"
#include "worker/site/words.h"

#include <stdlib.h>
#include <string.h>

/* A section with more links than this is split where it can be. */
#define FULL 60
/* The same, where the home page has headings for its parts. */
#define FULL_LISTED 16
/* Fewer pages than this make no section of their own: at the top, below. */
#define LEAST_TOP 3
#define LEAST_BELOW 5
/* Groups by hubs in one folder, and the share of its pages they must hold. */
#define HUBS 30
#define FEW_PARTS 4 /* a fourth */
/* The section of a hub is made. */
#define MADE UINT32_MAX
/* A page's name may be a section's, and go before the names of its parts. */
#define NAME_CHARS 60
#define PREFIX_CHARS 20

struct grouping {
	struct sections s;
	struct described_site *site;
	struct folder *folders;
	struct outline outline;
	struct set loose;  /* pages of folders too small for a section */
	uint32_t *members; /* of each page as a hub, while a folder is split */
	bool *barred;      /* of each page: it is no hub */
	struct backlinks *back;
};

/* A folder on its way to sections. */
struct branch {
	struct set set;
	size_t depth; /* parts of its path */
	const char *name;
	const char *prefix; /* for the names of its parts; NULL: none */
	const char *part;   /* name of the part of the site it belongs to */
	uint32_t index;     /* its own page, or SITE_NONE */
	uint32_t family;
};

struct subfolder_page {
	const char *part; /* the subfolder */
	uint32_t page;
};

static int
by_part(const void *x, const void *y)
{
	const struct subfolder_page *a = x, *b = y;
	int c = strcmp(a->part, b->part);

	return c != 0 ? c : (a->page > b->page) - (a->page < b->page);
}

static int
by_first_page(const void *x, const void *y)
{
	const struct set *a = x, *b = y;

	return (*a->page > *b->page) - (*a->page < *b->page);
}

static struct subfolder_page *
find_places(struct sections *s, const struct folder *folders, struct set set,
    size_t depth, size_t *n)
{
	struct subfolder_page *place =
	    arena_array(&s->a, set.n + 1, sizeof(*place));

	*n = 0;
	for (size_t i = 0; i < set.n; i++) {
		const struct folder *f = &folders[set.page[i]];

		if (f->depth > depth)
			place[(*n)++] = (struct subfolder_page){
			    folders_part(f, depth), set.page[i]};
	}
	qsort(place, *n, sizeof(*place), by_part);
	return place;
}

/*
 * subfolders_find: of the pages of a set, all in one folder of that depth,
 * those that lie further down: *child[i] are those of one subfolder, by index,
 * the subfolder of the first page first.  Returns how many there are; all lives
 * as long as s.  The pages are sorted once and cut: a site may have a folder
 * for each page, and neither time nor memory may grow with the square of that.
 */
static size_t
subfolders_find(struct sections *s, const struct folder *folders,
    struct set set, size_t depth, struct set **child)
{
	size_t pages, n = 0;
	struct subfolder_page *place =
	    find_places(s, folders, set, depth, &pages);
	struct set all = set_new(s, pages);

	*child = arena_array(&s->a, pages + 1, sizeof(**child));
	for (size_t i = 0; i < pages; i++) {
		if (i == 0 || strcmp(place[i - 1].part, place[i].part) != 0)
			(*child)[n++].page = all.page + all.n;
		set_add(&all, place[i].page);
		(*child)[n - 1].n++;
	}
	qsort(*child, n, sizeof(**child), by_first_page);
	return n;
}

static void
add_draft(struct grouping *g, const struct branch *from, const char *name,
    struct set set, uint32_t index)
{
	sections_add(&g->s, &(struct draft){
				.name = name,
				.part = from->part == NULL ? name : from->part,
				.set = set,
				.index = index,
				.family = from->family,
				.place = DRAFT_MIDDLE,
			    });
}

/* ---- names ---- */

/*
 * A page's name can be a section's if it is short enough for a heading; what
 * others call the page, if it only calls itself an introduction.
 */
static const char *
usable_name(const struct grouping *g, uint32_t page)
{
	const struct described_page *p = &g->site->pages[page];
	const char *name = p->own_name;

	if (text_line_is_one_of(name, words_no_section_names))
		name = p->crawled->label;
	if (text_line_length(name) > NAME_CHARS ||
	    text_line_same(name, g->site->title) ||
	    text_line_is_one_of(name, words_no_section_names) ||
	    titles_say_nothing(name))
		return NULL;
	return name;
}

static const char *
with_prefix(struct grouping *g, const char *prefix, const char *name)
{
	if (prefix == NULL || text_line_contains(name, prefix))
		return name;
	return arena_printf(&g->s.a, "%s: %s", prefix, name);
}

/* path_name: the folder's own part of the path for people, "" for none. */
static const char *
path_name(struct grouping *g, struct set set, size_t depth)
{
	const char *part;

	if (depth == 0)
		return "";
	part = folders_part(&g->folders[set.page[0]], depth - 1);
	return strcmp(part, "#") == 0
		   ? ""
		   : titles_plural(
			 &g->s.a, text_line_human(&g->s.a, part, strlen(part)));
}

/* find_index: the page of the folder that all of set lies in. */
static uint32_t
find_index(const struct grouping *g, struct set set, size_t depth)
{
	uint32_t intro = SITE_NONE;

	for (size_t i = 0; i < set.n; i++) {
		const struct folder *f = &g->folders[set.page[i]];

		if (f->depth != depth)
			continue;
		if (f->is_index)
			return set.page[i];
		if (f->is_intro && intro == SITE_NONE)
			intro = set.page[i];
	}
	return intro;
}

/* branch_of: the folder of set, named as the site names it. */
static struct branch
branch_of(struct grouping *g, struct set set, size_t depth,
    const struct branch *parent)
{
	const char *path = path_name(g, set, depth), *name = NULL;
	struct branch b = {.set = set, .depth = depth};

	b.index = find_index(g, set, depth);
	if (b.index != SITE_NONE)
		name = usable_name(g, b.index);
	if (name == NULL && *path == '\0' && parent->prefix != NULL)
		name = parent->name; /* dates in a blog's folder */
	else
		name = with_prefix(g, parent->prefix,
		    name != NULL                       ? name
		    : *path == '\0'                    ? "Posts"
		    : text_line_same(path, "Optional") ? "Pages"
						       : path);
	b.name = name;
	b.prefix = text_line_length(name) <= PREFIX_CHARS || *path == '\0'
		       ? name
		       : path;
	b.part = parent->part == NULL ? name : parent->part;
	b.family = parent->part == NULL ? sections_family(&g->s, b.index)
					: parent->family;
	return b;
}

/* ---- splitting ---- */

/* hub_members: those of a hub, n of them, out of set. */
static struct set
hub_members(struct grouping *g, struct set set, const uint32_t *hub,
    uint32_t which, size_t n)
{
	struct set out = set_new(&g->s, n);

	for (size_t i = 0; i < set.n; i++)
		if (hub[i] == which)
			set_add(&out, set.page[i]);
	return out;
}

/* add_rest: what is left of a folder keeps its name, or goes to Overview. */
static void
add_rest(struct grouping *g, const struct branch *b, struct set rest)
{
	if (rest.n < LEAST_TOP)
		set_join(&g->loose, rest);
	else
		add_draft(g, b, b->name, rest, b->index);
}

static uint32_t *
find_hubs(struct grouping *g, const struct branch *b)
{
	uint32_t *hub = arena_array(&g->s.a, b->set.n + 1, sizeof(*hub));

	/* An index of everything is no part of it. */
	if (b->index != SITE_NONE)
		g->barred[b->index] = true;
	hubs_find(g->site, g->back, b->set.page, b->set.n, HUBS, g->barred,
	    g->outline.parent, hub);
	if (b->index != SITE_NONE)
		g->barred[b->index] = g->folders[b->index].optional;
	for (size_t i = 0; i < b->set.n; i++)
		if (hub[i] != SITE_NONE)
			g->members[hub[i]]++;
	return hub;
}

/* is_part: the hub's group makes a section, or has made it. */
static bool
is_part(const struct grouping *g, uint32_t hub)
{
	/* A part whose parts are sections may be left alone. */
	return hub != SITE_NONE && g->members[hub] >= LEAST_TOP &&
	       usable_name(g, hub) != NULL;
}

/* take_parts: the sections of b's hubs; what is left goes to rest. */
static void
take_parts(struct grouping *g, const struct branch *b, const uint32_t *hub,
    struct set *rest)
{
	for (size_t i = 0; i < b->set.n; i++) {
		uint32_t *n;

		if (!is_part(g, hub[i])) {
			set_add(rest, b->set.page[i]);
			continue;
		}
		n = &g->members[hub[i]];
		if (*n == MADE)
			continue;
		add_draft(g, b,
		    with_prefix(g, b->prefix, usable_name(g, hub[i])),
		    hub_members(g, b->set, hub, hub[i], *n), hub[i]);
		*n = MADE;
	}
}

/*
 * split_by_hubs: sections for the hubs among too many pages of one folder.
 * Returns what is left.  Hubs of few of the pages are no arrangement of the
 * folder: they are pages that say "see also".
 */
static struct set
split_by_hubs(struct grouping *g, const struct branch *b)
{
	uint32_t *hub = find_hubs(g, b);
	struct set rest = set_new(&g->s, b->set.n);
	size_t parts = 0;

	for (size_t i = 0; i < b->set.n; i++)
		parts += is_part(g, hub[i]);
	if (parts * FEW_PARTS < b->set.n)
		rest = b->set;
	else
		take_parts(g, b, hub, &rest);
	for (size_t i = 0; i < b->set.n; i++)
		if (hub[i] != SITE_NONE)
			g->members[hub[i]] = 0;
	return rest;
}

/*
 * find_under: the pages of set, all of them below headings, by these; in the
 * order of the first page of each.  Returns how many headings there are.
 */
static size_t
find_under(struct grouping *g, struct set set, struct set **under)
{
	struct set all = set_new(&g->s, set.n);
	uint32_t *which = arena_array(&g->s.a, set.n + 1, sizeof(*which));
	struct strmap headings;
	uint32_t n = 0;

	*under = arena_array(&g->s.a, set.n + 1, sizeof(**under));
	strmap_init(&headings, &g->s.a, g->outline.headings, false);
	for (size_t i = 0; i < set.n; i++) {
		const char *heading = g->outline.heading[set.page[i]];

		if (strmap_add(&headings, heading, n))
			n++;
		which[i] = strmap_get(&headings, heading);
		(*under)[which[i]].n++;
	}
	for (uint32_t i = 0; i < n; i++) {
		(*under)[i].page = all.page + all.n;
		all.n += (*under)[i].n;
		(*under)[i].n = 0;
	}
	for (size_t i = 0; i < set.n; i++)
		set_add(&(*under)[which[i]], set.page[i]);
	return n;
}

/*
 * split_by_headings: sections for the headings of the home page, where it
 * lists most of the pages below them.  Returns what is left.
 */
static struct set
split_by_headings(struct grouping *g, const struct branch *b)
{
	struct set rest = set_new(&g->s, b->set.n);
	struct set left = set_new(&g->s, b->set.n), *under;
	size_t n;

	for (size_t i = 0; i < b->set.n; i++)
		if (g->outline.heading[b->set.page[i]] != NULL)
			set_add(&left, b->set.page[i]);
		else
			set_add(&rest, b->set.page[i]);
	if (left.n * 2 < b->set.n)
		return b->set;
	n = find_under(g, left, &under);
	for (size_t i = 0; i < n; i++) {
		struct set these = under[i];
		const char *h = g->outline.heading[these.page[0]];

		if (text_line_is_one_of(h, words_no_section_names) ||
		    these.n < LEAST_TOP || these.n == b->set.n)
			set_join(&rest, these);
		else
			add_draft(g, b, h, these, SITE_NONE);
	}
	set_sort(rest);
	return rest;
}

static bool
same_part(const struct grouping *g, uint32_t x, uint32_t y, size_t depth)
{
	return strcmp(folders_part(&g->folders[x], depth),
		   folders_part(&g->folders[y], depth)) == 0;
}

static void branch_split(struct grouping *g, const struct branch *b);

/*
 * split_children: a section for each subfolder with `least` pages or more.
 * Returns what is left: the folder's own pages and those of small subfolders.
 */
static struct set
split_children(struct grouping *g, const struct branch *b, size_t least)
{
	struct set own = set_new(&g->s, b->set.n), *child;
	size_t n = subfolders_find(&g->s, g->folders, b->set, b->depth, &child);

	for (size_t i = 0; i < n; i++) {
		if (child[i].n < least) {
			set_join(&own, child[i]);
		} else {
			struct branch c =
			    branch_of(g, child[i], b->depth + 1, b);

			branch_split(g, &c);
		}
	}
	for (size_t i = 0; i < b->set.n; i++)
		if (g->folders[b->set.page[i]].depth <= b->depth)
			set_add(&own, b->set.page[i]);
	set_sort(own);
	return own;
}

static void
branch_split(struct grouping *g, const struct branch *b)
{
	struct branch own = *b;

	if (b->set.n <= FULL) {
		add_draft(g, b, b->name, b->set, b->index);
		return;
	}
	own.set = split_children(g, b, LEAST_BELOW);
	if (own.set.n > FULL)
		own.set = split_by_hubs(g, &own);
	add_rest(g, b, own.set);
}

/* has_deeper_folder: some page lies in a folder further down. */
static bool
has_deeper_folder(const struct grouping *g, struct set set, size_t depth)
{
	for (size_t i = 0; i < set.n; i++)
		if (g->folders[set.page[i]].depth > depth)
			return true;
	return false;
}

/*
 * common_depth: folders that all pages of set lie in, if they have parts of
 * their own: else they are the parts.
 */
static size_t
common_depth(const struct grouping *g, struct set set)
{
	const struct folder *first = NULL;
	size_t depth = 0;
	uint32_t example = 0;

	for (size_t i = 0; i < set.n; i++) {
		uint32_t p = set.page[i];

		/* The home page is above all folders and no reason to stop. */
		if (p == g->site->crawled->home)
			continue;
		if (first == NULL) {
			first = &g->folders[p];
			example = p;
			depth = first->depth;
		}
		if (g->folders[p].depth < depth)
			depth = g->folders[p].depth;
		for (size_t j = 0; j < depth; j++)
			if (!same_part(g, example, p, j))
				depth = j;
	}
	while (depth > 0 && !has_deeper_folder(g, set, depth))
		depth--;
	return depth;
}

static void
split_top(struct grouping *g, struct set set)
{
	struct branch top = {.set = set,
	    .depth = common_depth(g, set),
	    .index = g->site->crawled->home};
	size_t before = g->s.n;
	struct draft first = {.place = DRAFT_FIRST, .index = SITE_NONE};
	struct set own = split_children(g, &top, LEAST_TOP);

	if (own.n > FULL_LISTED) {
		top.set = own;
		top.family = sections_family(&g->s, top.index);
		own = top.set = split_by_headings(g, &top);
	}
	if (own.n > FULL)
		own = split_by_hubs(g, &top);
	first.name = first.part = g->s.n == before ? "Pages" : "Overview";
	first.set = set_new(&g->s, g->site->crawled->npages);
	first.family = sections_family(&g->s, SITE_NONE);
	set_join(&first.set, own);
	set_join(&first.set, g->loose);
	set_sort(first.set);
	sections_add(&g->s, &first);
}

void
group_site(struct described_site *site)
{
	struct grouping g = {.site = site};
	struct set all, optional;

	sections_init(&g.s, site);
	g.folders = folders_find(&g.s.a, site);
	outline_find(&g.s.a, site->crawled, &g.outline);
	g.members =
	    arena_array(&g.s.a, site->crawled->npages + 1, sizeof(*g.members));
	g.barred =
	    arena_array(&g.s.a, site->crawled->npages + 1, sizeof(*g.barred));
	for (size_t i = 0; i < site->crawled->npages; i++)
		g.barred[i] = g.folders[i].optional;
	g.back = backlinks_find(&g.s.a, site);
	g.loose = set_new(&g.s, site->crawled->npages);
	all = set_new(&g.s, site->crawled->npages);
	optional = set_new(&g.s, site->crawled->npages);
	for (uint32_t i = 0; i < site->crawled->npages; i++)
		set_add((g.folders[i].optional ||
			    site->crawled->pages[i].version_stub) &&
				i != site->crawled->home
			    ? &optional
			    : &all,
		    i);
	/* A site of nothing but such pages is listed all the same. */
	if (all.n == 0) {
		all = optional;
		optional.n = 0;
	}
	split_top(&g, all);
	sections_add(&g.s, &(struct draft){
			       .name = "Optional",
			       .part = "Optional",
			       .set = optional,
			       .index = SITE_NONE,
			       .family = sections_family(&g.s, SITE_NONE),
			       .place = DRAFT_OPTIONAL,
			   });
	sections_make(&g.s);
	unique_titles_by_section(site);
}
