/* content_hash: pages that say the same, and text made to cost time. */
#include "t/tap.h"

#include "worker/crawl/content_hash.h"

#include <time.h>

static uint64_t
sum(const char *md)
{
	return content_hash("Title", md, strlen(md));
}

static void
parameters(void)
{
	ok(sum("See [it](/a?sid=1) now") == sum("See [it](/a?sid=2) now"),
	    "a session in a link makes no other page");
	ok(sum("[a](/a?x) [b](/b?y)") == sum("[a](/a?1) [b](/b?2)"),
	    "nor do two");
	ok(sum("[it](/a?sid=1)") != sum("[it](/b?sid=1)"),
	    "a link to another place does");
	ok(sum("![it](/a?1)") != sum("![it](/a?2)"), "and another picture");
	ok(sum("Why? (1)") != sum("Why? (2)"), "and what a question says");
	ok(sum("[a](/a) Why?1") != sum("[a](/a) Why?2"), "after a link, too");
	ok(sum("[a](/a?1\nb") != sum("[a](/a?1\nc"),
	    "a link ends with its line");
	ok(content_hash("One", "x", 1) != content_hash("Two", "x", 1),
	    "and the title counts");
}

/* seconds: of CPU, for 4 MB of the same few bytes. */
static double
seconds(const char *piece)
{
	size_t n = 4 << 20, k = strlen(piece);
	char *md = malloc(n);
	clock_t t0;

	for (size_t i = 0; i < n; i++)
		md[i] = piece[i % k];
	t0 = clock();
	(void)content_hash("", md, n);
	free(md);
	return (double)(clock() - t0) / CLOCKS_PER_SEC;
}

static void
costs(void)
{
	static const char *const t[] = {
	    "?", "](?", "](? ", "[?", "(?", "![](?)"};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		within(seconds(t[i]), 1, "the hash of 4 MB of %s", t[i]);
}

int
main(void)
{
	parameters();
	costs();
	return done();
}
