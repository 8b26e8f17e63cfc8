/*
 * outline: the pages of a site counted by path, as a short list of patterns.
 *
 * Folders make a tree of bounded size: first every page is shown to
 * outline_learn, then, once, to outline_count, so that a page counts in its
 * own folder whichever came first.  The list has the largest folders, split
 * where they are large; what is too small to stand alone is in a row "rest".
 */
#ifndef WORKER_CRAWL_PATH_TREE_H
#define WORKER_CRAWL_PATH_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct json_object;
struct outline;

/* Rows of the list. */
#define OUTLINE_ROWS 30

/* outline_new: empty; lives in the arena. */
struct outline *outline_new(struct arena *a);

/* outline_learn: there is a page at target ("/docs/api/a.html?b"). */
void outline_learn(struct outline *o, const char *target);

/* outline_count: counts it; listed: by itself a crawl would list it. */
void outline_count(struct outline *o, const char *target, bool listed);

/*
 * outline_json: the rows, in the order to show them, as
 *	{"pattern":"/docs/" + "**","level":1,"rest":false,"urls":70,
 *	 "listed":60}
 * A row belongs to the last one before it of a lower level; urls has those
 * of the rows that belong to it.  rest: what is under its pattern and in no
 * row beside it; at level 0 the pattern is "/" + "**".  The caller owns it.
 */
struct json_object *outline_json(struct outline *o);

#endif
