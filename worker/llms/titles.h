/*
 * titles: of the several names a page goes by, the one to begin with.
 */
#ifndef WORKER_LLMS_TITLES_H
#define WORKER_LLMS_TITLES_H

#include <stdbool.h>

struct arena;
struct described_site;
struct described_page;

/*
 * titles_first: sets name of every page to its title.  Where many pages have
 * one title what was written as such is taken, if that tells them apart; where
 * a title says nothing, its heading, what others call it, or its path.
 */
void titles_first(struct described_site *site);

/* titles_second: for a page whose title was nothing but the site's. */
const char *titles_second(
    struct described_site *site, const struct described_page *p);

/* titles_say_nothing: a title such as "Untitled" or "Click here". */
bool titles_say_nothing(const char *s);

/*
 * titles_label: what a link says as a name: "reader.h" of "reader.h:288"; ""
 * where it names no page ("32", "[code]").
 */
const char *titles_label(struct arena *a, const char *label);

/* titles_broken: "Kite (Index" was cut out of something longer. */
bool titles_broken(const char *s);

/* titles_plural: "Products" of "Product", the folder of many of them. */
const char *titles_plural(struct arena *a, const char *name);

#endif
