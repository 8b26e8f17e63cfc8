/*
 * db: a PostgreSQL server that stops reading does not hold its caller.
 *
 * The server is a child that completes the start-up and then reads nothing,
 * so that a long parameter fits neither its socket nor ours.
 */
#include "core/clock.h"
#include "core/db.h"

#include "t/tap.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define LONG_BYTES (16 << 20)

/* AuthenticationOk and ReadyForQuery, as the protocol has them. */
static const char welcome[] = "R\0\0\0\10\0\0\0\0"
			      "Z\0\0\0\5I";

__attribute__((noreturn)) static void
serve(int listener)
{
	char packet[4096];
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fd = accept(listener, NULL, NULL);
	if (read(fd, packet, sizeof(packet)) > 0 &&
	    write(fd, welcome, sizeof(welcome) - 1) > 0)
		for (;;)
			pause();
	_exit(1);
}

static int
listen_somewhere(int *port)
{
	struct sockaddr_in at = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&at, len) != 0 || listen(fd, 1) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		return -1;
	*port = ntohs(at.sin_port);
	return fd;
}

static void
count(void *arg)
{
	(*(int *)arg)++;
}

static void
waits_not_for_ever(struct arena *a, struct db *db)
{
	char *text = arena_alloc(a, LONG_BYTES + 1);
	int64_t began = clock_ms(), took;
	int turns = 0;

	memset(text, 'x', LONG_BYTES);
	text[LONG_BYTES] = '\0';
	db_set_wait_callback(db, count, &turns);
	is_int(db_run(db, a, NULL, Q_WORKER_LEAVE, NULL, DB_ARGS(text)),
	    E_UNAVAILABLE, "a server that reads nothing is given up");
	took = clock_ms() - began;
	ok(took >= 4000, "a server that reads nothing has five seconds");
	within((double)took / 1000, 8,
	    "a server that reads nothing is given up after five seconds");
	is(db_error_text(db), "no answer in time", "and the log says so");
	ok(turns >= 9, "meanwhile the caller may do other things (%d times)",
	    turns);
	is_int(db_socket(db), -1, "the connection is closed");
}

int
main(void)
{
	struct arena a;
	struct db *db;
	int port = 0, listener = listen_somewhere(&port);
	pid_t pid;

	arena_init(&a);
	pid = listener < 0 ? -1 : fork();
	if (pid == 0)
		serve(listener);
	ok(pid > 0, "the silent server starts");
	db = db_open(arena_printf(&a,
			 "host=127.0.0.1 port=%d dbname=x "
			 "sslmode=disable gssencmode=disable",
			 port),
	    "nobody", "test");
	waits_not_for_ever(&a, db);
	db_close(db);
	arena_release(&a);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return done();
}
