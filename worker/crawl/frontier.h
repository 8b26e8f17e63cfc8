/*
 * frontier: every URL a crawl has heard of, each once, with its disposition.
 *
 * Invariants: an entry is either a page's own (its key is unique) or the
 * twin of one (DISPOSITION_TWIN, other).  What was added first comes first: the
 * order depends on what was read, never on when it arrived, so the same site
 * gives the same files.  Entries are never removed; indexes stay valid.
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
	const char *target;  /* "/a?b"; for what is no page and twins that a
				sitemap spells otherwise the whole URL */
	const char *detail;  /* what goes with the disposition; NULL: nothing */
	const char *lang;    /* declared by hreflang; NULL: nothing */
	const char *lastmod; /* as a sitemap says; NULL: nothing */
	const char *label;   /* what the first link to it says; NULL */
	uint32_t other;      /* the page it is a twin of, or leads to */
	uint32_t alias;      /* a twin, to try if this address fails */
	uint32_t nav;        /* place in the home page's navigation; 0 */
	uint32_t linked;     /* pages that link to it */
	uint32_t title_hash; /* hash of its title once it was visited; 0 */
	uint16_t depth;      /* links from the home page */
	uint8_t disposition; /* enum disposition */
	bool is_whole_url;   /* target is a whole URL */
	bool from_sitemap;
	bool linked_from_home;
	bool version_stub;      /* one line for a version that is left out */
	bool ignores_canonical; /* its rel=canonical is not believed */
	bool queued;            /* it is in the order of visits */
	bool retried;
	bool may_be_task; /* called as a login, a cart or a search are */
};

/* What a frontier is made for; it must outlive it but for home. */
struct frontier_config {
	struct url home; /* its origin is every page's */
	const struct robots *robots;
	const struct crawl_globs *include;
	const struct crawl_globs *exclude;
	struct url_trap *url_trap;
	unsigned max_depth; /* pages further from home are left out */
	size_t max_entries,
	    max_bytes; /* entries and their bytes; more is counted */
	/* Told of each page that is queued, once; may be NULL. */
	void (*on_new_page)(void *ctx, const char *target);
	void *ctx;
};
/* How a URL was heard of. */
enum frontier_source { FROM_LINK, FROM_SITEMAP, FROM_PAGE };

struct frontier;

/* frontier_new: lives in the arena. */
struct frontier *frontier_new(
    struct arena *a, const struct frontier_config *config);

/*
 * frontier_add: the page of a URL as written in a link (absolute), a sitemap,
 * or as a redirect's or rel=canonical's target (FROM_PAGE: the rules against
 * traps do not apply).  Returns its entry (of a twin: the page's), or
 * FRONTIER_NONE for what is no http(s) URL, another site's, or one too many.
 * A new page that the rules let through is queued.
 */
uint32_t frontier_add(struct frontier *f, const char *text,
    enum frontier_source source, unsigned depth);

/* frontier_find: as frontier_add, but only what is known already. */
uint32_t frontier_find(struct frontier *f, const char *text);

/*
 * frontier_move: the page at i turned out to live at text (a redirect).  If
 * that is a known page its entry comes back; else i takes the address, the
 * old one is kept as an entry of its own (DISPOSITION_REDIRECT), and i comes
 * back. FRONTIER_NONE: text is not of the site; nothing was changed.
 */
uint32_t frontier_move(struct frontier *f, uint32_t i, const char *text);

/* frontier_requeue: i is pending and goes to the end of the order once more. */
void frontier_requeue(struct frontier *f, uint32_t i);

/*
 * frontier_retry_alias: the same under another spelling of its address.  False:
 * there is none, or it was tried before.
 */
bool frontier_retry_alias(struct frontier *f, uint32_t i);

/*
 * frontier_judge_address: what the rules say that need nothing but the address,
 * which is of the site: patterns, kinds of files, robots.txt.
 * DISPOSITION_PENDING: they let it through.  *detail is the pattern or rule.
 */
enum disposition frontier_judge_address(
    struct frontier *f, const struct url *u, const char **detail);

/*
 * frontier_is_too_costly: comparing addresses with the patterns and robots.txt
 * has taken so long that no more should be.
 */
bool frontier_is_too_costly(const struct frontier *f);

/* frontier_rule_list: the rules that it asks, for their later stages. */
const struct url_rule_list *frontier_rule_list(const struct frontier *f);

/*
 * frontier_recheck: asks the rules about addresses once more of the page at i,
 * which links led to: what was learned since it was queued may keep it out.
 * True: its disposition is set.  visited: it was fetched, so it counts if it
 * stays.
 */
bool frontier_recheck(struct frontier *f, uint32_t i, bool visited);

/* frontier_learn_duplicate: the page at i says what another says, or not. */
void frontier_learn_duplicate(struct frontier *f, uint32_t i, bool same);

/*
 * frontier_set_disposition: what became of entry i.  detail lives as long as f.
 */
void frontier_set_disposition(struct frontier *f, uint32_t i,
    enum disposition disposition, const char *detail);

struct frontier_entry *frontier_at(struct frontier *f, uint32_t i);

/* frontier_url: the entry's whole URL, in a. */
const char *frontier_url(struct frontier *f, uint32_t i, struct arena *a);

/* frontier_canonical: i, or the page it is a twin of or leads to in the end. */
uint32_t frontier_canonical(struct frontier *f, uint32_t i);

size_t frontier_count(const struct frontier *f);

/*
 * frontier_ledger: what became of each entry, as it stands; in the arena of the
 * frontier, which must not change any more.
 */
void frontier_ledger(struct frontier *f, struct ledger *out);

/* frontier_beyond: URLs that were one too many. */
size_t frontier_beyond(const struct frontier *f);

/* frontier_queued: pages in the order of visits, visited ones included. */
size_t frontier_queued(const struct frontier *f);

/* frontier_order: the n-th page to visit. */
uint32_t frontier_order(const struct frontier *f, size_t n);

/*
 * frontier_sort_by_priority: sorts the order from its n-th page on, for a limit
 * less than all: the home page's navigation, what else it links to, then the
 * shallow.
 */
void frontier_sort_by_priority(struct frontier *f, size_t from);

#endif
