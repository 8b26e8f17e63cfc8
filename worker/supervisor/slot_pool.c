#include "worker/supervisor/slot_pool.h"

#include "core/clock.h"
#include "core/conf.h"
#include "core/log.h"
#include "worker/supervisor/job_files.h"
#include "worker/supervisor/site_cache.h"
#include "worker/supervisor/host_permit.h"
#include "worker/supervisor/lane.h"
#include "worker/supervisor/disk_space.h"
#include "worker/supervisor/slot_process.h"
#include "worker/supervisor/rmtree.h"
#include "worker/supervisor/workdir.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A call that nobody could count is asked for again after this, ms. */
#define LEAVE_AGAIN_MS 1000
#define LEAVE_SLACK_MS 20

/* A slot that asks for more permits in a second has lost its mind. */
#define ASKS_MAX 500

/* A job that was told to stop is killed after this, ms. */
#define KILL_MS 1000

/* A process that dies young is started again after this, doubled to that. */
#define PAUSE_MS 200
#define PAUSE_MAX_MS 10000

/* A process is replaced after so many jobs: what leaks stays small. */
#define JOBS_MAX 500

void
slot_pool_make(struct slot_pool *slot_pool, int usual, int relief, int counters)
{
	slot_pool->n = usual + relief + counters;
	slot_pool->slots =
	    calloc((size_t)slot_pool->n, sizeof(*slot_pool->slots));
	if (slot_pool->slots == NULL)
		fatal("out of memory");
	for (int i = 0; i < slot_pool->n; i++) {
		slot_pool->slots[i].number = i;
		slot_pool->slots[i].kind = i < usual            ? SLOT_USUAL
					   : i < usual + relief ? SLOT_RELIEF
								: SLOT_COUNTS;
		slot_pool->slots[i].dir = -1;
		slot_pool->slots[i].wire.fd = -1;
	}
}

/* The slot leads a group of its own, its parsers in it. */
static void
kill_slot(struct slot *s)
{
	if (s->pid == 0)
		return;
	kill(-s->pid, SIGKILL);
	kill(s->pid, SIGKILL);
}

void
slot_pool_release(struct slot_pool *slot_pool)
{
	for (int i = 0; i < slot_pool->n; i++) {
		struct slot *s = &slot_pool->slots[i];

		kill_slot(s);
		if (s->pid != 0)
			waitpid(s->pid, NULL, 0);
		wire_close(&s->wire);
		running_job_free(s->work);
		if (s->dir >= 0)
			close(s->dir);
	}
	free(slot_pool->slots);
}

/*
 * Which files the resolver has: Landlock knows the files that a process was
 * let in to, not their paths, so it cannot read those that replace them.
 */
static uint64_t
names_now(void)
{
	static const char *const files[] = {"/etc/resolv.conf", "/etc/hosts"};
	uint64_t which = 0;
	struct stat st;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (stat(files[i], &st) == 0)
			which = which * 31 + st.st_ino;
	return which;
}

void
slot_start(struct worker *w, struct slot *s)
{
	int64_t now = clock_ms();

	if (s->pid != 0 || now < s->spawn_ms)
		return;
	s->pause_ms = s->pause_ms == 0 ? PAUSE_MS : s->pause_ms * 2;
	if (s->pause_ms > PAUSE_MAX_MS)
		s->pause_ms = PAUSE_MAX_MS;
	s->spawn_ms = now + s->pause_ms;
	s->ready = false;
	s->keyed = false;
	s->jobs = 0;
	s->names = names_now();
	if (slot_process_spawn(w, s))
		log_debug("slot_started", "slot", log_num(s->number), "pid",
		    log_num(s->pid));
}

bool
slot_free(const struct slot *s)
{
	return s->pid != 0 && s->ready && s->work == NULL;
}

/* What was ordered; for a host (or a provider), its name. */
static struct json_object *
input_of(struct arena *a, const struct running_job *work)
{
	struct json_object *o = NULL;
	const char *text, *why;

	if (work->row.n > 0) {
		text = row_text(&work->row, 0, "input");
		o = json_parse(a, text, strlen(text), &why);
		return json_object_is_type(o, json_type_object) ? o
								: json_new(a);
	}
	o = json_new(a);
	json_put_str(o, "hostname", work->id);
	return o;
}

void
slot_give(struct worker *w, struct slot *s, struct running_job *work)
{
	struct arena *a = &w->scratch;
	struct assignment given = {
	    .id = work->id,
	    .type = work->type,
	    .provider = work->lane,
	    .attempt = work->attempt,
	    .input = input_of(a, work),
	};
	struct json_object *order;

	s->work = work;
	s->running = true;
	s->why = STOP_NONE;
	s->leave_ms = 0;
	s->jobs++;
	work->dir = s->dir;
	if (job_files_put(w, work, given.input) != OK) {
		s->running = false;
		return;
	}
	order = assignment_json(a, &given);
	if (strlen(json_text(order)) > WIRE_LINE_MAX) {
		running_job_fail(work, true,
		    "The order is longer than the %d MB a worker can read. "
		    "Order it with fewer patterns.",
		    WIRE_LINE_MAX >> 20);
		s->running = false;
		return;
	}
	/* A process that is gone will be reaped: a crash like any other. */
	if (wire_send(&s->wire, order) != OK)
		kill_slot(s);
}

void
slot_stop(struct slot *s, enum stop_why why)
{
	if (s->work == NULL)
		return;
	if (s->why == STOP_NONE || why == STOP_LOST)
		s->why = why;
	if (!s->running) {
		if (why == STOP_LOST)
			s->work->end = JOB_LOST;
		return;
	}
	if (s->kill_ms != 0)
		return;
	kill(s->pid, SIGTERM);
	s->kill_ms = clock_ms() + KILL_MS;
}

/* The job is over, one way or another: what does it come to? */
static void
slot_settle(struct worker *w, struct slot *s)
{
	struct running_job *work = s->work;

	s->running = false;
	s->kill_ms = 0;
	work->retry_ms = 0;
	if (s->why == STOP_LOST)
		work->end = JOB_LOST;
	else if (work->end == JOB_DONE)
		return;
	else if (s->why == STOP_BACK || w->stopping)
		work->end = JOB_HANDED_BACK;
	else if (s->why == STOP_DISK)
		disk_space_wait(w, work);
	else if (s->why == STOP_TIME)
		running_job_fail(work, true,
		    "Stopped after the time limit of %d seconds. Try fewer "
		    "pages, or ask the administrator to raise %s.",
		    work->row.n > 0 ? w->conf->worker_job_seconds
				    : w->conf->worker_count_seconds,
		    work->row.n > 0 ? "worker.job_seconds"
				    : "worker.count_seconds");
	else if (work->end == JOB_HANDED_BACK)
		running_job_fail(
		    work, false, "The process was stopped from outside.");
}

/* A generation's is its lane; a count may measure each of them. */
static bool
may_call(const struct running_job *work, const char *provider)
{
	if (strcmp(work->lane, LANE_ANALYZE) == 0)
		return true;
	if (strcmp(work->lane, LANE_PROBE) == 0)
		return strcmp(work->id, provider) == 0;
	return strcmp(work->lane, provider) == 0;
}

/* What of the provider's configuration its slot was not started with. */
static struct json_object *
secrets_of(struct worker *w, const char *provider)
{
	static const char *const kinds[] = {"key", "url"};
	struct json_object *o = NULL;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *key =
		    arena_printf(&w->scratch, "%s.%s", provider, kinds[i]);

		if (!conf_has_secret(w->conf, key))
			continue;
		if (o == NULL)
			o = json_new(&w->scratch);
		json_put_str(o, key, conf_text(w->conf, key));
	}
	return o;
}

/* The test of a provider does not count as a call. */
static enum rc
leave_wait(struct worker *w, const struct running_job *work,
    const char *provider, struct call_permit *l)
{
	if (strcmp(work->lane, LANE_PROBE) == 0)
		return OK;
	return lane_call(w, provider, &l->wait_ms);
}

static void
give_leave(struct worker *w, struct slot *s, const char *provider)
{
	struct call_permit l = {0};

	/* It was to wait: who asks for more would use up others' calls. */
	if (clock_ms() + LEAVE_SLACK_MS < s->leave_ms) {
		log_error("slot_impatient", "slot", log_num(s->number));
		kill_slot(s);
		return;
	}
	if (!may_call(s->work, provider)) {
		log_error("slot_asks_another", "slot", log_num(s->number),
		    "provider", provider);
		kill_slot(s);
		return;
	}
	if (leave_wait(w, s->work, provider, &l) == OK)
		l.secrets = secrets_of(w, provider);
	else
		l = (struct call_permit){
		    .wait_ms = LEAVE_AGAIN_MS, .again = true};
	if (l.secrets != NULL)
		s->keyed = true;
	s->leave_ms = clock_ms() + l.wait_ms;
	if (wire_send(&s->wire, call_permit_json(&w->scratch, &l)) != OK)
		kill_slot(s);
}

static void
give_permit(struct worker *w, struct slot *s, const struct permit_ask *q)
{
	struct permit p;
	int64_t now = clock_ms();

	/* One question a host and half a second is what is usual. */
	if (now - s->asks_ms >= 1000) {
		s->asks_ms = now;
		s->asks = 0;
	}
	if (++s->asks > ASKS_MAX) {
		log_error("slot_impatient", "slot", log_num(s->number));
		kill_slot(s);
		return;
	}
	host_permit(w, s->number, q, &p);
	if (wire_send(&s->wire, permit_json(&w->scratch, q->host, &p)) != OK)
		kill_slot(s);
}

static void
take_report(struct worker *w, struct slot *s, const struct slot_message *r)
{
	if (r->what == MESSAGE_READY) {
		s->ready = true;
		s->pause_ms = 0;
		s->spawn_ms = 0;
		return;
	}
	if (r->what == MESSAGE_CALL && s->work != NULL && s->running) {
		give_leave(w, s, r->name);
		return;
	}
	if (r->what == MESSAGE_PERMIT && s->work != NULL && s->running) {
		give_permit(w, s, &r->permit);
		return;
	}
	if (s->work == NULL || !s->running ||
	    running_job_report(s->work, r) != OK) {
		log_error("slot_misbehaves", "slot", log_num(s->number));
		kill_slot(s);
		return;
	}
	if (r->what == MESSAGE_DONE)
		slot_settle(w, s);
}

static void
take_lines(struct worker *w, struct slot *s)
{
	struct json_object *o;
	struct slot_message r;
	struct arena a;
	enum rc rc;

	arena_init(&a);
	while ((rc = wire_take(&s->wire, &a, &o)) != E_NOTFOUND) {
		if (rc == OK)
			rc = slot_message_parse(o, &r);
		if (rc != OK) {
			log_error("slot_line_refused", "slot",
			    log_num(s->number), "rc", rc_name(rc));
			kill_slot(s);
			break;
		}
		take_report(w, s, &r);
		arena_reset(&a);
	}
	arena_release(&a);
}

bool
slot_read(struct worker *w, struct slot *s)
{
	enum rc rc;

	if (s->wire.fd < 0)
		return false;
	rc = wire_fill(&s->wire);
	if (rc == OK) {
		take_lines(w, s);
		return true;
	}
	if (rc == E_NOTFOUND || rc == E_STOPPED)
		return false;
	/* The end of the wire is the end of the process. */
	wire_close(&s->wire);
	kill_slot(s);
	return false;
}

static void
slot_crashed(struct slot *s, int status)
{
	struct running_job *work = s->work;

	if (WIFSIGNALED(status))
		running_job_fail(work, false,
		    "The worker crashed (signal %d, %s).", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	else
		running_job_fail(work, false,
		    "The worker crashed (exit code %d).", WEXITSTATUS(status));
	work->end = JOB_CRASHED;
	log_warn("slot_crashed", "slot", log_num(s->number), "id", work->id,
	    "error", work->outcome.error);
}

void
slot_reaped(struct worker *w, struct slot *s, int status)
{
	/* It may have said "done" with its last breath. */
	while (slot_read(w, s))
		continue;
	wire_close(&s->wire);
	s->pid = 0;
	s->ready = false;
	s->kill_ms = 0;
	if (s->work == NULL || !s->running)
		return;
	slot_crashed(s, status);
	slot_settle(w, s);
}

static void
close_slot(struct worker *w, struct slot *s)
{
	enum rc rc = running_job_close(w, s->work);

	if (rc == E_UNAVAILABLE)
		return;
	if (rc == OK && s->work->end == JOB_DONE &&
	    site_cache_wanted(w, s->work) &&
	    job_files_name(s->work, input_of(&w->scratch, s->work),
		SOURCE_SITE_CACHE) != NULL)
		site_cache_take(w, s->work);
	if (s->work->end == JOB_LOST)
		log_info("dropped", "id", s->work->id);
	running_job_free(s->work);
	s->work = NULL;
	rmtree_empty(s->dir);
	/* With the process all copies of a key go. */
	if (s->jobs >= JOBS_MAX || s->keyed)
		slot_quit(s);
}

void
slot_tick(struct worker *w, struct slot *s, int64_t now)
{
	if (s->kill_ms != 0 && now >= s->kill_ms) {
		s->kill_ms = 0;
		kill_slot(s);
	}
	/* A process in a removed directory could not make a file. */
	if (s->work == NULL && s->ready &&
	    (workdir_gone(s->dir) || s->names != names_now()))
		slot_quit(s);
	if (s->work == NULL)
		return;
	if (!s->running) {
		if (w->db_up && now >= s->work->retry_ms)
			close_slot(w, s);
		return;
	}
	if (s->why != STOP_NONE)
		return;
	if (now >= s->work->limit_ms)
		slot_stop(s, STOP_TIME);
	else if (running_job_tick(w, s->work, now) == E_LATE)
		slot_stop(s, STOP_LOST);
}

static int64_t
earlier_of(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t
slot_next(const struct slot *s, bool replaced)
{
	int64_t next = s->kill_ms != 0 ? s->kill_ms : INT64_MAX;

	if (s->pid == 0 && replaced)
		next = earlier_of(next, s->spawn_ms);
	if (s->work == NULL)
		return next;
	if (!s->running)
		return earlier_of(next, s->work->retry_ms);
	if (s->why != STOP_NONE)
		return next;
	next = earlier_of(next, s->work->limit_ms);
	return earlier_of(next, running_job_next(s->work));
}

void
slot_quit(struct slot *s)
{
	if (s->pid == 0 || s->running)
		return;
	s->ready = false;
	/* The end of the wire tells it. */
	wire_close(&s->wire);
	s->kill_ms = clock_ms() + KILL_MS;
}
