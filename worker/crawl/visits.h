/*
 * visits: pages on their way through fetcher and parser, and what is kept.
 *
 * Several pages are under way at once, in a window of the order of the
 * frontier. They are processed in that order only, however they arrive:
 * visits.c moves the window, visit_result.c decides what becomes of each page.
 */
#ifndef WORKER_CRAWL_VISITS_H
#define WORKER_CRAWL_VISITS_H

#include "core/keyed_hash.h"
#include "worker/cache/cache.h"
#include "worker/crawl/crawl_state.h"
#include "worker/crawl/url_rule.h"

/* Pages under way at once.  One that hangs holds up so many at most. */
#define VISITS_WINDOW 256

/* Pages in a row without an answer: the site is gone. */
#define VISITS_MAX_UNANSWERED 20

enum page_visit_state { VISIT_FETCHING, VISIT_PARSING, VISIT_DONE };

/* One page; what describes the fetch is as in struct fetch_result. */
struct page_visit {
	struct crawl_request e; /* first */
	enum page_visit_state state;
	uint32_t entry;
	struct arena a;
	enum fetch_error error;
	int status;
	long pause_s;
	const char *why;
	const char *type;
	const char *url;
	const char *final_url;
	const struct fetch_hop *hops; /* the redirects, nhops of them */
	size_t nhops;
	const char *parse_why;        /* the parser failed; NULL: it did not */
	bool read;                    /* doc is set */
	bool recalled;                /* it is what an earlier run has read */
	bool unconditional;           /* asked for without validators */
	long total_ms;                /* for the fetch; 0: the usual */
	struct cache_validators mark; /* of the answer, with a cache */
	struct html_page doc;
	size_t held_bytes; /* bytes, about */
};

/* Addresses as links spell them, and the entries that they are. */
#define LINK_CACHE_SLOTS 8192

struct link_cache_slot {
	uint64_t hash; /* 0: nothing is here */
	uint32_t to;   /* FRONTIER_NONE: none of the site's */
};

struct visits {
	struct crawl *c;
	struct page_visit *ring[VISITS_WINDOW];
	size_t started; /* places in the order of the frontier */
	size_t processed;
	size_t done;       /* of those started, in whatever order they ended */
	size_t reported;   /* done, when progress was told last */
	size_t held_bytes; /* bytes of pages that were read and not processed */
	struct page_visit *home; /* kept to the end */

	struct crawled_site *site; /* NULL: pages are only counted */
	FILE *texts;
	uint64_t text_at;
	uint64_t head_bytes; /* of the pages, in llms-full.txt: bytes at most */
	uint32_t home_entry; /* entry of the home page, or where it leads */
	size_t listed;
	unsigned unanswered; /* pages in a row without any answer */
	uint32_t *links;     /* of entries, SITE_NAV or'd in */
	size_t nlinks, links_room;
	struct hash_secret secret;                           /* of link_cache */
	struct link_cache_slot link_cache[LINK_CACHE_SLOTS]; /* while ... */
	size_t link_cache_entries; /* ... the frontier has so many entries */
	struct languages *languages;
	struct versions *versions;
	void *content_hashes; /* tsearch tree of texts */
};

/*
 * page_visit_single: one visit to its end, outside the order.  The caller frees
 * *out with page_visit_free, also after an error.
 */
MUST_CHECK enum rc page_visit_single(
    struct visits *vs, const char *url, long total_ms, struct page_visit **out);

/*
 * visits_time_parallel: makes n visits at once, outside the order, for at most
 * limit_ms; *ms is the mean time from the end of one to the end of the next.
 * Those that did not end stay under way until the crawl is closed.  E_NOTFOUND:
 * none has ended.
 */
MUST_CHECK enum rc visits_time_parallel(struct visits *vs,
    const char *const *urls, size_t n, long limit_ms, double *ms);

/* page_visit_free: v may be NULL. */
void page_visit_free(struct page_visit *v);

/*
 * page_visit_redirects: the page sends its readers on by itself
 * (worker/extract/refresh.h), at once or with hardly any text of its own; *to
 * is another page.
 */
bool page_visit_redirects(
    struct arena *a, const struct page_visit *v, struct url *to);

/* page_visit_is_parsed: it was answered, and the parser has read the answer. */
bool page_visit_is_parsed(const struct page_visit *v);

/* page_visit_is_html: the same, and the answer is HTML. */
bool page_visit_is_html(const struct page_visit *v);

/* visits_start: starts as many visits as may be under way at once. */
void visits_start(struct visits *vs);

/* visits_process_ready: processes those that are done and whose turn it is. */
void visits_process_ready(struct visits *vs);

/* visits_process: decides what becomes of a page; the visit is done. */
void visits_process(struct visits *vs, struct page_visit *v);

/*
 * visits_judge: asks the rules of a stage (url_rule.h); c has what the stage
 * knows.  True: one of them decided, and the frontier says so.
 */
bool visits_judge(
    struct visits *vs, enum url_rule_stage stage, struct url_case *c);

/*
 * visits_find_replacement: *page is the page to use instead of the entry, which
 * leads to i (may be FRONTIER_NONE).  False: there is none.
 */
bool visits_find_replacement(
    struct visits *vs, uint32_t entry, uint32_t i, uint32_t *page);

/*
 * visits_exclude_variant: the entry is in a language or of a version that is
 * not listed; its disposition says so then.
 */
bool visits_exclude_variant(struct visits *vs, uint32_t entry);

/*
 * visits_is_version_stub: the entry is the first page of a version that is not
 * listed, and stands in the file for all of that version.
 */
bool visits_is_version_stub(const struct visits *vs, uint32_t entry);

/*
 * visits_move_version_stub: an entry led to the entry to; where the first one
 * was a version stub, the second becomes one.
 */
void visits_move_version_stub(struct visits *vs, bool was_stub, uint32_t to);

/*
 * visits_note_address: for frontier_config.on_new_page; ctx is a struct visits.
 */
void visits_note_address(void *ctx, const char *target);

/*
 * visits_note_page_language: takes down what a page says about its language and
 * its translations.
 */
void visits_note_page_language(struct visits *vs, const struct page_visit *v);

/* visits_note_hreflang: hreflang says that the page at url is in lang. */
void visits_note_hreflang(struct visits *vs, const char *lang, const char *url);

/*
 * visits_choose_variants: where it has become clear which language or version
 * is kept, removes the pages of the others from the site, and queues again what
 * was left out for them.
 */
void visits_choose_variants(struct visits *vs);

/*
 * visits_choose_variants_again: at the end of the order: where none of the
 * pages of the version that is kept could be listed, chooses the next one.
 * True: there is more to visit.
 */
bool visits_choose_variants_again(struct visits *vs);

/* visits_add_home_links: adds the home page's links to the frontier. */
void visits_add_home_links(struct visits *vs);

/*
 * visits_rank_navigation: gives the pages in the navigation of the home page
 * their places in it.
 */
void visits_rank_navigation(struct visits *vs);

/* visits_free: drops the visits that are under way, and the links. */
void visits_free(struct visits *vs);

#endif
