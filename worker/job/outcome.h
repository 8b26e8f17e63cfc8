/*
 * outcome: what a job comes to, from run() over the wire to the database.
 *
 * The job fills it in, the slot sends it, and the supervisor takes nothing of
 * it on trust: job_outcome_parse lets through only what is in range and of a
 * sane length.  A member more is a member here, in the writer and in the
 * reader.
 */
#ifndef WORKER_JOB_OUTCOME_H
#define WORKER_JOB_OUTCOME_H

#include "core/arena.h"
#include "core/json.h"
#include "core/rc.h"

#include <stdbool.h>

/* Longest sentences the supervisor keeps, bytes. */
#define OUTCOME_ERROR_BYTES 2048
#define OUTCOME_QUOTA_BYTES 512

struct job_outcome {
	enum rc rc;        /* OK, E_STOPPED, or a failure */
	long processed;    /* pages (or words) done */
	long total;        /* of so many; 0 while unknown */
	long entries;      /* links in the result */
	long tokens;       /* that a language model has read and written */
	bool permanent;    /* the failure would not pass by trying again */
	const char *error; /* the failure's sentence; NULL: none */
	long after_ms;     /* no other try before; 0: as soon as usual */
	long quota_ms;     /* the provider lets nobody in for so long; 0: it
			      does */
	const char *quota; /* the sentence that goes with it; NULL: none */
	/* Of the result besides its files; NULL: none.  See job_facts. */
	struct json_object *facts;
};

/* job_count_valid: a number as the columns of table generations take it. */
bool job_count_valid(long n);

/* job_outcome_put, job_outcome_parse: as members of a message, and back. */
void job_outcome_put(struct json_object *o, const struct job_outcome *outcome);

/* job_outcome_parse: what it refers to is borrowed from o.  E_INPUT. */
enum rc job_outcome_parse(
    struct json_object *o, struct job_outcome *outcome) MUST_CHECK;

/*
 * job_outcome_copy: all of it in the arena, sentences cut to what the
 * supervisor keeps.
 */
void job_outcome_copy(
    struct arena *a, struct job_outcome *to, const struct job_outcome *from);

/* job_facts_valid: an object as job_facts describes it. */
bool job_facts_valid(struct json_object *facts);

/* text_cut: s cut to fit size bytes with its end, at a character of UTF-8. */
void text_cut(char *to, size_t size, const char *s);

#endif
