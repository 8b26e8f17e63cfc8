#include "worker/parser/parse_once.h"

#include <poll.h>

/* A sitemap is handed over in pieces of so many bytes. */
#define PIECE 65536

struct once {
	void (*result)(void *ctx, const struct parser_result *r);
	void *ctx;
	bool done;
};

static void
parse_once_result(void *ctx, void *user, const struct parser_result *r)
{
	struct once *o = ctx;

	(void)user;
	o->result(o->ctx, r);
	o->done = r->last;
}

static enum rc
parse_once_step(struct parser *p)
{
	struct pollfd fd = {.fd = parser_fd(p), .events = parser_events(p)};

	(void)poll(&fd, 1, parser_timeout(p));
	return parser_step(p);
}

static enum rc
parse_once_feed(
    struct parser *p, const struct parser_request *rq, struct once *o)
{
	/* What an open order has is sent, too; all of it comes by feed. */
	struct parser_request head = *rq;
	const char *bytes = rq->bytes;
	unsigned id;
	enum rc rc = OK;

	head.bytes = NULL;
	head.len = 0;
	id = parser_open(p, &head, NULL);
	for (size_t at = 0; at < rq->len && rc == OK && !o->done;) {
		size_t n = rq->len - at < PIECE ? rq->len - at : PIECE;

		parser_feed(p, id, bytes + at, n);
		at += n;
		while (rc == OK && parser_backlog(p) > PIECE)
			rc = parse_once_step(p);
	}
	parser_close(p, id);
	return rc;
}

enum rc
parse_once(const struct parser_limits *limits, const struct parser_request *rq,
    void (*result)(void *ctx, const struct parser_result *r), void *ctx)
{
	struct once once = {.result = result, .ctx = ctx};
	struct parser_sink sink = {.result = parse_once_result, .ctx = &once};
	struct parser *p = parser_start(limits, &sink);
	enum rc rc = OK;

	if (p == NULL)
		return E_UNAVAILABLE;
	if (rq->kind == PARSER_SITEMAP)
		rc = parse_once_feed(p, rq, &once);
	else
		parser_send(p, rq, NULL);
	while (rc == OK && !once.done)
		rc = parse_once_step(p);
	parser_stop(p);
	/* "Every order has been failed": then it was answered, too. */
	return once.done ? OK : rc;
}
