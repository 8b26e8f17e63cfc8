#include "worker/job/job.h"

#include "core/arena.h"
#include "core/clock.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A listener is told at most so often in one stage, ms. */
#define REPORT_EVERY_MS 100

static bool
worth_telling(const struct job *job, const char *stage, int64_t now)
{
	if (job->stage == NULL || strcmp(job->stage, stage) != 0)
		return true;
	if (now - job->told_ms >= REPORT_EVERY_MS)
		return true;
	return job->processed == job->total && job->processed > job->told;
}

void
job_progress(struct job *job, long processed, long total, const char *stage,
    const char *message)
{
	int64_t now = clock_ms();

	if (job->passes > 1)
		total *= job->passes;
	if (processed > job->processed)
		job->processed = processed;
	if (total > job->total)
		job->total = total;
	if (job->total > 0 && job->processed > job->total)
		job->total = job->processed;
	if (!worth_telling(job, stage, now))
		return;
	job->told_ms = now;
	job->told = job->processed;
	job->stage = stage;
	job->sink->progress(job, stage, message);
}

void
job_artifact(struct job *job, const char *name, const char *mime,
    const char *path, bool partial)
{
	job->sink->artifact(job, name, mime, path, partial);
}

void
job_host(struct job *job, const char *hostname, long urls, bool complete)
{
	job->sink->host(job, hostname, urls, complete);
}

void
job_entries(struct job *job, long entries)
{
	job->entries = entries;
}

void
job_host_detail(struct job *job, struct json_object *detail)
{
	job->host = detail;
}

void
job_facts(struct job *job, struct json_object *facts)
{
	job->facts = facts;
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

enum rc
job_fail(struct job *job, bool permanent, const char *fmt, ...)
{
	va_list ap;

	if (job->error == NULL) {
		va_start(ap, fmt);
		job->error = arena_vprintf(job->arena, fmt, ap);
		va_end(ap);
		job->permanent = permanent;
	}
	return job->permanent ? E_INPUT : E_UNAVAILABLE;
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
