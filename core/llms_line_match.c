#include "core/llms_line_match.h"

#include "core/arena.h"
#include "core/strmap.h"

#include <string.h>

static uint32_t *
unmatched_array(struct arena *a, size_t n)
{
	uint32_t *v = arena_array(a, n + 1, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = LLMS_NONE;
	return v;
}

static void
match_links(struct arena *a, const struct llms_file *before,
    const struct llms_file *after, struct llms_match *out)
{
	struct strmap urls;

	strmap_init(&urls, a, before->nlinks, false);
	for (uint32_t i = 0; i < before->nlinks; i++)
		(void)strmap_add(&urls, before->links[i].url, i);
	out->link = unmatched_array(a, after->nlinks);
	out->became = unmatched_array(a, before->nlinks);
	for (uint32_t i = 0; i < after->nlinks; i++) {
		uint32_t old = strmap_get(&urls, after->links[i].url);

		if (old == STRMAP_NONE)
			continue;
		out->link[i] = old;
		out->became[old] = i;
	}
}

/* The votes on what a section became: Boyer and Moore's, then a count. */
struct vote {
	uint32_t candidate; /* a section of after */
	uint32_t lead;
	uint32_t count;  /* links that really went there */
	uint32_t stayed; /* links that went anywhere */
};

/* named: the sections that kept their names; taken[]: those of after. */
static bool *
match_names(struct arena *a, const struct llms_file *before,
    const struct llms_file *after, struct llms_match *out)
{
	bool *taken = arena_array(a, after->nsections + 1, sizeof(*taken));
	struct strmap names;

	strmap_init(&names, a, after->nsections, false);
	for (uint32_t i = 0; i < after->nsections; i++)
		(void)strmap_add(&names, after->sections[i].name, i);
	out->section = unmatched_array(a, before->nsections);
	for (size_t i = 0; i < before->nsections; i++) {
		uint32_t to = strmap_get(&names, before->sections[i].name);

		if (to == STRMAP_NONE)
			continue;
		out->section[i] = to;
		taken[to] = true;
	}
	return taken;
}

/* "Optional" has a meaning of its own: nothing is renamed to or from it. */
static bool
is_optional(const struct llms_file *f, uint32_t section)
{
	return strcmp(f->sections[section].name, LLMS_OPTIONAL) == 0;
}

/* from: the section of before that a link of after votes for; LLMS_NONE. */
static uint32_t
voting_section(const struct llms_file *before, const struct llms_file *after,
    const struct llms_match *m, const bool *taken, uint32_t i)
{
	uint32_t from;

	if (m->link[i] == LLMS_NONE || taken[after->links[i].section] ||
	    is_optional(after, after->links[i].section))
		return LLMS_NONE;
	from = before->links[m->link[i]].section;
	if (m->section[from] != LLMS_NONE || is_optional(before, from))
		return LLMS_NONE;
	return from;
}

static struct vote *
section_votes(struct arena *a, const struct llms_file *before,
    const struct llms_file *after, const struct llms_match *m,
    const bool *taken)
{
	struct vote *v = arena_array(a, before->nsections + 1, sizeof(*v));

	for (uint32_t i = 0; i < after->nlinks; i++) {
		uint32_t from = voting_section(before, after, m, taken, i);
		uint32_t to = after->links[i].section;

		if (from == LLMS_NONE)
			continue;
		if (v[from].lead == 0)
			v[from].candidate = to;
		v[from].lead += v[from].candidate == to ? 1 : -1;
	}
	for (uint32_t i = 0; i < after->nlinks; i++) {
		uint32_t from = voting_section(before, after, m, taken, i);

		if (from != LLMS_NONE)
			v[from].count +=
			    v[from].candidate == after->links[i].section;
		if (m->link[i] != LLMS_NONE)
			v[before->links[m->link[i]].section].stayed++;
	}
	return v;
}

/* Where two sections became one, it is the one that gave more. */
static void
match_renamed(struct arena *a, const struct llms_file *before,
    const struct llms_file *after, struct llms_match *out)
{
	bool *taken = match_names(a, before, after, out);
	struct vote *v = section_votes(a, before, after, out, taken);
	uint32_t *best = unmatched_array(a, after->nsections);

	for (uint32_t i = 0; i < before->nsections; i++) {
		uint32_t to = v[i].candidate;

		if (out->section[i] != LLMS_NONE || v[i].count == 0 ||
		    v[i].count * 2 <= v[i].stayed)
			continue;
		if (best[to] == LLMS_NONE || v[best[to]].count < v[i].count)
			best[to] = i;
	}
	for (uint32_t i = 0; i < after->nsections; i++)
		if (best[i] != LLMS_NONE)
			out->section[best[i]] = i;
}

void
llms_match(struct arena *a, const struct llms_file *before,
    const struct llms_file *after, struct llms_match *out)
{
	match_links(a, before, after, out);
	match_renamed(a, before, after, out);
}

/* The place among the ends of runs, shortest first, that x comes to. */
static size_t
place_among_runs(
    const uint32_t *number, const uint32_t *end, size_t n, uint32_t x)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (number[end[middle]] < x)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
llms_find_unmoved(
    struct arena *a, const uint32_t *number, size_t n, bool *stays)
{
	uint32_t *end = arena_array(a, n + 1, sizeof(*end));
	uint32_t *previous = unmatched_array(a, n);
	size_t longest = 0, at;

	memset(stays, 0, n * sizeof(*stays));
	for (uint32_t i = 0; i < n; i++) {
		if (number[i] == LLMS_NONE)
			continue;
		at = place_among_runs(number, end, longest, number[i]);
		previous[i] = at > 0 ? end[at - 1] : LLMS_NONE;
		end[at] = i;
		longest += at == longest;
	}
	if (longest == 0)
		return;
	for (uint32_t i = end[longest - 1]; i != LLMS_NONE; i = previous[i])
		stays[i] = true;
}
