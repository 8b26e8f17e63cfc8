/*
 * refused: requests that the front server refused to hand on.
 *
 * It asks us for the words, so that they come as a page or as a problem like
 * all others: lighttpd by server.error-handler, Apache by ErrorDocument.  The
 * request then has the original address and headers, as far as they could be
 * read, no body, the method GET, and REDIRECT_STATUS.
 */
#ifndef FCGI_REFUSED_H
#define FCGI_REFUSED_H

#include "core/rc.h"

#include <stdbool.h>

struct request;

/* refused: the front server refused it; rq is read, with or without success. */
bool refused(const struct request *rq);

/*
 * refused_answer: the error to answer with; its words are in rq->problem.
 * read: what request_read returned.
 */
enum rc refused_answer(struct request *rq, enum rc read) MUST_CHECK;

#endif
