/*
 * url_rule: one reason for which a URL does not become a line of the file.
 *
 * Each file of worker/crawl/rules/ is one rule; the build makes the table
 * url_rules from their names.  A URL passes the stages in the order of the
 * enum; within a stage the rules are asked by their order, and the first one
 * that decides ends it.  What no rule stops is listed.
 */
#ifndef WORKER_CRAWL_URL_RULE_H
#define WORKER_CRAWL_URL_RULE_H

#include "worker/crawl/frontier.h"
#include "worker/site/disposition.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct page_visit;
struct url_glob;
struct visits;

enum url_rule_stage {
	URL_RULE_ADDRESS,     /* a new URL, before it is queued */
	URL_RULE_VARIANT,     /* its language and version: before its visit, and
				 whenever the choice of these changes */
	URL_RULE_RESPONSE,    /* the server has answered; its links have not
				 been read */
	URL_RULE_REPLACEMENT, /* the page sends its readers to another one */
	URL_RULE_CONTENT,     /* what the page itself says */
	URL_RULE_END,         /* queued pages when the crawl ends before them */
	URL_RULE_STAGE_MAX
};

/* What the address of a URL is compared with; the frontier's. */
struct address_context {
	const struct robots *robots;
	struct url_trap *url_trap;
	unsigned max_depth;
	struct url_glob **include, **exclude; /* each ends in NULL */
	uint64_t steps; /* of comparing with patterns and robots.txt so far */
};

/*
 * A URL before a rule, and what the rule says of it.  Each stage sets what it
 * knows; a rule reads nothing else.
 */
struct url_case {
	struct arena *arena;   /* for what the rule says */
	const struct url *url; /* of ADDRESS */
	unsigned depth;        /* of ADDRESS: links from the home page */
	struct address_context *address; /* of ADDRESS */
	struct visits *visits;           /* of all others */
	uint32_t entry;                  /* of all others: in the frontier */
	const struct page_visit *visit;  /* of RESPONSE to CONTENT */

	/* Set by the rule that decides. */
	const char *detail; /* what goes with the disposition; NULL: nothing */
	uint32_t other;     /* entry of the page that stands for this one */
	const char *page;   /* of ADDRESS: the target ("/shop?c=3") of that
			       page; NULL: not known */
};

struct url_rule {
	const char *name;
	enum url_rule_stage stage;
	int order; /* in its stage: lower ones are asked first */
	/*
	 * Asked only about pages that links led to: never about the home page
	 * or about what a sitemap lists.
	 */
	bool links_only;
	/* DISPOSITION_PENDING: the rule does not apply. */
	enum disposition (*judge)(struct url_case *c);
	/*
	 * May be NULL.  Of ADDRESS and links_only: as judge, of a page that
	 * was queued, since more is known by now.  visited: it was fetched, so
	 * it counts if it stays; else nothing changes.
	 */
	enum disposition (*recheck)(struct url_case *c, bool visited);
	/* May be NULL.  Called once the frontier has what judge said. */
	void (*decided)(struct url_case *c);
};

extern const struct url_rule *const url_rules[]; /* ends in NULL */

#define URL_RULES_MAX 20 /* of one stage */

/* The rules by stage, in the order in which they are asked. */
struct url_rule_list {
	const struct url_rule *rule[URL_RULE_STAGE_MAX][URL_RULES_MAX + 1];
};

/* url_rule_list_make: of url_rules. */
void url_rule_list_make(struct url_rule_list *list);

/*
 * url_rule_judge: asks the rules of a stage.  links: those that are
 * links_only, too.  The rule that decided goes to *by (may be NULL).
 */
enum disposition url_rule_judge(const struct url_rule_list *list,
    enum url_rule_stage stage, bool links, struct url_case *c,
    const struct url_rule **by);

#endif
