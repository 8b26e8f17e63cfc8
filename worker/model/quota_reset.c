#include "worker/model/quota_reset.h"

#include <time.h>

#define HOUR_MS 3600000LL
#define DAY_MS (24 * HOUR_MS)

/* The n-th Sunday of a month (from 0) at an hour of UTC, in ms since 1970. */
static int64_t
nth_sunday_ms(int year, int month, int n, int hour)
{
	struct tm tm = {.tm_year = year, .tm_mon = month, .tm_mday = 1};
	time_t first = timegm(&tm);

	gmtime_r(&first, &tm);
	return (int64_t)first * 1000 + ((7 - tm.tm_wday) % 7 + 7 * n) * DAY_MS +
	       hour * HOUR_MS;
}

/* Pacific time minus UTC. */
static int64_t
pacific_offset_ms(int64_t unix_ms)
{
	time_t t = (time_t)(unix_ms / 1000);
	struct tm tm;

	gmtime_r(&t, &tm);
	/* Both changes are at two in the morning by the old time. */
	if (unix_ms >= nth_sunday_ms(tm.tm_year, 2, 1, 10) &&
	    unix_ms < nth_sunday_ms(tm.tm_year, 10, 0, 9))
		return -7 * HOUR_MS;
	return -8 * HOUR_MS;
}

int64_t
quota_reset_pacific_ms(int64_t unix_ms)
{
	int64_t day = (unix_ms + pacific_offset_ms(unix_ms)) / DAY_MS + 1;
	int64_t midnight = day * DAY_MS - pacific_offset_ms(unix_ms);

	/* The clocks may change on the way there. */
	midnight = day * DAY_MS - pacific_offset_ms(midnight);
	return midnight - unix_ms;
}
