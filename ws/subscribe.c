#include "ws/subscribe.h"

#include "core/events.h"
#include "core/log.h"
#include "core/schema/redis_names.h"
#include "ws/client.h"
#include "ws/hub.h"
#include "ws/live.h"
#include "ws/async_pg.h"
#include "ws/present_state.h"
#include "ws/registry.h"

#include <stdlib.h>
#include <string.h>

/* Events of a resumed client that are sent at once; the rest in pages. */
#define FIRST_PAGE 256
/* Readings of one request that came to nothing, before it fails. */
#define RESTARTS_MAX 5

enum subscribe_stage {
	SUBSCRIBE_ROOM,      /* waits for the room */
	SUBSCRIBE_ROWS,      /* for PostgreSQL */
	SUBSCRIBE_REPLAY,    /* for the events after the cursor */
	SUBSCRIBE_SNAPSHOTS, /* for the snapshots of the last events */
	SUBSCRIBE_CATCH_UP,  /* for the room to have heard what the snapshots
				know */
};

struct subscribe_call {
	struct client *c;
	enum subscribe_stage stage;
	int restarts;
	bool refresh;
	bool all;
	struct uuid *ids; /* owned, as the next three */
	int n;
	char *cursor; /* NULL: none was given */
	char **invalid;
	int ninvalid;
	struct cursor from; /* where the room was when PostgreSQL was asked */
	struct pg_call *pg;
	struct history_call *history;
	struct redis_call *snapshots;
	struct present_state *v; /* what is the account's, owned */
	int nv;
	struct cursor at; /* the moment of the snapshots */
};

static void *
alloc_array(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);

	if (p == NULL)
		fatal("out of memory");
	return p;
}

static char *
copy_string(const char *s)
{
	return memcpy(alloc_array(strlen(s), 1), s, strlen(s));
}

static void
cancel_calls(struct subscribe_call *sub)
{
	pg_cancel(sub->pg);
	history_cancel(sub->history);
	async_redis_cancel(sub->snapshots);
	sub->pg = NULL;
	sub->history = NULL;
	sub->snapshots = NULL;
	present_state_free(sub->v, sub->nv);
	sub->v = NULL;
	sub->nv = 0;
}

void
subscribe_free(struct subscribe_call *sub)
{
	if (sub == NULL)
		return;
	cancel_calls(sub);
	sub->c->subscribing = NULL;
	for (int i = 0; i < sub->ninvalid; i++)
		free(sub->invalid[i]);
	free(sub->invalid);
	free(sub->ids);
	free(sub->cursor);
	free(sub);
}

static void
subscribe_fail(struct subscribe_call *sub)
{
	struct client *c = sub->c;
	bool refresh = sub->refresh;

	subscribe_free(sub);
	if (!refresh)
		c->transport->fail(c, E_UNAVAILABLE,
		    "The service can't look this up right now. Try again.");
}

/* ---- the answer ------------------------------------------------------- */

static const struct present_state *
find_state(const struct subscribe_call *sub, const struct uuid *id)
{
	for (int i = 0; i < sub->nv; i++)
		if (uuid_cmp(&sub->v[i].id, id) == 0)
			return &sub->v[i];
	return NULL;
}

static void
not_found(struct client *c, const char *id)
{
	client_push_error(c, "not_found",
	    "This generation doesn't exist, or you don't have access to it.",
	    id);
}

/* FNV-1a, with an end after each text. */
static uint64_t
hash_text(uint64_t h, const char *s)
{
	do {
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	} while (*s++ != '\0');
	return h;
}

/* A hash of all named ids that are not the account's. */
static uint64_t
hash_unknown(const struct subscribe_call *sub)
{
	uint64_t h = 14695981039346656037u;
	char text[UUID_LEN + 1];

	for (int i = 0; i < sub->n; i++) {
		if (find_state(sub, &sub->ids[i]) != NULL)
			continue;
		uuid_to_text(&sub->ids[i], text);
		h = hash_text(h, text);
	}
	for (int i = 0; i < sub->ninvalid; i++)
		h = hash_text(h, sub->invalid[i]);
	return h;
}

/*
 * Named ids that are not the account's get the same answer.  A long-poll that
 * resumes from its cursor has had it: with it again at once, it would poll
 * again at once, forever.
 */
static void
push_unknown_ids(
    struct subscribe_call *sub, const struct cursor *at, bool resumed)
{
	char text[UUID_LEN + 1];
	struct update *u;

	if (sub->all || (sub->n == sub->nv && sub->ninvalid == 0))
		return;
	if (sub->c->transport->polls &&
	    !room_notice_once(sub->c->room, hash_unknown(sub)) && resumed)
		return;
	for (int i = 0; i < sub->n; i++) {
		if (find_state(sub, &sub->ids[i]) != NULL)
			continue;
		uuid_to_text(&sub->ids[i], text);
		if (!sub->refresh) {
			not_found(sub->c, text);
			continue;
		}
		/* It existed when the client asked for it. */
		u = update_deleted(&sub->ids[i], at);
		client_push_update(sub->c, u, false);
		update_unref(u);
	}
	for (int i = 0; i < sub->ninvalid; i++)
		not_found(sub->c, sub->invalid[i]);
}

/* The subscription as it is from now on. */
static void
subscription_merge(struct subscribe_call *sub)
{
	struct filter *f = &sub->c->filter;

	if (sub->refresh)
		return;
	if (sub->all) {
		filter_all(f);
		return;
	}
	for (int i = 0; i < sub->nv; i++) {
		if (filter_add(f, &sub->v[i].id)) {
			filter_set_finished(f, &sub->v[i].id,
			    sub->v[i].finished && sub->v[i].announced);
			continue;
		}
		client_push_error(sub->c, "too_many",
		    "A connection listens to at most 100 generations by "
		    "name; name none to listen to all.",
		    NULL);
		break;
	}
}

static void
answer_begin(struct subscribe_call *sub, const char *cursor, bool resumed,
    int64_t missed)
{
	struct uuid *ids = alloc_array((size_t)sub->nv, sizeof(*ids));
	struct subscribe_answer s = {
	    .ids = ids,
	    .n = sub->nv,
	    .cursor = cursor,
	    .resumed = resumed,
	    .refresh = sub->refresh,
	    .missed = missed,
	};

	for (int i = 0; i < sub->nv; i++)
		ids[i] = sub->v[i].id;
	subscription_merge(sub);
	sub->c->transport->begin(sub->c, &s);
	free(ids);
}

static void
subscribe_finish(struct subscribe_call *sub)
{
	struct client *c = sub->c;

	subscribe_free(sub);
	registry_put(c);
	client_wake(c);
}

/* Events of older subscriptions that it has not read come first. */
static void
finish_older_subscriptions(struct client *c, const struct cursor *upto)
{
	client_flush_log(c, upto);
	history_cancel(c->page);
	c->page = NULL;
	if (c->behind) {
		c->behind = false;
		c->stale = c->events_lost = true;
	}
}

/* at may be no cursor: then nothing is live yet. */
static void
push_states(struct subscribe_call *sub, const struct cursor *at)
{
	struct client *c = sub->c;
	struct update *u, *kept = NULL;

	for (int i = 0; i < sub->nv; i++) {
		u = present_state_update(&sub->v[i], at);
		client_note_finished(c, u);
		if (!update_is_for(u, c->dialect)) {
			update_unref(u);
			continue;
		}
		if (kept != NULL)
			client_push_update(c, kept, false);
		update_unref(kept);
		kept = u;
	}
	/* Only the last has the cursor: all of them must have arrived. */
	if (kept != NULL)
		client_push_update(c, kept, true);
	update_unref(kept);
}

/* The snapshots, as of sub->at. */
static void
answer_from_snapshots(struct subscribe_call *sub)
{
	struct client *c = sub->c;
	char text[CURSOR_MAX];
	bool kept = sub->refresh && !c->events_lost;

	finish_older_subscriptions(c, &sub->at);
	c->stale = sub->refresh ? false : c->stale;
	c->events_lost = sub->refresh ? false : c->events_lost;
	answer_begin(sub, cursor_text(&sub->at, text), kept,
	    kept || (!sub->refresh && sub->cursor == NULL) ? 0 : -1);
	push_unknown_ids(sub, &sub->at, false);
	push_states(sub, &sub->at);
	client_set_position(c, &sub->at);
	subscribe_finish(sub);
}

/* Without Redis: from PostgreSQL, and once more when Redis is back. */
static void
answer_from_database(struct subscribe_call *sub)
{
	static const struct cursor nowhere;
	struct client *c = sub->c;

	answer_begin(sub, NULL, false, -1);
	push_unknown_ids(sub, &nowhere, false);
	push_states(sub, &nowhere);
	c->is_live = false;
	c->stale = c->events_lost = true;
	subscribe_finish(sub);
}

/* An update that the client wants and that comes after the cursor. */
static bool
is_wanted_after(const struct subscribe_call *sub, const struct update *u,
    const struct cursor *after)
{
	return cursor_cmp(&u->cursor, after) > 0 &&
	       update_is_for(u, sub->c->dialect) &&
	       (sub->all || find_state(sub, &u->generation) != NULL);
}

/* Both fit: everything after the cursor is in the room's log. */
static void
answer_from_log(struct subscribe_call *sub, const struct cursor *after)
{
	struct client *c = sub->c;
	struct room *r = c->room;
	int64_t missed = 0;
	uint64_t i;

	finish_older_subscriptions(c, &r->last);
	for (i = r->tail; i < r->head; i++)
		missed += is_wanted_after(sub, room_at(r, i), after);
	answer_begin(sub, sub->cursor, true, missed);
	push_unknown_ids(sub, after, true);
	for (i = r->tail; i < r->head; i++) {
		struct update *u = room_at(r, i);

		if (is_wanted_after(sub, u, after))
			client_push_update(c, u, true);
	}
	client_set_position(c, &r->last);
	subscribe_finish(sub);
}

static void
answer_from_history(struct subscribe_call *sub, const struct history *h)
{
	struct client *c = sub->c;

	finish_older_subscriptions(c, &c->room->last);
	answer_begin(sub, sub->cursor, true, h->total);
	push_unknown_ids(sub, &h->upto, true);
	for (int i = 0; i < h->n; i++)
		client_push_update(c, h->v[i], true);
	client_set_position(c, &h->upto);
	c->behind = cursor_cmp(&h->upto, &h->last) != 0 ||
		    (cursor_cmp(&h->upto, &c->room->last) < 0 &&
			!room_covers(c->room, &h->upto));
	subscribe_finish(sub);
}

/* ---- resuming --------------------------------------------------------- */

static void request_snapshots(struct subscribe_call *sub);

static void
on_history(void *arg, const struct history *h)
{
	struct subscribe_call *sub = arg;
	bool good;

	sub->history = NULL;
	if (h == NULL) {
		subscribe_restart(sub);
		return;
	}
	/* h outlives the call, which answer_from_history frees. */
	good = h->complete && cursor_same_epoch(&h->last, &sub->c->room->last);
	if (good)
		answer_from_history(sub, h);
	for (int i = 0; i < h->n; i++)
		update_unref(h->v[i]);
	if (!good)
		request_snapshots(sub);
}

/* False when the cursor is of no use. */
static bool
subscribe_resume(struct subscribe_call *sub)
{
	struct client *c = sub->c;
	struct filter wanted = {.all = sub->all};
	struct cursor after;

	if (sub->cursor == NULL || !cursor_parse(sub->cursor, &after) ||
	    !cursor_same_epoch(&after, &c->room->last))
		return false;
	if (room_covers(c->room, &after)) {
		answer_from_log(sub, &after);
		return true;
	}
	for (int i = 0; i < sub->nv && !sub->all; i++)
		if (!filter_add(&wanted, &sub->v[i].id))
			break;
	struct history_query q = {
	    .account = c->room->account_text,
	    .after = &after,
	    .page = FIRST_PAGE,
	    .collapse = c->live->conf.live_client_frames,
	    .filter = &wanted,
	    .changes_only = dialects[c->dialect]->changes_only,
	};
	sub->stage = SUBSCRIBE_REPLAY;
	sub->history = history_read(c->live->redis, &q, on_history, sub);
	filter_release(&wanted);
	return true;
}

/* ---- snapshots ------------------------------------------------ */

/* Deleted while we looked it up?  Its event is in the log, after "from". */
static void
mark_deleted(struct subscribe_call *sub)
{
	struct room *r = sub->c->room;

	for (uint64_t i = r->tail; i < r->head; i++) {
		struct update *u = room_at(r, i);

		if (u->kind != EVENT_DELETED ||
		    cursor_cmp(&u->cursor, &sub->from) <= 0 ||
		    cursor_cmp(&u->cursor, &sub->at) > 0)
			continue;
		for (int k = 0; k < sub->nv; k++)
			if (uuid_cmp(&sub->v[k].id, &u->generation) == 0)
				sub->v[k].deleted = true;
	}
}

/* Goes on when the room has heard everything up to the snapshots. */
static void
catch_up(struct subscribe_call *sub)
{
	struct room *r = sub->c->room;

	if (r->state != ROOM_LIVE) {
		subscribe_restart(sub);
		return;
	}
	if (!cursor_same_epoch(&r->last, &sub->at) ||
	    cursor_cmp(&r->last, &sub->at) < 0) {
		room_check_stream(r);
		return;
	}
	mark_deleted(sub);
	answer_from_snapshots(sub);
}

static bool
read_snapshots(struct subscribe_call *sub, const redisReply *r)
{
	redisReply **e = r->element;

	if (r->type != REDIS_REPLY_ARRAY || r->elements != 3 ||
	    e[0]->type != REDIS_REPLY_STRING ||
	    e[1]->type != REDIS_REPLY_STRING ||
	    e[2]->type != REDIS_REPLY_ARRAY ||
	    !cursor_parse_id(e[0]->str, e[1]->str, &sub->at))
		return false;
	for (size_t i = 0; i < e[2]->elements && (int)i < sub->nv; i++) {
		const redisReply *s = e[2]->element[i];

		if (s->type == REDIS_REPLY_STRING)
			present_state_apply_snapshot(
			    &sub->v[i], s->str, s->len);
	}
	return true;
}

static void
on_snapshots(void *arg, redisReply *reply)
{
	struct subscribe_call *sub = arg;

	sub->snapshots = NULL;
	if (reply == NULL || !read_snapshots(sub, reply)) {
		subscribe_restart(sub);
		return;
	}
	sub->stage = SUBSCRIBE_CATCH_UP;
	catch_up(sub);
}

static void
request_snapshots(struct subscribe_call *sub)
{
	struct room *r = sub->c->room;
	const char **argv;
	char id[UUID_LEN + 1];
	struct arena a;
	int n = 0;

	arena_init(&a);
	argv = arena_array(&a, (size_t)sub->nv + 3, sizeof(*argv));
	argv[n++] = KEY_EPOCH;
	argv[n++] = arena_printf(&a, KEY_EVENTS "%s", r->account_text);
	for (int i = 0; i < sub->nv; i++) {
		uuid_to_text(&sub->v[i].id, id);
		argv[n++] = arena_printf(&a, KEY_SNAPSHOT "%s", id);
	}
	argv[n++] = events_fresh_epoch(&a);
	sub->stage = SUBSCRIBE_SNAPSHOTS;
	sub->snapshots = async_redis_script(sub->c->live->redis,
	    SCRIPT_LIVE_PRESENT, n - 1, n, argv, on_snapshots, sub);
	arena_release(&a);
}

/* ---- PostgreSQL ------------------------------------------------------- */

/* A refresh of "all but some" leaves those out. */
static void
drop_excepted(struct subscribe_call *sub)
{
	int kept = 0;

	if (!sub->refresh)
		return;
	for (int i = 0; i < sub->nv; i++) {
		if (filter_match(&sub->c->filter, &sub->v[i].id))
			sub->v[kept++] = sub->v[i];
		else
			free(sub->v[i].json);
	}
	sub->nv = kept;
}

static void
on_rows(void *arg, enum rc rc, const struct rows *rows)
{
	struct subscribe_call *sub = arg;
	struct client *c = sub->c;

	sub->pg = NULL;
	if (rc != OK) {
		subscribe_fail(sub);
		return;
	}
	sub->v = present_state_read(rows, &sub->nv);
	drop_excepted(sub);
	if (c->room->state == ROOM_LIVE) {
		if (!subscribe_resume(sub))
			request_snapshots(sub);
	} else if (async_redis_is_up(c->live->redis)) {
		subscribe_restart(sub);
	} else {
		answer_from_database(sub);
	}
}

/* "{uuid,uuid}" */
static const char *
id_array(struct arena *a, const struct subscribe_call *sub)
{
	struct buf b;
	const char *text;
	char id[UUID_LEN + 1];

	buf_init(&b, 64 + (size_t)sub->n * (UUID_LEN + 1));
	buf_addc(&b, '{');
	for (int i = 0; i < sub->n; i++) {
		uuid_to_text(&sub->ids[i], id);
		buf_printf(&b, "%s%s", i > 0 ? "," : "", id);
	}
	buf_addc(&b, '}');
	text = arena_strdup(a, b.data);
	buf_release(&b);
	return text;
}

static void
request_rows(struct subscribe_call *sub)
{
	const char *account = sub->c->room->account_text;
	struct async_pg *pg = sub->c->live->pg;
	struct arena a;

	arena_init(&a);
	sub->stage = SUBSCRIBE_ROWS;
	if (sub->all)
		sub->pg = pg_call(
		    pg, account, Q_LIVE_PRESENT_ALL, DB_NONE, on_rows, sub);
	else
		sub->pg = pg_call(pg, account, Q_LIVE_PRESENT_SOME,
		    DB_ARGS(id_array(&a, sub), db_int(&a, PRESENT_CONTENT_MAX)),
		    on_rows, sub);
	arena_release(&a);
}

/* ---- for the client --------------------------------------------------- */

void
subscribe_step(struct subscribe_call *sub)
{
	struct client *c = sub->c;

	if (sub->stage == SUBSCRIBE_CATCH_UP) {
		catch_up(sub);
		return;
	}
	if (sub->stage != SUBSCRIBE_ROOM)
		return;
	if (c->room->state == ROOM_LIVE)
		sub->from = c->room->last;
	else if (async_redis_is_up(c->live->redis))
		return;
	request_rows(sub);
}

void
subscribe_restart(struct subscribe_call *sub)
{
	cancel_calls(sub);
	sub->stage = SUBSCRIBE_ROOM;
	/* Redis answers, but with errors: give up some time. */
	if (async_redis_is_up(sub->c->live->redis) &&
	    ++sub->restarts > RESTARTS_MAX)
		subscribe_fail(sub);
	else
		subscribe_step(sub);
}

void
subscribe_start(struct client *c, const struct client_request *rq, bool refresh)
{
	struct subscribe_call *sub = alloc_array(1, sizeof(*sub));

	sub->c = c;
	c->subscribing = sub;
	sub->refresh = refresh;
	sub->all = rq->all;
	sub->n = rq->n;
	sub->ids = alloc_array((size_t)rq->n, sizeof(*sub->ids));
	if (rq->n > 0)
		memcpy(sub->ids, rq->ids, (size_t)rq->n * sizeof(*sub->ids));
	sub->cursor = rq->cursor == NULL ? NULL : copy_string(rq->cursor);
	sub->invalid = alloc_array((size_t)rq->ninvalid, sizeof(*sub->invalid));
	for (; sub->ninvalid < rq->ninvalid; sub->ninvalid++)
		sub->invalid[sub->ninvalid] =
		    copy_string(rq->invalid[sub->ninvalid]);
	subscribe_step(sub);
}
