/* frontier_url_trap: what the pages that were visited teach about traps. */
#include "core/arena.h"
#include "worker/crawl/frontier.h"
#include "worker/crawl/rules/url_trap.h"

/* parse_own: the address of a page that only links led to. */
static bool
parse_own(struct frontier *f, uint32_t i, struct arena *a, struct url *u)
{
	const struct frontier_entry *e = frontier_at(f, i);

	return !e->from_sitemap && !e->is_whole_url && i != 0 &&
	       url_parse(a, frontier_url(f, i, a), u) == OK;
}

bool
frontier_recheck_trap(struct frontier *f, uint32_t i, bool taken)
{
	const char *why = NULL;
	struct arena scratch;
	struct url u;

	arena_init(&scratch);
	if (parse_own(f, i, &scratch, &u))
		why = url_trap_recheck(frontier_url_trap(f), &u, taken);
	arena_release(&scratch);
	if (why != NULL)
		frontier_set_disposition(f, i, DISPOSITION_TRAP, why);
	return why != NULL;
}

void
frontier_learn_duplicate(struct frontier *f, uint32_t i, bool same)
{
	struct arena scratch;
	struct url u;

	arena_init(&scratch);
	if (parse_own(f, i, &scratch, &u))
		url_trap_learn(frontier_url_trap(f), &u, same);
	arena_release(&scratch);
}
