/* Dates of a filter, and times as people read them. */
#include "fcgi/datetime.h"

#include "t/tap.h"

static void
parses(struct arena *a)
{
	static const char *const bad[] = {"", "2026", "2026-1-2", "2026-13-01",
	    "2026-02-30", "2025-02-29", "2026-00-10", "yesterday",
	    "2026-01-02T25:00", "2026-01-02T10:61", "2026-01-02T10",
	    "2026-01-02T10:00:99", "2026-01-02T10:00:00.", "2026-01-02Z",
	    "2026-01-02T10:00:00+99:00", "2026-01-02T10:00:00Zx", "0000-01-01",
	    "2026-01-02'", "2026-01-02T10:00:00  01:00", "99999-01-01"};

	is(datetime_parse(a, "2026-01-02", false), "2026-01-02T00:00:00Z",
	    "a day begins at midnight");
	is(datetime_parse(a, "2026-01-02", true), "2026-01-02T23:59:59.999999Z",
	    "and as an end is all of it");
	is(datetime_parse(a, "2024-02-29T10:00:00.5Z", false),
	    "2024-02-29T10:00:00.5Z", "a leap day, with a fraction");
	is(datetime_parse(a, "2026-01-02T10:00:00+01:00", false),
	    "2026-01-02T10:00:00+01:00", "an offset");
	is(datetime_parse(a, "2026-01-02T10:00:00 01:00", false),
	    "2026-01-02T10:00:00+01:00", "its + lost on the way");
	is(datetime_parse(a, "2026-01-02T10:00", false), "2026-01-02T10:00Z",
	    "without an offset it is UTC");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(datetime_parse(a, bad[i], false) == NULL, "no date: '%s'",
		    bad[i]);
}

static void
spans(struct arena *a)
{
	is(datetime_span(a, 0), "a few seconds", "nothing");
	is(datetime_span(a, 12), "about 15 seconds", "seconds by fives");
	is(datetime_span(a, 60), "about a minute", "a minute");
	is(datetime_span(a, 150), "about 3 minutes", "minutes");
	is(datetime_span(a, 3600), "about an hour", "an hour");
	is(datetime_span(a, 3 * 3600), "about 3 hours", "hours");
	is(datetime_span(a, 50 * 3600), "about 2 days", "days");
}

int
main(void)
{
	struct arena a;

	arena_init(&a);
	parses(&a);
	spans(&a);
	is(datetime_text(&a, "2026-01-02T03:04:05.678Z"),
	    "2 Jan 2026, 03:04 UTC", "a time for people");
	is(datetime_text(&a, "soon"), "soon", "what is no time stays as it is");
	arena_release(&a);
	return done();
}
