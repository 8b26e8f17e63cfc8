/* When Gemini's daily quota is renewed: midnight in California. */
#include "worker/model/quota_reset.h"

#include "t/tap.h"

#include <stdint.h>

#define MIN 60000LL
#define HOUR (60 * MIN)

static void
midnight_is_found(void)
{
	/* date -ud '2026-01-15 12:00' +%s: winter, UTC-8 */
	is_int(quota_reset_pacific_ms(1768478400000), 20 * HOUR,
	    "noon UTC in winter: 20 hours to 08:00 UTC");
	/* 2026-07-15 06:59 UTC: summer, UTC-7 */
	is_int(quota_reset_pacific_ms(1784098740000), MIN,
	    "a minute before seven UTC in summer");
	is_int(quota_reset_pacific_ms(1784098740000 + MIN), 24 * HOUR,
	    "at midnight it is a day to the next");
	/* 2026-03-08 is the second Sunday of March: a day of 23 hours */
	is_int(quota_reset_pacific_ms(1772956800000), 23 * HOUR,
	    "the day the clocks go forward has 23 hours");
	/* 2026-11-01 is the first Sunday of November */
	is_int(quota_reset_pacific_ms(1793516400000), 25 * HOUR,
	    "the day they go back has 25");
}

int
main(void)
{
	midnight_is_found();
	return done();
}
