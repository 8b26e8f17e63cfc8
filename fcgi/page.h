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

/* Who may see a page; nobody else learns that it is there. */
enum scope {
	SCOPE_PUBLIC,  /* everybody; no session and no database is needed */
	SCOPE_VISITOR, /* everybody, with the session if there is one */
	SCOPE_ACCOUNT, /* who has a session; E_NOTFOUND without one */
	SCOPE_ADMIN    /* an administrator; E_NOTFOUND for all others */
};

/*
 * What a request counts as.  The log has it of each request ("class"); a page
 * that names none reads with GET and writes with all other methods.
 */
enum limit_class {
	CLASS_BY_METHOD,
	CLASS_READ,
	CLASS_WRITE,
	CLASS_ORDER,  /* it may start work that is paid for */
	CLASS_AUTH,   /* it takes a password or ends a session */
	CLASS_UPLOAD, /* its body is a file */
	CLASS_MAX
};

/* A path of pages may stand several times, with different methods. */
struct page {
	/*
	 * Segments are literal or {name:kind}: {id:uuid} fills
	 * rq->param.id (in lower case), {name:file} rq->param.name.
	 */
	const char *path;
	unsigned methods; /* of enum method */
	enum scope scope;
	enum limit_class limit;
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

/* page_class: what a request of that method counts as, "order". */
const char *page_class(const struct page *page, enum method method);

#endif
