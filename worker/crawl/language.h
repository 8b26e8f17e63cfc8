/*
 * language: one language of a site that says everything in several.
 *
 * The languages are told by the first part of the path ("/de/", "/pt-br/"),
 * and believed once the pages under it say the same: "/it/" of a company may
 * be its computers.  The one chosen is the home page's, else English, else
 * the one with most pages.
 */
#ifndef WORKER_CRAWL_LANGUAGE_H
#define WORKER_CRAWL_LANGUAGE_H

#include <stdbool.h>

struct arena;
struct languages;

/* languages_new: nothing is known yet; lives in the arena. */
struct languages *languages_new(struct arena *a);

/*
 * languages_note: a page at target ("/de/a?b") that says it is in lang
 * ("de-AT", "" when it does not say).  front: it is the home page.
 */
void languages_note(
    struct languages *l, const char *target, const char *lang, bool front);

/*
 * languages_decide: true once, when it has become clear that the site has
 * several languages and which one is chosen.
 */
bool languages_decide(struct languages *l);

/*
 * languages_refuse: the language of a page that is in another one than the
 * chosen ("de"), in the arena; NULL for a page to keep.
 */
const char *languages_refuse(const struct languages *l, const char *target);

#endif
