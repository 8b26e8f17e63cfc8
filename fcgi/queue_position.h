/* queue_position: when a generation will start, and how long it will run. */
#ifndef FCGI_QUEUE_POSITION_H
#define FCGI_QUEUE_POSITION_H

#include "core/json.h"

#include <stdbool.h>

struct request;

struct queue_position {
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
 * queue_position_estimate: when the waiting generation id will start.  It adds
 * up what is left of those that run in its lane, and for those before it the
 * durations of the lane's last 200 (a guess while there are none).
 */
void queue_position_estimate(struct request *rq, const char *id,
    const char *lane, const char *type, struct queue_position *out);

/*
 * queue_position_json: {position,queueLength,activeJobs,estimatedMinutes}; null
 * for what is not known.  The caller owns it.
 */
struct json_object *queue_position_json(const struct queue_position *w);

/*
 * queue_position_text: the same as a sentence for people, in the request's
 * arena.  With w->until it lacks its end: that time, which a page shows in the
 * reader's own zone, and the full stop.
 */
const char *queue_position_text(
    struct request *rq, const struct queue_position *w);

/* queue_position_run_seconds: the estimated run time of so many units. */
double queue_position_run_seconds(
    struct request *rq, const char *lane, const char *type, long units);

#endif
