/* parser_parts: what the parts of parser.h share. */
#ifndef WORKER_PARSER_PARSER_INTERNAL_H
#define WORKER_PARSER_PARSER_INTERNAL_H

#include "core/buf.h"
#include "worker/extract/sitemap.h"
#include "worker/parser/zygote.h"
#include "worker/parser/parser.h"
#include "worker/extract/page_codec.h"

#include <stdint.h>
#include <sys/queue.h>
#include <time.h>

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
int64_t parser_clock(clockid_t clock);

/* parser_alive: the child gave a sign of life now. */
void parser_alive(struct parser *p);

/* parser_spawn: a new child; false, and p->gone, when there is none. */
bool parser_spawn(struct parser *p);

struct parser_order *parser_order(struct parser *p, uint32_t id);

/* parser_framed: the order was sent whole, so it may be answered. */
bool parser_framed(const struct parser *p, const struct parser_order *o);

/* parser_finish: the order had its last result: it goes. */
void parser_finish(struct parser *p, struct parser_order *o);

/* parser_next: the first order of which something can be sent now. */
struct parser_order *parser_next(const struct parser *p);

bool parser_unwritten(const struct parser *p);

/* parser_busy: the child owes us something. */
bool parser_busy(const struct parser *p);

/* parser_deliver: calls back with one result. */
void parser_deliver(
    struct parser *p, struct parser_order *o, struct parser_result *r);

/* parser_write: what can be written now; false when the child is dead. */
bool parser_write(struct parser *p);

/* parser_read: what can be read now; false when it is dead or lies. */
bool parser_read(struct parser *p);

/*
 * parser_restart: blames an order for the child's death and sends the others
 * to a new one; E_UNAVAILABLE without a new one.
 */
MUST_CHECK enum rc parser_restart(struct parser *p, bool was_hung);

/* parser_hung: too long without a sign of life, in real or in CPU time. */
bool parser_hung(const struct parser *p);

/* parser_fail_all: nobody is left to read what is queued. */
void parser_fail_all(struct parser *p);

#endif
