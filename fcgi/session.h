/*
 * session: who sent a request.
 *
 * A session is a random token in a cookie; the database has its SHA-256
 * alone.  Over https the cookie is __Host-sid, else sid.  A visitor without
 * a session gets a "pre" cookie with the first page.  The CSRF tokens of forms
 * hang on it, and so does the session that the first order begins: however
 * many are sent at once, they are one guest's.
 */
#ifndef FCGI_SESSION_H
#define FCGI_SESSION_H

#include "core/rc.h"

#include <stdbool.h>

struct request;

struct session {
	const char *account; /* uuid; NULL: nobody */
	const char *token;   /* of the session; NULL: none */
	const char *pre;     /* of a visitor; NULL: none */
	bool admin;          /* the account is an administrator's */
	bool guest;          /* it is a guest's */
};

/*
 * session_load: fills rq->session from the cookies.  An unknown or expired
 * token is nobody, not an error.  E_INPUT: two different cookies of one
 * name; E_UNAVAILABLE.
 */
enum rc session_load(struct request *rq) MUST_CHECK;

/*
 * session_ensure: makes a guest and sets its cookie where there is none.
 * E_LIMIT, with its sentence: the address has made too many of late.
 */
enum rc session_ensure(struct request *rq) MUST_CHECK;

/*
 * session_sign_in: spends the link and begins an administrator's session,
 * with its cookie.  E_NOTFOUND: the link has expired, was used, or is unknown.
 */
enum rc session_sign_in(struct request *rq, const char *link) MUST_CHECK;

/* session_sign_out: ends the session and forgets its cookie. */
enum rc session_sign_out(struct request *rq) MUST_CHECK;

/* session_visitor: the token of the pre cookie, made if need be. */
const char *session_visitor(struct request *rq);

#endif
