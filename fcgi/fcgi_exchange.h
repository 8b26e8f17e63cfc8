/*
 * exchange: one request over FastCGI and its answer, with all that they own,
 * so that one thread can finish what another has begun.
 */
#ifndef FCGI_FCGI_EXCHANGE_H
#define FCGI_FCGI_EXCHANGE_H

#include "fcgi/request.h"

#include <fcgiapp.h>
#include <stdbool.h>

struct exchange {
	FCGX_Request fcgi;
	struct http_env env;
	struct arena arena;
	struct request rq;
	struct exchange *next; /* in a queue */
};

/* exchange_new: waits for nothing yet. */
struct exchange *exchange_new(int listen_fd);
void exchange_free(struct exchange *x);

/* exchange_accept: the next request is here; false: the process ends. */
bool exchange_accept(struct exchange *x);

/* exchange_end: sends the answer and forgets the request. */
void exchange_end(struct exchange *x);

#endif
