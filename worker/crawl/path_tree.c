#include "worker/crawl/path_tree.h"

#include "core/arena.h"
#include "core/json.h"
#include "core/log.h"
#include "core/schema/host_count.h"
#include "core/hash_index.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* About 100 bytes each. */
#define MAX_NODES 100000
#define MAX_DEPTH 5
#define PREFIX_BYTES 300
/* At the top at most so many rows, below one folder so many. */
#define ROWS_TOP 20
#define ROWS_BELOW 6
/* A folder is split when it has one page in so many of all, or more. */
#define SPLIT_SHARE 20
#define SPLIT_PAGES 20
/* A row of its own needs one page in so many of its folder's. */
#define ROW_SHARE 50
#define ROW_SHARE_TOP 1000
#define NONE UINT32_MAX

struct path_node {
	const char *path; /* "/docs/" */
	uint32_t parent, child, next;
	uint32_t urls, listed; /* below it, its own included */
	uint32_t own, own_listed;
	bool shown, split;
};

struct path_tree {
	struct arena *a;
	struct path_node *node; /* n of MAX_NODES; 0 is the root */
	uint32_t n;
	struct hash_index known; /* paths */
	unsigned rows;
};

static void
path_tree_release(void *arg)
{
	struct path_tree *o = arg;

	free(o->node);
	hash_index_release(&o->known);
}

static uint32_t
path_tree_add_node(struct path_tree *o, uint32_t parent, const char *path)
{
	struct path_node *node;
	uint32_t i = o->n;

	if (i == MAX_NODES)
		return NONE;
	/* Doubled at each power of two, so small sites stay small. */
	if ((i & (i - 1)) == 0) {
		size_t room = i == 0 ? 1 : 2 * (size_t)i;

		o->node = reallocarray(o->node, room, sizeof(*o->node));
		if (o->node == NULL)
			fatal("out of memory for the folders of a site");
	}
	node = &o->node[o->n++];
	*node = (struct path_node){.path = arena_strdup(o->a, path),
	    .parent = parent,
	    .child = NONE,
	    .next = NONE};
	if (parent != NONE) {
		node->next = o->node[parent].child;
		o->node[parent].child = i;
	}
	hash_index_add(&o->known, path, i);
	return i;
}

struct path_tree *
path_tree_new(struct arena *a)
{
	struct path_tree *o = arena_alloc(a, sizeof(*o));

	o->a = a;
	hash_index_init(&o->known);
	arena_defer(a, path_tree_release, o);
	(void)path_tree_add_node(o, NONE, "/");
	return o;
}

/* path_tree_folder: of n bytes of a target, "/docs/api/"; add: makes it. */
static uint32_t
path_tree_folder(struct path_tree *o, uint32_t parent, const char *target,
    size_t n, bool add)
{
	char path[PREFIX_BYTES + 2];
	uint32_t i;

	if (n > PREFIX_BYTES)
		return NONE;
	memcpy(path, target, n);
	if (path[n - 1] != '/')
		path[n++] = '/';
	path[n] = '\0';
	i = hash_index_find(&o->known, path, NONE);
	return i == NONE && add ? path_tree_add_node(o, parent, path) : i;
}

/* path_tree_find: the deepest folder there is for the target. */
static uint32_t
path_tree_find(struct path_tree *o, const char *target, bool add)
{
	size_t end = strcspn(target, "?");
	uint32_t at = 0, i;

	for (unsigned depth = 0; depth < MAX_DEPTH; depth++) {
		size_t from = strlen(o->node[at].path), n;

		if (from > end)
			break;
		n = strcspn(target + from, "/?");
		/* The last part is a page, unless others are below it. */
		if (n == 0 || (add && from + n + 1 >= end))
			break;
		i = path_tree_folder(o, at, target, from + n, add);
		if (i == NONE)
			break;
		at = i;
	}
	return at;
}

void
path_tree_add(struct path_tree *o, const char *target)
{
	(void)path_tree_find(o, target, true);
}

void
path_tree_count(struct path_tree *o, const char *target, bool listed)
{
	uint32_t i = path_tree_find(o, target, false);

	o->node[i].own++;
	o->node[i].own_listed += listed;
	for (; i != NONE; i = o->node[i].parent) {
		o->node[i].urls++;
		o->node[i].listed += listed;
	}
}

/* ---- which rows ---- */

/* path_tree_only_child: a folder that has nothing but one folder; NONE. */
static uint32_t
path_tree_only_child(const struct path_tree *o, uint32_t i)
{
	uint32_t big = o->node[i].child;

	if (big == NONE || o->node[big].next != NONE || o->node[i].own > 0)
		return NONE;
	return big;
}

/* path_tree_skip_chain: past folders that only lead to another. */
static uint32_t
path_tree_skip_chain(const struct path_tree *o, uint32_t i)
{
	uint32_t below;

	while ((below = path_tree_only_child(o, i)) != NONE)
		i = below;
	return i;
}

/* path_tree_largest_child: the largest child that is not shown yet; NONE. */
static uint32_t
path_tree_largest_child(const struct path_tree *o, uint32_t i)
{
	uint32_t best = NONE;

	for (uint32_t c = o->node[i].child; c != NONE; c = o->node[c].next)
		if (!o->node[path_tree_skip_chain(o, c)].shown &&
		    o->node[c].urls > 0 &&
		    (best == NONE || o->node[c].urls > o->node[best].urls))
			best = c;
	return best;
}

/*
 * path_tree_show_children: up to most rows, and one for the rest where there is
 * one.
 */
static void
path_tree_show_children(struct path_tree *o, uint32_t i, unsigned most)
{
	struct path_node *n = &o->node[i];
	unsigned shown = 0;
	uint32_t c;

	n->split = true;
	while (shown < most && o->rows + 1 < PATH_TREE_ROWS &&
	       (c = path_tree_largest_child(o, i)) != NONE) {
		if (o->node[c].urls < 2 ||
		    (uint64_t)o->node[c].urls *
			    (i == 0 ? ROW_SHARE_TOP : ROW_SHARE) <
			n->urls)
			break;
		o->node[path_tree_skip_chain(o, c)].shown = true;
		o->rows++;
		shown++;
	}
	o->rows++; /* the rest */
	if (shown == 0) {
		n->split = false;
		o->rows--;
	}
}

/* path_tree_next_split: the largest row that may be split; NONE. */
static uint32_t
path_tree_next_split(const struct path_tree *o)
{
	uint32_t best = NONE;

	for (uint32_t i = 1; i < o->n; i++) {
		const struct path_node *n = &o->node[i];

		if (!n->shown || n->split || n->child == NONE ||
		    n->urls < SPLIT_PAGES ||
		    (uint64_t)n->urls * SPLIT_SHARE < o->node[0].urls)
			continue;
		if (best == NONE || n->urls > o->node[best].urls)
			best = i;
	}
	return best;
}

static void
path_tree_choose_rows(struct path_tree *o)
{
	uint32_t i;

	path_tree_show_children(o, 0, ROWS_TOP);
	while (o->rows + 2 < PATH_TREE_ROWS &&
	       (i = path_tree_next_split(o)) != NONE) {
		path_tree_show_children(o, i, ROWS_BELOW);
		o->node[i].split = true;
	}
}

/* ---- the list ---- */

static void
json_put_path_row(struct json_object *list, const struct path_node *n,
    bool rest, unsigned level, uint32_t urls, uint32_t listed)
{
	char pattern[PREFIX_BYTES + 4];
	struct host_count_path row = {.pattern = pattern,
	    .level = level,
	    .rest = rest,
	    .urls = urls,
	    .listed = listed};

	snprintf(pattern, sizeof(pattern), "%s**", n->path);
	host_count_put_path(list, &row);
}

static int
compare_node_sizes(const void *x, const void *y, void *arg)
{
	const struct path_tree *o = arg;
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	const struct path_node *a = &o->node[i], *b = &o->node[j];

	if (a->urls != b->urls)
		return a->urls > b->urls ? -1 : 1;
	return strcmp(a->path, b->path);
}

/* path_tree_put_below: the rows that belong to folder i, and its rest. */
static void
path_tree_put_below(
    struct path_tree *o, uint32_t i, struct json_object *list, unsigned level)
{
	uint32_t shown[PATH_TREE_ROWS], n = 0;
	uint32_t urls = o->node[i].urls, listed = o->node[i].listed;

	for (uint32_t c = o->node[i].child; c != NONE; c = o->node[c].next) {
		uint32_t at = path_tree_skip_chain(o, c);

		if (o->node[at].shown && n < PATH_TREE_ROWS)
			shown[n++] = at;
	}
	qsort_r(shown, n, sizeof(*shown), compare_node_sizes, o);
	for (uint32_t k = 0; k < n; k++) {
		const struct path_node *node = &o->node[shown[k]];

		json_put_path_row(
		    list, node, false, level, node->urls, node->listed);
		path_tree_put_below(o, shown[k], list, level + 1);
		urls -= node->urls;
		listed -= node->listed;
	}
	if (urls > 0 && (n > 0 || i == 0))
		json_put_path_row(list, &o->node[i], true, level, urls, listed);
}

struct json_object *
path_tree_json(struct path_tree *o)
{
	struct json_object *list = json_object_new_array();

	if (o->rows == 0)
		path_tree_choose_rows(o);
	path_tree_put_below(o, 0, list, 0);
	return list;
}
