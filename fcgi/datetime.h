/* datetime: dates as programs send them and as people read them. */
#ifndef FCGI_DATETIME_H
#define FCGI_DATETIME_H

#include "core/arena.h"

#include <stdbool.h>

/*
 * datetime_parse: an ISO 8601 date or date and time ("2026-01-02",
 * "2026-01-02T03:04:05.678Z", "...+01:00"; without an offset UTC) as a
 * parameter for PostgreSQL, in the arena; NULL when it is none.  A bare date
 * is its first moment, or its last where end.
 */
const char *datetime_parse(struct arena *a, const char *s, bool end);

/* datetime_text: "2026-01-02T03:04:05.678Z" as "2 Jan 2026, 03:04 UTC". */
const char *datetime_text(struct arena *a, const char *rfc3339);

/* datetime_span: seconds for people: "about 40 seconds", "about 3 minutes". */
const char *datetime_span(struct arena *a, double seconds);

#endif
