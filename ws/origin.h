/*
 * origin: may a page of that origin use the live channel with its visitor's
 * cookie?  Programs send no Origin and are let through.
 */
#ifndef WS_ORIGIN_H
#define WS_ORIGIN_H

#include <stdbool.h>

/* Headers as they came; NULL where there is none. */
struct origin {
	const char *origin;         /* Origin */
	const char *fetch_site;     /* Sec-Fetch-Site */
	const char *host;           /* Host */
	const char *forwarded_host; /* X-Forwarded-Host */
	bool https;                 /* the request came by TLS */
};

/*
 * origin_allowed: the origin's host and port are those asked for, by TLS if
 * the request is (core/origin.h), or it is the public origin (conf
 * web.origin, "" for none).  Without an Origin a browser's Sec-Fetch-Site
 * must not say that another site asks.
 */
bool origin_allowed(const struct origin *o, const char *public_origin);

#endif
