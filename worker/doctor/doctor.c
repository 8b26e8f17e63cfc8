#include "worker/doctor/doctor.h"

#include "core/buf.h"
#include "core/clock.h"
#include "core/json.h"
#include "core/log.h"
#include "worker/model/redact.h"
#include "worker/model/provider.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define GROUPS_MAX 40
#define SAID_BYTES 65536

static const char *const words[] = {
    [DOCTOR_OK] = "ok",
    [DOCTOR_WARN] = "warn",
    [DOCTOR_FAIL] = "fail",
};

/* One group of checks while it runs. */
struct check_group {
	const char *name; /* of its line when it does not answer */
	void (*run)(const struct doctor *d);
	const struct provider *provider; /* in place of run */
	pid_t pid;
	int in; /* -1: all was said */
	struct buf said;
};

static const struct check_group groups[] = {
    {.name = "disk", .run = doctor_disk},
    {.name = "postgresql", .run = doctor_database},
    {.name = "redis", .run = doctor_redis},
    {.name = "web", .run = doctor_web},
    {.name = "sidecar", .run = doctor_sidecar},
    {.name = "crawler", .run = doctor_user_agent},
};
#define NGROUPS (sizeof(groups) / sizeof(groups[0]))

/* ---- in the child ------------------------------------------------------- */

void
doctor_report(const struct doctor *d, enum doctor_verdict v, const char *name,
    const char *fmt, ...)
{
	struct json_object *o = json_new(d->arena);
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(d->arena, fmt, ap);
	va_end(ap);
	json_put_str(o, "name", name);
	json_put_str(o, "status", words[v]);
	json_put_str(o, "detail", redact_secrets(d->arena, d->conf, text));
	/* A reader that has gone has given us up. */
	if (dprintf(d->out, "%s\n", json_text(o)) < 0)
		_exit(1);
}

const char *
doctor_start(bool own, const char *otherwise)
{
	return own ? "Start Platen with `platen run` (or `make run`)."
		   : otherwise;
}

__attribute__((noreturn)) static void
be_group(const struct check_group *g, const struct conf *conf, int out)
{
	struct arena a;
	struct doctor d = {.conf = conf, .arena = &a, .out = out};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	arena_init(&a);
	if (g->provider != NULL)
		doctor_provider(&d, g->provider);
	else
		g->run(&d);
	_exit(0);
}

/* ---- in the parent ------------------------------------------------------ */

static bool
group_start(struct check_group *g, const struct conf *conf)
{
	int fds[2];

	buf_init(&g->said, SAID_BYTES);
	g->in = -1;
	if (pipe(fds) != 0)
		return false;
	g->pid = fork();
	if (g->pid == 0) {
		close(fds[0]);
		be_group(g, conf, fds[1]);
	}
	close(fds[1]);
	if (g->pid < 0) {
		close(fds[0]);
		return false;
	}
	g->in = fds[0];
	return true;
}

static void
group_read(struct check_group *g)
{
	char bytes[4096];
	ssize_t n = read(g->in, bytes, sizeof(bytes));

	if (n > 0) {
		buf_add(&g->said, bytes, (size_t)n);
		return;
	}
	if (n < 0 && errno == EINTR)
		return;
	close(g->in);
	g->in = -1;
}

/* Until every group has said all, or the time is over. */
static void
listen_to_all(struct check_group *g, int n)
{
	int64_t until = clock_ms() + DOCTOR_MS, left;
	struct pollfd fds[GROUPS_MAX];
	int open;

	do {
		open = 0;
		for (int i = 0; i < n; i++) {
			fds[i] = (struct pollfd){g[i].in, POLLIN, 0};
			open += g[i].in >= 0;
		}
		left = until - clock_ms();
		if (open == 0 || left <= 0)
			return;
		if (poll(fds, (nfds_t)n, (int)left) <= 0)
			continue;
		for (int i = 0; i < n; i++)
			if (g[i].in >= 0 && fds[i].revents != 0)
				group_read(&g[i]);
	} while (open > 0);
}

static void
checks_add(struct json_object *list, const char *name, const char *detail)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "name", name);
	json_put_str(o, "status", words[DOCTOR_FAIL]);
	json_put_str(o, "detail", detail);
	json_object_array_add(list, o);
}

/* Its lines to the list; one of ours where it was cut short. */
static void
group_collect(struct check_group *g, struct arena *a, struct json_object *list)
{
	bool late = g->in >= 0, any = false;
	char *rest = NULL, *line;
	struct json_object *o;
	const char *why;
	int status = 0;

	if (late) {
		kill(g->pid, SIGKILL);
		close(g->in);
	}
	if (g->pid > 0)
		waitpid(g->pid, &status, 0);
	line = strtok_r(arena_strdup(a, g->said.data), "\n", &rest);
	for (; line != NULL; line = strtok_r(NULL, "\n", &rest)) {
		o = json_parse(a, line, strlen(line), &why);
		if (o == NULL)
			continue;
		json_object_array_add(list, json_object_get(o));
		any = true;
	}
	if (late)
		checks_add(list, g->name,
		    arena_printf(a,
			"There was no whole answer within %d seconds. It is "
			"overloaded, stopped, or cut off by the network.",
			DOCTOR_MS / 1000));
	else if (!any || status != 0)
		checks_add(list, g->name, "The check itself failed.");
	buf_release(&g->said);
}

struct json_object *
doctor_examine(struct arena *a, struct conf *conf)
{
	struct json_object *root = json_new(a);
	struct json_object *list = json_object_new_array();
	struct check_group g[GROUPS_MAX] = {{0}};
	int n = 0;

	/* An operator waits for this; an order would be more patient. */
	if (conf->model_probe_ms > DOCTOR_MS - 2000)
		conf->model_probe_ms = DOCTOR_MS - 2000;
	if (conf->model_connect_ms > DOCTOR_CONNECT_MS)
		conf->model_connect_ms = DOCTOR_CONNECT_MS;
	json_put(root, "checks", list);
	for (size_t i = 0; i < NGROUPS; i++)
		g[n++] = groups[i];
	for (int i = 0; providers[i] != NULL && n < GROUPS_MAX; i++)
		g[n++] = (struct check_group){
		    .name = providers[i]->name, .provider = providers[i]};
	for (int i = 0; i < n; i++)
		if (!group_start(&g[i], conf))
			log_error("doctor_fork", "why", strerror(errno));
	listen_to_all(g, n);
	for (int i = 0; i < n; i++)
		group_collect(&g[i], a, list);
	return list;
}
