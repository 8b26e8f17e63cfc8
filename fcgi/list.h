/*
 * list: the account's generations, as pages and JSON calls ask for them.
 *
 * What may be asked: status, type, startDate, endDate (all optional), and
 * where to begin: page, or offset, or after (the id of the last one seen).
 */
#ifndef FCGI_LIST_H
#define FCGI_LIST_H

#include "core/db.h"
#include "core/json.h"
#include "core/rc.h"

#include <stdbool.h>

struct request;

/* Names of the query parameters of list_read. */
extern const char *const list_query[];

struct list_request {
	const char *status, *type, *from, *to; /* NULL: any */
	const char *after;                     /* NULL: from the newest */
	long limit;
	long offset;
	long page; /* 0: not asked for by page */
	bool last; /* a page past the last one is the last one, not empty */
};

struct list {
	struct json_object *items; /* an array; the caller owns it */
	struct rows rows;          /* they were made from, one each */
	long total;                /* with the same filters */
	long offset;
	long limit;
	long page;  /* the one shown, from 1; meaningful without after */
	long pages; /* at least 1 */
	const char *next_after; /* the id to go on after; NULL at the end */
};

/*
 * list_read: the JSON calls' query into wanted; limit is what is taken unless
 * given.  E_INPUT names each wrong parameter (request_query_field).
 */
enum rc list_read(
    struct request *rq, long limit, struct list_request *wanted) MUST_CHECK;

/*
 * list_load: what was asked for; without a session it is empty.
 */
enum rc list_load(struct request *rq, const struct list_request *wanted,
    struct list *out) MUST_CHECK;

/*
 * list_links: the Link header (RFC 8288) of a JSON answer, and returns the
 * next one's address, or NULL.
 */
const char *list_links(struct request *rq, const struct list_request *wanted,
    const struct list *l);

/* number_read: a whole number from min to max; false when it is not. */
bool number_read(const char *s, long min, long max, long *out);

#endif
