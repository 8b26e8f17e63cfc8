/*
 * robots: a site's robots.txt, as RFC 9309 says and large crawlers read it.
 *
 * Invariants: of the file only the rules for our agents are kept; the text
 * itself may go after robots_parse.  Everything is in the arena.
 */
#ifndef WORKER_FETCH_ROBOTS_H
#define WORKER_FETCH_ROBOTS_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct robots;

/* RFC 9309, section 2.5: at least 500 KiB are read. */
#define ROBOTS_BYTES (500 * 1024)

struct robots_verdict {
	bool allowed;
	const char *rule;  /* "Disallow: /a*" that decided; NULL: none did */
	const char *agent; /* whose group it is: "platen", "*"; NULL: none */
	int line;          /* of the rule, from 1; 0: none */
	/* Too many rules would have to be compared: it is not allowed, and
	 * rule says so. */
	bool unsure;
	uint64_t steps; /* that it took, about a nanosecond each */
};

/*
 * robots_parse: reads at most max bytes (500 KiB by RFC 9309, 2.5; a line cut
 * by the limit is dropped).  agents is our product token, or several
 * separated by commas, each compared as a whole without regard to case; a
 * group of "*" counts only where no group names one of them.  Never fails:
 * junk is skipped.
 */
struct robots *robots_parse(struct arena *a, const char *text, size_t len,
    const char *agents, size_t max);

/* robots_uniform: a file that allows (4xx) or forbids (5xx) everything. */
struct robots *robots_uniform(struct arena *a, bool allowed);

/*
 * robots_status_forbids_all: the answer to a fetch of robots.txt with this
 * status means that nothing may be read for now (RFC 9309, 2.3.1.4).
 */
bool robots_status_forbids_all(int status);

/*
 * robots_check: url is absolute, or a path with its query; what begins with
 * "//" is taken for a host, as people write it.
 */
struct robots_verdict robots_check(const struct robots *r, const char *url);

/* robots_delay_ms: Crawl-delay of our group; -1 when it has none. */
long robots_delay_ms(const struct robots *r);

/* robots_sitemaps: the values of the Sitemap lines in order; *n of them. */
const char *const *robots_sitemaps(const struct robots *r, size_t *n);

/* robots_truncated: the file was longer than the limit. */
bool robots_truncated(const struct robots *r);

#endif
