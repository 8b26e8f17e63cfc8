/*
 * wire: JSON objects, one a line, over a socket between supervisor and slot.
 *
 * Both ends use it: the supervisor without ever waiting, the slot waiting
 * where it has nothing else to do.
 */
#ifndef WORKER_JOB_WIRE_H
#define WORKER_JOB_WIRE_H

#include "core/buf.h"
#include "core/json.h"
#include "core/rc.h"

/* The descriptors with which a slot starts. */
#define SLOT_WIRE_FD 3
#define SLOT_CONF_FD 4 /* see conf_share() */

/* Longest line, bytes: an order's input with room to spare. */
#define WIRE_LINE_MAX (4 << 20)

struct wire {
	int fd;         /* owned; -1 once closed */
	struct buf in;  /* read and not yet taken */
	struct buf out; /* queued and not yet written */
};

/* wire_open: takes over the descriptor. */
void wire_open(struct wire *w, int fd);

/* wire_close: closes it and forgets what was under way. */
void wire_close(struct wire *w);

/*
 * wire_send: queues one object and writes what can be written now; the rest
 * goes with wire_flush when the descriptor can take it (out.len > 0).
 * E_UNAVAILABLE: the other end is gone or does not read.
 */
enum rc wire_send(struct wire *w, struct json_object *o) MUST_CHECK;

enum rc wire_flush(struct wire *w) MUST_CHECK;

/* wire_put: sends and waits until everything is written. */
enum rc wire_put(struct wire *w, struct json_object *o) MUST_CHECK;

/*
 * wire_fill: one read of what has arrived; waits for it on a blocking
 * descriptor.  E_NOTFOUND: nothing is there; E_UNAVAILABLE: the end;
 * E_TOOBIG: an endless line; E_STOPPED: a signal came first.
 */
enum rc wire_fill(struct wire *w) MUST_CHECK;

/*
 * wire_take: the next whole line as an object of the arena.  E_NOTFOUND: no
 * whole line yet; E_INPUT: a line that is no JSON object (it is skipped).
 */
enum rc wire_take(
    struct wire *w, struct arena *a, struct json_object **o) MUST_CHECK;

#endif
