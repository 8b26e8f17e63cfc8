#include "worker/supervisor/slot_process.h"

#include "core/conf.h"
#include "core/log.h"
#include "worker/supervisor/lane.h"
#include "worker/supervisor/workdir.h"

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

/* What of the configuration a slot may know. */
static const char *const for_slots[] = {"run.var", "log.", "crawl.", "worker.",
    "cache.", "llms.", "model.", "story.", NULL};

/* A proxy is none of them: it would see the keys. */
static const char *const inherited[] = {"PATH", "LANG", "LC_ALL", "LC_CTYPE",
    "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH", "ASAN_OPTIONS",
    "UBSAN_OPTIONS", "LSAN_OPTIONS", NULL};

#define N(list) (sizeof(list) / sizeof((list)[0]))

/*
 * A descriptor with what the slot is to know, without secrets: of the
 * providers ("ollama.url" and so on) it gets them with their calls
 * (slot_secrets).
 */
static int
slot_settings(struct worker *w)
{
	const char **prefixes = arena_array(
	    &w->scratch, N(for_slots) + (size_t)w->lanes->n, sizeof(char *));
	size_t n = 0;

	for (int i = 0; for_slots[i] != NULL; i++)
		prefixes[n++] = for_slots[i];
	for (int i = 0; i < w->lanes->n; i++)
		prefixes[n++] =
		    arena_printf(&w->scratch, "%s.", w->lanes->v[i].name);
	return conf_share(w->conf, prefixes, NULL);
}

static char **
slot_environment(struct worker *w)
{
	struct arena *a = &w->scratch;
	char **env = arena_array(a, N(inherited) + 1, sizeof(*env));
	const char *value;
	size_t n = 0;

	for (int i = 0; inherited[i] != NULL; i++) {
		value = getenv(inherited[i]);
		if (value != NULL)
			env[n++] =
			    arena_printf(a, "%s=%s", inherited[i], value);
	}
	env[n++] = arena_printf(a, CONF_FD_VARIABLE "=%d", SLOT_CONF_FD);
	return env;
}

/*
 * The slot's directory, kept open; its user's where that is another one.  A
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
	    (geteuid() == 0 && fchown(s->dir, (uid_t)w->conf->worker_slot_uid,
				   (gid_t)w->conf->worker_slot_uid) != 0)) {
		log_error("slot_dir", "path", path, "why", strerror(errno));
		return false;
	}
	return true;
}

/* The same number would keep its close-on-exec flag. */
static bool
place_fd(int fd, int number)
{
	return fd == number ? fcntl(fd, F_SETFD, 0) == 0
			    : dup2(fd, number) == number;
}

/* In the child: only async-signal-safe calls up to the exec. */
__attribute__((noreturn)) static void
become_slot(const struct slot *s, int fd, int conf, char **argv, char **env)
{
	int null = open("/dev/null", O_RDWR);

	/* A signal for the supervisor's group is not for the slots. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	/* Out of the other's way first. */
	if (conf == SLOT_WIRE_FD)
		conf = fcntl(conf, F_DUPFD, SLOT_CONF_FD);
	if (fchdir(s->dir) == 0 && place_fd(fd, SLOT_WIRE_FD) &&
	    place_fd(conf, SLOT_CONF_FD)) {
		/* Nothing of ours goes along: Redis least of all. */
		close_range(SLOT_CONF_FD + 1, ~0U, 0);
		execve("/proc/self/exe", argv, env);
	}
	_exit(127);
}

bool
slot_process_spawn(struct worker *w, struct slot *s)
{
	char number[16];
	char *argv[] = {"platen-worker", "--slot", number, NULL};
	char **env = slot_environment(w);
	int pair[2], conf;
	pid_t pid;

	if (!open_dir(w, s))
		return false;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		log_error("slot_socketpair", "why", strerror(errno));
		return false;
	}
	snprintf(number, sizeof(number), "%d", s->number);
	conf = slot_settings(w);
	pid = fork();
	if (pid == 0)
		become_slot(s, pair[1], conf, argv, env);
	close(conf);
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
