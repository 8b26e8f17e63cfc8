/*
 * refusal: requests that the front server rejected itself.
 *
 * It fetches the error from us, so that it looks like all our errors, a page or
 * a problem: lighttpd by server.error-handler, Apache by ErrorDocument.  The
 * request then has the original address and headers, as far as they could be
 * read, no body, the method GET, and REDIRECT_STATUS.
 *
 * Two rejections are undone.  lighttpd's 411 stands for a POST without a
 * Content-Length, which has no body (RFC 9112, section 6.3) and is carried out
 * as what it is where no body is needed (request.h, no_length).  A 405 is a
 * method that we refuse, too, and we know which there are.
 */
#ifndef FCGI_REFUSAL_H
#define FCGI_REFUSAL_H

#include "core/rc.h"

#include <stdbool.h>

struct request;

/* refusal_status: the status it was rejected with; 0: it was not. */
int refusal_status(const struct request *rq);

/*
 * refusal_stands: the front server rejected the request, and we do not undo
 * that; request_read was called, with or without success.
 */
bool refusal_stands(const struct request *rq);

/*
 * refusal_answer: the error to answer with; its words are in rq->problem.
 * read: what request_read returned.
 */
enum rc refusal_answer(struct request *rq, enum rc read) MUST_CHECK;

#endif
