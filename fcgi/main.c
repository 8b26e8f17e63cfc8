/*
 * platen-web: pages and JSON calls over FastCGI.
 *
 * lighttpd starts it with the listening socket as descriptor 0; with
 * --socket PATH it makes its own, for a server that does not start it
 * (Apache, nginx).  Threads share nothing but what never changes.  With --trim
 * it does nothing but see to what lighttpd keeps of request bodies.
 */
#include "core/conf.h"
#include "core/log.h"
#include "core/privileges.h"
#include "fcgi/copy_thread.h"
#include "fcgi/fcgi_exchange.h"
#include "fcgi/serve.h"
#include "fcgi/spool.h"
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
/* Between two looks at what lighttpd keeps of bodies, seconds. */
#define TRIM_SECONDS 1
#define MEGABYTE 1048576u
/* What Redis gives is a comfort: no page waits longer for it, ms. */
#define REDIS_MS 400

/*
 * malloc keeps what was freed.  Blocks over this size (bytes) are mapped apart
 * and go back at once; fcgi_exchange_end() gives back the others.
 */
#define MAPPED_BYTES 131072

/* What every thread is given; read only. */
struct program {
	struct conf conf;
	struct templates *templates;
	struct spool *spool;
	struct copy_thread *copy_thread;
	pthread_t trimmer; /* looks after what lighttpd keeps, if trims */
	bool trims;
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

static enum rc
too_many_wait(struct request *rq)
{
	rq->reply.headers = NULL;
	rq->problem.status = 503;
	return request_fail(rq, E_UNAVAILABLE,
	    "Many large files are being downloaded right now. Nothing has been "
	    "lost.");
}

/* Answers x, or has the copying thread do so; returns what serves the next one.
 */
static struct fcgi_exchange *
fcgi_exchange_finish(const struct program *p, struct fcgi_exchange *x)
{
	if (x->rq.reply.copy != NULL) {
		if (copy_thread_take(p->copy_thread, x))
			return fcgi_exchange_new(p->listen_fd);
		reply_error(&x->rq, too_many_wait(&x->rq));
	}
	fcgi_exchange_end(x);
	return x;
}

static void *
serve_requests(void *arg)
{
	const struct program *p = arg;
	struct fcgi_exchange *x = fcgi_exchange_new(p->listen_fd);
	struct db *db;
	struct redis *redis;

	db = db_open(p->conf.db_conninfo, "platen_web", "platen-web");
	redis = redis_open(p->conf.redis_url, REDIS_MS);
	while (fcgi_exchange_accept(x)) {
		x->rq = (struct request){
		    .conf = &p->conf,
		    .templates = p->templates,
		    .db = db,
		    .redis = redis,
		    .spool = p->spool,
		    .arena = &x->arena,
		    .env = &x->env,
		};
		serve_request(&x->rq);
		x = fcgi_exchange_finish(p, x);
	}
	fcgi_exchange_free(x);
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
		fatal("usage: platen-web [--socket PATH | --trim]");
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

/* lighttpd knows no limit for what it keeps on the disk: this is it. */
static void *
trim_bodies(void *arg)
{
	struct program *p = arg;
	const char *path = conf_path(&p->conf, "tmp");
	size_t max = (size_t)p->conf.web_bodies_megabytes * MEGABYTE;

	for (;;) {
		sleep(TRIM_SECONDS);
		spool_trim(path, max);
	}
	return NULL;
}

static void
start_spool(struct program *p)
{
	const struct conf *c = &p->conf;
	int streams = c->web_threads > 1 ? c->web_threads / 2 : 1;

	p->spool = calloc(1, sizeof(*p->spool));
	if (p->spool == NULL)
		fatal("out of memory");
	spool_init(p->spool, conf_path(&p->conf, "spool"),
	    (size_t)c->web_spool_megabytes * MEGABYTE,
	    (size_t)c->storage_free_megabytes * MEGABYTE, streams);
	p->copy_thread = copy_thread_start(c);
	/* Another user's files are seen to by another process (--trim). */
	p->trims = c->run_front_gid == 0;
	if (p->trims && pthread_create(&p->trimmer, NULL, trim_bodies, p) != 0)
		fatal("cannot start a thread");
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
	if (argc == 2 && strcmp(argv[1], "--trim") == 0) {
		privileges_drop((uid_t)p.conf.run_uid);
		trim_bodies(&p);
	}
	conf_set_identity(&p.conf, "web");
	p.templates = templates_load();
	if (FCGX_Init() != 0)
		fatal("FCGX_Init failed");
	p.listen_fd = open_socket(argc, argv);
	/* What it puts into the spool lighttpd reads, by its group. */
	if (p.conf.run_front_gid != 0)
		umask(027);
	privileges_drop((uid_t)p.conf.run_uid);
	listening = p.listen_fd;
	handle_signals();
	start_spool(&p);
	log_info("started", "threads", log_num(p.conf.web_threads));
	run_threads(&p);
	log_info("stopped");
	copy_thread_stop(p.copy_thread);
	if (p.trims) {
		pthread_cancel(p.trimmer);
		pthread_join(p.trimmer, NULL);
	}
	free(p.spool);
	templates_free(p.templates);
	conf_release(&p.conf);
	return 0;
}
