#include "ws/origin.h"

#include "core/origin.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

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
	return (o->host != NULL &&
		   origin_is_host(o->origin, o->host, o->https)) ||
	       (o->forwarded_host != NULL &&
		   origin_is_host(
		       o->origin, last_of(o->forwarded_host), o->https));
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
