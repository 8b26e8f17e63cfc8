#include "worker/spawn.h"

#include "core/log.h"
#include "worker/provider.h"
#include "worker/runner.h"
#include "worker/workdir.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENV_MAX 256

/* What of the configuration a slot may know; the rest may hold secrets. */
static const char *const for_slots[] = {"run.var", "log.", "crawl.", "worker.",
    "cache.", "llms.", "model.", "story.", NULL};

static const char *const inherited[] = {"PATH", "LANG", "LC_ALL", "LC_CTYPE",
    "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "ASAN_OPTIONS", "UBSAN_OPTIONS",
    "LSAN_OPTIONS", NULL};

/* Each provider's own keys: "ollama.url" and so on. */
static size_t
export_providers(struct worker *w, char **env, size_t max)
{
	size_t n = 0;

	for (int i = 0; providers[i] != NULL; i++) {
		const char *prefix[] = {
		    arena_printf(&w->scratch, "%s.", providers[i]->name), NULL};

		n +=
		    conf_export(w->conf, &w->scratch, prefix, env + n, max - n);
	}
	return n;
}

static char **
environment(struct worker *w)
{
	struct arena *a = &w->scratch;
	char **env = arena_array(a, ENV_MAX + 1, sizeof(*env));
	size_t n = 0;
	const char *value;

	for (int i = 0; inherited[i] != NULL; i++) {
		value = getenv(inherited[i]);
		if (value != NULL)
			env[n++] =
			    arena_printf(a, "%s=%s", inherited[i], value);
	}
	n += conf_export(w->conf, a, for_slots, env + n, ENV_MAX - n);
	n += export_providers(w, env + n, ENV_MAX - n);
	env[n] = NULL;
	return env;
}

/*
 * The slot's directory, kept open; of nobody's when the slot will be.  A
 * removed one is made again, but not under a work that still has files in it.
 */
static bool
open_dir(struct worker *w, struct slot *s)
{
	const char *path =
	    arena_printf(&w->scratch, "%s/%d", w->dir, s->number);

	if (s->dir >= 0 && (s->work != NULL || !workdir_gone(s->dir)))
		return true;
	if (s->dir >= 0)
		close(s->dir);
	s->dir = -1;
	if (!workdir_stand(w))
		return false;
	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		log_error("slot_dir", "path", path, "why", strerror(errno));
		return false;
	}
	s->dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (s->dir < 0 ||
	    (geteuid() == 0 && fchown(s->dir, RUNNER_UID, RUNNER_UID) != 0)) {
		log_error("slot_dir", "path", path, "why", strerror(errno));
		return false;
	}
	return true;
}

/* In the child: only async-signal-safe calls up to the exec. */
__attribute__((noreturn)) static void
become_slot(const struct slot *s, int fd, char **argv, char **env)
{
	int null = open("/dev/null", O_RDWR);

	/* A signal for the supervisor's group is not for the slots. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	if (fchdir(s->dir) == 0) {
		/* The same number would keep its close-on-exec flag. */
		if (fd == RUNNER_FD)
			fcntl(fd, F_SETFD, 0);
		else
			dup2(fd, RUNNER_FD);
		/* Nothing of ours goes along: Redis least of all. */
		close_range(RUNNER_FD + 1, ~0U, 0);
		execve("/proc/self/exe", argv, env);
	}
	_exit(127);
}

bool
spawn_slot(struct worker *w, struct slot *s)
{
	char number[16];
	char *argv[] = {"platen-worker", "--slot", number, NULL};
	char **env = environment(w);
	int pair[2];
	pid_t pid;

	if (!open_dir(w, s))
		return false;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		log_error("slot_socketpair", "why", strerror(errno));
		return false;
	}
	snprintf(number, sizeof(number), "%d", s->number);
	pid = fork();
	if (pid == 0)
		become_slot(s, pair[1], argv, env);
	close(pair[1]);
	if (pid < 0) {
		log_error("slot_fork", "why", strerror(errno));
		close(pair[0]);
		return false;
	}
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	s->pid = pid;
	wire_open(&s->wire, pair[0]);
	return true;
}
