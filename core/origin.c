#include "core/origin.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* The length of host[:port] without the usual port of the scheme. */
static size_t
significant_length(const char *authority, const char *port)
{
	size_t n = strlen(authority), p = strlen(port);

	return n > p && strcmp(authority + n - p, port) == 0 ? n - p : n;
}

bool
origin_is_host(const char *origin, const char *host, bool https)
{
	bool safe = strncasecmp(origin, "https://", 8) == 0;
	const char *port = safe ? ":443" : ":80";
	size_t n;

	if (!safe && (https || strncasecmp(origin, "http://", 7) != 0))
		return false;
	origin += safe ? 8 : 7;
	n = significant_length(origin, port);
	return n > 0 && n == significant_length(host, port) &&
	       strncasecmp(origin, host, n) == 0;
}
