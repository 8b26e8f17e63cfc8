#include "worker/parser/parser.h"

#include "core/buf.h"
#include "core/log.h"
#include "worker/extract/page_codec.h"
#include "worker/extract/sitemap.h"
#include "worker/parser/fork_server.h"
#include "worker/parser/parser_child.h"
#include "worker/parser/zygote.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HEADER_MAX 8192      /* bytes of a header passed on */
#define OUT_LOW (128u << 10) /* bytes waiting: below this more is framed */
#define READS 16             /* reads per step: other descriptors wait, too */
/* Bytes read at once. */
#define PARSER_READ (256u << 10)

/* One order, from parser_send to its last result. */
struct parser_order {
	TAILQ_ENTRY(parser_order) link;
	uint32_t id;
	enum parser_kind kind;
	void *user;
	char *url;
	char *content_type;
	char *robots_tag;
	struct buf bytes;
	size_t sent;  /* of bytes, framed so far */
	size_t given; /* entries given to the callback */
	size_t seen;  /* entries this child sent: a new one begins again */
	bool begun;
	bool fed;   /* its bytes come in pieces and are let go */
	bool ended; /* no more bytes come */
};

TAILQ_HEAD(parser_orders, parser_order);

struct parser {
	struct parser_limits limits;
	struct sitemap_limits sitemap;
	struct parser_sink sink;
	struct zygote own; /* where limits.server is NULL */
	int fork_server_fd;
	pid_t child; /* 0 while there is none */
	int fd;
	bool gone;       /* no child can be made any more */
	bool restarting; /* parser_restart makes the next child */

	struct parser_orders sending; /* not wholly framed */
	struct parser_orders waiting; /* wholly framed, in order */
	size_t norders;
	size_t backlog; /* bytes not framed yet */
	unsigned feeds; /* fed orders the child has open */
	uint32_t next_id;
	uint32_t current; /* the order the child said it is at */

	struct buf in;
	struct buf out;
	size_t out_sent;
	struct arena arena; /* of one result */
	int64_t alive_ms;   /* last sign of life, monotonic */
	clockid_t cpu;      /* the child's CPU clock */
	int64_t cpu_ms;     /* at its last sign of life */
};

/* parser_clock: a clock in ms; -1 when it cannot be read. */
static int64_t
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
	page_reader_limits_default(&l->doc);
}

/* parser_mark_alive: the child gave a sign of life now. */
static void
parser_mark_alive(struct parser *p)
{
	p->alive_ms = parser_clock(CLOCK_MONOTONIC);
	p->cpu_ms = parser_clock(p->cpu);
}

/* parser_spawn: a new child; false, and p->gone, when there is none. */
static bool
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
	parser_mark_alive(p);
	return true;
}

static bool
parser_fork_server_start(struct parser *p)
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
	buf_init(&p->in, CODEC_MAX + PARSER_READ);
	buf_init(&p->out, CODEC_MAX);
	arena_init(&p->arena);
	if (parser_fork_server_start(p))
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

static struct parser_order *
order_find(struct parser *p, uint32_t id)
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
	struct parser_order *o = order_find(p, id);

	if (o == NULL || !o->fed || o->ended)
		return;
	buf_add(&o->bytes, bytes, n);
	p->backlog += n;
}

void
parser_close(struct parser *p, unsigned id)
{
	struct parser_order *o = order_find(p, id);

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

/* order_next_sendable: the first order of which something can be sent now. */
static struct parser_order *
order_next_sendable(const struct parser *p)
{
	struct parser_order *o;

	/* Only fed ones can be in the way of the first. */
	TAILQ_FOREACH(o, &p->sending, link)
	if (is_sendable(p, o))
		return o;
	return NULL;
}

static bool
has_unwritten_bytes(const struct parser *p)
{
	return p->out_sent < p->out.len;
}

short
parser_events(const struct parser *p)
{
	if (p->gone)
		return 0;
	return has_unwritten_bytes(p) || order_next_sendable(p) != NULL
		   ? POLLIN | POLLOUT
		   : POLLIN;
}

/* is_answer_pending: the child has not answered all it was sent. */
static bool
is_answer_pending(const struct parser *p)
{
	return !TAILQ_EMPTY(&p->waiting) || has_unwritten_bytes(p);
}

int
parser_timeout(const struct parser *p)
{
	int64_t left;

	if (p->gone)
		return p->norders > 0 ? 0 : -1;
	if (!is_answer_pending(p))
		return -1;
	left = p->alive_ms + p->limits.wall_ms - parser_clock(CLOCK_MONOTONIC);
	/* Look at its CPU clock, too, from time to time. */
	if (left > 1000)
		left = 1000;
	return left < 0 ? 0 : (int)left;
}

/* is_order_sent: the order was sent whole, so it may be answered. */
static bool
is_order_sent(const struct parser *p, const struct parser_order *o)
{
	const struct parser_order *w;

	TAILQ_FOREACH(w, &p->waiting, link)
	if (w == o)
		return true;
	return false;
}

/* parser_finish: the order had its last result: it goes. */
static void
parser_finish(struct parser *p, struct parser_order *o)
{
	TAILQ_REMOVE(is_order_sent(p, o) ? &p->waiting : &p->sending, o, link);
	if (o->fed && o->begun && p->feeds > 0)
		p->feeds--;
	order_free(p, o);
}

/* parser_deliver: calls back with one result. */
static void
parser_deliver(
    struct parser *p, struct parser_order *o, struct parser_result *r)
{
	r->kind = o->kind;
	p->sink.result(p->sink.ctx, o->user, r);
}

/* ---- what we send -------------------------------------------------------- */

static void
frame_begin(struct parser *p, struct parser_order *o)
{
	size_t at = codec_open(&p->out, CODEC_BEGIN, o->id);

	codec_put32(&p->out, o->kind);
	codec_puts(&p->out, o->url);
	codec_puts(&p->out, o->content_type);
	codec_puts(&p->out, o->robots_tag);
	codec_shut(&p->out, at);
	o->begun = true;
	p->feeds += o->fed;
}

static void
frame_data(struct parser *p, struct parser_order *o)
{
	size_t n = o->bytes.len - o->sent, at;

	if (n > CODEC_CHUNK)
		n = CODEC_CHUNK;
	at = codec_open(&p->out, CODEC_DATA, o->id);
	buf_add(&p->out, o->bytes.data + o->sent, n);
	codec_shut(&p->out, at);
	o->sent += n;
	p->backlog -= n;
	if (o->fed && o->sent == o->bytes.len) {
		buf_clear(&o->bytes);
		o->sent = 0;
	}
}

/* frame_one: the next frame of an order that has one. */
static void
frame_one(struct parser *p, struct parser_order *o)
{
	if (!o->begun) {
		frame_begin(p, o);
	} else if (o->sent < o->bytes.len) {
		frame_data(p, o);
	} else {
		codec_shut(&p->out, codec_open(&p->out, CODEC_END, o->id));
		TAILQ_REMOVE(&p->sending, o, link);
		TAILQ_INSERT_TAIL(&p->waiting, o, link);
	}
}

/* parser_write: what can be written now; false when the child is dead. */
static bool
parser_write(struct parser *p)
{
	for (;;) {
		struct parser_order *o;
		ssize_t n;

		while (p->out.len - p->out_sent < OUT_LOW &&
		       (o = order_next_sendable(p)) != NULL)
			frame_one(p, o);
		if (!has_unwritten_bytes(p))
			return true;
		n = send(p->fd, p->out.data + p->out_sent,
		    p->out.len - p->out_sent, MSG_NOSIGNAL);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		p->out_sent += (size_t)n;
		p->alive_ms = parser_clock(CLOCK_MONOTONIC);
		if (!has_unwritten_bytes(p)) {
			buf_clear(&p->out);
			p->out_sent = 0;
		} else if (p->out_sent > OUT_LOW) {
			buf_drop(&p->out, p->out_sent);
			p->out_sent = 0;
		}
	}
}

/* ---- what comes back ----------------------------------------------------- */

static bool
doc_received(struct parser *p, struct parser_order *o, struct codec_reader *r)
{
	struct parser_result res = {.last = true};
	struct html_page d;

	if (o->kind != PARSER_PAGE || !codec_get_page(r, &p->arena, &d))
		return false;
	res.doc = &d;
	parser_deliver(p, o, &res);
	parser_finish(p, o);
	return true;
}

static bool
entries_received(
    struct parser *p, struct parser_order *o, struct codec_reader *r)
{
	struct parser_result res = {0};
	size_t n, again = 0;

	res.entries = codec_get_entries(r, &p->arena, &n);
	if (o->kind != PARSER_SITEMAP || res.entries == NULL ||
	    o->seen + n > p->sitemap.urls)
		return false;
	if (o->seen < o->given)
		again = n < o->given - o->seen ? n : o->given - o->seen;
	o->seen += n;
	o->given += n - again;
	res.entries += again;
	res.nentries = n - again;
	if (res.nentries > 0)
		parser_deliver(p, o, &res);
	return true;
}

static bool
report_received(
    struct parser *p, struct parser_order *o, struct codec_reader *r)
{
	struct parser_result res = {.last = true};
	struct sitemap_report rep;

	if (o->kind != PARSER_SITEMAP || !codec_get_report(r, &rep))
		return false;
	res.report = &rep;
	parser_deliver(p, o, &res);
	parser_finish(p, o);
	return true;
}

/* frame_accept: one frame; false when it is invalid. */
static bool
frame_accept(struct parser *p, const struct codec_head *h, char *payload)
{
	struct codec_reader r = {.p = payload, .end = payload + h->len};
	struct parser_order *o = order_find(p, h->id);

	if (o == NULL || !o->begun)
		return false;
	if (h->type == CODEC_START) {
		p->current = h->id;
		return h->len == 0;
	}
	if (h->type == CODEC_ENTRIES)
		return entries_received(p, o, &r);
	if (!is_order_sent(p, o))
		return false;
	p->current = 0;
	if (h->type == CODEC_PAGE)
		return doc_received(p, o, &r);
	return h->type == CODEC_REPORT && report_received(p, o, &r);
}

/* frames_accept: the whole frames in p->in; false when one is invalid. */
static bool
frames_accept(struct parser *p)
{
	struct codec_head h;
	size_t at = 0;

	while (p->in.len - at >= sizeof(h)) {
		bool good;

		memcpy(&h, p->in.data + at, sizeof(h));
		if (h.len > CODEC_MAX)
			return false;
		if (p->in.len - at - sizeof(h) < h.len)
			break;
		good = frame_accept(p, &h, p->in.data + at + sizeof(h));
		arena_reset(&p->arena);
		if (!good)
			return false;
		at += sizeof(h) + h.len;
	}
	buf_drop(&p->in, at);
	return true;
}

/* parser_read: what can be read now; false when it is dead or lies. */
static bool
parser_read(struct parser *p)
{
	for (int i = 0; i < READS; i++) {
		char *to = buf_reserve(&p->in, PARSER_READ);
		ssize_t n;

		if (to == NULL)
			return false;
		n = recv(p->fd, to, PARSER_READ, 0);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		if (n == 0)
			return false;
		buf_commit(&p->in, (size_t)n);
		parser_mark_alive(p);
		if (!frames_accept(p))
			return false;
		if ((size_t)n < PARSER_READ)
			break;
	}
	/* A large page is no reason to stay large. */
	if (p->in.len == 0 && p->in.cap > 2 * PARSER_READ)
		buf_release(&p->in);
	return true;
}

/* ---- a child that died or hangs ------------------------------------------ */

/* is_child_hung: too long without a sign of life, in real or in CPU time. */
static bool
is_child_hung(const struct parser *p)
{
	int64_t cpu;

	if (!is_answer_pending(p))
		return false;
	if (parser_clock(CLOCK_MONOTONIC) - p->alive_ms >= p->limits.wall_ms)
		return true;
	/* Its own timer comes first, unless somebody switched it off. */
	cpu = parser_clock(p->cpu);
	return cpu >= 0 && p->cpu != CLOCK_MONOTONIC &&
	       cpu - p->cpu_ms > 2 * (int64_t)p->limits.cpu_ms + 1000;
}

static enum parser_failure
failure_of_status(int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF)
		return PARSER_SLOW;
	if (WIFEXITED(status) && WEXITSTATUS(status) == PARSER_EXIT_MEMORY)
		return PARSER_MEMORY;
	return PARSER_CRASHED;
}

static const char *
failure_sentence(struct parser *p, enum parser_kind kind, enum parser_failure f)
{
	const char *what = kind == PARSER_PAGE ? "page" : "sitemap";

	switch (f) {
	case PARSER_SLOW:
		return arena_printf(&p->arena,
		    "this %s took more than %g s to parse", what,
		    p->limits.cpu_ms / 1000.0);
	case PARSER_MEMORY:
		return arena_printf(&p->arena,
		    "this %s needed more than %zu MB to parse", what,
		    p->limits.memory >> 20);
	case PARSER_LOST:
		return "the parser was restarted while this was read";
	default:
		return arena_printf(
		    &p->arena, "this %s crashed the parser", what);
	}
}

/* order_fail: the order's last result is a failure. */
static void
order_fail(struct parser *p, struct parser_order *o, enum parser_failure f)
{
	struct parser_result r = {.last = true, .failure = f};

	r.message = failure_sentence(p, o->kind, f);
	/* The query may hold what is not for logs. */
	log_warn("parser_failed", "url",
	    o->url == NULL
		? NULL
		: arena_strndup(&p->arena, o->url, strcspn(o->url, "?#")),
	    "why", r.message);
	parser_deliver(p, o, &r);
	parser_finish(p, o);
	arena_reset(&p->arena);
}

/* order_to_blame: the order at work, else the oldest one sent. */
static struct parser_order *
order_to_blame(struct parser *p)
{
	struct parser_order *o =
	    p->current != 0 ? order_find(p, p->current) : NULL;

	if (o != NULL)
		return o;
	if (!TAILQ_EMPTY(&p->waiting))
		return TAILQ_FIRST(&p->waiting);
	TAILQ_FOREACH(o, &p->sending, link)
	if (o->begun)
		return o;
	return NULL;
}

/* rewind_orders: what the dead child had is sent again to the next. */
static void
rewind_orders(struct parser *p)
{
	struct parser_order *o, *next;

	while ((o = TAILQ_LAST(&p->waiting, parser_orders)) != NULL) {
		TAILQ_REMOVE(&p->waiting, o, link);
		TAILQ_INSERT_HEAD(&p->sending, o, link);
	}
	for (o = TAILQ_FIRST(&p->sending); o != NULL; o = next) {
		next = TAILQ_NEXT(o, link);
		if (!o->begun)
			continue;
		if (o->fed) {
			/* Its bytes are let go already. */
			order_fail(p, o, PARSER_LOST);
			continue;
		}
		p->backlog += o->sent;
		o->begun = false;
		o->sent = 0;
		o->seen = 0;
	}
}

/* child_reap: learns how the child ended. */
static enum parser_failure
child_reap(struct parser *p, bool was_hung)
{
	enum parser_failure f = PARSER_CRASHED;
	int status;

	if (!fork_server_wait(p->fork_server_fd, &status))
		p->gone = true;
	else
		f = was_hung ? PARSER_SLOW : failure_of_status(status);
	close(p->fd);
	p->fd = -1;
	p->child = 0;
	return f;
}

/* parser_fail_all: nobody is left to read what is queued. */
static void
parser_fail_all(struct parser *p)
{
	struct parser_order *o;

	while ((o = TAILQ_FIRST(&p->sending)) != NULL)
		order_fail(p, o, PARSER_LOST);
}

/* parser_restart: fails the order to blame, sends the others to a new child. */
static enum rc
parser_restart(struct parser *p, bool was_hung)
{
	enum parser_failure f;
	struct parser_order *o;

	/* What it said before it died still counts, to its last word. */
	kill(p->child, SIGKILL);
	while (parser_read(p))
		;
	f = child_reap(p, was_hung);
	o = order_to_blame(p);
	/* Who hears of a failure may send more: that is for the next child. */
	p->restarting = true;
	if (o != NULL)
		order_fail(p, o, f);
	rewind_orders(p);
	p->restarting = false;
	if (!p->gone && parser_spawn(p))
		return OK;
	p->gone = true;
	parser_fail_all(p);
	return E_UNAVAILABLE;
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
	if (is_child_hung(p))
		return parser_restart(p, true);
	return OK;
}
