/*
 * rc: the outcomes a caller must tell apart.
 *
 * Each value names its cause, not where it happened.  The sentence for a
 * person travels beside it, in the request or the job.
 */
#ifndef CORE_RC_H
#define CORE_RC_H

#define MUST_CHECK __attribute__((warn_unused_result))

enum rc {
	OK,
	E_INPUT,       /* malformed or out of its limits: 400 */
	E_AUTH,        /* no or bad credentials: 401 */
	E_PAYMENT,     /* too few credits: 402 */
	E_FORBIDDEN,   /* known, but not allowed (CSRF, origin, role): 403 */
	E_NOTFOUND,    /* unknown, or someone else's: 404 */
	E_METHOD,      /* the path is right, the method is not: 405 */
	E_CONFLICT,    /* the present state does not allow it: 409 */
	E_TOOBIG,      /* body over its limit: 413 */
	E_TYPE,        /* a content type we do not take: 415 */
	E_LIMIT,       /* over a rate or a quota: 429 */
	E_INTERNAL,    /* our bug, or a server's answer we cannot read: 500 */
	E_UNAVAILABLE, /* PostgreSQL or Redis is away; try again: 503 */
	E_LATE,    /* the fence moved: this attempt may not write any more */
	E_STOPPED, /* a stop was requested */
	RC_MAX
};

/* rc_name: the value as a word for logs, "not_found". */
const char *rc_name(enum rc rc);

#endif
