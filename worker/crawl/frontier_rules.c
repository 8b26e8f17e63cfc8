#include "worker/crawl/frontier_rules.h"

#include "worker/crawl/options.h"
#include "worker/crawl/robots.h"
#include "worker/crawl/trap.h"

static bool
any_matches(const struct crawl_globs *g, const struct url *u, const char **hit)
{
	for (size_t i = 0; i < g->n; i++)
		if (url_glob_match(g->pattern[i], u)) {
			*hit = g->pattern[i];
			return true;
		}
	return false;
}

static unsigned
parts_of(const char *target)
{
	unsigned n = 0;

	for (const char *p = target; *p != '\0' && *p != '?'; p++)
		n += *p == '/' && p[1] != '\0' && p[1] != '?';
	return n;
}

int
rules_prefer(const struct frontier_entry *a, const struct frontier_entry *b)
{
	unsigned p, q;

	if ((a->nav != 0) != (b->nav != 0))
		return a->nav != 0 ? -1 : 1;
	if (a->at_hand != b->at_hand)
		return a->at_hand ? -1 : 1;
	p = parts_of(a->target);
	q = parts_of(b->target);
	return (p > q) - (p < q);
}

enum fate
rules_judge(
    const struct frontier_rules *r, const struct url *u, const char **detail)
{
	struct robots_verdict v;

	if (any_matches(r->exclude, u, detail))
		return FATE_EXCLUDED;
	if (r->include->n > 0 && !any_matches(r->include, u, detail))
		return FATE_NOT_INCLUDED;
	if ((*detail = trap_not_page(u)) != NULL)
		return FATE_NOT_PAGE;
	/* The target of "http://a//b" alone would read as a host "b". */
	v = robots_check(r->robots, u->text);
	if (v.allowed)
		return FATE_PENDING;
	*detail = v.rule;
	return FATE_ROBOTS;
}

void
rules_judge_new(const struct frontier_rules *r, struct arena *a,
    const struct url *u, enum frontier_source source, unsigned depth,
    struct view *out)
{
	*out = (struct view){.fate = FATE_PENDING};
	out->fate = rules_judge(r, u, &out->why);
	if (out->fate != FATE_PENDING || source != FROM_LINK)
		return;
	view_judge(a, u, out);
	if (out->fate != FATE_PENDING)
		return;
	if ((out->why = trap_catches(r->trap, u)) != NULL)
		out->fate = FATE_TRAP;
	else if (depth > r->depth)
		out->fate = FATE_DEPTH;
}
