/*
 * history: the events of an account after a cursor, from Redis.
 *
 * The stream keeps about 2000 events of an account for a day; what is older
 * is "not complete": the listener needs the snapshots instead.
 */
#ifndef WS_HISTORY_H
#define WS_HISTORY_H

#include "ws/cursor.h"
#include "ws/async_redis.h"
#include "ws/filter.h"
#include "ws/update.h"

struct history_call;

struct history_query {
	const char *account;        /* uuid text */
	const struct cursor *after; /* NULL: only the last id of the stream */
	int page;                   /* most events wanted at once */
	int collapse;      /* past so many, progress collapses to the latest */
	bool changes_only; /* no progress at all */
	const struct filter *filter;
};

struct history {
	struct cursor last; /* the newest of the account; its epoch counts */
	bool complete;      /* nothing after the cursor is lost */
	int64_t total;      /* events, this page and those to come */
	struct cursor upto; /* where to go on; last when this was all */
	struct update **v;  /* in order; each is given to the callee */
	int n;
};

/* h is NULL when Redis is down; it is freed when the function returns. */
typedef void history_done(void *arg, const struct history *h);

struct history_call *history_read(struct async_redis *redis,
    const struct history_query *q, history_done *done, void *arg);

/* history_cancel: done will not be called. */
void history_cancel(struct history_call *call);

#endif
