#include "ws/join.h"

#include "core/log.h"
#include "ws/client.h"
#include "ws/hub.h"
#include "ws/live.h"
#include "ws/present.h"
#include "ws/registry.h"

#include <stdlib.h>
#include <string.h>

/* Events of a resumed client that are told at once; the rest in pages. */
#define FIRST_PAGE 256
/* Readings of one request that came to nothing, before it fails. */
#define RESTARTS_MAX 5

enum stage {
	STAGE_WAIT,   /* for the room */
	STAGE_ROWS,   /* for PostgreSQL */
	STAGE_REPLAY, /* for the events after the cursor */
	STAGE_SNAP,   /* for the snapshots of the last events */
	STAGE_CATCH,  /* for the room to have heard what the snapshots know */
};

struct join {
	struct client *c;
	enum stage stage;
	int restarts;
	bool again;
	bool all;
	struct uid *ids; /* owned, as the next three */
	int n;
	char *cursor; /* NULL: none was given */
	char **wrong;
	int nwrong;
	struct cursor from; /* where the room was when PostgreSQL was asked */
	struct pg_call *pg;
	struct history_call *history;
	struct feed_call *snap;
	struct present *v; /* what is the account's, owned */
	int nv;
	struct cursor at; /* the moment of the snapshots */
};

static void *
take(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);

	if (p == NULL)
		fatal("out of memory");
	return p;
}

static char *
copy(const char *s)
{
	return memcpy(take(strlen(s), 1), s, strlen(s));
}

static void
forget_calls(struct join *j)
{
	pg_cancel(j->pg);
	history_cancel(j->history);
	feed_cancel(j->snap);
	j->pg = NULL;
	j->history = NULL;
	j->snap = NULL;
	present_free(j->v, j->nv);
	j->v = NULL;
	j->nv = 0;
}

void
join_free(struct join *j)
{
	if (j == NULL)
		return;
	forget_calls(j);
	j->c->join = NULL;
	for (int i = 0; i < j->nwrong; i++)
		free(j->wrong[i]);
	free(j->wrong);
	free(j->ids);
	free(j->cursor);
	free(j);
}

/* ---- the answer
 * ------------------------------------------------------------------ */

static const struct present *
find(const struct join *j, const struct uid *id)
{
	for (int i = 0; i < j->nv; i++)
		if (uid_cmp(&j->v[i].id, id) == 0)
			return &j->v[i];
	return NULL;
}

static void
not_found(struct client *c, const char *id)
{
	client_complain(c, "not_found",
	    "There is no such generation, or it is not yours.", id);
}

/* Named ids that are not the account's: the same answer for all of them. */
static void
tell_unknown(struct join *j, const struct cursor *at)
{
	char text[UUID_LEN + 1];
	struct update *u;

	for (int i = 0; i < j->n && !j->all; i++) {
		if (find(j, &j->ids[i]) != NULL)
			continue;
		uid_text(&j->ids[i], text);
		if (!j->again) {
			not_found(j->c, text);
			continue;
		}
		/* It was there when the client asked for it. */
		u = update_deleted(&j->ids[i], at);
		client_push_update(j->c, u, false);
		update_unref(u);
	}
	for (int i = 0; i < j->nwrong; i++)
		not_found(j->c, j->wrong[i]);
}

/* The subscription as it is from now on. */
static void
merge(struct join *j)
{
	struct filter *f = &j->c->filter;

	if (j->again)
		return;
	if (j->all) {
		filter_all(f);
		return;
	}
	for (int i = 0; i < j->nv; i++) {
		if (filter_add(f, &j->v[i].id)) {
			filter_set_over(
			    f, &j->v[i].id, j->v[i].over && j->v[i].announced);
			continue;
		}
		client_complain(j->c, "too_many",
		    "One connection listens to at most 500 generations by "
		    "their ids; name none to listen to all.",
		    NULL);
		break;
	}
}

static void
begin(struct join *j, const char *cursor, bool resumed, int64_t missed)
{
	struct uid *ids = take((size_t)j->nv, sizeof(*ids));
	struct subscribed s = {
	    .ids = ids,
	    .n = j->nv,
	    .cursor = cursor,
	    .resumed = resumed,
	    .missed = missed,
	};

	for (int i = 0; i < j->nv; i++)
		ids[i] = j->v[i].id;
	merge(j);
	j->c->transport->begin(j->c, &s);
	free(ids);
}

static void
finish(struct join *j)
{
	struct client *c = j->c;

	join_free(j);
	registry_put(c);
	client_wake(c);
}

/* What it still had to read by older subscriptions comes first. */
static void
flush(struct client *c, const struct cursor *upto)
{
	client_flush(c, upto);
	history_cancel(c->page);
	c->page = NULL;
	if (c->behind) {
		c->behind = false;
		c->stale = c->lost = true;
	}
}

/* at may be no cursor: then nothing is live yet. */
static void
tell_present(struct join *j, const struct cursor *at)
{
	struct client *c = j->c;
	struct update *u;

	for (int i = 0; i < j->nv; i++) {
		u = present_update(&j->v[i], at);
		client_push_update(c, u, i == j->nv - 1);
		update_unref(u);
	}
}

/* The present state, as of j->at. */
static void
answer_present(struct join *j)
{
	struct client *c = j->c;
	char text[CURSOR_MAX];
	bool kept = j->again && !c->lost;

	flush(c, &j->at);
	c->stale = j->again ? false : c->stale;
	c->lost = j->again ? false : c->lost;
	begin(j, cursor_text(&j->at, text), kept,
	    kept || (!j->again && j->cursor == NULL) ? 0 : -1);
	tell_unknown(j, &j->at);
	tell_present(j, &j->at);
	client_settle(c, &j->at);
	finish(j);
}

/* Without Redis: from PostgreSQL, and once more when Redis is back. */
static void
answer_alone(struct join *j)
{
	static const struct cursor nowhere;
	struct client *c = j->c;

	begin(j, NULL, false, -1);
	tell_unknown(j, &nowhere);
	tell_present(j, &nowhere);
	c->is_live = false;
	c->stale = c->lost = true;
	finish(j);
}

static void
fail(struct join *j)
{
	struct client *c = j->c;
	bool again = j->again;

	join_free(j);
	if (!again)
		c->transport->fail(c, E_UNAVAILABLE,
		    "The service cannot look it up at the moment; "
		    "try again.");
}

/* ---- resuming
 * -------------------------------------------------------------------- */

static bool
asked_for(const struct join *j, const struct uid *id)
{
	return j->all || find(j, id) != NULL;
}

/* Both fit: everything after the cursor is in the room's log. */
static void
answer_from_log(struct join *j, const struct cursor *after)
{
	struct client *c = j->c;
	struct room *r = c->room;
	int64_t missed = 0;
	uint64_t i;

	flush(c, &r->last);
	for (i = r->tail; i < r->head; i++) {
		struct update *u = room_at(r, i);

		missed += cursor_cmp(&u->cursor, after) > 0 &&
			  asked_for(j, &u->generation);
	}
	begin(j, j->cursor, true, missed);
	tell_unknown(j, after);
	for (i = r->tail; i < r->head; i++) {
		struct update *u = room_at(r, i);

		if (cursor_cmp(&u->cursor, after) > 0 &&
		    asked_for(j, &u->generation))
			client_push_update(c, u, true);
	}
	client_settle(c, &r->last);
	finish(j);
}

static void ask_snapshots(struct join *j);

static void
answer_from_history(struct join *j, const struct history *h)
{
	struct client *c = j->c;

	flush(c, &c->room->last);
	begin(j, j->cursor, true, h->total);
	tell_unknown(j, &h->upto);
	for (int i = 0; i < h->n; i++)
		client_push_update(c, h->v[i], true);
	client_settle(c, &h->upto);
	c->behind = cursor_cmp(&h->upto, &h->last) != 0 ||
		    (cursor_cmp(&h->upto, &c->room->last) < 0 &&
			!room_covers(c->room, &h->upto));
	finish(j);
}

static void
on_history(void *arg, const struct history *h)
{
	struct join *j = arg;
	bool good;

	j->history = NULL;
	if (h == NULL) {
		join_restart(j);
		return;
	}
	/* h outlives the join, whose end is in answer_from_history. */
	good = h->complete && cursor_same_epoch(&h->last, &j->c->room->last);
	if (good)
		answer_from_history(j, h);
	for (int i = 0; i < h->n; i++)
		update_unref(h->v[i]);
	if (!good)
		ask_snapshots(j);
}

/* False when the cursor is of no use. */
static bool
resume(struct join *j)
{
	struct client *c = j->c;
	struct filter wanted = {.all = j->all};
	struct cursor after;

	if (j->cursor == NULL || !cursor_parse(j->cursor, &after) ||
	    !cursor_same_epoch(&after, &c->room->last))
		return false;
	if (room_covers(c->room, &after)) {
		answer_from_log(j, &after);
		return true;
	}
	for (int i = 0; i < j->nv && !j->all; i++)
		if (!filter_add(&wanted, &j->v[i].id))
			break;
	struct history_query q = {
	    .account = c->room->account_text,
	    .after = &after,
	    .page = FIRST_PAGE,
	    .collapse = c->live->conf.live_client_frames,
	    .filter = &wanted,
	};
	j->stage = STAGE_REPLAY;
	j->history = history_read(c->live->feed, &q, on_history, j);
	filter_release(&wanted);
	return true;
}

/* ---- the present state
 * -------------------------------------------------------------- */

/* Deleted while we looked? Its event is in the log, after "from". */
static void
mark_gone(struct join *j)
{
	struct room *r = j->c->room;

	for (uint64_t i = r->tail; i < r->head; i++) {
		struct update *u = room_at(r, i);

		if (u->kind != EVENT_DELETED ||
		    cursor_cmp(&u->cursor, &j->from) <= 0 ||
		    cursor_cmp(&u->cursor, &j->at) > 0)
			continue;
		for (int k = 0; k < j->nv; k++)
			if (uid_cmp(&j->v[k].id, &u->generation) == 0)
				j->v[k].gone = true;
	}
}

/* Goes on when the room has heard everything up to the snapshots. */
static void
catch_up(struct join *j)
{
	struct room *r = j->c->room;

	if (r->state != ROOM_LIVE) {
		join_restart(j);
		return;
	}
	if (!cursor_same_epoch(&r->last, &j->at) ||
	    cursor_cmp(&r->last, &j->at) < 0) {
		room_doubt(r);
		return;
	}
	mark_gone(j);
	answer_present(j);
}

static bool
read_snapshots(struct join *j, const redisReply *r)
{
	redisReply **e = r->element;

	if (r->type != REDIS_REPLY_ARRAY || r->elements != 3 ||
	    e[0]->type != REDIS_REPLY_STRING ||
	    e[1]->type != REDIS_REPLY_STRING ||
	    e[2]->type != REDIS_REPLY_ARRAY ||
	    !cursor_parse_id(e[0]->str, e[1]->str, &j->at))
		return false;
	for (size_t i = 0; i < e[2]->elements && (int)i < j->nv; i++) {
		const redisReply *s = e[2]->element[i];

		if (s->type == REDIS_REPLY_STRING)
			present_correct(&j->v[i], s->str, s->len);
	}
	return true;
}

static void
on_snapshots(void *arg, redisReply *reply)
{
	struct join *j = arg;

	j->snap = NULL;
	if (reply == NULL || !read_snapshots(j, reply)) {
		join_restart(j);
		return;
	}
	j->stage = STAGE_CATCH;
	catch_up(j);
}

static void
ask_snapshots(struct join *j)
{
	struct room *r = j->c->room;
	const char **argv;
	char epoch[EPOCH_MAX], id[UUID_LEN + 1];
	struct arena a;
	int n = 0;

	arena_init(&a);
	argv = arena_array(&a, (size_t)j->nv + 3, sizeof(*argv));
	argv[n++] = "platen:epoch";
	argv[n++] = arena_printf(&a, "events:user:%s", r->account_text);
	for (int i = 0; i < j->nv; i++) {
		uid_text(&j->v[i].id, id);
		argv[n++] = arena_printf(&a, "job:%s", id);
	}
	epoch_propose(epoch);
	argv[n++] = epoch;
	j->stage = STAGE_SNAP;
	j->snap = feed_script(j->c->live->feed, SCRIPT_LIVE_PRESENT, n - 1, n,
	    argv, on_snapshots, j);
	arena_release(&a);
}

/* ---- PostgreSQL
 * ------------------------------------------------------------------------ */

/* Of all but the exceptions, when it is told again. */
static void
drop_exceptions(struct join *j)
{
	int kept = 0;

	if (!j->again)
		return;
	for (int i = 0; i < j->nv; i++) {
		if (filter_match(&j->c->filter, &j->v[i].id))
			j->v[kept++] = j->v[i];
		else
			free(j->v[i].json);
	}
	j->nv = kept;
}

static void
on_rows(void *arg, enum rc rc, const struct rows *rows)
{
	struct join *j = arg;
	struct client *c = j->c;

	j->pg = NULL;
	if (rc != OK) {
		fail(j);
		return;
	}
	j->v = present_read(rows, &j->nv);
	drop_exceptions(j);
	if (c->room->state == ROOM_LIVE) {
		if (!resume(j))
			ask_snapshots(j);
	} else if (feed_is_up(c->live->feed)) {
		join_restart(j);
	} else {
		answer_alone(j);
	}
}

/* "{uuid,uuid}" */
static const char *
id_array(struct arena *a, const struct join *j)
{
	struct buf b;
	const char *text;
	char id[UUID_LEN + 1];

	buf_init(&b, 64 + (size_t)j->n * (UUID_LEN + 1));
	buf_addc(&b, '{');
	for (int i = 0; i < j->n; i++) {
		uid_text(&j->ids[i], id);
		buf_printf(&b, "%s%s", i > 0 ? "," : "", id);
	}
	buf_addc(&b, '}');
	text = arena_strdup(a, b.data);
	buf_release(&b);
	return text;
}

static void
ask_rows(struct join *j)
{
	const char *account = j->c->room->account_text;
	struct pg *pg = j->c->live->pg;
	struct arena a;

	arena_init(&a);
	j->stage = STAGE_ROWS;
	if (j->all)
		j->pg = pg_call(
		    pg, account, Q_LIVE_PRESENT_ALL, DB_NONE, on_rows, j);
	else
		j->pg = pg_call(pg, account, Q_LIVE_PRESENT_SOME,
		    DB_ARGS(id_array(&a, j), db_int(&a, PRESENT_CONTENT_MAX)),
		    on_rows, j);
	arena_release(&a);
}

/* ---- for the client
 * ------------------------------------------------------------------------ */

void
join_step(struct join *j)
{
	struct client *c = j->c;

	if (j->stage == STAGE_CATCH) {
		catch_up(j);
		return;
	}
	if (j->stage != STAGE_WAIT)
		return;
	if (c->room->state == ROOM_LIVE)
		j->from = c->room->last;
	else if (feed_is_up(c->live->feed))
		return;
	ask_rows(j);
}

void
join_restart(struct join *j)
{
	forget_calls(j);
	j->stage = STAGE_WAIT;
	/* Redis answers, but with errors: not for ever. */
	if (feed_is_up(j->c->live->feed) && ++j->restarts > RESTARTS_MAX)
		fail(j);
	else
		join_step(j);
}

void
join_start(struct client *c, const struct ask *ask, bool again)
{
	struct join *j = take(1, sizeof(*j));

	j->c = c;
	c->join = j;
	j->again = again;
	j->all = ask->all;
	j->n = ask->n;
	j->ids = take((size_t)ask->n, sizeof(*j->ids));
	if (ask->n > 0)
		memcpy(j->ids, ask->ids, (size_t)ask->n * sizeof(*j->ids));
	j->cursor = ask->cursor == NULL ? NULL : copy(ask->cursor);
	j->wrong = take((size_t)ask->nwrong, sizeof(*j->wrong));
	for (; j->nwrong < ask->nwrong; j->nwrong++)
		j->wrong[j->nwrong] = copy(ask->wrong[j->nwrong]);
	join_step(j);
}
