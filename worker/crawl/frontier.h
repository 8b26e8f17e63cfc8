/*
 * frontier: every URL a crawl has heard of, each once, with its disposition.
 *
 * Invariants: an entry is either a page (its key is unique, url_twin_key) or
 * another spelling of one (DISPOSITION_TWIN, other).  Entries stand in the
 * order in which they were added, which depends on what was read and never on
 * when it arrived, so the same site gives the same files.  Entries are never
 * removed; their indexes stay valid.
 */
#ifndef WORKER_CRAWL_FRONTIER_H
#define WORKER_CRAWL_FRONTIER_H

#include "core/url.h"
#include "worker/site/disposition.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crawl_globs;
struct ledger;
struct robots;
struct url_rule_list; /* worker/crawl/url_rule.h */
struct url_trap;

#define FRONTIER_NONE UINT32_MAX

struct frontier_entry {
	const char *target;  /* "/a?b"; the whole URL of what is no page of the
				site, and of what a sitemap spells otherwise */
	const char *detail;  /* what goes with the disposition; NULL: nothing */
	const char *lang;    /* declared by hreflang; NULL: nothing */
	const char *lastmod; /* as a sitemap says; NULL: nothing */
	const char *label;   /* what the first link to it says; NULL */
	uint32_t other;      /* the page it is a twin of, or leads to */
	uint32_t alias;      /* a twin, to try if this address fails */
	uint32_t nav;        /* place in the navigation of the home page; 0:
				it is not there */
	uint32_t linked;     /* pages that link to it */
	uint32_t title_hash; /* hash of its title once it was visited; 0 */
	uint16_t depth;      /* links from the home page */
	uint8_t disposition; /* enum disposition */
	bool is_whole_url;   /* target is a whole URL */
	bool from_sitemap;
	bool linked_from_home;
	bool version_stub;      /* stands for a version that is left out */
	bool ignores_canonical; /* its rel=canonical is not believed */
	bool queued;            /* it is in the order of visits */
	bool retried;           /* under its alias */
	bool may_be_task;       /* called as a login, a cart or a search are */
};

/* All pointers must outlive the frontier. */
struct frontier_config {
	struct url home; /* all pages have its origin */
	const struct robots *robots;
	const struct crawl_globs *include;
	const struct crawl_globs *exclude;
	struct url_trap *url_trap;
	unsigned max_depth; /* pages further from home are left out */
	size_t max_entries; /* URLs beyond these are only counted */
	size_t max_bytes;   /* the same, of their targets together */
	/* Told of each page that is queued, once; may be NULL. */
	void (*on_new_page)(void *ctx, const char *target);
	void *ctx;
};

/* How a URL became known. */
enum frontier_source {
	FROM_LINK,
	FROM_SITEMAP,
	FROM_PAGE /* a redirect or rel=canonical leads to it */
};

struct frontier;

/* frontier_new: lives in the arena. */
struct frontier *frontier_new(
    struct arena *a, const struct frontier_config *config);

/*
 * frontier_add: adds the page of an absolute URL, unless it is known, and
 * returns its entry.  A new page is queued unless a rule keeps it out; rules
 * that are links_only (url_rule.h) are asked about FROM_LINK alone.
 * FRONTIER_NONE: text is no http(s) URL, is of another site, or is one too
 * many.
 */
uint32_t frontier_add(struct frontier *f, const char *text,
    enum frontier_source source, unsigned depth);

/* frontier_find: as frontier_add, but adds nothing. */
uint32_t frontier_find(struct frontier *f, const char *text);

/*
 * frontier_move: the page at i redirects to text.  Returns the entry of that
 * page if it is known.  Otherwise entry i gets the new address, the old one
 * becomes an entry of its own (DISPOSITION_REDIRECT), and i is returned.
 * FRONTIER_NONE: text is not of the site; nothing was changed.
 */
uint32_t frontier_move(struct frontier *f, uint32_t i, const char *text);

/* frontier_requeue: makes i pending again and puts it at the end of the order.
 */
void frontier_requeue(struct frontier *f, uint32_t i);

/*
 * frontier_retry_alias: requeues i under another spelling of its address.
 * False: there is none, or it was tried before.
 */
bool frontier_retry_alias(struct frontier *f, uint32_t i);

/*
 * frontier_judge_address: asks the rules that hold for every address of the
 * site: patterns, file extensions, robots.txt.  DISPOSITION_PENDING: none keeps
 * it out. *detail is the pattern or the line that does.
 */
enum disposition frontier_judge_address(
    struct frontier *f, const struct url *u, const char **detail);

/*
 * frontier_is_too_costly: comparing addresses with the patterns and robots.txt
 * has taken so long that the crawl should end.
 */
bool frontier_is_too_costly(const struct frontier *f);

/* frontier_rule_list: all rules, for the stages that others ask. */
const struct url_rule_list *frontier_rule_list(const struct frontier *f);

/*
 * frontier_recheck: asks the rules about addresses once more
 * (url_rule.recheck), since more is known about the site than when page i was
 * queued.  True: it is kept out, and its disposition is set.  visited: it was
 * fetched.
 */
bool frontier_recheck(struct frontier *f, uint32_t i, bool visited);

/*
 * frontier_learn_duplicate: the text of page i is that of another page (same),
 * or its own; the rules about endless variations learn from it.
 */
void frontier_learn_duplicate(struct frontier *f, uint32_t i, bool same);

/*
 * frontier_set_disposition: says what became of entry i.  detail is copied.
 */
void frontier_set_disposition(struct frontier *f, uint32_t i,
    enum disposition disposition, const char *detail);

struct frontier_entry *frontier_at(struct frontier *f, uint32_t i);

/* frontier_url: the whole URL of the entry, in a. */
const char *frontier_url(struct frontier *f, uint32_t i, struct arena *a);

/* frontier_canonical: the page that i leads to in the end, or i. */
uint32_t frontier_canonical(struct frontier *f, uint32_t i);

size_t frontier_count(const struct frontier *f);

/*
 * frontier_ledger: what became of every entry, in the arena of the frontier.
 * Nothing may be added to the frontier afterwards.
 */
void frontier_ledger(struct frontier *f, struct ledger *out);

/* frontier_beyond: how many URLs there was no room for. */
size_t frontier_beyond(const struct frontier *f);

/* frontier_queued: how many pages are in the order, visited ones included. */
size_t frontier_queued(const struct frontier *f);

/* frontier_order: the n-th page to visit. */
uint32_t frontier_order(const struct frontier *f, size_t n);

/*
 * frontier_sort_by_priority: sorts the order from place from on, for a limit
 * that not all pages fit into: first what the navigation of the home page links
 * to, then what else that page links to, then short paths.
 */
void frontier_sort_by_priority(struct frontier *f, size_t from);

#endif
