/*
 * language: chooses one language of a site that has its pages in several.
 *
 * A language is recognized by a part of the path ("/de/", "/docs/pt-br/"), once
 * the pages under it declare it, too: "/it/" may be about computers.  What a
 * sitemap or a page declares by hreflang counts at once.  The language that the
 * order wants is chosen, else the one with the most pages; where that is not
 * clear, the one of the home page.
 */
#ifndef WORKER_CRAWL_RULES_LANGUAGE_H
#define WORKER_CRAWL_RULES_LANGUAGE_H

#include <stdbool.h>

struct arena;
struct json_object;
struct languages;

/*
 * languages_new: nothing is known yet; lives in the arena.  wanted:
 * language tags separated by commas, the preferred one first ("de-AT,de,en");
 * NULL: any.
 */
struct languages *languages_new(struct arena *a, const char *wanted);

/* languages_wants: the order wants pages in lang ("de"). */
bool languages_wants(const struct languages *l, const char *lang);

/*
 * languages_note_address: there is a page at target ("/de/a?b"); once for each.
 */
void languages_note_address(struct languages *l, const char *target);

/*
 * languages_note_hreflang: hreflang declares that the page at target is in lang
 * ("de-AT").  Returns the language as languages_excluded takes it, "de" where
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
 * languages_decide: true once, as soon as it is clear that the site has several
 * languages, and which one is chosen.
 */
bool languages_decide(struct languages *l);

/*
 * languages_excluded: the language ("de") of a page that is not in the chosen
 * one, in the arena; NULL: the page is kept.  declared: what
 * languages_note_hreflang has returned for it, or NULL.
 */
const char *languages_excluded(
    const struct languages *l, const char *target, const char *declared);

/*
 * languages_json: [{"code":"de","urls":700}] of what paths and hreflang say,
 * the largest first; empty for a site in one.  The caller owns it.
 */
struct json_object *languages_json(const struct languages *l);

#endif
