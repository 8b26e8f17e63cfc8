/*
 * revalidation: what an earlier run knows of a page, and what the next one
 * will.
 *
 * A page is asked for under the condition that it changed.  Where the server
 * says that it did not, or sends the same bytes again, what was extracted of
 * it then is used without parsing.
 */
#ifndef WORKER_CRAWL_REVALIDATION_H
#define WORKER_CRAWL_REVALIDATION_H

#include "worker/cache/cache.h"
#include "worker/crawl/crawl_state.h"

struct doc;
struct page_visit;

/* revalidation_validators: the validators of a URL's record, for a request. */
void revalidation_validators(struct crawl *c, enum cache_kind kind,
    const char *url, struct fetch_known *out);

/* revalidation_mark: how the answer r can be known again; strings in a. */
void revalidation_mark(
    struct arena *a, const struct fetch_result *r, struct cache_mark *out);

/*
 * revalidation_recall: the record of a URL that was answered 304, as bytes in
 * a. It goes on into the fresh file.  NULL: there is none that holds, or the
 * server says something new of it; ask again without a condition.
 */
char *revalidation_recall(struct crawl *c, enum cache_kind kind,
    const struct fetch_result *r, struct arena *a, struct cache_mark *mark,
    size_t *len);

/* What became of an answer. */
enum revalidation {
	REVALIDATION_NONE,   /* it must be parsed */
	REVALIDATION_REUSED, /* v->doc is what an earlier run read */
	REVALIDATION_REFETCH /* a 304 that is of no use: ask without a condition
			      */
};

/* revalidation_page: whether r is what an earlier run has read already. */
enum revalidation revalidation_page(
    struct crawl *c, struct page_visit *v, const struct fetch_result *r);

/* revalidation_store: what was parsed of v goes into the fresh file. */
void revalidation_store(
    struct crawl *c, struct page_visit *v, const struct doc *doc);

#endif
