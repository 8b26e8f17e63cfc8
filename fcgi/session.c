#include "fcgi/session.h"

#include "core/ids.h"
#include "core/log.h"
#include "core/cookie.h"
#include "fcgi/csrf.h"
#include "fcgi/connections.h"
#include "fcgi/request.h"

#include <stdbool.h>
#include <string.h>

#define DAY_SECONDS 86400
/* What a visitor's token is the key of. */
#define PURPOSE_GUEST "platen guest 1"
/* A session is renewed at the first visit after so long (seconds). */
#define RENEW_SECONDS 3600

static const char *
sid_name(const struct request *rq)
{
	return rq->https ? "__Host-sid" : "sid";
}

static const char *
pre_name(const struct request *rq)
{
	return rq->https ? "__Host-pre" : "pre";
}

/* A token of the right form, or NULL. */
static enum rc
token_cookie(struct request *rq, const char *name, const char **token)
{
	enum rc rc;

	rc = cookie_find(
	    rq->arena, request_header(rq, "HTTP_COOKIE"), name, token);
	if (rc == E_CONFLICT) {
		request_advise(rq, "Delete this site's cookies and try again.");
		return request_fail(rq, E_INPUT,
		    "The request contains two different cookies named \"%s\".",
		    name);
	}
	if (rc != OK || !token_valid(*token))
		*token = NULL;
	return OK;
}

static const char *
hash_parameter(struct arena *a, const char *token)
{
	unsigned char h[SHA256_BYTES];

	sha256_hash(token, strlen(token), h);
	return db_bytea(a, h, sizeof(h));
}

static void
set_session_cookie(struct request *rq)
{
	reply_cookie(rq, sid_name(rq), rq->session.token,
	    (long)rq->conf->web_session_days * DAY_SECONDS);
}

/* A visit keeps the session and the account alive. */
static void
session_renew(struct request *rq, const char *hash)
{
	if (db_run(rq->db, rq->arena, rq->session.account, Q_SESSION_TOUCH,
		NULL,
		DB_ARGS(hash, db_int(rq->arena, rq->conf->web_session_days))) !=
	    OK)
		log_warn("session_not_renewed", "req", rq->id);
	else
		set_session_cookie(rq);
}

static enum rc
look_up(struct request *rq, const char *token)
{
	const char *hash = hash_parameter(rq->arena, token);
	struct rows r;
	enum rc rc;

	rc = db_one(rq->db, rq->arena, NULL, Q_SESSION_FIND, &r, DB_ARGS(hash));
	if (rc == E_NOTFOUND)
		return OK;
	if (rc != OK)
		return rc;
	rq->session.token = token;
	rq->session.account = row_text(&r, 0, "account_id");
	rq->session.admin = strcmp(row_text(&r, 0, "kind"), "admin") == 0;
	rq->session.guest = strcmp(row_text(&r, 0, "kind"), "guest") == 0;
	if (row_int(&r, 0, "idle_seconds") > RENEW_SECONDS)
		session_renew(rq, hash);
	return OK;
}

enum rc
session_load(struct request *rq)
{
	const char *token;
	enum rc rc;

	rc = token_cookie(rq, pre_name(rq), &rq->session.pre);
	if (rc == OK)
		rc = token_cookie(rq, "__Host-sid", &token);
	/* Over https a sibling domain could have planted the plain one. */
	if (rc == OK && token == NULL && !rq->https)
		rc = token_cookie(rq, "sid", &token);
	if (rc != OK || token == NULL)
		return rc;
	return look_up(rq, token);
}

/* Behind a proxy on another machine all come from its address. */
static enum rc
too_many_guests(struct request *rq)
{
	struct rows r;
	enum rc rc;

	rc = db_one(rq->db, rq->arena, NULL, Q_GUEST_MINUTES, &r, DB_NONE);
	if (rc != OK)
		return rc;
	request_advise(
	    rq, "Use the browser or the cookie that you used before, or wait.");
	return request_fail(rq, E_LIMIT,
	    "The limit of %d new visitors per hour from your address has been "
	    "reached. New visitors can start again in %s minutes.",
	    rq->conf->web_guests_per_hour, row_text(&r, 0, "left_minutes"));
}

static enum rc
count_guest(struct request *rq)
{
	const char *origin =
	    connections_network(rq->arena, request_client_address(rq));
	struct rows r;

	return db_one(rq->db, rq->arena, NULL, Q_GUEST_COUNT, &r,
	    DB_ARGS(origin, db_int(rq->arena, rq->conf->web_guests_per_hour)));
}

/* E_CONFLICT: another request of this browser has made its guest already. */
static enum rc
create_guest(struct request *rq, const char *account, const char *token)
{
	struct rows r;
	enum rc rc;

	rc = db_begin(rq->db, account, NULL, NULL);
	if (rc != OK)
		return rc;
	rc = db_run(
	    rq->db, rq->arena, NULL, Q_GUEST_CREATE, NULL, DB_ARGS(account));
	if (rc == OK)
		rc = db_one(rq->db, rq->arena, NULL, Q_SESSION_CREATE_ONCE, &r,
		    DB_ARGS(hash_parameter(rq->arena, token), account,
			db_int(rq->arena, rq->conf->web_session_days)));
	if (rc == E_NOTFOUND)
		rc = E_CONFLICT;
	if (rc == OK)
		rc = count_guest(rq);
	if (rc == OK)
		return db_commit(rq->db);
	db_rollback(rq->db);
	return rc == E_NOTFOUND ? too_many_guests(rq) : rc;
}

/*
 * The session that a visitor's first order begins.  It follows from the
 * visitor's own token, so orders sent at once by one browser begin the same.
 */
static const char *
first_token(struct request *rq)
{
	char *token;

	if (rq->session.pre != NULL)
		return csrf_derive(rq->arena, rq->session.pre, PURPOSE_GUEST);
	token = arena_alloc(rq->arena, TOKEN_LEN + 1);
	token_make(token);
	return token;
}

static enum rc
begin_guest(struct request *rq, const char *token)
{
	char *account = arena_alloc(rq->arena, UUID_LEN + 1);
	enum rc rc;

	uuid_make(account);
	rc = create_guest(rq, account, token);
	if (rc == E_CONFLICT)
		rc = look_up(rq, token);
	else if (rc == OK) {
		rq->session.account = account;
		rq->session.token = token;
		rq->session.guest = true;
		log_info("guest_created", "account", account, "req", rq->id);
	}
	if (rc == OK && rq->session.account != NULL)
		set_session_cookie(rq);
	return rc;
}

enum rc
session_ensure(struct request *rq)
{
	enum rc rc;

	if (rq->session.account != NULL)
		return OK;
	rc = begin_guest(rq, first_token(rq));
	if (rc != OK || rq->session.account != NULL)
		return rc;
	/* That session has ended: this is a new guest. */
	rq->session.pre = NULL;
	return begin_guest(rq, first_token(rq));
}

enum rc
session_sign_in(struct request *rq, const char *link)
{
	char *token = arena_alloc(rq->arena, TOKEN_LEN + 1);
	struct rows r;
	enum rc rc;

	token_make(token);
	rc = db_one(rq->db, rq->arena, NULL, Q_SIGNIN_TAKE, &r,
	    DB_ARGS(hash_parameter(rq->arena, link),
		hash_parameter(rq->arena, token),
		db_int(rq->arena, rq->conf->web_session_days)));
	if (rc != OK)
		return rc;
	if (row_null(&r, 0, "account"))
		return E_NOTFOUND;
	rq->session.account = row_text(&r, 0, "account");
	rq->session.token = token;
	rq->session.admin = true;
	set_session_cookie(rq);
	log_info("signed_in", "account", rq->session.account, "req", rq->id);
	return OK;
}

enum rc
session_sign_out(struct request *rq)
{
	enum rc rc;

	rc = db_run(rq->db, rq->arena, rq->session.account, Q_SESSION_DELETE,
	    NULL, DB_ARGS(hash_parameter(rq->arena, rq->session.token)));
	if (rc == OK)
		reply_cookie(rq, sid_name(rq), "", 0);
	return rc;
}

const char *
session_visitor(struct request *rq)
{
	char *token;

	if (rq->session.pre != NULL)
		return rq->session.pre;
	token = arena_alloc(rq->arena, TOKEN_LEN + 1);
	token_make(token);
	reply_cookie(rq, pre_name(rq), token, DAY_SECONDS);
	rq->session.pre = token;
	return token;
}
