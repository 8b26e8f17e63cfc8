#include "worker/crawl/path_tree.h"

#include "core/arena.h"
#include "core/json.h"
#include "core/log.h"
#include "worker/crawl/hash_index.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* About 100 bytes each. */
#define NODES 100000
#define DEPTH 5
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

struct node {
	const char *path; /* "/docs/" */
	uint32_t parent, child, next;
	uint32_t urls, listed; /* below it, its own included */
	uint32_t own, own_listed;
	bool shown, split;
};

struct outline {
	struct arena *a;
	struct node *node; /* n of NODES; 0 is the root */
	uint32_t n;
	struct known known; /* paths */
	unsigned rows;
};

static void
release(void *arg)
{
	struct outline *o = arg;

	free(o->node);
	known_release(&o->known);
}

static uint32_t
add_node(struct outline *o, uint32_t parent, const char *path)
{
	struct node *node;
	uint32_t i = o->n;

	if (i == NODES)
		return NONE;
	/* Doubled at each power of two, so small sites stay small. */
	if ((i & (i - 1)) == 0) {
		size_t room = i == 0 ? 1 : 2 * (size_t)i;

		o->node = reallocarray(o->node, room, sizeof(*o->node));
		if (o->node == NULL)
			fatal("out of memory for the folders of a site");
	}
	node = &o->node[o->n++];
	*node = (struct node){.path = arena_strdup(o->a, path),
	    .parent = parent,
	    .child = NONE,
	    .next = NONE};
	if (parent != NONE) {
		node->next = o->node[parent].child;
		o->node[parent].child = i;
	}
	known_add(&o->known, path, i);
	return i;
}

struct outline *
outline_new(struct arena *a)
{
	struct outline *o = arena_alloc(a, sizeof(*o));

	o->a = a;
	known_init(&o->known);
	arena_defer(a, release, o);
	(void)add_node(o, NONE, "/");
	return o;
}

/* folder: of n bytes of a target, "/docs/api/"; add: makes it. */
static uint32_t
folder(
    struct outline *o, uint32_t parent, const char *target, size_t n, bool add)
{
	char path[PREFIX_BYTES + 2];
	uint32_t i;

	if (n > PREFIX_BYTES)
		return NONE;
	memcpy(path, target, n);
	if (path[n - 1] != '/')
		path[n++] = '/';
	path[n] = '\0';
	i = known_find(&o->known, path, NONE);
	return i == NONE && add ? add_node(o, parent, path) : i;
}

/* find: the deepest folder there is for the target. */
static uint32_t
find(struct outline *o, const char *target, bool add)
{
	size_t end = strcspn(target, "?");
	uint32_t at = 0, i;

	for (unsigned depth = 0; depth < DEPTH; depth++) {
		size_t from = strlen(o->node[at].path), n;

		if (from > end)
			break;
		n = strcspn(target + from, "/?");
		/* The last part is a page, unless others are below it. */
		if (n == 0 || (add && from + n + 1 >= end))
			break;
		i = folder(o, at, target, from + n, add);
		if (i == NONE)
			break;
		at = i;
	}
	return at;
}

void
outline_learn(struct outline *o, const char *target)
{
	(void)find(o, target, true);
}

void
outline_count(struct outline *o, const char *target, bool listed)
{
	uint32_t i = find(o, target, false);

	o->node[i].own++;
	o->node[i].own_listed += listed;
	for (; i != NONE; i = o->node[i].parent) {
		o->node[i].urls++;
		o->node[i].listed += listed;
	}
}

/* ---- which rows ---- */

/* only_child: a folder that has nothing but one folder; NONE. */
static uint32_t
only_child(const struct outline *o, uint32_t i)
{
	uint32_t big = o->node[i].child;

	if (big == NONE || o->node[big].next != NONE || o->node[i].own > 0)
		return NONE;
	return big;
}

/* sink: past folders that only lead to another. */
static uint32_t
sink(const struct outline *o, uint32_t i)
{
	uint32_t below;

	while ((below = only_child(o, i)) != NONE)
		i = below;
	return i;
}

/* largest: the largest child that is not shown yet; NONE. */
static uint32_t
largest(const struct outline *o, uint32_t i)
{
	uint32_t best = NONE;

	for (uint32_t c = o->node[i].child; c != NONE; c = o->node[c].next)
		if (!o->node[sink(o, c)].shown && o->node[c].urls > 0 &&
		    (best == NONE || o->node[c].urls > o->node[best].urls))
			best = c;
	return best;
}

/* show_children: up to most rows, and one for the rest where there is one. */
static void
show_children(struct outline *o, uint32_t i, unsigned most)
{
	struct node *n = &o->node[i];
	unsigned shown = 0;
	uint32_t c;

	n->split = true;
	while (shown < most && o->rows + 1 < OUTLINE_ROWS &&
	       (c = largest(o, i)) != NONE) {
		if (o->node[c].urls < 2 ||
		    (uint64_t)o->node[c].urls *
			    (i == 0 ? ROW_SHARE_TOP : ROW_SHARE) <
			n->urls)
			break;
		o->node[sink(o, c)].shown = true;
		o->rows++;
		shown++;
	}
	o->rows++; /* the rest */
	if (shown == 0) {
		n->split = false;
		o->rows--;
	}
}

/* next_split: the largest row that may be split; NONE. */
static uint32_t
next_split(const struct outline *o)
{
	uint32_t best = NONE;

	for (uint32_t i = 1; i < o->n; i++) {
		const struct node *n = &o->node[i];

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
choose_rows(struct outline *o)
{
	uint32_t i;

	show_children(o, 0, ROWS_TOP);
	while (o->rows + 2 < OUTLINE_ROWS && (i = next_split(o)) != NONE) {
		show_children(o, i, ROWS_BELOW);
		o->node[i].split = true;
	}
}

/* ---- the list ---- */

static void
put_row(struct json_object *list, const struct node *n, bool rest,
    unsigned level, uint32_t urls, uint32_t listed)
{
	struct json_object *row = json_object_new_object();
	char pattern[PREFIX_BYTES + 4];

	snprintf(pattern, sizeof(pattern), "%s**", n->path);
	json_put_str(row, "pattern", pattern);
	json_put_num(row, "level", level);
	json_put_flag(row, "rest", rest);
	json_put_num(row, "urls", urls);
	json_put_num(row, "listed", listed);
	json_object_array_add(list, row);
}

static int
by_size(const void *x, const void *y, void *arg)
{
	const struct outline *o = arg;
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	const struct node *a = &o->node[i], *b = &o->node[j];

	if (a->urls != b->urls)
		return a->urls > b->urls ? -1 : 1;
	return strcmp(a->path, b->path);
}

/* put_below: the rows that belong to folder i, and its rest. */
static void
put_below(
    struct outline *o, uint32_t i, struct json_object *list, unsigned level)
{
	uint32_t shown[OUTLINE_ROWS], n = 0;
	uint32_t urls = o->node[i].urls, listed = o->node[i].listed;

	for (uint32_t c = o->node[i].child; c != NONE; c = o->node[c].next) {
		uint32_t at = sink(o, c);

		if (o->node[at].shown && n < OUTLINE_ROWS)
			shown[n++] = at;
	}
	qsort_r(shown, n, sizeof(*shown), by_size, o);
	for (uint32_t k = 0; k < n; k++) {
		const struct node *node = &o->node[shown[k]];

		put_row(list, node, false, level, node->urls, node->listed);
		put_below(o, shown[k], list, level + 1);
		urls -= node->urls;
		listed -= node->listed;
	}
	if (urls > 0 && (n > 0 || i == 0))
		put_row(list, &o->node[i], true, level, urls, listed);
}

struct json_object *
outline_json(struct outline *o)
{
	struct json_object *list = json_object_new_array();

	if (o->rows == 0)
		choose_rows(o);
	put_below(o, 0, list, 0);
	return list;
}
