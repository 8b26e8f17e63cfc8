#include "ws/join_internal.h"

#include "core/events.h"
#include "core/log.h"
#include "core/schema/redis_names.h"
#include "ws/client.h"
#include "ws/hub.h"
#include "ws/live.h"
#include "ws/present_state.h"
#include "ws/registry.h"

#include <stdlib.h>
#include <string.h>

/* Events of a resumed client that are told at once; the rest in pages. */
#define FIRST_PAGE 256
/* Readings of one request that came to nothing, before it fails. */
#define RESTARTS_MAX 5

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

static void
join_fail(struct join *j)
{
	struct client *c = j->c;
	bool again = j->again;

	join_free(j);
	if (!again)
		c->transport->fail(c, E_UNAVAILABLE,
		    "The service cannot look it up at the moment; "
		    "try again.");
}

/* ---- resuming --------------------------------------------------------- */

static void ask_snapshots(struct join *j);

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
		join_answer_from_history(j, h);
	for (int i = 0; i < h->n; i++)
		update_unref(h->v[i]);
	if (!good)
		ask_snapshots(j);
}

/* False when the cursor is of no use. */
static bool
join_resume(struct join *j)
{
	struct client *c = j->c;
	struct filter wanted = {.all = j->all};
	struct cursor after;

	if (j->cursor == NULL || !cursor_parse(j->cursor, &after) ||
	    !cursor_same_epoch(&after, &c->room->last))
		return false;
	if (room_covers(c->room, &after)) {
		join_answer_from_log(j, &after);
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
	    .changes_only = dialects[c->dialect]->changes_only,
	};
	j->stage = STAGE_REPLAY;
	j->history = history_read(c->live->feed, &q, on_history, j);
	filter_release(&wanted);
	return true;
}

/* ---- the present state ------------------------------------------------ */

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
	join_answer_present(j);
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
	char id[UUID_LEN + 1];
	struct arena a;
	int n = 0;

	arena_init(&a);
	argv = arena_array(&a, (size_t)j->nv + 3, sizeof(*argv));
	argv[n++] = KEY_EPOCH;
	argv[n++] = arena_printf(&a, KEY_EVENTS "%s", r->account_text);
	for (int i = 0; i < j->nv; i++) {
		uid_text(&j->v[i].id, id);
		argv[n++] = arena_printf(&a, KEY_SNAPSHOT "%s", id);
	}
	argv[n++] = events_fresh_epoch(&a);
	j->stage = STAGE_SNAP;
	j->snap = feed_script(j->c->live->feed, SCRIPT_LIVE_PRESENT, n - 1, n,
	    argv, on_snapshots, j);
	arena_release(&a);
}

/* ---- PostgreSQL ------------------------------------------------------- */

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
		join_fail(j);
		return;
	}
	j->v = present_read(rows, &j->nv);
	drop_exceptions(j);
	if (c->room->state == ROOM_LIVE) {
		if (!join_resume(j))
			ask_snapshots(j);
	} else if (feed_is_up(c->live->feed)) {
		join_restart(j);
	} else {
		join_answer_alone(j);
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

/* ---- for the client --------------------------------------------------- */

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
		join_fail(j);
	else
		join_step(j);
}

void
join_start(struct client *c, const struct ask *ask, bool again)
{
	struct join *j = alloc_array(1, sizeof(*j));

	j->c = c;
	c->join = j;
	j->again = again;
	j->all = ask->all;
	j->n = ask->n;
	j->ids = alloc_array((size_t)ask->n, sizeof(*j->ids));
	if (ask->n > 0)
		memcpy(j->ids, ask->ids, (size_t)ask->n * sizeof(*j->ids));
	j->cursor = ask->cursor == NULL ? NULL : copy_string(ask->cursor);
	j->wrong = alloc_array((size_t)ask->nwrong, sizeof(*j->wrong));
	for (; j->nwrong < ask->nwrong; j->nwrong++)
		j->wrong[j->nwrong] = copy_string(ask->wrong[j->nwrong]);
	join_step(j);
}
