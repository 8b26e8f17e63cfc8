/* origin: the Origin of a request against the host it was sent to. */
#ifndef CORE_ORIGIN_H
#define CORE_ORIGIN_H

#include <stdbool.h>

/*
 * origin_is_host: whether an Origin header ("https://example.org") names the
 * host and port of a Host header ("example.org:443"); the port that goes
 * without saying may be left out of either.
 */
bool origin_is_host(const char *origin, const char *host);

#endif
