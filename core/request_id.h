/*
 * request_id: the id of a request in answers and logs, the same for the client,
 * its front server and us.
 */
#ifndef CORE_REQUEST_ID_H
#define CORE_REQUEST_ID_H

#include "core/arena.h"

#define REQUEST_ID_MAX 64 /* bytes without the terminator */

/*
 * request_id: the id that an X-Request-Id header gives, when it is of at
 * most REQUEST_ID_MAX letters, digits and "._-"; else the trace id of a
 * traceparent (W3C Trace Context, section 3.2); else a new UUID.  Headers are
 * NULL where there are none.  In the arena.
 */
const char *request_id(
    struct arena *a, const char *given, const char *traceparent);

#endif
