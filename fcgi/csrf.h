/*
 * csrf: was an unsafe request made by a page of ours?
 *
 * Two independent checks.  Where the browser says where a request comes from
 * (Sec-Fetch-Site, Origin), it must be here.  And forms carry a token made
 * from the session cookie, while JSON calls with a body must be of a kind that
 * a foreign page cannot send without a preflight (application/json, PUT: see
 * request_json).  A call without a body may come in any form: the first check
 * and the cookie's SameSite have to protect it.
 */
#ifndef FCGI_CSRF_H
#define FCGI_CSRF_H

#include "core/arena.h"
#include "core/rc.h"
#include "fcgi/params.h"

#include <stdbool.h>

struct request;

/* What the browser says about where a request comes from. */
enum csrf_origin { ORIGIN_UNSAID, ORIGIN_OURS, ORIGIN_FOREIGN };

/*
 * csrf_origin: fetch_site, origin and host are the headers (NULL where they
 * were not sent); https: the request came by TLS, as far as we know; own is
 * the public origin or "" where it is not known.
 */
enum csrf_origin csrf_origin(const char *fetch_site, const char *origin,
    const char *host, bool https, const char *own);

/* Characters of a form's token: a salt of 22, and 43 of HMAC-SHA256. */
#define CSRF_LEN 65

/*
 * csrf_token: a token for a secret, in the arena.  Each call gives a different
 * one, so the length of a compressed page tells nothing of it (BREACH).
 */
const char *csrf_token(struct arena *a, const char *secret);

/* csrf_token_is: given is a token of the secret. */
bool csrf_token_is(struct arena *a, const char *given, const char *secret);

/*
 * csrf_derive: what follows from a secret for one purpose, 43 characters of
 * base64url; the secret does not follow from it.
 */
const char *csrf_derive(
    struct arena *a, const char *secret, const char *purpose);

/* csrf_field: the value for the hidden field "csrf" of our forms. */
const char *csrf_field(struct request *rq);

/* csrf_check_form: E_FORBIDDEN, with its sentence, unless it is from us. */
enum rc csrf_check_form(
    struct request *rq, const struct params *form) MUST_CHECK;

/* csrf_check_call: the same for an unsafe JSON call. */
enum rc csrf_check_call(struct request *rq) MUST_CHECK;

#endif
