#include "worker/parser/parser_internal.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define OUT_LOW (128u << 10) /* bytes waiting: below this more is framed */
#define READS 16             /* reads per step: other descriptors wait, too */

/* ---- what we send -------------------------------------------------------- */

static void
frame_begin(struct parser *p, struct parser_order *o)
{
	size_t at = frame_open(&p->out, FRAME_BEGIN, o->id);

	frame_put32(&p->out, o->kind);
	frame_puts(&p->out, o->url);
	frame_puts(&p->out, o->content_type);
	frame_puts(&p->out, o->robots_tag);
	frame_shut(&p->out, at);
	o->begun = true;
	p->feeds += o->fed;
}

static void
frame_data(struct parser *p, struct parser_order *o)
{
	size_t n = o->bytes.len - o->sent, at;

	if (n > FRAME_CHUNK)
		n = FRAME_CHUNK;
	at = frame_open(&p->out, FRAME_DATA, o->id);
	buf_add(&p->out, o->bytes.data + o->sent, n);
	frame_shut(&p->out, at);
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
		frame_shut(&p->out, frame_open(&p->out, FRAME_END, o->id));
		TAILQ_REMOVE(&p->sending, o, link);
		TAILQ_INSERT_TAIL(&p->waiting, o, link);
	}
}

bool
parser_write(struct parser *p)
{
	for (;;) {
		struct parser_order *o;
		ssize_t n;

		while (p->out.len - p->out_sent < OUT_LOW &&
		       (o = parser_next(p)) != NULL)
			frame_one(p, o);
		if (!parser_unwritten(p))
			return true;
		n = send(p->fd, p->out.data + p->out_sent,
		    p->out.len - p->out_sent, MSG_NOSIGNAL);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		p->out_sent += (size_t)n;
		p->alive_ms = parser_clock(CLOCK_MONOTONIC);
		if (!parser_unwritten(p)) {
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
got_doc(struct parser *p, struct parser_order *o, struct frame_reader *r)
{
	struct parser_result res = {.last = true};
	struct doc d;

	if (o->kind != PARSER_PAGE || !frame_get_doc(r, &p->arena, &d))
		return false;
	res.doc = &d;
	parser_deliver(p, o, &res);
	parser_finish(p, o);
	return true;
}

static bool
got_entries(struct parser *p, struct parser_order *o, struct frame_reader *r)
{
	struct parser_result res = {0};
	size_t n, again = 0;

	res.entries = frame_get_entries(r, &p->arena, &n);
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
got_report(struct parser *p, struct parser_order *o, struct frame_reader *r)
{
	struct parser_result res = {.last = true};
	struct sitemap_report rep;

	if (o->kind != PARSER_SITEMAP || !frame_get_report(r, &rep))
		return false;
	res.report = &rep;
	parser_deliver(p, o, &res);
	parser_finish(p, o);
	return true;
}

/* take_frame: one frame; false when it breaks the protocol. */
static bool
take_frame(struct parser *p, const struct frame_head *h, char *payload)
{
	struct frame_reader r = {.p = payload, .end = payload + h->len};
	struct parser_order *o = parser_order(p, h->id);

	if (o == NULL || !o->begun)
		return false;
	if (h->type == FRAME_START) {
		p->current = h->id;
		return h->len == 0;
	}
	if (h->type == FRAME_ENTRIES)
		return got_entries(p, o, &r);
	if (!parser_framed(p, o))
		return false;
	p->current = 0;
	if (h->type == FRAME_DOC)
		return got_doc(p, o, &r);
	return h->type == FRAME_REPORT && got_report(p, o, &r);
}

/* take_frames: all whole frames in p->in; false when one breaks the protocol.
 */
static bool
take_frames(struct parser *p)
{
	struct frame_head h;
	size_t at = 0;

	while (p->in.len - at >= sizeof(h)) {
		bool good;

		memcpy(&h, p->in.data + at, sizeof(h));
		if (h.len > FRAME_MAX)
			return false;
		if (p->in.len - at - sizeof(h) < h.len)
			break;
		good = take_frame(p, &h, p->in.data + at + sizeof(h));
		arena_reset(&p->arena);
		if (!good)
			return false;
		at += sizeof(h) + h.len;
	}
	buf_drop(&p->in, at);
	return true;
}

bool
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
		parser_alive(p);
		if (!take_frames(p))
			return false;
		if ((size_t)n < PARSER_READ)
			break;
	}
	/* A large page is no reason to stay large. */
	if (p->in.len == 0 && p->in.cap > 2 * PARSER_READ)
		buf_release(&p->in);
	return true;
}
