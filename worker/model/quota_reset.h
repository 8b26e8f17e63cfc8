/*
 * quota_reset: when a provider's daily quota is renewed.
 */
#ifndef WORKER_MODEL_QUOTA_RESET_H
#define WORKER_MODEL_QUOTA_RESET_H

#include <stdint.h>

/*
 * quota_reset_pacific_ms: from unix_ms to the next midnight in US Pacific time,
 * when Google counts requests per day anew (ai.google.dev, rate limits).
 * In ms, 1 to 25 hours.  Daylight saving as in force since 2007: from the
 * second Sunday of March to the first of November.
 */
int64_t quota_reset_pacific_ms(int64_t unix_ms);

#endif
