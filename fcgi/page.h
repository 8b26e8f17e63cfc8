/*
 * page: what answers an address.
 *
 * Each fcgi/pages/NAME.c defines one `const struct page page_NAME` for
 * people; each fcgi/api/NAME.c one `const struct page endpoint_NAME` for
 * programs.  The build makes the tables pages[] and endpoints[].
 */
#ifndef FCGI_PAGE_H
#define FCGI_PAGE_H

#include "core/rc.h"

struct request;

/* Methods, to be combined.  HEAD is served as GET without the body. */
enum method {
	GET = 1,
	POST = 2,
	DELETE = 4,
	OPTIONS = 8,
	PUT = 16,
	METHOD_OTHER = 32 /* any that no page takes */
};

enum need {
	NEED_NOTHING, /* not even the database */
	NEED_VISITOR, /* the session, if there is one */
	NEED_ACCOUNT, /* a session; without one everything is E_NOTFOUND */
	NEED_ADMIN    /* an administrator's; all others get E_NOTFOUND */
};

/* A path of pages may stand several times, with different methods. */
struct page {
	/*
	 * Segments are literal or {name:kind}: {id:uuid} fills
	 * rq->param.id (in lower case), {name:file} rq->param.name.
	 */
	const char *path;
	unsigned methods; /* of enum method */
	enum need need;
	/*
	 * Query parameters it knows, ended by NULL.  For endpoints any other
	 * is an error; NULL for none at all.
	 */
	const char *const *query;
	/*
	 * Answers by one reply_* call and OK; else the error, with its
	 * sentence by request_fail().
	 */
	enum rc (*run)(struct request *rq);
};

extern const struct page *const pages[];     /* ended by NULL */
extern const struct page *const endpoints[]; /* ended by NULL */

#endif
