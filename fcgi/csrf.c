#include "fcgi/csrf.h"

#include "core/ids.h"
#include "core/log.h"
#include "core/origin.h"
#include "fcgi/request.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <strings.h>

/* What the HMAC is for; a change makes all forms out there stale. */
#define PURPOSE "platen csrf 2"
#define SALT_BYTES 16

static bool
origin_is_ours(
    const char *origin, const char *host, bool https, const char *own)
{
	if (own[0] != '\0')
		return strcasecmp(origin, own) == 0;
	return host != NULL && origin_is_host(origin, host, https);
}

enum csrf_origin
csrf_origin(const char *fetch_site, const char *origin, const char *host,
    bool https, const char *own)
{
	bool site_said = fetch_site != NULL && *fetch_site != '\0';
	bool origin_said = origin != NULL && *origin != '\0';

	if (site_said && strcmp(fetch_site, "same-origin") != 0 &&
	    strcmp(fetch_site, "none") != 0)
		return ORIGIN_FOREIGN;
	/* Privacy settings blank the origin, but not where it is from. */
	if (site_said && origin_said && strcmp(origin, "null") == 0)
		return ORIGIN_OURS;
	if (origin_said && !origin_is_ours(origin, host, https, own))
		return ORIGIN_FOREIGN;
	return site_said || origin_said ? ORIGIN_OURS : ORIGIN_UNSAID;
}

const char *
csrf_derive(struct arena *a, const char *secret, const char *text)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	if (HMAC(EVP_sha256(), secret, (int)strlen(secret),
		(const unsigned char *)text, strlen(text), mac, &n) == NULL)
		fatal("HMAC-SHA256 failed");
	return base64url_encode(a, mac, n);
}

static const char *
salted_token(struct arena *a, const char *secret, const char *salt)
{
	const char *text = arena_printf(a, PURPOSE " %s", salt);

	return arena_printf(a, "%s%s", salt, csrf_derive(a, secret, text));
}

const char *
csrf_token(struct arena *a, const char *secret)
{
	unsigned char salt[SALT_BYTES];

	random_bytes(salt, sizeof(salt));
	return salted_token(a, secret, base64url_encode(a, salt, sizeof(salt)));
}

bool
csrf_token_is(struct arena *a, const char *given, const char *secret)
{
	if (strlen(given) != CSRF_LEN)
		return false;
	return same_secret(
	    given, salted_token(a, secret,
		       arena_strndup(a, given, CSRF_LEN - TOKEN_LEN)));
}

const char *
csrf_field(struct request *rq)
{
	const char *secret = rq->session.token;

	if (secret == NULL)
		secret = session_visitor(rq);
	return csrf_token(rq->arena, secret);
}

static enum csrf_origin
where_from(struct request *rq)
{
	return csrf_origin(request_header(rq, "HTTP_SEC_FETCH_SITE"),
	    request_header(rq, "HTTP_ORIGIN"), rq->host, rq->https,
	    rq->conf->web_origin);
}

static enum rc
refuse_foreign(struct request *rq)
{
	request_advise(rq, "Open the page here and try again from there.");
	return request_fail(rq, E_FORBIDDEN,
	    "The request came from another site, so nothing was changed.");
}

static bool
token_belongs(struct request *rq, const char *given, const char *secret)
{
	return secret != NULL && csrf_token_is(rq->arena, given, secret);
}

enum rc
csrf_check_form(struct request *rq, const struct params *form)
{
	enum csrf_origin from = where_from(rq);
	const char *given = params_get(form, "csrf");
	const struct session *s = &rq->session;

	if (from == ORIGIN_FOREIGN)
		return refuse_foreign(rq);
	if (given != NULL && token_belongs(rq, given, s->token))
		return OK;
	/*
	 * A form that was open before the session began has the visitor's
	 * token, and of several that a new visitor opened at once each but one
	 * has the token of a cookie that the next one replaced.  They will do
	 * where the browser vouches for the origin.
	 */
	if (given != NULL && s->token == NULL &&
	    token_belongs(rq, given, s->pre))
		return OK;
	if (given != NULL && from == ORIGIN_OURS && strlen(given) == CSRF_LEN)
		return OK;
	request_advise(rq, "Go back, reload the page and submit the form "
			   "again. Cookies must be enabled.");
	return request_fail(rq, E_FORBIDDEN,
	    given == NULL ? "The form was sent without its security token, so "
			    "nothing was changed."
			  : "This form has expired, so nothing was changed.");
}

enum rc
csrf_check_call(struct request *rq)
{
	return where_from(rq) == ORIGIN_FOREIGN ? refuse_foreign(rq) : OK;
}
