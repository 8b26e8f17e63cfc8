#include "fcgi/idempotency.h"

#include "core/ids.h"
#include "core/log.h"
#include "fcgi/request.h"

#include <string.h>

#define KEY_MAX 255 /* bytes */

/*
 * The header is a quoted string (RFC 8941, section 3.3.3); many clients send
 * it bare.  NULL when it is neither.
 */
static const char *
read_key(struct arena *a, const char *h)
{
	size_t n, i, len = 0;
	char *out;

	h += strspn(h, " \t");
	n = strlen(h);
	while (n > 0 && strchr(" \t", h[n - 1]) != NULL)
		n--;
	out = arena_alloc(a, n + 1);
	if (n >= 2 && h[0] == '"' && h[n - 1] == '"') {
		for (i = 1; i < n - 1; i++) {
			if (h[i] == '"' || (h[i] == '\\' && ++i == n - 1))
				return NULL;
			out[len++] = h[i];
		}
	} else {
		memcpy(out, h, n);
		len = n;
	}
	out[len] = '\0';
	for (i = 0; i < len; i++)
		if (out[i] < ' ' || out[i] > '~')
			return NULL;
	return len > 0 && len <= KEY_MAX ? out : NULL;
}

static enum rc
find_old(struct request *rq, struct idempotency *k, const char *hash)
{
	const char *account = rq->session.account;
	struct rows r;
	enum rc rc;

	rc = db_one(rq->db, rq->arena, account, Q_IDEMPOTENCY_FIND, &r,
	    DB_ARGS(account, k->key, k->call, hash));
	if (rc == E_NOTFOUND)
		return E_CONFLICT; /* forgotten this very moment */
	if (rc != OK)
		return rc;
	if (!row_bool(&r, 0, "same_body")) {
		rq->problem.status = 422;
		return request_fail(rq, E_INPUT,
		    "This Idempotency-Key was already used for a different "
		    "request. Use a new key for a new request.");
	}
	if (row_null(&r, 0, "location"))
		return request_fail(rq, E_CONFLICT,
		    "The first request with this Idempotency-Key is still "
		    "running.");
	k->repeated = true;
	k->id = row_text(&r, 0, "location");
	if (!row_null(&r, 0, "response")) {
		k->response = row_text(&r, 0, "response");
		k->status = (int)row_int(&r, 0, "status");
	}
	return OK;
}

enum rc
idempotency_claim(struct request *rq, struct idempotency *k)
{
	const char *h = request_header(rq, "HTTP_IDEMPOTENCY_KEY");
	const char *account = rq->session.account, *hash;
	unsigned char digest[SHA256_BYTES];
	struct rows r;
	enum rc rc;

	*k = (struct idempotency){.key = NULL};
	if (h == NULL || *h == '\0')
		return OK;
	k->key = read_key(rq->arena, h);
	if (k->key == NULL)
		return request_fail(rq, E_INPUT,
		    "The Idempotency-Key must be 1 to %d printable characters, "
		    "for example \"8e03978e-40d5\".",
		    KEY_MAX);
	k->call =
	    arena_printf(rq->arena, "%s %s", rq->method_name, rq->page->path);
	sha256_hash(rq->body, rq->body_len, digest);
	hash = db_bytea(rq->arena, digest, sizeof(digest));
	rc = db_run(rq->db, rq->arena, account, Q_IDEMPOTENCY_EXPIRE, NULL,
	    DB_ARGS(account, k->key, k->call));
	if (rc == OK)
		rc = db_one(rq->db, rq->arena, account, Q_IDEMPOTENCY_CLAIM, &r,
		    DB_ARGS(account, k->key, k->call, hash));
	if (rc == OK)
		k->claim = row_text(&r, 0, "claim");
	return rc == E_NOTFOUND ? find_old(rq, k, hash) : rc;
}

void
idempotency_finish(struct request *rq, const struct idempotency *k)
{
	const char *account = rq->session.account;

	if (k->key != NULL &&
	    db_run(rq->db, rq->arena, account, Q_IDEMPOTENCY_FINISH, NULL,
		DB_ARGS(account, k->key, k->call,
		    db_int(rq->arena, rq->reply.status), rq->reply.body)) != OK)
		log_warn("answer_not_kept", "req", rq->id);
}

void
idempotency_forget(struct request *rq, const struct idempotency *k)
{
	const char *account = rq->session.account;

	if (k->key != NULL &&
	    db_run(rq->db, rq->arena, account, Q_IDEMPOTENCY_FORGET, NULL,
		DB_ARGS(account, k->key, k->call, k->claim)) != OK)
		log_warn("key_not_forgotten", "req", rq->id);
}
