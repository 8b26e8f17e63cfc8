#include "worker/parser/parser.h"

#include "core/log.h"
#include "worker/parser/fork_server.h"
#include "worker/parser/parser_child.h"
#include "worker/parser/parser_internal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define HEADER_MAX 8192 /* bytes of a header passed on */

int64_t
parser_clock(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts) != 0)
		return -1;
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
parser_limits_default(struct parser_limits *l)
{
	*l = (struct parser_limits){
	    .memory = (size_t)256 << 20,
	    .cpu_ms = 2000,
	    .wall_ms = 30000,
	};
	doc_limits_default(&l->doc);
}

void
parser_alive(struct parser *p)
{
	p->alive_ms = parser_clock(CLOCK_MONOTONIC);
	p->cpu_ms = parser_clock(p->cpu);
}

bool
parser_spawn(struct parser *p)
{
	p->child = fork_server_spawn(p->fork_server_fd, &p->fd);
	if (p->child < 0) {
		p->child = 0;
		p->gone = true;
		log_error("parser_no_child", "error", strerror(errno));
		return false;
	}
	if (clock_getcpuclockid(p->child, &p->cpu) != 0)
		p->cpu = CLOCK_MONOTONIC;
	p->current = 0;
	p->feeds = 0;
	buf_clear(&p->in);
	buf_clear(&p->out);
	p->out_sent = 0;
	parser_alive(p);
	return true;
}

static bool
start_keeper(struct parser *p)
{
	const struct zygote *server = p->limits.server;

	if (server == NULL) {
		if (!zygote_start(&p->own, 0))
			return false;
		server = &p->own;
	}
	p->fork_server_fd = zygote_fork_server(server, &p->limits, &p->sitemap);
	return p->fork_server_fd >= 0;
}

struct parser *
parser_start(const struct parser_limits *limits, const struct parser_sink *sink)
{
	struct parser *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->limits = *limits;
	p->sink = *sink;
	p->sitemap = (struct sitemap_limits){.bytes = 50u << 20,
	    .urls = 50000,
	    .url_bytes = 2048,
	    .alternates = 50};
	if (limits->sitemap != NULL)
		p->sitemap = *limits->sitemap;
	p->fd = -1;
	TAILQ_INIT(&p->sending);
	TAILQ_INIT(&p->waiting);
	buf_init(&p->in, FRAME_MAX + PARSER_READ);
	buf_init(&p->out, FRAME_MAX);
	arena_init(&p->arena);
	if (start_keeper(p))
		return p;
	zygote_stop(&p->own);
	free(p);
	return NULL;
}

static void
order_free(struct parser *p, struct parser_order *o)
{
	p->backlog -= o->bytes.len - o->sent;
	p->norders--;
	buf_release(&o->bytes);
	free(o->url);
	free(o->content_type);
	free(o->robots_tag);
	free(o);
}

static void
orders_free(struct parser *p, struct parser_orders *list)
{
	struct parser_order *o;

	while ((o = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, o, link);
		order_free(p, o);
	}
}

void
parser_stop(struct parser *p)
{
	if (p == NULL)
		return;
	if (p->child > 0)
		kill(p->child, SIGKILL);
	/* The fork server ends when its socket does, after its child. */
	close(p->fork_server_fd);
	if (p->fd >= 0)
		close(p->fd);
	zygote_stop(&p->own);
	orders_free(p, &p->sending);
	orders_free(p, &p->waiting);
	buf_release(&p->in);
	buf_release(&p->out);
	arena_release(&p->arena);
	free(p);
}

static char *
copy_header(const char *s, size_t max)
{
	char *c = s == NULL ? NULL : strndup(s, max);

	if (s != NULL && c == NULL)
		fatal("out of memory");
	return c;
}

static struct parser_order *
order_new(struct parser *p, const struct parser_request *rq, void *user)
{
	struct parser_order *o = calloc(1, sizeof(*o));

	if (o == NULL)
		fatal("out of memory");
	/* When there is none to be had parser_step says so. */
	if (p->child == 0 && !p->gone && !p->restarting)
		(void)parser_spawn(p);
	if (++p->next_id == 0)
		p->next_id = 1;
	o->id = p->next_id;
	o->kind = rq->kind;
	o->user = user;
	o->url = copy_header(rq->url, HEADER_MAX);
	o->content_type = copy_header(rq->content_type, HEADER_MAX);
	o->robots_tag = copy_header(rq->robots_tag, HEADER_MAX);
	buf_init(&o->bytes, SIZE_MAX / 8);
	buf_add(&o->bytes, rq->bytes, rq->len);
	p->backlog += rq->len;
	p->norders++;
	TAILQ_INSERT_TAIL(&p->sending, o, link);
	return o;
}

void
parser_send(struct parser *p, const struct parser_request *rq, void *user)
{
	order_new(p, rq, user)->ended = true;
}

unsigned
parser_open(struct parser *p, const struct parser_request *rq, void *user)
{
	struct parser_order *o = order_new(p, rq, user);

	o->fed = true;
	return o->id;
}

struct parser_order *
parser_order(struct parser *p, uint32_t id)
{
	struct parser_order *o;

	TAILQ_FOREACH(o, &p->waiting, link)
	if (o->id == id)
		return o;
	TAILQ_FOREACH(o, &p->sending, link)
	if (o->id == id)
		return o;
	return NULL;
}

void
parser_feed(struct parser *p, unsigned id, const void *bytes, size_t n)
{
	struct parser_order *o = parser_order(p, id);

	if (o == NULL || !o->fed || o->ended)
		return;
	buf_add(&o->bytes, bytes, n);
	p->backlog += n;
}

void
parser_close(struct parser *p, unsigned id)
{
	struct parser_order *o = parser_order(p, id);

	if (o != NULL)
		o->ended = true;
}

int
parser_fd(const struct parser *p)
{
	return p->fd;
}

size_t
parser_load(const struct parser *p)
{
	return p->norders;
}

size_t
parser_backlog(const struct parser *p)
{
	return p->backlog + p->out.len - p->out_sent;
}

pid_t
parser_pid(const struct parser *p)
{
	return p->child;
}

/* is_sendable: there is something of o to frame now. */
static bool
is_sendable(const struct parser *p, const struct parser_order *o)
{
	if (!o->begun)
		return !o->fed || p->feeds < PARSER_FEEDS;
	return o->ended || o->sent < o->bytes.len;
}

struct parser_order *
parser_next(const struct parser *p)
{
	struct parser_order *o;

	/* Only fed ones can be in the way of the first. */
	TAILQ_FOREACH(o, &p->sending, link)
	if (is_sendable(p, o))
		return o;
	return NULL;
}

bool
parser_unwritten(const struct parser *p)
{
	return p->out_sent < p->out.len;
}

short
parser_events(const struct parser *p)
{
	if (p->gone)
		return 0;
	return parser_unwritten(p) || parser_next(p) != NULL ? POLLIN | POLLOUT
							     : POLLIN;
}

bool
parser_busy(const struct parser *p)
{
	return !TAILQ_EMPTY(&p->waiting) || parser_unwritten(p);
}

int
parser_timeout(const struct parser *p)
{
	int64_t left;

	if (p->gone)
		return p->norders > 0 ? 0 : -1;
	if (!parser_busy(p))
		return -1;
	left = p->alive_ms + p->limits.wall_ms - parser_clock(CLOCK_MONOTONIC);
	/* Look at its CPU clock, too, from time to time. */
	if (left > 1000)
		left = 1000;
	return left < 0 ? 0 : (int)left;
}

bool
parser_framed(const struct parser *p, const struct parser_order *o)
{
	const struct parser_order *w;

	TAILQ_FOREACH(w, &p->waiting, link)
	if (w == o)
		return true;
	return false;
}

void
parser_finish(struct parser *p, struct parser_order *o)
{
	TAILQ_REMOVE(parser_framed(p, o) ? &p->waiting : &p->sending, o, link);
	if (o->fed && o->begun && p->feeds > 0)
		p->feeds--;
	order_free(p, o);
}

void
parser_deliver(
    struct parser *p, struct parser_order *o, struct parser_result *r)
{
	r->kind = o->kind;
	p->sink.result(p->sink.ctx, o->user, r);
}

enum rc
parser_step(struct parser *p)
{
	if (p->gone) {
		parser_fail_all(p);
		return E_UNAVAILABLE;
	}
	if (p->child == 0)
		return OK;
	if (!parser_read(p) || !parser_write(p))
		return parser_restart(p, false);
	if (parser_hung(p))
		return parser_restart(p, true);
	return OK;
}
