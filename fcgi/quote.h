/* quote: what an order of a host's pages would take, before it is made. */
#ifndef FCGI_QUOTE_H
#define FCGI_QUOTE_H

#include "core/json.h"

#include <stdbool.h>

struct host_view;
struct order_provider;
struct ordertype;
struct request;

struct quote {
	long pages;
	int credits;
	double seconds;
	/* seconds is about fixed and per_page for each page, too. */
	double fixed, per_page;
	bool measured;     /* on this host; else guessed from other orders */
	bool at_least;     /* the model was too slow to be measured whole */
	const char *where; /* path of the page it was measured on */
	const char *when;  /* for people: "just now", "12 minutes ago" */
	const char *at;    /* RFC 3339, or NULL */
};

/* quote_make: of an order of n pages; strings in the request's arena. */
void quote_make(struct request *rq, const struct host_view *host,
    const struct ordertype *t, const struct order_provider *p, long n,
    struct quote *out);

#endif
