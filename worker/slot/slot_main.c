#include "worker/slot/slot_main.h"

#include "core/arena.h"
#include "core/clock.h"
#include "core/conf.h"
#include "core/json.h"
#include "core/log.h"
#include "core/privileges.h"
#include "core/text.h"
#include "worker/slot/confine.h"
#include "worker/parser/zygote.h"
#include "worker/job/gentype.h"
#include "worker/job/job.h"
#include "worker/job/message.h"
#include "worker/job/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Without Redis nobody counts calls; a job does not wait for it for ever. */
#define LEAVE_TRIES 30

/* Longest sentence that goes to the supervisor, bytes. */
#define SENTENCE_MAX 2000

static volatile sig_atomic_t stop_asked;

struct runner {
	struct conf conf;
	struct wire wire;
	struct zygote server;
	bool gone; /* the supervisor does not listen any more */
};

static void
on_term(int sig)
{
	(void)sig;
	stop_asked = 1;
}

static void
set_signals(void)
{
	struct sigaction term = {.sa_handler = on_term};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t none;

	/* No SA_RESTART: a job that waits in poll() must wake up. */
	sigaction(SIGTERM, &term, NULL);
	sigaction(SIGINT, &ignore, NULL);
	sigaction(SIGHUP, &ignore, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
lock_down(uid_t uid)
{
	struct rlimit none = {0, 0};
	enum rc files;

	privileges_drop(uid);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
	    setrlimit(RLIMIT_CORE, &none) != 0)
		fatal("cannot lock down the slot: %s", strerror(errno));
	files = confine_files();
	if (files != OK)
		log_debug("slot_without_landlock", "why", rc_name(files));
	if (confine_calls() != OK)
		log_warn("slot_without_seccomp", "why", strerror(errno));
}

/* A sentence may quote a site: valid UTF-8 of bounded length goes out. */
static const char *
clean_text(struct arena *a, const char *s)
{
	size_t n, left, len = 0;
	char *out;

	if (s == NULL)
		return NULL;
	out = arena_alloc(a, SENTENCE_MAX + 1);
	for (left = strlen(s); left > 0 && len + 4 <= SENTENCE_MAX; left -= n) {
		if (text_decode(s, left, &n) < 0)
			out[len] = '?';
		else
			memcpy(out + len, s, n);
		len += n;
		s += n;
	}
	return out;
}

static void
send_message(struct runner *r, const struct slot_message *report)
{
	struct arena a;

	arena_init(&a);
	if (!r->gone && wire_put(&r->wire, slot_message_json(&a, report)) != OK)
		r->gone = true;
	arena_release(&a);
}

static void
say_progress(struct job *job, const char *stage, const char *message)
{
	struct slot_message report = {
	    .what = MESSAGE_PROGRESS,
	    .processed = job->outcome.processed,
	    .total = job->outcome.total,
	    .stage = stage,
	};
	struct arena a;

	arena_init(&a);
	report.message = message == NULL ? "" : clean_text(&a, message);
	send_message(job->sink_arg, &report);
	arena_release(&a);
}

static void
say_artifact(struct job *job, const char *name, const char *mime,
    const char *path, bool partial)
{
	const char *slash = strrchr(path, '/');
	struct slot_message report = {
	    .what = MESSAGE_ARTIFACT,
	    .name = name,
	    .mime = mime,
	    .file = slash == NULL ? path : slash + 1,
	    .partial = partial,
	};

	send_message(job->sink_arg, &report);
}

static void
say_host(struct job *job, const char *hostname, long urls, bool complete)
{
	struct slot_message report = {
	    .what = MESSAGE_HOST,
	    .hostname = hostname,
	    .urls = urls,
	    .complete = complete,
	    .detail = job->host,
	};

	send_message(job->sink_arg, &report);
}

static bool
asked_to_stop(struct job *job)
{
	const struct runner *r = job->sink_arg;

	return stop_asked != 0 || r->gone;
}

/* False: the job was stopped meanwhile. */
static bool
sleep_ms(struct job *job, long ms)
{
	int64_t until = clock_ms() + ms, left;

	while ((left = until - clock_ms()) > 0) {
		if (asked_to_stop(job))
			return false;
		poll(NULL, 0, left < 100 ? (int)left : 100);
	}
	return !asked_to_stop(job);
}

/* They stay until the process ends, which it does after this job. */
static bool
take_secrets(struct runner *r, struct json_object *secrets)
{
	if (secrets == NULL)
		return true;
	json_object_object_foreach(secrets, key, value)
	{
		if (conf_set(&r->conf, key, json_object_get_string(value)) !=
		    NULL)
			return false;
	}
	return true;
}

static bool
is_permit(struct json_object *o)
{
	struct permit p;
	const char *host;

	return permit_parse(o, &host, &p) == OK;
}

static void
ask_permit(struct job *job, const struct permit_ask *q)
{
	struct slot_message report = {.what = MESSAGE_PERMIT, .permit = *q};

	send_message(job->sink_arg, &report);
}

static int
permit_fd(struct job *job)
{
	const struct runner *r = job->sink_arg;

	return r->wire.fd;
}

/* Hands over what has come; what is no permit nobody has asked for. */
static void
take_permits(struct job *job, job_permit_fn *take, void *ctx)
{
	struct runner *r = job->sink_arg;
	struct pollfd fd = {r->wire.fd, POLLIN, 0};
	struct json_object *o;
	struct permit p;
	const char *host;
	struct arena a;
	enum rc rc;

	if (poll(&fd, 1, 0) != 1)
		return;
	rc = wire_fill(&r->wire);
	if (rc != OK && rc != E_STOPPED) {
		r->gone = true;
		return;
	}
	arena_init(&a);
	while ((rc = wire_take(&r->wire, &a, &o)) == OK) {
		if (permit_parse(o, &host, &p) == OK)
			take(ctx, host, &p);
		arena_reset(&a);
	}
	arena_release(&a);
}

/* The supervisor's answer; permits that nobody waits for any more pass. */
static bool
hear_leave(struct job *job, struct runner *r, struct call_permit *l)
{
	struct json_object *o;
	struct arena a;
	enum rc rc;

	for (;;) {
		arena_init(&a);
		rc = wire_take(&r->wire, &a, &o);
		if (rc == OK && is_permit(o)) {
			arena_release(&a);
			continue;
		}
		if (rc == OK)
			rc = call_permit_parse(o, l);
		if (rc == OK && !take_secrets(r, l->secrets))
			rc = E_INPUT;
		arena_release(&a);
		if (rc != E_NOTFOUND)
			return rc == OK;
		if (asked_to_stop(job))
			return false;
		rc = wire_fill(&r->wire);
		if (rc != OK && rc != E_STOPPED) {
			r->gone = true;
			return false;
		}
	}
}

static bool
ask_leave(struct job *job, const char *provider)
{
	struct slot_message report = {.what = MESSAGE_CALL, .name = provider};
	struct runner *r = job->sink_arg;
	struct call_permit l;

	for (int i = 0; i < LEAVE_TRIES; i++) {
		send_message(r, &report);
		if (!hear_leave(job, r, &l) || !sleep_ms(job, l.wait_ms))
			return false;
		if (!l.again)
			break;
	}
	return true;
}

static const struct job_sink wire_sink = {
    .progress = say_progress,
    .artifact = say_artifact,
    .host = say_host,
    .stopping = asked_to_stop,
    .call = ask_leave,
    .permit = ask_permit,
    .permit_fd = permit_fd,
    .permits = take_permits,
};

static enum rc
run_type(struct job *job)
{
	const struct gentype *type = gentype_find(job->type);
	const struct job_file *f;

	if (type == NULL)
		return job_fail(job, true,
		    "This worker does not know the type \"%s\". It is running "
		    "a different version from the rest of the service.",
		    job->type);
	for (f = gentype_gather(type, job->input); f->name != NULL; f++)
		job->given[f->source] = job_path(job, f->name);
	return type->run(job);
}

static void
run_job(struct runner *r, struct arena *a, const struct assignment *given)
{
	struct job job = {
	    .id = given->id,
	    .type = given->type,
	    .provider = given->provider,
	    .attempt = given->attempt,
	    .input = given->input,
	    .conf = &r->conf,
	    .dir = ".",
	    .cache_new = r->conf.cache_on ? JOB_CACHE_NEW : NULL,
	    .server = &r->server,
	    .arena = a,
	    .sink = &wire_sink,
	    .sink_arg = r,
	};
	struct slot_message done = {.what = MESSAGE_DONE};

	stop_asked = 0;
	job.outcome.rc = run_type(&job);
	if (job.outcome.rc != OK && job.outcome.rc != E_STOPPED &&
	    job.outcome.error == NULL)
		(void)job_fail(&job, false,
		    "The job ended without saying why (%s).",
		    rc_name(job.outcome.rc));
	done.outcome = job.outcome;
	done.outcome.error = clean_text(a, job.outcome.error);
	done.outcome.quota = clean_text(a, job.outcome.quota);
	send_message(r, &done);
}

/* One line from the supervisor: one job. */
static bool
next_job(struct runner *r)
{
	struct assignment given;
	struct json_object *o;
	struct call_permit late;
	struct arena a;
	enum rc rc;

	arena_init(&a);
	rc = wire_take(&r->wire, &a, &o);
	/* An answer may come after the job that asked for it has ended. */
	if (rc == OK && (is_permit(o) || call_permit_parse(o, &late) == OK))
		log_debug("answer_came_late");
	else if (rc == OK && assignment_parse(o, &given) != OK)
		BUG("the supervisor sent no assignment");
	else if (rc == OK)
		run_job(r, &a, &given);
	arena_release(&a);
	if (rc != E_NOTFOUND)
		return rc == OK;
	rc = wire_fill(&r->wire);
	return rc == OK || rc == E_STOPPED;
}

int
slot_main(int number)
{
	struct slot_message ready = {.what = MESSAGE_READY};
	struct runner r;
	uid_t uid;

	memset(&r, 0, sizeof(r));
	set_signals();
	conf_load(&r.conf);
	log_init(
	    "platen-slot", (enum log_level)log_level_parse(r.conf.log_level));
	uid = (uid_t)r.conf.worker_slot_uid;
	/* A parser must not hold the wire open. */
	fcntl(SLOT_WIRE_FD, F_SETFD, FD_CLOEXEC);
	/* Nobody may not be able to reach our program. */
	if (!zygote_start(&r.server, uid))
		fatal("cannot start platen-parser: %s", strerror(errno));
	lock_down(uid);
	wire_open(&r.wire, SLOT_WIRE_FD);
	log_debug("slot_ready", "slot", log_num(number));
	send_message(&r, &ready);
	while (!r.gone && next_job(&r) && zygote_alive(&r.server))
		continue;
	zygote_stop(&r.server);
	wire_close(&r.wire);
	conf_release(&r.conf);
	return 0;
}
