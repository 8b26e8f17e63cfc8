/*
 * refusal: requests that the front server refused to hand on.
 *
 * It asks us for the words, so that they come as a page or as a problem like
 * all others: lighttpd by server.error-handler, Apache by ErrorDocument.  The
 * request then has the original address and headers, as far as they could be
 * read, no body, the method GET, and REDIRECT_STATUS.
 *
 * Two refusals are undone.  lighttpd's 411 stands for a POST without a
 * Content-Length, which has no body (RFC 9112, section 6.3) and is carried out
 * as what it is where no body is needed (request.h, no_length).  A 405 is a
 * method that we refuse, too, and we know which there are.
 */
#ifndef FCGI_REFUSAL_H
#define FCGI_REFUSAL_H

#include "core/rc.h"

#include <stdbool.h>

struct request;

/* refusal_status: that of the refusal; 0: it was handed on as it came. */
int refusal_status(const struct request *rq);

/*
 * refusal: the front server refused it, and so do we; rq is read,
 * with or without success.
 */
bool refusal_reply(const struct request *rq);

/*
 * refusal_answer: the error to answer with; its words are in rq->problem.
 * read: what request_read returned.
 */
enum rc refusal_answer(struct request *rq, enum rc read) MUST_CHECK;

#endif
