/*
 * fcgi_exchange: one request over FastCGI and its answer, with all that they
 * own, so that one thread can finish what another has begun.
 */
#ifndef FCGI_FCGI_EXCHANGE_H
#define FCGI_FCGI_EXCHANGE_H

#include "fcgi/request.h"

#include <fcgiapp.h>
#include <stdbool.h>

struct fcgi_exchange {
	FCGX_Request fcgi;
	struct http_env env;
	struct arena arena;
	struct request rq;
	struct fcgi_exchange *next; /* in a queue */
};

/* fcgi_exchange_new: waits for nothing yet. */
struct fcgi_exchange *fcgi_exchange_new(int listen_fd);
void fcgi_exchange_free(struct fcgi_exchange *x);

/* fcgi_exchange_accept: the next request is here; false: the process ends. */
bool fcgi_exchange_accept(struct fcgi_exchange *x);

/* fcgi_exchange_end: sends the answer and forgets the request. */
void fcgi_exchange_end(struct fcgi_exchange *x);

#endif
