#include "ws/join_internal.h"

#include "core/log.h"
#include "ws/registry.h"

#include <stdlib.h>

static void *
alloc_array(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);

	if (p == NULL)
		fatal("out of memory");
	return p;
}

/* ---- the answer ------------------------------------------------------- */

static const struct present *
find_present(const struct join *j, const struct uid *id)
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

/* FNV-1a, with an end after each text. */
static uint64_t
hash_text(uint64_t h, const char *s)
{
	do {
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	} while (*s++ != '\0');
	return h;
}

/* All that is named and is not the account's, as one number. */
static uint64_t
hash_unknown(const struct join *j)
{
	uint64_t h = 14695981039346656037u;
	char text[UUID_LEN + 1];

	for (int i = 0; i < j->n; i++) {
		if (find_present(j, &j->ids[i]) != NULL)
			continue;
		uid_text(&j->ids[i], text);
		h = hash_text(h, text);
	}
	for (int i = 0; i < j->nwrong; i++)
		h = hash_text(h, j->wrong[i]);
	return h;
}

/*
 * Named ids that are not the account's: the same answer for all of them.  A
 * long-poll that goes on from its cursor has been told: told again at once it
 * would ask again at once, for ever.
 */
static void
tell_unknown(struct join *j, const struct cursor *at, bool resumed)
{
	char text[UUID_LEN + 1];
	struct update *u;

	if (j->all || (j->n == j->nv && j->nwrong == 0))
		return;
	if (j->c->transport->tells_once &&
	    !room_tell_once(j->c->room, hash_unknown(j)) && resumed)
		return;
	for (int i = 0; i < j->n; i++) {
		if (find_present(j, &j->ids[i]) != NULL)
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
join_merge(struct join *j)
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
		    "A connection listens to at most 100 generations by "
		    "name; name none to listen to all.",
		    NULL);
		break;
	}
}

static void
answer_begin(struct join *j, const char *cursor, bool resumed, int64_t missed)
{
	struct uid *ids = alloc_array((size_t)j->nv, sizeof(*ids));
	struct subscribed s = {
	    .ids = ids,
	    .n = j->nv,
	    .cursor = cursor,
	    .resumed = resumed,
	    .again = j->again,
	    .missed = missed,
	};

	for (int i = 0; i < j->nv; i++)
		ids[i] = j->v[i].id;
	join_merge(j);
	j->c->transport->begin(j->c, &s);
	free(ids);
}

static void
join_finish(struct join *j)
{
	struct client *c = j->c;

	join_free(j);
	registry_put(c);
	client_wake(c);
}

/* What it still had to read by older subscriptions comes first. */
static void
client_flush_upto(struct client *c, const struct cursor *upto)
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
	struct update *u, *kept = NULL;

	for (int i = 0; i < j->nv; i++) {
		u = present_update(&j->v[i], at);
		client_note(c, u);
		if (!update_tells(u, c->dialect)) {
			update_unref(u);
			continue;
		}
		if (kept != NULL)
			client_push_update(c, kept, false);
		update_unref(kept);
		kept = u;
	}
	/* Only the last has the place: all of them must have come. */
	if (kept != NULL)
		client_push_update(c, kept, true);
	update_unref(kept);
}

/* The present state, as of j->at. */
void
join_answer_present(struct join *j)
{
	struct client *c = j->c;
	char text[CURSOR_MAX];
	bool kept = j->again && !c->lost;

	client_flush_upto(c, &j->at);
	c->stale = j->again ? false : c->stale;
	c->lost = j->again ? false : c->lost;
	answer_begin(j, cursor_text(&j->at, text), kept,
	    kept || (!j->again && j->cursor == NULL) ? 0 : -1);
	tell_unknown(j, &j->at, false);
	tell_present(j, &j->at);
	client_settle(c, &j->at);
	join_finish(j);
}

/* Without Redis: from PostgreSQL, and once more when Redis is back. */
void
join_answer_alone(struct join *j)
{
	static const struct cursor nowhere;
	struct client *c = j->c;

	answer_begin(j, NULL, false, -1);
	tell_unknown(j, &nowhere, false);
	tell_present(j, &nowhere);
	c->is_live = false;
	c->stale = c->lost = true;
	join_finish(j);
}

/* Is it to be told, being after the cursor? */
static bool
is_due(const struct join *j, const struct update *u, const struct cursor *after)
{
	return cursor_cmp(&u->cursor, after) > 0 &&
	       update_tells(u, j->c->dialect) &&
	       (j->all || find_present(j, &u->generation) != NULL);
}

/* Both fit: everything after the cursor is in the room's log. */
void
join_answer_from_log(struct join *j, const struct cursor *after)
{
	struct client *c = j->c;
	struct room *r = c->room;
	int64_t missed = 0;
	uint64_t i;

	client_flush_upto(c, &r->last);
	for (i = r->tail; i < r->head; i++)
		missed += is_due(j, room_at(r, i), after);
	answer_begin(j, j->cursor, true, missed);
	tell_unknown(j, after, true);
	for (i = r->tail; i < r->head; i++) {
		struct update *u = room_at(r, i);

		if (is_due(j, u, after))
			client_push_update(c, u, true);
	}
	client_settle(c, &r->last);
	join_finish(j);
}

void
join_answer_from_history(struct join *j, const struct history *h)
{
	struct client *c = j->c;

	client_flush_upto(c, &c->room->last);
	answer_begin(j, j->cursor, true, h->total);
	tell_unknown(j, &h->upto, true);
	for (int i = 0; i < h->n; i++)
		client_push_update(c, h->v[i], true);
	client_settle(c, &h->upto);
	c->behind = cursor_cmp(&h->upto, &h->last) != 0 ||
		    (cursor_cmp(&h->upto, &c->room->last) < 0 &&
			!room_covers(c->room, &h->upto));
	join_finish(j);
}
