/*
 * language: one language of a site that says everything in several.
 *
 * The languages are told by a part of the path ("/de/", "/docs/pt-br/"), and
 * believed once the pages under it say the same: "/it/" of a company may be
 * its computers.  What a sitemap or a page declares (hreflang) is believed at
 * once.  The one chosen is what the order wants, else the largest; where none
 * is clearly that, the home page's.
 */
#ifndef WORKER_CRAWL_RULES_LANGUAGE_H
#define WORKER_CRAWL_RULES_LANGUAGE_H

#include <stdbool.h>

struct arena;
struct json_object;
struct languages;

/*
 * languages_new: nothing is known yet; lives in the arena.  wanted: tags
 * with commas between, the dearest first ("de-AT,de,en"); NULL: no matter.
 */
struct languages *languages_new(struct arena *a, const char *wanted);

/* languages_wants: the order wants pages in lang ("de"). */
bool languages_wants(const struct languages *l, const char *lang);

/*
 * languages_note_address: there is a page at target ("/de/a?b"); once for each.
 */
void languages_note_address(struct languages *l, const char *target);

/*
 * languages_note_hreflang: the page at target is said to be in lang ("de-AT")
 * by hreflang.  Returns the language as languages_excluded takes it, "de" where
 * the path says that ("/de/a"); NULL for none ("x-default").
 */
const char *languages_note_hreflang(
    struct languages *l, const char *lang, const char *target);

/*
 * languages_note_home: the home page is at target, and says that it is in lang.
 */
void languages_note_home(
    struct languages *l, const char *target, const char *lang);

/*
 * languages_note_page: a page at target that says it is in lang ("de-AT", ""
 * when it does not say).  front: it is the home page.
 */
void languages_note_page(
    struct languages *l, const char *target, const char *lang, bool front);

/*
 * languages_decide: true once, when it has become clear that the site has
 * several languages and which one is chosen.
 */
bool languages_decide(struct languages *l);

/*
 * languages_excluded: the language of a page that is in another one than the
 * chosen ("de"), in the arena; NULL for a page to keep.  declared: what
 * languages_note_hreflang gave for it, or NULL.
 */
const char *languages_excluded(
    const struct languages *l, const char *target, const char *declared);

/*
 * languages_json: [{"code":"de","urls":700}] of what paths and hreflang say,
 * the largest first; empty for a site in one.  The caller owns it.
 */
struct json_object *languages_json(const struct languages *l);

#endif
