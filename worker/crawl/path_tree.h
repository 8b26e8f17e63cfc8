/*
 * path_tree: the pages of a site counted by path, as a short list of patterns.
 *
 * Folders make a tree of bounded size: first every page is shown to
 * path_tree_add, then, once, to path_tree_count, so that a page counts in its
 * own folder whichever came first.  The list has the largest folders, split
 * where they are large; what is too small to stand alone is in a row "rest".
 */
#ifndef WORKER_CRAWL_PATH_TREE_H
#define WORKER_CRAWL_PATH_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct json_object;
struct path_tree;

/* Rows of the list. */
#define PATH_TREE_ROWS 30

/* path_tree_new: empty; lives in the arena. */
struct path_tree *path_tree_new(struct arena *a);

/* path_tree_add: there is a page at target ("/docs/api/a.html?b"). */
void path_tree_add(struct path_tree *o, const char *target);

/* path_tree_count: counts it; listed: by itself a crawl would list it. */
void path_tree_count(struct path_tree *o, const char *target, bool listed);

/*
 * path_tree_json: the rows, in the order to show them, as
 *	{"pattern":"/docs/" + "**","level":1,"rest":false,"urls":70,
 *	 "listed":60}
 * A row belongs to the last one before it of a lower level; urls has those
 * of the rows that belong to it.  rest: what is under its pattern and in no
 * row beside it; at level 0 the pattern is "/" + "**".  The caller owns it.
 */
struct json_object *path_tree_json(struct path_tree *o);

#endif
