/* wait: when a generation will start, and how long it will run. */
#ifndef FCGI_QUEUE_POSITION_H
#define FCGI_QUEUE_POSITION_H

#include "core/json.h"

#include <stdbool.h>

struct request;

struct wait {
	bool known; /* position and length are; not while Redis is away */
	long long position; /* in its lane, 1 is next */
	long long length;   /* of its lane */
	long long active;   /* generations of its lane that run now */
	long long slots;    /* of all living workers; 0: none is up */
	double seconds;     /* until it starts, estimated */
	/* The lane stands still: why (or ""), and until when, as RFC 3339. */
	const char *stopped; /* NULL: it does not */
	const char *until;   /* NULL: until the operator lets it go on */
};

/*
 * queue_position_estimate: of the waiting generation id in the lane of its
 * provider, from how far those are that run, and for those before it from the
 * durations of the lane's last 200 (or a guess before there are).
 */
void queue_position_estimate(struct request *rq, const char *id,
    const char *lane, const char *type, struct wait *out);

/*
 * queue_position_json: {position,queueLength,activeJobs,estimatedMinutes}; null
 * for what is not known.  The caller owns it.
 */
struct json_object *queue_position_json(const struct wait *w);

/*
 * queue_position_text: the same as a sentence for people, in the request's
 * arena.  With w->until it lacks its end: that time, which a page shows in the
 * reader's own zone, and the full stop.
 */
const char *queue_position_text(struct request *rq, const struct wait *w);

/* wait_run_seconds: how long one of so many units will run, estimated. */
double wait_run_seconds(
    struct request *rq, const char *lane, const char *type, long units);

#endif
