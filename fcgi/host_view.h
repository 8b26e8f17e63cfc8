/* host_view: what is known of the number of URLs on a host. */
#ifndef FCGI_HOST_VIEW_H
#define FCGI_HOST_VIEW_H

#include "core/json.h"
#include "core/rc.h"

#include <stdbool.h>

struct arena;
struct request;

struct host_view {
	bool done;
	bool failed;
	long urls;         /* so far, or all when done */
	const char *error; /* a sentence, where it failed; never NULL then */
	/*
	 * What else is known (core/schema/host_count.h), or NULL.  A worker
	 * wrote it: trust nothing in it.
	 */
	struct json_object *detail;
	bool measuring; /* a quote will come in a moment */
	long age;       /* of the count, seconds */
};

/*
 * host_view_load: what is known of name ("example.org", "example.org:8080"),
 * and asks the workers to count where that is nothing or old.  Does not wait.
 */
enum rc host_view_load(
    struct request *rq, const char *name, struct host_view *out) MUST_CHECK;

/*
 * host_view_json: {urlsCount,isComplete,isFailed,isNone,text,error} for a page;
 * the caller owns it.
 */
struct json_object *host_view_json(
    struct request *rq, const struct host_view *c);

#endif
