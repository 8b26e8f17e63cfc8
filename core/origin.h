/* origin: the Origin of a request against the host it was sent to. */
#ifndef CORE_ORIGIN_H
#define CORE_ORIGIN_H

#include <stdbool.h>

/*
 * origin_is_host: whether an Origin header ("https://example.org") names the
 * host and port of a Host header ("example.org:443"); the default port
 * may be left out of either.
 *
 * https: the request is known to have come by TLS.  Then a page that came
 * without it is foreign, whatever its host, because anyone on its way could
 * have written it.  The other way round it is ours, because TLS may end at a
 * proxy that does not say so.
 */
bool origin_is_host(const char *origin, const char *host, bool https);

#endif
