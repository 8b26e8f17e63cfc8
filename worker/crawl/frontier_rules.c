#include "worker/crawl/frontier_rules.h"

#include "core/url_glob.h"
#include "worker/crawl/options.h"
#include "worker/fetch/robots.h"
#include "worker/crawl/rules/url_trap.h"

static struct url_glob **
globs_compile(struct arena *a, const struct crawl_globs *g)
{
	struct url_glob **out =
	    arena_array(a, g->n + 1, sizeof(struct url_glob *));

	for (size_t i = 0; i < g->n; i++)
		out[i] = url_glob_new(a, g->pattern[i]);
	return out;
}

void
address_rules_init(
    struct address_rules *r, struct arena *a, const struct frontier_rules *of)
{
	*r = (struct address_rules){.of = of,
	    .include = globs_compile(a, of->include),
	    .exclude = globs_compile(a, of->exclude)};
}

/* matching_pattern: the pattern that takes u; NULL: none does.  They end in
 * NULL. */
static const char *
matching_pattern(
    struct address_rules *r, struct url_glob **g, const struct url *u)
{
	for (; *g != NULL; g++)
		if (url_glob_takes(*g, u, &r->steps))
			return url_glob_pattern(*g);
	return NULL;
}

static unsigned
count_path_parts(const char *target)
{
	unsigned n = 0;

	for (const char *p = target; *p != '\0' && *p != '?'; p++)
		n += *p == '/' && p[1] != '\0' && p[1] != '?';
	return n;
}

int
frontier_entry_compare(
    const struct frontier_entry *a, const struct frontier_entry *b)
{
	unsigned p, q;

	if ((a->nav != 0) != (b->nav != 0))
		return a->nav != 0 ? -1 : 1;
	if (a->linked_from_home != b->linked_from_home)
		return a->linked_from_home ? -1 : 1;
	p = count_path_parts(a->target);
	q = count_path_parts(b->target);
	return (p > q) - (p < q);
}

enum disposition
address_rules_judge(
    struct address_rules *r, const struct url *u, const char **detail)
{
	struct robots_verdict v;

	if ((*detail = matching_pattern(r, r->exclude, u)) != NULL)
		return DISPOSITION_EXCLUDED;
	if (*r->include != NULL && matching_pattern(r, r->include, u) == NULL)
		return DISPOSITION_NOT_INCLUDED;
	if ((*detail = file_extension_of(u)) != NULL)
		return DISPOSITION_NOT_PAGE;
	/* The target of "http://a//b" alone would read as a host "b". */
	v = robots_check(r->of->robots, u->text);
	r->steps += v.steps;
	if (v.allowed)
		return DISPOSITION_PENDING;
	*detail = v.rule;
	return DISPOSITION_ROBOTS;
}

void
address_rules_judge_new(struct address_rules *r, struct arena *a,
    const struct url *u, enum frontier_source source, unsigned depth,
    struct alternate_view *out)
{
	*out = (struct alternate_view){.disposition = DISPOSITION_PENDING};
	out->disposition = address_rules_judge(r, u, &out->why);
	if (out->disposition != DISPOSITION_PENDING || source != FROM_LINK)
		return;
	alternate_view_judge(a, u, out);
	if (out->disposition != DISPOSITION_PENDING)
		return;
	if ((out->why = url_trap_check(r->of->url_trap, u)) != NULL)
		out->disposition = DISPOSITION_TRAP;
	else if (depth > r->of->depth)
		out->disposition = DISPOSITION_TOO_DEEP;
}
