/*
 * visits: pages on their way through fetcher and parser, and what is kept.
 *
 * A window of pages is under way at once; they are taken at its near end
 * only, in the order of the frontier.  visits.c moves the window, take.c
 * decides what becomes of each page.
 */
#ifndef WORKER_CRAWL_VISITS_H
#define WORKER_CRAWL_VISITS_H

#include "core/keyed_hash.h"
#include "worker/cache/cache.h"
#include "worker/crawl/crawl_internal.h"

/* Pages under way at once.  One that hangs holds up so many at most. */
#define VISITS_WINDOW 256

enum visit_state { VISIT_FETCHING, VISIT_PARSING, VISIT_DONE };

/* One page; what is said of the fetch is as in struct fetch_result. */
struct visit {
	struct errand e; /* first */
	enum visit_state state;
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
	const char *parse_why;  /* the parser failed; NULL: it did not */
	bool read;              /* doc is set */
	bool recalled;          /* it is what an earlier run has read */
	bool bare;              /* asked for without a condition */
	long total_ms;          /* for the fetch; 0: the usual */
	struct cache_mark mark; /* of the answer, with a cache */
	struct doc doc;
	size_t held; /* bytes, about */
};

/* Addresses as links spell them, and the entries that they are. */
#define VISITS_SPELLED 8192

struct spelled {
	uint64_t hash; /* 0: nothing is here */
	uint32_t to;   /* FRONTIER_NONE: none of the site's */
};

struct visits {
	struct crawl *c;
	struct visit *ring[VISITS_WINDOW];
	size_t issued; /* places in the order of the frontier */
	size_t taken;
	size_t done;        /* of those issued, in whatever order they ended */
	size_t told;        /* done, when progress was told last */
	size_t held;        /* bytes of pages that were read and not taken */
	struct visit *home; /* kept to the end */

	struct site *site; /* NULL: pages are only counted */
	FILE *texts;
	uint64_t text_at;
	uint64_t heads; /* of the pages, in llms-full.txt: bytes at most */
	uint32_t front; /* entry of the home page, or where it leads */
	size_t listed;
	unsigned silent; /* pages in a row without any answer */
	uint32_t *links; /* of entries, SITE_NAV or'd in */
	size_t nlinks, links_room;
	struct hash_secret secret;              /* of spelled */
	struct spelled spelled[VISITS_SPELLED]; /* while ... */
	size_t spelled_at; /* ... the frontier has so many entries */
	struct languages *languages;
	struct versions *versions;
	void *said; /* tsearch tree of texts */
};

/* visit_new: starts the fetch of url for an entry. */
struct visit *visit_new(
    struct visits *vs, uint32_t entry, const char *url, long total_ms);

/* visit_alone: one visit to its end, outside the order; visit_free it. */
MUST_CHECK enum rc visit_alone(
    struct visits *vs, const char *url, long total_ms, struct visit **out);

/*
 * visits_together: n visits at once, outside the order, for at most limit_ms;
 * ms gets the time from one that was done to the next.  What was not done
 * stays under way until the crawl is closed.  E_NOTFOUND: none was done.
 */
MUST_CHECK enum rc visits_together(struct visits *vs, const char *const *urls,
    size_t n, long limit_ms, double *ms);

/* visit_free: v may be NULL. */
void visit_free(struct visit *v);

/*
 * visit_leads_on: the page redirects its readers by itself (refresh.h), at once
 * or with hardly any text of its own, and not to itself; *to is the target.
 */
bool visit_leads_on(struct arena *a, const struct visit *v, struct url *to);

/* visits_issue: starts as many visits as may be under way. */
void visits_issue(struct visits *vs);

/* visits_advance: takes the visits that are done and at their turn. */
void visits_advance(struct visits *vs);

/* visits_take: decides on a visit that is done. */
void visits_take(struct visits *vs, struct visit *v);

/*
 * visits_refuse: the entry is in a language or of a version that is not
 * listed; its fate says so then.
 */
bool visits_refuse(struct visits *vs, uint32_t entry);

/* visits_aside: it is a line of its own for a version that is not listed. */
bool visits_aside(const struct visits *vs, uint32_t entry);

/* visits_lead: an entry that was aside led to another one, which is then. */
void visits_lead(struct visits *vs, bool aside, uint32_t to);

/* visits_heard: the frontier's heard, with a struct visits as its ctx. */
void visits_heard(void *ctx, const char *target);

/* visits_note_language: what a page says of its language and translations. */
void visits_note_language(struct visits *vs, const struct visit *v);

/* visits_declare: hreflang says that the page at url is in lang. */
void visits_declare(struct visits *vs, const char *lang, const char *url);

/*
 * visits_choose: once it is clear which language or version is kept, the
 * others leave the list, and what stood back for them comes in.
 */
void visits_choose(struct visits *vs);

/*
 * visits_choose_again: at the end of the order: a version that was kept but
 * leads elsewhere makes room for the next.  True: there is more to visit.
 */
bool visits_choose_again(struct visits *vs);

/* visits_home_links: adds the home page's links to the frontier. */
void visits_home_links(struct visits *vs);

/* visits_rank: the pages in the home page's navigation get their place. */
void visits_rank(struct visits *vs);

/* visits_free: what is under way is forgotten. */
void visits_free(struct visits *vs);

#endif
