/*
 * revalidation: conditional requests, and reuse of what an earlier run has
 * read.
 *
 * A page is requested with the validators of the last answer (RFC 9110, section
 * 13).  If the server answers 304, or sends the same bytes again, what was
 * extracted then is used without parsing.
 */
#ifndef WORKER_CRAWL_REVALIDATION_H
#define WORKER_CRAWL_REVALIDATION_H

#include "worker/cache/cache.h"
#include "worker/crawl/crawl_state.h"

struct html_page;
struct page_visit;

/* revalidation_validators: those of the record of a URL, for a request. */
void revalidation_validators(struct crawl *c, enum cache_kind kind,
    const char *url, struct fetch_known *out);

/* revalidation_mark: validators and hash of the answer r; strings in a. */
void revalidation_mark(struct arena *a, const struct fetch_result *r,
    struct cache_validators *out);

/*
 * revalidation_recall: the record of a URL that was answered 304, as bytes in
 * a; it is kept for the next run.  NULL: there is no valid record, or the
 * headers have changed; request it again without validators.
 */
char *revalidation_recall(struct crawl *c, enum cache_kind kind,
    const struct fetch_result *r, struct arena *a,
    struct cache_validators *mark, size_t *len);

/* What is to be done with an answer. */
enum revalidation {
	REVALIDATION_NONE,   /* parse it */
	REVALIDATION_REUSED, /* nothing: v->doc is what an earlier run read */
	REVALIDATION_REFETCH /* request it again without validators */
};

/* revalidation_page: fills in v->doc if an earlier run has read the page r. */
enum revalidation revalidation_page(
    struct crawl *c, struct page_visit *v, const struct fetch_result *r);

/* revalidation_store: keeps what was parsed of v for the next run. */
void revalidation_store(
    struct crawl *c, struct page_visit *v, const struct html_page *doc);

#endif
