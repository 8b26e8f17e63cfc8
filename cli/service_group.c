#include "cli/service_group.h"

#include "core/clock.h"
#include "core/log.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define BACKOFF_FIRST_MS 200
#define BACKOFF_MAX_MS 5000
#define STEADY_MS 10000 /* alive for so long: it is well again */
#define EVICT_MS 10000  /* for an earlier group's service to end */
#define HURRY_MS 2000   /* for a hurried one */
#define TRIM_EVERY_MS 60000
#define TAIL_LINES 10
#define STRAYS_MAX 256

void
service_group_init(struct service_group *w, const struct var_dir *v)
{
	static const int asks[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction old;
	sigset_t set;
	size_t i;

	memset(w, 0, sizeof(*w));
	w->var = v;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	/*
	 * What nohup made ignored stays so.  SIGINT does not: a shell ignores
	 * it for what it starts behind a "&", and may send it all the same.
	 */
	for (i = 0; i < sizeof(asks) / sizeof(asks[0]); i++)
		if (sigaction(asks[i], NULL, &old) == 0 &&
		    (old.sa_handler != SIG_IGN || asks[i] != SIGHUP))
			sigaddset(&set, asks[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	w->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (w->signals < 0)
		fatal("signalfd: %s", strerror(errno));
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	w->trimmed_ms = clock_ms();
}

struct service *
service_group_add(struct service_group *w, const struct service *m)
{
	struct service *to;

	if (w->n == SERVICES_MAX)
		BUG("more than %d services", SERVICES_MAX);
	to = &w->services[w->n++];
	*to = *m;
	if (to->log == NULL)
		to->log = m->name;
	to->pidfile =
	    arena_printf(w->var->arena, "%s/run/%s.pid", w->var->path, m->name);
	return to;
}

void
service_group_end_leftovers(struct service_group *w)
{
	pid_t pid;
	int i;

	for (i = w->n - 1; i >= 0; i--) {
		struct service *m = &w->services[i];

		pid = process_recorded(m->pidfile);
		if (pid == 0)
			continue;
		log_info(
		    "taking_over", "service", m->name, "pid", log_num(pid));
		process_end(
		    pid, process_started(pid), m->stop_signal, EVICT_MS);
	}
}

void
service_group_start(struct service_group *w, struct service *m)
{
	int log;

	if (m->prepare != NULL)
		m->prepare(m->arg);
	var_dir_log_trim(w->var, m->log);
	log = var_dir_log(w->var, m->log);
	m->log_offset = (long)lseek(log, 0, SEEK_END);
	m->again_ms = 0;
	m->started_ms = clock_ms();
	m->pid = process_spawn(&m->spec, log);
	close(log);
	if (process_record(m->pidfile, m->pid) != OK)
		log_warn("pidfile_failed", "file", m->pidfile);
	log_debug("started", "service", m->name, "pid", log_num(m->pid));
}

static struct service *
find_pid(struct service_group *w, pid_t pid)
{
	int i;

	for (i = 0; i < w->n; i++)
		if (w->services[i].pid == pid)
			return &w->services[i];
	return NULL;
}

/* Our children that are no services: what a dead service left behind. */
static int
find_strays(struct service_group *w, pid_t *out)
{
	char path[64];
	int n = 0, pid;
	FILE *f;

	snprintf(
	    path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	while (n < STRAYS_MAX && fscanf(f, "%d", &pid) == 1)
		if (find_pid(w, pid) == NULL)
			out[n++] = pid;
	fclose(f);
	return n;
}

static void
kill_strays(struct service_group *w)
{
	pid_t pids[STRAYS_MAX];
	int i, n;

	n = find_strays(w, pids);
	for (i = 0; i < n; i++)
		kill(pids[i], SIGKILL);
}

static void
plan_restart(struct service *m)
{
	int64_t now = clock_ms();

	if (now - m->started_ms >= STEADY_MS)
		m->backoff_ms = 0;
	m->again_ms = now + m->backoff_ms;
	m->backoff_ms = m->backoff_ms == 0 ? BACKOFF_FIRST_MS
			: m->backoff_ms * 2 > BACKOFF_MAX_MS
			    ? BACKOFF_MAX_MS
			    : m->backoff_ms * 2;
}

static void
note_end(struct service_group *w, struct service *m, int status)
{
	char how[64];
	pid_t pid = m->pid;

	m->pid = 0;
	unlink(m->pidfile);
	if (w->asked > 0)
		return;
	plan_restart(m);
	log_warn("service_ended", "service", m->name, "pid", log_num(pid),
	    "how", process_exit_text(how, status), "again_ms",
	    log_num(m->again_ms - clock_ms()));
	if (WIFEXITED(status))
		var_dir_log_tail(w->var, m->log, m->log_offset, TAIL_LINES);
}

/* Reaps everything that ended; the first service among it comes back. */
static struct service *
reap_services(struct service_group *w)
{
	struct service *first = NULL, *m;
	int status, n = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		n++;
		m = find_pid(w, pid);
		if (m == NULL)
			continue;
		note_end(w, m, status);
		if (first == NULL)
			first = m;
	}
	/* The children of whoever ended, service or stray, are ours now. */
	if (n > 0)
		kill_strays(w);
	return w->asked > 0 ? NULL : first;
}

enum service_event
service_group_wait(struct service_group *w, int ms, struct service **died)
{
	struct pollfd p = {w->signals, POLLIN, 0};
	struct signalfd_siginfo info;
	struct service *m = NULL, *got;
	bool ended = false;

	poll(&p, 1, ms);
	while (read(w->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			ended = true;
		else
			w->asked++;
	}
	if (ended && (got = reap_services(w)) != NULL)
		m = got;
	if (died != NULL)
		*died = m;
	if (w->asked > 0)
		return SERVICE_END_ASKED;
	return m != NULL ? SERVICE_DIED : SERVICE_TIMEOUT;
}

/* Starts who is due; the time to the next one, ms. */
static int
start_due(struct service_group *w)
{
	int64_t now = clock_ms(), next = now + TRIM_EVERY_MS;
	int i;

	for (i = 0; i < w->n; i++) {
		struct service *m = &w->services[i];

		if (m->pid != 0 || m->again_ms == 0)
			continue;
		if (m->again_ms <= now)
			service_group_start(w, m);
		else if (m->again_ms < next)
			next = m->again_ms;
	}
	return (int)(next - now);
}

void
service_group_run(struct service_group *w)
{
	int i;

	while (w->asked == 0) {
		service_group_wait(w, start_due(w), NULL);
		if (clock_ms() - w->trimmed_ms < TRIM_EVERY_MS)
			continue;
		w->trimmed_ms = clock_ms();
		for (i = 0; i < w->n; i++)
			var_dir_log_trim(w->var, w->services[i].log);
	}
}

/* Waits for a service's end; false when the time is over or it is hurried. */
static bool
ended_within(struct service_group *w, struct service *m, int ms, int asked)
{
	int64_t until = clock_ms() + ms;

	while (m->pid != 0) {
		int64_t left = until - clock_ms();

		if (left <= 0 || w->asked > asked)
			return false;
		service_group_wait(w, (int)left, NULL);
	}
	return true;
}

static void
stop_service(struct service_group *w, struct service *m)
{
	if (m->pid == 0)
		return;
	if (w->asked < 2) {
		kill(m->pid, m->stop_signal);
		if (ended_within(w, m, m->stop_ms, 1))
			return;
		if (w->asked < 2)
			log_warn("service_stop_slow", "service", m->name, "ms",
			    log_num(m->stop_ms));
	}
	kill(m->pid, m->hurry_signal);
	if (ended_within(w, m, HURRY_MS, 1 << 30))
		return;
	kill(m->pid, SIGKILL);
	ended_within(w, m, HURRY_MS, 1 << 30);
}

void
service_group_stop(struct service_group *w)
{
	int64_t until;
	int i;

	/* From here on nobody is started again. */
	if (w->asked == 0)
		w->asked = 1;
	for (i = w->n - 1; i >= 0; i--)
		stop_service(w, &w->services[i]);
	until = clock_ms() + HURRY_MS;
	while (clock_ms() < until) {
		kill_strays(w);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD)
			break;
		usleep(2000);
	}
}
