/*
 * idempotency: the Idempotency-Key header (IETF draft 07): a call sent twice
 * with one key is carried out once.
 *
 * A key belongs to an account and a call, and is kept for 24 hours.  It is
 * claimed first, settled in the transaction that creates the generation, and
 * finished with the answer; so whatever dies in between, there is never a
 * second generation.
 */
#ifndef FCGI_IDEMPOTENCY_H
#define FCGI_IDEMPOTENCY_H

#include "core/rc.h"

#include <stdbool.h>

struct request;

struct idempotency {
	const char *key;   /* NULL: none was sent */
	const char *call;  /* "POST /api/v1/generations" */
	const char *claim; /* this request's, of the key */

	/* What idempotency_claim found, when it is a repetition. */
	bool repeated;
	const char *id;       /* the generation it made then */
	const char *response; /* the answer; NULL where it got lost */
	int status;           /* of response */
};

/*
 * idempotency_claim: for the session's account (there must be one).  OK and
 * repeated: answer with response, or make it anew from id.  E_INPUT: no
 * proper key, or it was used for another body (422); E_CONFLICT: the first
 * call still runs.
 */
enum rc idempotency_claim(struct request *rq, struct idempotency *k) MUST_CHECK;

/* idempotency_finish: keeps the reply; failures are only logged. */
void idempotency_finish(struct request *rq, const struct idempotency *k);

/* idempotency_forget: nothing was done, so the key is free again. */
void idempotency_forget(struct request *rq, const struct idempotency *k);

#endif
