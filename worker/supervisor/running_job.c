#include "worker/supervisor/running_job.h"

#include "core/clock.h"
#include "core/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Listeners are told at most so often, and the database. */
#define TELL_MS 100
#define KEEP_MS 2000

/* The pace means little before so long, ms. */
#define PACE_MS 1000

/* Between two attempts to write an end, ms. */
#define RETRY_MS 250

/* What a slot may ask to wait for, ms: a day and a little. */
#define WAIT_MAX_MS 90000000L

/* The database may refuse an end so often before it is given up. */
#define REFUSALS 3

struct running_job *
running_job_new(const struct duty *duty, const char *id, const char *lane)
{
	struct running_job *work;

	work = calloc(1, sizeof(*work));
	if (work == NULL)
		fatal("out of memory");
	arena_init(&work->arena);
	work->duty = duty;
	work->id = arena_strdup(&work->arena, id);
	work->lane = arena_strdup(&work->arena, lane);
	work->since_ms = clock_ms();
	work->dir = -1;
	return work;
}

void
running_job_free(struct running_job *work)
{
	if (work == NULL)
		return;
	arena_release(&work->arena);
	free(work->detail);
	free(work);
}

static void
running_job_changed(struct running_job *work)
{
	work->untold = true;
	work->unkept = true;
}

static void
take_progress(struct running_job *work, const struct slot_message *r)
{
	if (r->processed >= work->floor) {
		work->floor = 0;
		work->outcome.processed = r->processed;
		work->outcome.total = r->total;
	}
	if (work->paced_ms == 0 && r->total > 0) {
		work->paced_ms = clock_ms();
		work->paced_from = r->processed;
	}
	text_cut(work->stage, sizeof(work->stage), r->stage);
	text_cut(work->message, sizeof(work->message), r->message);
	running_job_changed(work);
}

static enum rc
take_artifact(struct running_job *work, const struct slot_message *r)
{
	struct artifact *a = work->artifacts;
	int i;

	for (i = 0; i < work->nartifacts; i++, a++)
		if (strcmp(a->name, r->name) == 0)
			break;
	if (i == WORK_ARTIFACTS)
		return E_INPUT;
	if (i == work->nartifacts)
		work->nartifacts++;
	text_cut(a->name, sizeof(a->name), r->name);
	text_cut(a->mime, sizeof(a->mime), r->mime);
	text_cut(a->file, sizeof(a->file), r->file);
	a->partial = r->partial;
	a->fresh = r->partial;
	work->unkept = true;
	return OK;
}

static void
take_host(struct running_job *work, const struct slot_message *r)
{
	const char *mine =
	    work->row.n > 0 ? row_text(&work->row, 0, "hostname") : work->id;

	/* A job speaks for its own host only. */
	if (strcmp(mine, r->hostname) != 0)
		return;
	work->urls = r->urls;
	work->complete = r->complete;
	/* Not of the arena: a slot in strange hands may say it all the time. */
	if (r->detail != NULL) {
		free(work->detail);
		work->detail = strdup(json_text(r->detail));
		if (work->detail == NULL)
			fatal("out of memory");
	}
	running_job_changed(work);
	/* Who waits for the number need not wait for what comes after. */
	if (r->complete)
		work->told_ms = work->kept_ms = 0;
}

static long
bounded_wait(long ms)
{
	return ms < WAIT_MAX_MS ? ms : WAIT_MAX_MS;
}

/* A job that does not end well keeps the numbers that were shown. */
static void
take_end(struct running_job *work, const struct slot_message *r)
{
	long processed = work->outcome.processed, total = work->outcome.total;

	job_outcome_copy(&work->arena, &work->outcome, &r->outcome);
	work->outcome.after_ms = bounded_wait(r->outcome.after_ms);
	work->outcome.quota_ms = bounded_wait(r->outcome.quota_ms);
	if (r->outcome.rc == OK) {
		work->end = JOB_DONE;
		return;
	}
	work->outcome.processed = processed;
	work->outcome.total = total;
	if (r->outcome.rc == E_STOPPED)
		work->end = JOB_HANDED_BACK;
	else
		running_job_fail(work, r->outcome.permanent, "%s",
		    r->outcome.error == NULL ? "Failed for an unknown reason."
					     : r->outcome.error);
}

enum rc
running_job_report(struct running_job *work, const struct slot_message *r)
{
	switch (r->what) {
	case MESSAGE_PROGRESS:
		take_progress(work, r);
		return OK;
	case MESSAGE_ARTIFACT:
		return take_artifact(work, r);
	case MESSAGE_HOST:
		take_host(work, r);
		return OK;
	case MESSAGE_DONE:
		take_end(work, r);
		return OK;
	default:
		return E_INPUT;
	}
}

void
running_job_fail(struct running_job *work, bool permanent, const char *fmt, ...)
{
	char *error = arena_alloc(&work->arena, OUTCOME_ERROR_BYTES);
	char text[OUTCOME_ERROR_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	text_cut(error, sizeof(text), text);
	work->outcome.error = error;
	work->outcome.permanent = permanent;
	work->end = JOB_FAILED;
}

int64_t
running_job_next(const struct running_job *work)
{
	int64_t tell = work->untold ? work->told_ms + TELL_MS : INT64_MAX;
	int64_t keep = work->unkept ? work->kept_ms + KEEP_MS : INT64_MAX;

	return tell < keep ? tell : keep;
}

enum rc
running_job_tick(struct worker *w, struct running_job *work, int64_t now)
{
	enum rc rc;

	if (work->untold && now >= work->told_ms + TELL_MS) {
		work->told_ms = now;
		work->untold = false;
		work->duty->tell(w, work);
	}
	if (!work->unkept || !w->db_up || now < work->kept_ms + KEEP_MS)
		return OK;
	work->kept_ms = now;
	rc = work->duty->keep(w, work);
	work->unkept = rc == E_UNAVAILABLE;
	return rc;
}

long
running_job_eta(const struct running_job *work, int64_t now)
{
	long done = work->outcome.processed - work->paced_from;
	int64_t ms = now - work->paced_ms;

	if (work->paced_ms == 0 || done <= 0 || ms < PACE_MS ||
	    work->outcome.total < work->outcome.processed || work->floor != 0)
		return -1;
	return (long)((work->outcome.total - work->outcome.processed) * ms /
		      done / 1000);
}

enum rc
running_job_close(struct worker *w, struct running_job *work)
{
	enum rc rc;

	if (work->end == JOB_LOST)
		return OK;
	/* A change of status shows how far it came, and what listeners saw. */
	rc = OK;
	if (work->unkept && work->end != JOB_DONE)
		rc = work->duty->keep(w, work);
	work->unkept = work->unkept && rc == E_UNAVAILABLE;
	if (rc == OK)
		rc = work->duty->close(w, work);
	if (rc == OK || rc == E_LATE)
		return rc;
	work->retry_ms = clock_ms() + RETRY_MS;
	if (rc == E_UNAVAILABLE)
		return rc;
	/* Refused: a failure with a sentence may still be taken. */
	log_error("work_refused", "id", work->id, "rc", rc_name(rc), "why",
	    db_error_text(w->db));
	if (++work->refused >= REFUSALS)
		return E_INTERNAL;
	running_job_fail(work, true,
	    "The result could not be stored. The worker's log has the reason; "
	    "please tell the administrator.");
	return E_UNAVAILABLE;
}
