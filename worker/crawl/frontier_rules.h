/*
 * frontier_rules: what the address of a page alone decides; for frontier.c.
 */
#ifndef WORKER_CRAWL_FRONTIER_RULES_H
#define WORKER_CRAWL_FRONTIER_RULES_H

#include "worker/crawl/frontier.h"
#include "worker/crawl/rules/alternate_view.h"

struct url_glob;

/* The rules, prepared for comparison with many addresses. */
struct address_rules {
	const struct frontier_rules *of;
	struct url_glob **include, **exclude; /* each ends in NULL */
	uint64_t steps; /* of comparing with patterns and robots.txt so far */
};

/* address_rules_init: in the arena; of must outlive it. */
void address_rules_init(
    struct address_rules *r, struct arena *a, const struct frontier_rules *of);

/* address_rules_judge: as frontier_judge_address. */
enum disposition address_rules_judge(
    struct address_rules *r, const struct url *u, const char **detail);

/*
 * address_rules_judge_new: of a page that was not known; the disposition, its
 * detail and of what it is a view go to out, in a or as long as the rules.
 */
void address_rules_judge_new(struct address_rules *r, struct arena *a,
    const struct url *u, enum frontier_source source, unsigned depth,
    struct alternate_view *out);

/* frontier_entry_compare: as strcmp, by the order of frontier_sort_by_priority;
 * 0: alike. */
int frontier_entry_compare(
    const struct frontier_entry *a, const struct frontier_entry *b);

#endif
