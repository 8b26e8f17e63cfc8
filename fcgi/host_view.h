/* host: how many URLs a site has, as far as it is known. */
#ifndef FCGI_HOST_VIEW_H
#define FCGI_HOST_VIEW_H

#include "core/json.h"
#include "core/rc.h"

#include <stdbool.h>

struct arena;
struct request;

struct host_count {
	bool done;
	bool failed;
	long urls;         /* so far, or all when done */
	const char *error; /* a sentence, where it failed; never NULL then */
	/* What else is known (core/schema/host_count.h says what); NULL:
	 * nothing. A worker wrote it: take nothing in it on trust. */
	struct json_object *detail;
	bool measuring; /* a quote will come in a moment */
	long age;       /* of the count, seconds */
};

/*
 * host_count: what is known of name ("example.org", "example.org:8080"), and
 * asks the workers to count where that is nothing or old.  Does not wait.
 */
enum rc host_count(
    struct request *rq, const char *name, struct host_count *out) MUST_CHECK;

/*
 * host_model: {urlsCount,isComplete,isFailed,isNone,text,error} for a page; the
 * caller owns it.
 */
struct json_object *host_model(struct request *rq, const struct host_count *c);

#endif
