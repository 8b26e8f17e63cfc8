/* fetch_error: how a fetch can end, and how that is told. */
#ifndef WORKER_FETCH_FETCH_ERROR_H
#define WORKER_FETCH_FETCH_ERROR_H

enum fetch_error {
	FETCH_OK,               /* an answer came, whatever its status */
	FETCH_BAD_URL,          /* no http(s) URL */
	FETCH_NO_HOST,          /* the name does not resolve */
	FETCH_PRIVATE,          /* the guard refused the address */
	FETCH_PORT,             /* not a port of a public web server */
	FETCH_REFUSED,          /* nobody listens */
	FETCH_UNREACHABLE,      /* no route */
	FETCH_TIMEOUT,          /* no answer, or too slow */
	FETCH_TLS,              /* certificate or handshake */
	FETCH_BROKEN,           /* closed in the middle, or not HTTP */
	FETCH_TOO_BIG,          /* decoded body over the limit */
	FETCH_UNWANTED,         /* refused by accept_body (content type) */
	FETCH_LOOP,             /* redirects in a circle */
	FETCH_TOO_MANY_HOPS,    /* over max_redirects */
	FETCH_BAD_REDIRECT,     /* Location missing or no http(s) URL */
	FETCH_REDIRECT_REFUSED, /* by follow; final_url is its target */
	FETCH_GAVE_UP,          /* the host wants a long pause; not tried */
	FETCH_ABORTED,          /* the sink said stop */
	FETCH_ERROR_MAX
};

/* fetch_error_name: as a word for logs and reports, "too_big". */
const char *fetch_error_name(enum fetch_error e);

/* fetch_status_text: "404 Not Found", "599". */
const char *fetch_status_text(int status, char out[static 48]);

#endif
