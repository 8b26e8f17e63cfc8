#include "ws/history.h"

#include "core/events.h"
#include "core/ids.h"
#include "core/log.h"
#include "core/schema/redis_names.h"

#include <stdlib.h>
#include <string.h>

#define FIXED_ARGS 6

struct history_call {
	history_done *done; /* NULL once canceled */
	void *arg;
};

static bool
is_text(const redisReply *r)
{
	return r->type == REDIS_REPLY_STRING;
}

/* One entry: id, id before it, JSON. */
static struct update *
read_entry(const char *epoch, redisReply *const *e)
{
	struct cursor at, prev;
	struct update *u = NULL;

	if (!is_text(e[0]) || !is_text(e[1]) || !is_text(e[2]) ||
	    !cursor_parse_id(epoch, e[0]->str, &at) ||
	    !cursor_parse_id(epoch, e[1]->str, &prev) ||
	    update_parse_at(e[2]->str, e[2]->len, &at, &prev, &u) != OK)
		log_warn("event_unreadable");
	return u;
}

static void
read_entries(const redisReply *list, struct history *h)
{
	struct update *u;

	h->v = calloc(list->elements / 3 + 1, sizeof(struct update *));
	if (h->v == NULL)
		fatal("out of memory");
	for (size_t i = 0; i + 3 <= list->elements; i += 3) {
		u = read_entry(h->last.epoch, &list->element[i]);
		if (u != NULL)
			h->v[h->n++] = u;
	}
}

static bool
read_reply(const redisReply *r, struct history *h)
{
	redisReply **e = r->element;

	memset(h, 0, sizeof(*h));
	if (r->type != REDIS_REPLY_ARRAY || r->elements != 6 ||
	    !is_text(e[0]) || !is_text(e[1]) || !is_text(e[4]) ||
	    e[5]->type != REDIS_REPLY_ARRAY ||
	    !cursor_parse_id(e[0]->str, e[1]->str, &h->last) ||
	    !cursor_parse_id(e[0]->str, e[4]->str, &h->upto))
		return false;
	h->complete = e[2]->integer == 1;
	h->total = e[3]->integer;
	read_entries(e[5], h);
	return true;
}

static void
on_reply(void *arg, redisReply *reply)
{
	struct history_call *c = arg;
	struct history h;

	if (c->done != NULL) {
		if (reply != NULL && read_reply(reply, &h)) {
			c->done(c->arg, &h);
			free(h.v);
		} else {
			if (reply != NULL)
				log_error("replay_unreadable");
			c->done(c->arg, NULL);
		}
	}
	free(c);
}

struct history_call *
history_read(struct async_redis *redis, const struct history_query *q,
    history_done *done, void *arg)
{
	struct history_call *c = calloc(1, sizeof(*c));
	const char *argv[2 + FIXED_ARGS + FILTER_MAX];
	char after[CURSOR_MAX];
	int n = 0, nids = q->filter == NULL ? 0 : q->filter->n;
	struct arena a;

	if (c == NULL)
		fatal("out of memory");
	c->done = done;
	c->arg = arg;
	arena_init(&a);
	argv[n++] = KEY_EPOCH;
	argv[n++] = arena_printf(&a, KEY_EVENTS "%s", q->account);
	argv[n++] = events_fresh_epoch(&a);
	argv[n++] = q->after ? cursor_id_text(q->after, after) : "$";
	argv[n++] = arena_printf(&a, "%d", q->page);
	argv[n++] = arena_printf(&a, "%d", q->collapse);
	argv[n++] = q->filter == NULL || q->filter->all ? "all" : "some";
	argv[n++] = q->changes_only ? "changes" : "everything";
	for (int i = 0; i < nids; i++) {
		char *id = arena_alloc(&a, UUID_LEN + 1);

		uuid_to_text(&q->filter->v[i].id, id);
		argv[n++] = id;
	}
	async_redis_script(redis, SCRIPT_LIVE_REPLAY, 2, n, argv, on_reply, c);
	arena_release(&a);
	return c;
}

void
history_cancel(struct history_call *call)
{
	if (call != NULL)
		call->done = NULL;
}
