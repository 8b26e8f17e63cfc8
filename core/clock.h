/* clock: time for deadlines, and time of day. */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include <stdint.h>

/* clock_ms: milliseconds of the monotonic clock, for deadlines. */
int64_t clock_ms(void);

/* clock_unix_ms: milliseconds since 1970, UTC. */
int64_t clock_unix_ms(void);

#endif
