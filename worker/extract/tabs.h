/*
 * tabs: rows of tab names, and the panels that they open.
 *
 * A tab's name says what its panel is about ("Debian", "Fedora"), so in
 * Markdown each name stands above its panel.
 */
#ifndef WORKER_EXTRACT_TABS_H
#define WORKER_EXTRACT_TABS_H

#include "worker/extract/measure.h"

/*
 * tabs_find: sets p->label for the panels of tabs and of groups of code, and
 * marks the rows of names MARK_GONE.  Comes before what is hidden is marked.
 */
void tabs_find(struct measured_page *p);

#endif
