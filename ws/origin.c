#include "ws/origin.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* host[:port] without the port that goes without saying. */
static size_t
significant(const char *authority, const char *port)
{
	size_t n = strlen(authority), p = strlen(port);

	return n > p && strcmp(authority + n - p, port) == 0 ? n - p : n;
}

static bool
same_authority(const char *a, const char *b, const char *port)
{
	size_t n = significant(a, port);

	return n > 0 && n == significant(b, port) && strncasecmp(a, b, n) == 0;
}

/* X-Forwarded-Host may be a list: the last was put there by our proxy. */
static const char *
last_of(const char *list)
{
	const char *comma = strrchr(list, ',');

	return comma == NULL ? list : comma + 1 + strspn(comma + 1, " \t");
}

static bool
same_host(const struct origin *o)
{
	const char *authority, *port;

	if (strncasecmp(o->origin, "http://", 7) == 0) {
		authority = o->origin + 7;
		port = ":80";
	} else if (strncasecmp(o->origin, "https://", 8) == 0) {
		authority = o->origin + 8;
		port = ":443";
	} else {
		return false;
	}
	return (o->host != NULL && same_authority(authority, o->host, port)) ||
	       (o->forwarded_host != NULL &&
		   same_authority(authority, last_of(o->forwarded_host), port));
}

bool
origin_allowed(const struct origin *o, const char *public_origin)
{
	if (o->origin != NULL)
		return same_host(o) ||
		       (public_origin[0] != '\0' &&
			   strcasecmp(o->origin, public_origin) == 0);
	return o->fetch_site == NULL ||
	       strcasecmp(o->fetch_site, "same-origin") == 0 ||
	       strcasecmp(o->fetch_site, "none") == 0;
}
