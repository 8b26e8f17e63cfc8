/*
 * doctor: is the installation whole, and if not, what is to be done?
 *
 * Each group of checks runs in a process of its own, all at once, and has
 * DOCTOR_MS: a server that hangs costs its own line only.  What was found
 * comes back as lines of JSON.  No check waits for another: everything may
 * be down.
 */
#ifndef WORKER_DOCTOR_DOCTOR_H
#define WORKER_DOCTOR_DOCTOR_H

#include "core/arena.h"
#include "core/conf.h"

#include <stdbool.h>

struct json_object;
struct provider;

/* Time for one group of checks, ms; and for one connection. */
#define DOCTOR_MS 9000
#define DOCTOR_CONNECT_MS 4000

enum doctor_verdict {
	DOCTOR_OK,   /* fine, or not wanted here */
	DOCTOR_WARN, /* it works, but not for long or not well */
	DOCTOR_FAIL  /* something that should work does not */
};

struct doctor {
	const struct conf *conf;
	struct arena *arena; /* of the group */
	int out;             /* where doctor_report writes */
};

/*
 * doctor_report: one finding of the group: what was looked at ("redis"), and a
 * sentence, with what to do unless all is well.  Keys and passwords of the
 * configuration are struck out of it, whoever quoted them.
 */
void doctor_report(const struct doctor *d, enum doctor_verdict v,
    const char *name, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* What `platen run` would start, or where to look instead. */
const char *doctor_start(bool own, const char *otherwise);

/* The groups. */
void doctor_disk(const struct doctor *d);
void doctor_database(const struct doctor *d);
void doctor_redis(const struct doctor *d);
void doctor_web(const struct doctor *d);
void doctor_sidecar(const struct doctor *d);
void doctor_user_agent(const struct doctor *d);
void doctor_provider(const struct doctor *d, const struct provider *p);

/*
 * doctor_examine: runs every group; the findings in order, as objects
 * {name,status,detail} of an array that goes with the arena.
 */
struct json_object *doctor_examine(struct arena *a, struct conf *conf);

#endif
