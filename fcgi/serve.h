/*
 * serve: from a request read to an answer ready.
 *
 * request -> route (method, path, who may, limits) -> page->run -> reply.
 */
#ifndef FCGI_SERVE_H
#define FCGI_SERVE_H

struct request;

/*
 * serve: rq has its first part filled in (conf to env).  Afterwards
 * rq->reply is an answer, whatever went wrong; the request is logged.
 */
void serve_request(struct request *rq);

#endif
