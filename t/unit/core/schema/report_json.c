/* report.json, read as it comes: its head, and one page at a time. */
#include "core/json.h"
#include "core/schema/report_json.h"

#include "t/tap.h"

static const char report[] =
    "{\n  \"version\": 1, \"title\": \"a \\\"pages\\\": [\",\n"
    "  \"edits\": {\"pages\": [1, 2]},\n"
    "  \"counts\": {\"listed\": 2, \"leftOut\": 3},\n"
    "  \"reasons\": [\n    {\"fate\": \"http\", \"pages\": 2, "
    "\"sentence\": \"S.\"},\n    {\"fate\": \"noindex\", \"pages\": 1}],\n"
    "  \"pages\": [\n"
    "    {\"url\": \"https://a.test/}]\", \"fate\": \"http\", "
    "\"reason\": \"S.\", \"detail\": \"404\"},\n"
    "    {\"url\": \"https://a.test/\", \"fate\": \"listed\", "
    "\"section\": \"A\", \"title\": \"B\"}\n  ]\n}\n";

static int seen;
static char urls[100];
static int stop_after;

static bool
see(void *arg, const struct report_page *p)
{
	size_t n = strlen(urls);

	(void)arg;
	seen++;
	snprintf(urls + n, sizeof(urls) - n, "%s ", p->url);
	return seen != stop_after;
}

/* feed: the text in pieces of n bytes. */
static enum rc
feed(struct report_reader *r, struct arena *a, const char *text, size_t n)
{
	size_t len = strlen(text);
	enum rc rc = OK;

	seen = 0;
	urls[0] = '\0';
	report_reader_init(r, a);
	r->page = see;
	for (size_t at = 0; at < len && rc == OK; at += n)
		rc = report_reader_feed(
		    r, text + at, n < len - at ? n : len - at);
	return rc;
}

static void
reads_in_any_pieces(struct arena *a)
{
	static const size_t sizes[] = {1, 7, sizeof(report)};
	struct report_reason reason;
	struct report_reader r;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		ok(feed(&r, a, report, sizes[i]) == OK && r.head != NULL,
		    "pieces of %zu bytes", sizes[i]);
		is_int(report_left_out(r.head), 3, "the head has its counts");
		ok(report_reason(r.head, 0, &reason), "and its reasons");
		is(reason.sentence, "S.", "with their sentences");
		ok(report_reason(r.head, 1, &reason) &&
			!report_reason(r.head, 2, &reason),
		    "as many as there are");
		is(urls, "https://a.test/}] https://a.test/ ",
		    "the pages, brackets in their addresses too");
		ok(r.stage == REPORT_END, "and then its end");
		report_reader_release(&r);
	}
}

static void
stops_when_it_has_enough(struct arena *a)
{
	struct report_reader r;

	stop_after = 1;
	ok(feed(&r, a, report, 50) == OK, "one page is wanted");
	is_int(seen, 1, "and no other is read");
	stop_after = 0;
	report_reader_release(&r);
}

static void
refuses_what_is_no_report(struct arena *a)
{
	static const char *const bad[] = {
	    "{\"a\": nonsense, \"pages\": [", "{\"pages\": [{\"url\": }]}"};
	struct report_reader r;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ok(feed(&r, a, bad[i], 5) == E_INPUT, "no report: %s", bad[i]);
		report_reader_release(&r);
	}
	ok(feed(&r, a, "      ", 2) == OK && r.head == NULL,
	    "white space is not the end yet");
	report_reader_release(&r);
}

static void
reads_what_it_writes(struct arena *a)
{
	struct report_page in = {.url = "https://a.test/\"",
	    .disposition = "http",
	    .lastmod = "2026-01-02",
	    .reason = "S.",
	    .other = "https://a.test/b"};
	struct report_page out;
	const char *why;
	char text[500] = "";
	FILE *f = fmemopen(text, sizeof(text) - 1, "w");

	report_page_write(f, &in);
	fclose(f);
	is(text,
	    "{\"url\": \"https://a.test/\\\"\", \"fate\": \"http\", "
	    "\"lastmod\": \"2026-01-02\", \"reason\": \"S.\", "
	    "\"other\": \"https://a.test/b\"}",
	    "an entry");
	report_page_read(json_parse(a, text, strlen(text), &why), &out);
	is(out.url, in.url, "is read again");
	is(out.other, in.other, "with all its members");
	is(out.detail, NULL, "and without those it lacks");
}

int
main(void)
{
	struct arena a;

	arena_init(&a);
	reads_in_any_pieces(&a);
	stops_when_it_has_enough(&a);
	refuses_what_is_no_report(&a);
	reads_what_it_writes(&a);
	arena_release(&a);
	return done();
}
