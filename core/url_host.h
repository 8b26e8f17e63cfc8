/*
 * url_host: the one form of a host name, for url.c.
 */
#ifndef CORE_URL_HOST_H
#define CORE_URL_HOST_H

#include "core/arena.h"
#include "core/rc.h"

/*
 * url_host_canonical: raw is a host as curl_url gave it (addresses in numbers
 * already in four parts).  Lower case, ASCII, no dot at the end, IPv6 by RFC
 * 5952 in brackets.  E_INPUT: no host can be called that.
 */
enum rc url_host_canonical(
    struct arena *a, const char *raw, const char **out) MUST_CHECK;

#endif
