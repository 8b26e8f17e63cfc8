#include "worker/job/job.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/clock.h"
#include "core/json.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Between two reports of one stage, ms. */
#define REPORT_EVERY_MS 100

/* A given file as JSON, bytes; and one read of it. */
#define GIVEN_MAX_BYTES (64 << 20)
#define READ_BYTES 65536

static bool
is_worth_a_report(const struct job *job, const char *stage, int64_t now)
{
	if (job->stage == NULL || strcmp(job->stage, stage) != 0)
		return true;
	if (now - job->reported_ms >= REPORT_EVERY_MS)
		return true;
	return job->outcome.processed == job->outcome.total &&
	       job->outcome.processed > job->reported_processed;
}

void
job_progress(struct job *job, long processed, long total, const char *stage,
    const char *message)
{
	int64_t now = clock_ms();

	if (job->passes > 1)
		total *= job->passes;
	if (processed > job->outcome.processed)
		job->outcome.processed = processed;
	if (total > job->outcome.total)
		job->outcome.total = total;
	if (job->outcome.total > 0 &&
	    job->outcome.processed > job->outcome.total)
		job->outcome.total = job->outcome.processed;
	if (!is_worth_a_report(job, stage, now))
		return;
	job->reported_ms = now;
	job->reported_processed = job->outcome.processed;
	job->stage = stage;
	if (job->sink->progress != NULL)
		job->sink->progress(job, stage, message);
}

void
job_artifact(struct job *job, const char *name, const char *mime,
    const char *path, bool partial)
{
	if (job->sink->artifact != NULL)
		job->sink->artifact(job, name, mime, path, partial);
}

void
job_host(struct job *job, const char *hostname, long urls, bool complete)
{
	if (job->sink->host != NULL)
		job->sink->host(job, hostname, urls, complete);
}

void
job_entries(struct job *job, long entries)
{
	job->outcome.entries = entries;
}

void
job_host_detail(struct job *job, struct json_object *detail)
{
	job->host = detail;
}

void
job_facts(struct job *job, struct json_object *facts)
{
	job->outcome.facts = facts;
}

enum rc
job_save(struct job *job, const char *name, const void *p, size_t n)
{
	const char *path = job_path(job, name);
	const char *fresh = arena_printf(job->arena, "%s.new", path);
	FILE *out = fopen(fresh, "we");
	bool bad;

	if (out == NULL)
		return E_UNAVAILABLE;
	bad = fwrite(p, 1, n, out) < n;
	if (fclose(out) != 0 || bad || rename(fresh, path) != 0) {
		(void)unlink(fresh);
		return E_UNAVAILABLE;
	}
	return OK;
}

struct json_object *
job_given_json(struct job *job, enum job_source source)
{
	struct json_object *o = NULL;
	const char *why;
	struct buf b;
	size_t n;
	char *to;
	FILE *in = NULL;

	if (job->given[source] != NULL)
		in = fopen(job->given[source], "re");
	if (in == NULL)
		return NULL;
	buf_init(&b, GIVEN_MAX_BYTES);
	do {
		to = buf_reserve(&b, READ_BYTES);
		n = to == NULL ? 0 : fread(to, 1, READ_BYTES, in);
		buf_commit(&b, n);
	} while (n > 0);
	if (buf_ok(&b) && !ferror(in))
		o = json_parse(job->arena, b.data, b.len, &why);
	fclose(in);
	buf_release(&b);
	return o;
}

enum rc
job_fail(struct job *job, bool permanent, const char *fmt, ...)
{
	va_list ap;

	if (job->outcome.error == NULL) {
		va_start(ap, fmt);
		job->outcome.error = arena_vprintf(job->arena, fmt, ap);
		va_end(ap);
		job->outcome.permanent = permanent;
	}
	return job->outcome.permanent ? E_INPUT : E_UNAVAILABLE;
}

bool
job_wait(struct job *job, long ms)
{
	int64_t until = clock_ms() + ms;
	struct timespec tick = {0, 50000000};

	while (!job_stopping(job)) {
		if (clock_ms() >= until)
			return true;
		nanosleep(&tick, NULL);
	}
	return false;
}

bool
job_stopping(struct job *job)
{
	return job->sink->stopping(job);
}

const char *
job_path(struct job *job, const char *name)
{
	return arena_printf(job->arena, "%s/%s", job->dir, name);
}
