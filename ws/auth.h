/*
 * auth: which account a connection belongs to.
 *
 * A session cookie is looked up by its SHA-256 (core/ids.h).  Connections of
 * one session share its entry, which is looked up again every minute and when
 * it would expire; when the session has ended, so do they.
 */
#ifndef WS_AUTH_H
#define WS_AUTH_H

#include "core/arena.h"
#include "core/rc.h"
#include "ws/uuid.h"

#include <stdbool.h>
#include <stdint.h>

struct auth;
struct auth_call;
struct client;
struct live;
struct cached_session;

/* The credentials in a request; strings as they came, or NULL. */
struct credentials {
	const char *cookie;        /* the Cookie header */
	bool https;                /* as far as the client is concerned */
	const char *authorization; /* the Authorization header */
	const char *access_token;  /* ?access_token= */
};

struct auth *auth_new(struct live *l);
void auth_free(struct auth *a);

/*
 * auth_token: the session token in a Cookie header, in the arena; or NULL.
 * Over https only that of __Host-sid, which no sibling domain can plant.
 */
const char *auth_token(struct arena *a, const char *cookie, bool https);

/*
 * OK and a session, or E_AUTH (none, unknown or ended), E_LIMIT (its account
 * has too many connections) or E_UNAVAILABLE.
 */
typedef void auth_done(void *arg, enum rc rc, struct cached_session *s);

/*
 * auth_check: E_AUTH when there is nothing to look up; else OK, and done will
 * come from the loop.
 */
enum rc auth_check(struct auth *a, const struct credentials *who,
    auth_done *done, void *arg, struct auth_call **call) MUST_CHECK;

/* auth_cancel: done will not be called. */
void auth_cancel(struct auth_call *call);

/* auth_tick: about once a second. */
void auth_tick(struct auth *a, int64_t now);

const struct uuid *session_account(const struct cached_session *s);
void session_join(struct cached_session *s, struct client *c);
void session_leave(struct client *c);

#endif
