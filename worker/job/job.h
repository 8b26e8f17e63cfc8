/*
 * job: what a generation type is given, and how it answers.
 *
 * A slot (or `platen generate`) fills in a struct job and a sink, then calls
 * the type's run().  The type reports through job_*; it knows neither the
 * database nor the socket behind the sink.
 *
 * Invariants, kept here so that every listener may rely on them: processed
 * and total never go back, and processed <= total whenever total is known.
 */
#ifndef WORKER_JOB_JOB_H
#define WORKER_JOB_JOB_H

#include "core/rc.h"
#include "worker/job/gentype.h"
#include "worker/job/outcome.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct conf;
struct zygote;
struct job;
struct json_object;
struct permit;
struct permit_ask;

/* Takes a permit for a host (core/permit.h). */
typedef void job_permit_fn(void *ctx, const char *host, const struct permit *p);

/* Where the reports go.  A report whose member is NULL is dropped. */
struct job_sink {
	/* How far it is (job->outcome); message is a sentence for people. */
	void (*progress)(
	    struct job *job, const char *stage, const char *message);
	/* A file in job->dir is ready to be read; it may be replaced later. */
	void (*artifact)(struct job *job, const char *name, const char *mime,
	    const char *path, bool partial);
	/* The host has urls pages as far as is known; complete: that is all. */
	void (*host)(
	    struct job *job, const char *hostname, long urls, bool complete);
	/* True once the job was canceled, deleted or handed back.  Never NULL.
	 */
	bool (*stopping)(struct job *job);
	/* See worker/job/model_use.h; NULL: calls are not counted. */
	bool (*call)(struct job *job, const char *provider);
	/*
	 * Asks when a host may be asked, all jobs together; NULL: this is the
	 * only one.  Then: the descriptor on which answers come, and taking
	 * those that have come, without waiting.
	 */
	void (*permit)(struct job *job, const struct permit_ask *q);
	int (*permit_fd)(struct job *job);
	void (*permits)(struct job *job, job_permit_fn *take, void *ctx);
};

/* The cache of a host in the job's folder: as it was, and for the next run. */
#define JOB_CACHE_OLD "cache"
#define JOB_CACHE_NEW "cache.new"

struct job {
	/* Set by the slot before run(), borrowed. */
	const char *id; /* UUID of the generation */
	const char *type;
	const char *provider;
	int attempt;               /* the fence */
	struct json_object *input; /* what was ordered; an object */
	const struct conf *conf;
	const char *dir; /* an empty directory of the job's own */
	/*
	 * Paths of what the type asked for (worker/job/gentype.h, gather); NULL
	 * for what it did not.  A file need not exist.
	 */
	const char *given[SOURCE_MAX];
	/* Where it may keep what the host's next run is given; NULL: nowhere.
	 */
	const char *cache_new;
	size_t cache_plain; /* over so many bytes a text is packed */
	/* For its parsers (worker/parser/parser.h); NULL: each starts one. */
	const struct zygote *server;
	struct arena *arena; /* lives as long as the job */
	const struct job_sink *sink;
	void *sink_arg; /* for the sink alone */

	/* Zero before run(); set by job_*, read by the slot. */
	struct job_outcome outcome;
	struct json_object *host; /* see job_host_detail */
	int passes;               /* worker/job/model_use.h; 0 counts as 1 */
	const char *note; /* why the model stopped helping; NULL: it did not */
	int64_t reported_ms;     /* monotonic ms of the last report */
	long reported_processed; /* as last reported */
	const char *stage;       /* as last reported */
};

/*
 * job_progress: processed of total, in a stage, with a sentence for people.
 * stage is a literal (it is kept by address).  May be called after every
 * page: within 100 ms of the last report of the same stage it is dropped,
 * except when it says that all is done.
 */
void job_progress(struct job *job, long processed, long total,
    const char *stage, const char *message);

/*
 * job_artifact: the file at path (inside job->dir) is a result called name.
 * partial: it shows the state so far, and another will follow.
 */
void job_artifact(struct job *job, const char *name, const char *mime,
    const char *path, bool partial);

/*
 * job_host: so many URLs are known on the host.  complete: that is all; a
 * job that goes on after it may say so again, with more detail.
 */
void job_host(struct job *job, const char *hostname, long urls, bool complete);

/* job_entries: the number of entries in the result. */
void job_entries(struct job *job, long entries);

/*
 * job_facts: what is to be known of the result besides its files: an object of
 * short texts, numbers and flags ({"words":812}), and of objects and lists of
 * these, at most 16 to each and four levels deep, 32 KiB as JSON.  It must live
 * as long as the job.
 */
void job_facts(struct job *job, struct json_object *facts);

/*
 * job_host_detail: what is known of the host besides the number goes along
 * with job_host from now on (core/schema/host_count.h says what it holds); at
 * most 64 KiB as JSON, and it must live as long as the job.
 */
void job_host_detail(struct job *job, struct json_object *detail);

/*
 * job_save: n bytes as the file called name in the job's folder, complete or
 * not at all.  E_UNAVAILABLE: errno says why not.
 */
enum rc job_save(
    struct job *job, const char *name, const void *p, size_t n) MUST_CHECK;

/*
 * job_given_json: the given file of that source as JSON, in the job's arena;
 * NULL where there is none.
 */
struct json_object *job_given_json(struct job *job, enum job_source source);

/*
 * job_fail: the sentence a person reads, and whether trying again could
 * help.  Returns E_INPUT when permanent, else E_UNAVAILABLE, for run() to
 * return.  The first sentence stays.
 */
enum rc job_fail(struct job *job, bool permanent, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* job_wait: waits so long; false: the job was told to stop meanwhile. */
bool job_wait(struct job *job, long ms);

/* job_stopping: run() must return E_STOPPED soon (within a second). */
bool job_stopping(struct job *job);

/* job_path: dir/name, in the job's arena. */
const char *job_path(struct job *job, const char *name);

#endif
