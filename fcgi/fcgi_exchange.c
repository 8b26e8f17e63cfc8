#include "fcgi/fcgi_exchange.h"

#include "core/buf.h"
#include "core/clock.h"
#include "core/log.h"
#include "fcgi/spool.h"

#include <malloc.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>

#define HEAD_MAX 16384
/* An answer that the front server does not fetch is cut off after so long. */
#define STREAM_MS 60000
/* The front server takes something, or sends something, so often. */
#define STALL_SECONDS 20
/*
 * After a request that took or made more than this, bytes, the small blocks of
 * its JSON are given back, too (a millisecond).
 */
#define LARGE_BYTES 262144

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
fcgi_exchange_put(FCGX_Request *f, const char *p, size_t n)
{
	while (n > 0) {
		int chunk = n > (1u << 20) ? 1 << 20 : (int)n;

		if (FCGX_PutStr(p, chunk, f->out) < 0)
			return; /* the client left */
		p += chunk;
		n -= (size_t)chunk;
	}
}

/*
 * Sends what the front server cannot fetch itself while its reader takes it;
 * a reader that takes too long is cut off.  Half of the threads do that at
 * most: pages need the others.
 */
static void
put_pieces(const struct reply *r, FCGX_Request *f)
{
	int64_t until = clock_ms() + STREAM_MS;
	size_t at = r->first, end = r->first + r->len, n;
	const char *p;

	for (; at < end && clock_ms() < until; at += n) {
		if (r->pieces->read(r->pieces->ctx, at, &p, &n) != OK)
			return;
		fcgi_exchange_put(f, p, n < end - at ? n : end - at);
	}
}

/* Neither a body nor an answer waits for ever for a client. */
static void
limit_waits(FCGX_Request *f)
{
	struct timeval wait = {STALL_SECONDS, 0};

	setsockopt(f->ipcFd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	setsockopt(f->ipcFd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
}

static void
send_reply(struct request *rq, FCGX_Request *f)
{
	struct buf head;

	buf_init(&head, HEAD_MAX);
	reply_head(rq, &head);
	if (!buf_ok(&head))
		BUG("headers of more than %d bytes", HEAD_MAX);
	fcgi_exchange_put(f, head.data, head.len);
	if (rq->head || rq->reply.file != NULL)
		;
	else if (rq->reply.pieces != NULL)
		put_pieces(&rq->reply, f);
	else if (rq->reply.body != NULL)
		fcgi_exchange_put(f, rq->reply.body, rq->reply.len);
	if (rq->reply.streams)
		spool_streamed(rq->spool);
	buf_release(&head);
}

struct fcgi_exchange *
fcgi_exchange_new(int listen_fd)
{
	struct fcgi_exchange *x = calloc(1, sizeof(*x));

	if (x == NULL || FCGX_InitRequest(&x->fcgi, listen_fd, 0) != 0)
		fatal("out of memory");
	x->env = (struct http_env){env_get, env_read, &x->fcgi};
	arena_init(&x->arena);
	return x;
}

void
fcgi_exchange_free(struct fcgi_exchange *x)
{
	FCGX_Free(&x->fcgi, 1);
	arena_release(&x->arena);
	free(x);
}

bool
fcgi_exchange_accept(struct fcgi_exchange *x)
{
	if (FCGX_Accept_r(&x->fcgi) != 0)
		return false;
	limit_waits(&x->fcgi);
	return true;
}

/* The request is over; its memory goes. */
static void
clean_up(struct fcgi_exchange *x)
{
	const struct reply *r = &x->rq.reply;
	size_t took = x->arena.used + x->rq.body_len;

	if (r->body != NULL)
		took += r->len;
	arena_reset(&x->arena);
	if (took > LARGE_BYTES)
		malloc_trim(0);
}

void
fcgi_exchange_end(struct fcgi_exchange *x)
{
	send_reply(&x->rq, &x->fcgi);
	FCGX_Finish_r(&x->fcgi);
	clean_up(x);
}
