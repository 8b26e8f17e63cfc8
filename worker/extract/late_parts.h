/*
 * late_parts: moves what a page streams late to where it belongs.
 *
 * Pages that are streamed hold a mark where something is still to come
 * (React: <template id="B:0">, and a word like "Loading..." after it), and
 * later, hidden, what belongs there (<div hidden id="S:0">) with a script
 * that moves it.  Other frameworks do the same under other names.
 */
#ifndef WORKER_EXTRACT_LATE_PARTS_H
#define WORKER_EXTRACT_LATE_PARTS_H

#include "worker/extract/tree.h"

/*
 * late_parts_place: moves the late parts as the page's scripts would.  Scripts
 * are not run: their calls with ids of this page tell what goes where.
 * Takes linear time; a tree whose calls make no sense stays as it is.
 */
void late_parts_place(struct tree *t, struct arena *a);

#endif
