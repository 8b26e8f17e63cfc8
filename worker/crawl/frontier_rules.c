#include "worker/crawl/frontier_rules.h"

#include "core/url_glob.h"
#include "worker/crawl/options.h"
#include "worker/fetch/robots.h"
#include "worker/crawl/rules/url_trap.h"

static struct url_glob **
compile(struct arena *a, const struct crawl_globs *g)
{
	struct url_glob **out =
	    arena_array(a, g->n + 1, sizeof(struct url_glob *));

	for (size_t i = 0; i < g->n; i++)
		out[i] = url_glob_new(a, g->pattern[i]);
	return out;
}

void
rules_init(
    struct address_rules *r, struct arena *a, const struct frontier_rules *of)
{
	*r = (struct address_rules){.of = of,
	    .include = compile(a, of->include),
	    .exclude = compile(a, of->exclude)};
}

/* any_takes: the pattern that takes u; NULL: none does.  They end in NULL. */
static const char *
any_takes(struct address_rules *r, struct url_glob **g, const struct url *u)
{
	for (; *g != NULL; g++)
		if (url_glob_takes(*g, u, &r->steps))
			return url_glob_pattern(*g);
	return NULL;
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
rules_judge(struct address_rules *r, const struct url *u, const char **detail)
{
	struct robots_verdict v;

	if ((*detail = any_takes(r, r->exclude, u)) != NULL)
		return FATE_EXCLUDED;
	if (*r->include != NULL && any_takes(r, r->include, u) == NULL)
		return FATE_NOT_INCLUDED;
	if ((*detail = trap_not_page(u)) != NULL)
		return FATE_NOT_PAGE;
	/* The target of "http://a//b" alone would read as a host "b". */
	v = robots_check(r->of->robots, u->text);
	r->steps += v.steps;
	if (v.allowed)
		return FATE_PENDING;
	*detail = v.rule;
	return FATE_ROBOTS;
}

void
rules_judge_new(struct address_rules *r, struct arena *a, const struct url *u,
    enum frontier_source source, unsigned depth, struct view *out)
{
	*out = (struct view){.fate = FATE_PENDING};
	out->fate = rules_judge(r, u, &out->why);
	if (out->fate != FATE_PENDING || source != FROM_LINK)
		return;
	view_judge(a, u, out);
	if (out->fate != FATE_PENDING)
		return;
	if ((out->why = trap_catches(r->of->trap, u)) != NULL)
		out->fate = FATE_TRAP;
	else if (depth > r->of->depth)
		out->fate = FATE_DEPTH;
}
