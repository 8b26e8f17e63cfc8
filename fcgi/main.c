/*
 * platen-web: pages and JSON calls over FastCGI.
 *
 * lighttpd starts it with the listening socket as descriptor 0; with
 * --socket PATH it makes its own, for a server that does not start it
 * (Apache, nginx).  Threads share nothing but what never changes.
 */
#include "core/conf.h"
#include "core/buf.h"
#include "core/log.h"
#include "fcgi/request.h"
#include "fcgi/serve.h"
#include "fcgi/template.h"

#include <errno.h>
#include <fcgiapp.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define BACKLOG 512
#define HEAD_MAX 16384
/* What Redis gives is a comfort: no page waits longer for it, ms. */
#define REDIS_MS 400

/*
 * malloc keeps what was freed.  Blocks over the first size are mapped apart and
 * go back at once; after a request that took or made more than the second, in
 * bytes, the small ones of its JSON are given back, too (a millisecond).
 */
#define MAPPED_BYTES 131072
#define LARGE_BYTES 262144

/* What every thread is given; read only. */
struct program {
	struct conf conf;
	struct templates *templates;
	int listen_fd;
};

/* The stop flag's other half: the descriptor that the handler shuts. */
static volatile sig_atomic_t listening = -1;

static void
on_stop(int sig)
{
	(void)sig;
	/* Threads in accept() wake up; requests in flight finish. */
	FCGX_ShutdownPending();
	if (listening >= 0)
		shutdown(listening, SHUT_RD);
}

static const char *
env_get(void *arg, const char *name)
{
	FCGX_Request *f = arg;

	return FCGX_GetParam(name, f->envp);
}

static long
env_read(void *arg, char *p, size_t n)
{
	FCGX_Request *f = arg;
	int chunk = n > (1u << 20) ? 1 << 20 : (int)n;

	return FCGX_GetStr(p, chunk, f->in);
}

/* FCGX_PutStr takes an int. */
static void
put(FCGX_Request *f, const char *p, size_t n)
{
	while (n > 0) {
		int chunk = n > (1u << 20) ? 1 << 20 : (int)n;

		if (FCGX_PutStr(p, chunk, f->out) < 0)
			return; /* the client left */
		p += chunk;
		n -= (size_t)chunk;
	}
}

static void
send_reply(struct request *rq, FCGX_Request *f)
{
	struct buf head;

	buf_init(&head, HEAD_MAX);
	reply_head(rq, &head);
	if (!buf_ok(&head))
		BUG("headers of more than %d bytes", HEAD_MAX);
	put(f, head.data, head.len);
	if (!rq->head && rq->reply.body != NULL)
		put(f, rq->reply.body, rq->reply.len);
	buf_release(&head);
}

/* The request is over; its memory goes. */
static void
clean_up(const struct request *rq)
{
	size_t took = rq->arena->used + rq->body_len + rq->reply.len;

	arena_reset(rq->arena);
	if (took > LARGE_BYTES)
		malloc_trim(0);
}

static void *
serve_requests(void *arg)
{
	const struct program *p = arg;
	struct arena arena;
	FCGX_Request f;
	struct http_env env = {env_get, env_read, &f};
	struct db *db;
	struct redis *redis;

	db = db_open(p->conf.db_conninfo, "platen_web", "platen-web");
	redis = redis_open(p->conf.redis_url, REDIS_MS);
	arena_init(&arena);
	if (FCGX_InitRequest(&f, p->listen_fd, 0) != 0)
		fatal("FCGX_InitRequest failed");
	while (FCGX_Accept_r(&f) == 0) {
		struct request rq = {
		    .conf = &p->conf,
		    .templates = p->templates,
		    .db = db,
		    .redis = redis,
		    .arena = &arena,
		    .env = &env,
		};

		serve(&rq);
		send_reply(&rq, &f);
		FCGX_Finish_r(&f);
		clean_up(&rq);
	}
	FCGX_Free(&f, 1);
	arena_release(&arena);
	redis_close(redis);
	db_close(db);
	return NULL;
}

static void
handle_signals(void)
{
	struct sigaction stop = {.sa_handler = on_stop};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	/* lighttpd asks a FastCGI process to go by SIGUSR1, too. */
	sigaction(SIGUSR1, &stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

static int
open_socket(int argc, char **argv)
{
	struct stat st;
	int fd;

	if (argc == 1) {
		if (fstat(STDIN_FILENO, &st) != 0 || !S_ISSOCK(st.st_mode))
			fatal("standard input is no socket: start it from a "
			      "web server or with --socket PATH");
		/* kill -9 of lighttpd would leave us behind. */
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		return STDIN_FILENO;
	}
	if (argc != 3 || strcmp(argv[1], "--socket") != 0)
		fatal("usage: platen-web [--socket PATH]");
	umask(0117);
	fd = FCGX_OpenSocket(argv[2], BACKLOG);
	if (fd < 0)
		fatal("%s: cannot listen: %s", argv[2], strerror(errno));
	return fd;
}

static void
run_threads(struct program *p)
{
	pthread_t *threads;
	int i, n = p->conf.web_threads;

	threads = calloc((size_t)n, sizeof(*threads));
	if (threads == NULL)
		fatal("out of memory");
	for (i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, serve_requests, p) != 0)
			fatal("cannot start thread %d", i);
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}

int
main(int argc, char **argv)
{
	struct program p;

	/* Left to itself malloc would raise it with the largest block. */
	mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
	log_init("platen-web", LOG_INFO);
	conf_load(&p.conf);
	log_init(
	    "platen-web", (enum log_level)log_level_parse(p.conf.log_level));
	p.templates = templates_load();
	if (FCGX_Init() != 0)
		fatal("FCGX_Init failed");
	p.listen_fd = open_socket(argc, argv);
	listening = p.listen_fd;
	handle_signals();
	log_info("started", "threads", log_num(p.conf.web_threads));
	run_threads(&p);
	log_info("stopped");
	templates_free(p.templates);
	conf_release(&p.conf);
	return 0;
}
