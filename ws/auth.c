#include "ws/auth.h"

#include "core/clock.h"
#include "core/cookie.h"
#include "core/log.h"
#include "ws/client.h"
#include "ws/hub.h"
#include "ws/live.h"

#include <stdlib.h>
#include <string.h>

#define TABLE 1024 /* chains of sessions; a power of two */

struct cached_session {
	struct auth *auth;
	struct cached_session *next; /* in its chain */
	unsigned char hash[SHA256_BYTES];
	struct uuid account;
	struct client *clients;
	int64_t check_at; /* clock_ms() */
	struct pg_call *check;
};

struct auth {
	struct live *live;
	struct cached_session *table[TABLE];
};

struct auth_call {
	struct auth *auth;
	unsigned char hash[SHA256_BYTES];
	auth_done *done;
	void *arg;
	struct pg_call *pg;
};

struct auth *
auth_new(struct live *l)
{
	struct auth *a = calloc(1, sizeof(*a));

	if (a == NULL)
		fatal("out of memory");
	a->live = l;
	return a;
}

/* ---- the cookie ------------------------------------------------------- */

const char *
auth_token(struct arena *a, const char *cookie, bool https)
{
	const char *token;

	if (cookie_find(a, cookie, "__Host-sid", &token) == OK &&
	    token_valid(token))
		return token;
	if (!https && cookie_find(a, cookie, "sid", &token) == OK &&
	    token_valid(token))
		return token;
	return NULL;
}

/* ---- the table -------------------------------------------------------- */

static struct cached_session **
session_slot(struct auth *a, const unsigned char *hash)
{
	struct cached_session **p =
	    &a->table[(hash[0] | hash[1] << 8) & (TABLE - 1)];

	while (*p != NULL && memcmp((*p)->hash, hash, SHA256_BYTES) != 0)
		p = &(*p)->next;
	return p;
}

static void
session_free(struct cached_session *s)
{
	struct cached_session **p = session_slot(s->auth, s->hash);

	*p = s->next;
	pg_cancel(s->check);
	free(s);
}

const struct uuid *
session_account(const struct cached_session *s)
{
	return &s->account;
}

void
session_join(struct cached_session *s, struct client *c)
{
	c->session = s;
	c->session_prev = NULL;
	c->session_next = s->clients;
	if (s->clients != NULL)
		s->clients->session_prev = c;
	s->clients = c;
}

void
session_leave(struct client *c)
{
	struct cached_session *s = c->session;

	if (s == NULL)
		return;
	if (c->session_prev != NULL)
		c->session_prev->session_next = c->session_next;
	else
		s->clients = c->session_next;
	if (c->session_next != NULL)
		c->session_next->session_prev = c->session_prev;
	c->session = NULL;
	c->session_next = c->session_prev = NULL;
	if (s->clients == NULL)
		session_free(s);
}

/* When to ask again: in a minute, or when it would be over. */
static void
session_schedule(struct cached_session *s, const struct rows *rows)
{
	int64_t left = row_int(rows, 0, "left_seconds") + 1;
	int64_t every = s->auth->live->conf.live_session_seconds;

	s->check_at = clock_ms() + 1000 * (left < every ? left : every);
}

/* ---- asking ----------------------------------------------------------- */

static struct cached_session *
session_get(struct auth *a, const unsigned char *hash, const struct rows *rows)
{
	struct cached_session **p = session_slot(a, hash), *s = *p;

	if (s == NULL) {
		*p = s = calloc(1, sizeof(*s));
		if (s == NULL)
			fatal("out of memory");
		s->auth = a;
		memcpy(s->hash, hash, SHA256_BYTES);
		if (!uuid_from_text(
			row_text(rows, 0, "account_id"), &s->account))
			BUG("an account without an id");
	}
	session_schedule(s, rows);
	return s;
}

static void
on_session_found(void *arg, enum rc rc, const struct rows *rows)
{
	struct auth_call *c = arg;
	struct live *l = c->auth->live;
	struct cached_session *s = NULL;

	if (rc == OK && rows->n == 0)
		rc = E_AUTH;
	if (rc == E_INTERNAL)
		rc = E_UNAVAILABLE;
	if (rc == OK)
		s = session_get(c->auth, c->hash, rows);
	if (rc == OK && hub_client_count(l->hub, &s->account) >=
			    l->conf.live_account_clients)
		rc = E_LIMIT;
	c->done(c->arg, rc, rc == OK ? s : NULL);
	/* Nobody may have joined it. */
	s = *session_slot(c->auth, c->hash);
	if (s != NULL && s->clients == NULL)
		session_free(s);
	free(c);
}

enum rc
auth_check(struct auth *a, const struct credentials *who, auth_done *done,
    void *arg, struct auth_call **call)
{
	struct auth_call *c;
	const char *token;
	struct arena tmp;

	*call = NULL;
	arena_init(&tmp);
	token = auth_token(&tmp, who->cookie, who->https);
	if (token == NULL) {
		arena_release(&tmp);
		return E_AUTH;
	}
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		fatal("out of memory");
	c->auth = a;
	c->done = done;
	c->arg = arg;
	sha256_hash(token, strlen(token), c->hash);
	c->pg = pg_call(a->live->pg, NULL, Q_SESSION_FIND,
	    DB_ARGS(db_bytea(&tmp, c->hash, SHA256_BYTES)), on_session_found,
	    c);
	arena_release(&tmp);
	*call = c;
	return OK;
}

void
auth_cancel(struct auth_call *call)
{
	if (call == NULL)
		return;
	pg_cancel(call->pg);
	free(call);
}

/* ---- asking again ----------------------------------------------------- */

static void
on_session_checked(void *arg, enum rc rc, const struct rows *rows)
{
	struct cached_session *s = arg;
	struct client *next;

	s->check = NULL;
	if (rc != OK) {
		/* Nobody can tell now: it stays, and is asked for soon. */
		s->check_at = clock_ms() + 2000;
		return;
	}
	if (rows->n > 0) {
		session_schedule(s, rows);
		return;
	}
	s->check_at = INT64_MAX;
	for (struct client *c = s->clients; c != NULL; c = next) {
		next = c->session_next;
		c->transport->fail(
		    c, E_AUTH, "The session has ended; sign in again.");
	}
}

void
auth_tick(struct auth *a, int64_t now)
{
	struct arena tmp;

	arena_init(&tmp);
	for (int i = 0; i < TABLE; i++) {
		for (struct cached_session *s = a->table[i]; s != NULL;
		     s = s->next) {
			if (s->check != NULL || s->check_at > now)
				continue;
			s->check = pg_call(a->live->pg, NULL, Q_SESSION_FIND,
			    DB_ARGS(db_bytea(&tmp, s->hash, SHA256_BYTES)),
			    on_session_checked, s);
		}
	}
	arena_release(&tmp);
}

void
auth_free(struct auth *a)
{
	free(a);
}
