/* cookie: the Cookie header (RFC 6265, section 5.4). */
#ifndef CORE_COOKIE_H
#define CORE_COOKIE_H

#include "core/arena.h"
#include "core/rc.h"

/*
 * cookie_find: *value (in the arena) of the cookie called name in header,
 * which may be NULL.  E_NOTFOUND: there is none.  E_CONFLICT: there are two
 * with different values, and one of them was not set by us.
 */
enum rc cookie_find(struct arena *a, const char *header, const char *name,
    const char **value) MUST_CHECK;

#endif
