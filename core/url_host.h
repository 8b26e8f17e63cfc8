/*
 * url_host: the canonical form of a host name, for url.c.
 */
#ifndef CORE_URL_HOST_H
#define CORE_URL_HOST_H

#include "core/arena.h"
#include "core/rc.h"

/*
 * url_host_canonical: raw is a host as a URL spells it, read as browsers do
 * (WHATWG URL, 3.5): its escapes are undone once, a name becomes ASCII in
 * lower case without a dot at the end, one that ends in a number is an IPv4
 * address in whatever base, IPv6 is written by RFC 5952 in brackets.  What
 * is an escape only afterwards ("%" in full width) is no name.  E_INPUT: no
 * host can be called that.
 */
enum rc url_host_canonical(
    struct arena *a, const char *raw, const char **out) MUST_CHECK;

#endif
