/*
 * below: pages taken apart by the subfolders that they lie in.
 *
 * The pages are sorted once and cut: a site may have a folder for each page,
 * and neither time nor memory may grow with the square of that.
 */
#ifndef WORKER_LLMS_SUBFOLDERS_H
#define WORKER_LLMS_SUBFOLDERS_H

#include "worker/llms/folders.h"
#include "worker/llms/sections.h"

/*
 * subfolders_find: of the pages of a set, all in one folder of that depth,
 * those that lie further down: *child[i] are those of one subfolder, by index,
 * the subfolder of the first page first.  Returns how many there are; all lives
 * as long as s.
 */
size_t subfolders_find(struct sections *s, const struct folder *folders,
    struct set set, size_t depth, struct set **child);

#endif
