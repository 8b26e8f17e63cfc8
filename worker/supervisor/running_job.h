/*
 * work: one claimed job, from the claim to its end, as the supervisor sees it.
 *
 * There are two kinds, told apart by their duty: generations (claim.c) and
 * the counting of a host's URLs (count.c).  A work lives until its end is in
 * the database or the fence says that it came too late.
 */
#ifndef WORKER_SUPERVISOR_RUNNING_JOB_H
#define WORKER_SUPERVISOR_RUNNING_JOB_H

#include "worker/job/gentype.h"
#include "worker/job/message.h"
#include "worker/supervisor/worker.h"

/* Result files of one job. */
#define WORK_ARTIFACTS 16

/* Where it stands, and how it ended. */
enum job_end {
	JOB_RUNS,
	JOB_DONE,        /* complete: the files are there */
	JOB_FAILED,      /* its outcome says how */
	JOB_HANDED_BACK, /* another worker is to take it, nothing counted */
	JOB_CRASHED,     /* its process died: one failed try */
	JOB_LOST         /* canceled, deleted or late: nothing to write */
};

struct running_job;

/* What a kind of work does at each step.  Row-less writes are E_LATE. */
struct duty {
	/* Tells listeners how far it is. */
	void (*tell)(struct worker *w, struct running_job *work);
	/* Puts the state so far into the database. */
	enum rc (*keep)(struct worker *w, struct running_job *work);
	/* Puts its end into the database and tells of it. */
	enum rc (*close)(struct worker *w, struct running_job *work);
};

struct artifact {
	char name[65], mime[65], file[65];
	bool partial;
	bool fresh; /* a partial one that was not kept yet */
};

struct running_job {
	const struct duty *duty;
	struct arena arena; /* owns row and the strings */
	const char *id;     /* UUID of the generation, or the host name */
	const char *lane;
	int attempt;       /* the fence */
	struct rows row;   /* the generation as claimed */
	const char *type;  /* for the slot */
	int dir;           /* of its slot, borrowed; -1 before it has one */
	int64_t since_ms;  /* when a slot got it, monotonic */
	int64_t limit_ms;  /* it is stopped then, monotonic */
	int64_t told_ms;   /* when listeners were told last */
	int64_t kept_ms;   /* when the database was */
	bool untold;       /* something changed since */
	bool unkept;       /* the same for the database */
	long floor;        /* processed of an earlier attempt, still shown */
	int64_t paced_ms;  /* since when the pace is measured */
	long paced_from;   /* processed then */
	char stage[64];    /* UTF-8 */
	char message[512]; /* UTF-8 */
	struct artifact artifacts[WORK_ARTIFACTS];
	int nartifacts;
	long urls;     /* of the host, as far as known */
	bool complete; /* that is all of them */
	bool counted;  /* and the database knows it */
	char *detail;  /* of the host, JSON, owned; NULL: nothing is known */
	enum job_end end;
	struct job_outcome outcome; /* processed and total as shown meanwhile */
	int64_t retry_ms;           /* closing is tried again then */
	int refused;                /* times the database refused to close it */
};

/* running_job_new: zeroed, with its arena; id and lane are copied. */
struct running_job *running_job_new(
    const struct duty *duty, const char *id, const char *lane);
void running_job_free(struct running_job *work);

/*
 * running_job_report: takes in what the slot said.  Shown progress never goes
 * back: a later attempt shows the earlier one's until it has caught up.
 * E_INPUT: the slot broke its promises.
 */
enum rc running_job_report(
    struct running_job *work, const struct slot_message *r) MUST_CHECK;

/* running_job_fail: the outcome becomes a failure with this sentence. */
void running_job_fail(struct running_job *work, bool permanent, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

/*
 * running_job_tick: tells and keeps what is due at now (monotonic ms).  E_LATE:
 * the fence has moved.
 */
enum rc running_job_tick(
    struct worker *w, struct running_job *work, int64_t now) MUST_CHECK;

/* running_job_next: when running_job_tick has something to do; INT64_MAX:
 * nothing. */
int64_t running_job_next(const struct running_job *work);

/* running_job_eta: seconds left at the present pace, -1 while unknown. */
long running_job_eta(const struct running_job *work, int64_t now);

/*
 * running_job_close: writes the end.  E_UNAVAILABLE: keep it and try again at
 * retry_ms; anything else: it is over.
 */
enum rc running_job_close(
    struct worker *w, struct running_job *work) MUST_CHECK;

#endif
