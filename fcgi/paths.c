#include "fcgi/paths.h"

#include "core/schema/host_count.h"
#include "fcgi/params.h"

#include <string.h>

/* ---- rows ---- */

static bool
row_starts(const struct path_row *r, const struct path_row *with)
{
	return r->prefix >= with->prefix &&
	       memcmp(r->pattern, with->pattern, with->prefix) == 0;
}

/* find_parent: the nearest row before i that it lies in. */
static int
find_parent(const struct paths *p, int i)
{
	const struct path_row *r = &p->row[i];
	int best = -1;

	for (int k = 0; k < p->n; k++) {
		const struct path_row *up = &p->row[k];

		if (k == i || up->rest || !row_starts(r, up) ||
		    (!r->rest && up->prefix == r->prefix))
			continue;
		if (best < 0 || up->prefix > p->row[best].prefix)
			best = k;
	}
	return best;
}

static struct path_row *
add_row(struct paths *p, const char *value)
{
	struct path_row *r;

	if (p->n == PATHS_MAX || value == NULL ||
	    (*value != '/' && strncmp(value, "+/", 2) != 0))
		return NULL;
	for (int i = 0; i < p->n; i++)
		if (strcmp(p->row[i].value, value) == 0)
			return NULL;
	r = &p->row[p->n++];
	*r = (struct path_row){.value = value,
	    .pattern = value + (*value == '+'),
	    .rest = *value == '+',
	    .ticked = true};
	r->prefix = strcspn(r->pattern, "*");
	return r;
}

static void
find_parents(struct paths *p)
{
	for (int i = 0; i < p->n; i++)
		p->row[i].parent = find_parent(p, i);
	for (int i = 0; i < p->n; i++)
		for (int up = p->row[i].parent; up >= 0; up = p->row[up].parent)
			p->row[i].level++;
}

/* may_fit: one of the patterns may take pages of the row. */
static bool
may_fit(const struct path_row *r, const char *patterns)
{
	bool any = false;

	while (*patterns != '\0') {
		size_t n = strcspn(patterns, "\r\n"), k;

		k = strcspn(patterns, "*?\r\n");
		any |= n > 0;
		if (n > 0 && *patterns == '/') {
			size_t least = k < r->prefix ? k : r->prefix;

			if (memcmp(r->pattern, patterns, least) == 0 &&
			    (!r->rest || k <= r->prefix))
				return true;
		} else if (n > 0) {
			return true;
		}
		patterns += n;
		patterns += strspn(patterns, "\r\n");
	}
	return !any;
}

void
paths_read(struct arena *a, struct json_object *detail, const char *include,
    struct paths *out)
{
	size_t n = host_count_npaths(detail);

	out->n = 0;
	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++) {
		struct host_count_path path;
		struct path_row *r;

		if (!host_count_path(detail, i, &path))
			continue;
		r = add_row(out, path.rest
				     ? arena_printf(a, "+%s", path.pattern)
				     : path.pattern);
		if (r == NULL)
			continue;
		r->urls = path.urls;
		r->listed = path.listed;
		r->ticked = may_fit(r, include);
	}
	find_parents(out);
	/* Too small a part for a row of its own: the pattern alone decides. */
	if (!paths_any(out))
		for (int i = 0; i < out->n; i++)
			out->row[i].ticked = true;
}

/* row_tick: a row, which a simple client may not have sent as shown. */
static void
row_tick(struct paths *p, const char *value)
{
	for (int i = 0; i < p->n; i++)
		if (strcmp(p->row[i].value, value) == 0) {
			p->row[i].ticked = true;
			return;
		}
	(void)add_row(p, value);
}

void
paths_form(const struct params *form, struct paths *out)
{
	out->n = 0;
	for (size_t i = 0; i < form->n; i++) {
		struct path_row *r = NULL;

		if (strcmp(form->v[i].name, "shown") == 0)
			r = add_row(out, form->v[i].value);
		if (r != NULL)
			r->ticked = false;
	}
	for (size_t i = 0; i < form->n; i++)
		if (strcmp(form->v[i].name, "path") == 0)
			row_tick(out, form->v[i].value);
	find_parents(out);
}

void
paths_tick(struct paths *p, const struct paths *from)
{
	for (int i = 0; i < p->n; i++)
		for (int k = 0; k < from->n; k++)
			if (strcmp(p->row[i].value, from->row[k].value) == 0)
				p->row[i].ticked = from->row[k].ticked;
}

/* ---- what is chosen ---- */

/* is_chosen: it and all that it belongs to are ticked. */
static bool
is_chosen(const struct paths *p, int i)
{
	for (; i >= 0; i = p->row[i].parent)
		if (!p->row[i].ticked)
			return false;
	return true;
}

/* rest_of: the row for what is in row i and in no other; -1: there is none. */
static int
rest_of(const struct paths *p, int i)
{
	for (int k = 0; k < p->n; k++)
		if (p->row[k].rest && p->row[k].parent == i)
			return k;
	return -1;
}

static bool
has_rows(const struct paths *p, int i)
{
	for (int k = 0; k < p->n; k++)
		if (p->row[k].parent == i)
			return true;
	return false;
}

long
paths_pages(const struct paths *p)
{
	long pages = 0;

	for (int i = 0; i < p->n; i++)
		if (!has_rows(p, i) && is_chosen(p, i))
			pages += p->row[i].listed;
	return pages;
}

bool
paths_any(const struct paths *p)
{
	for (int i = 0; i < p->n; i++)
		if (!has_rows(p, i) && is_chosen(p, i))
			return true;
	return false;
}

/*
 * takes_unnamed: what is in no row is wanted, so the order takes all but what
 * it excludes; else it takes only what it includes.
 */
static bool
takes_unnamed(const struct paths *p)
{
	int rest = rest_of(p, -1);

	return rest < 0 || p->row[rest].ticked;
}

static void
add_pattern(struct json_object *list, const char *pattern)
{
	json_object_array_add(list, json_object_new_string(pattern));
}

/*
 * put_rows: of the rows that belong to parent; whole: all of it is included
 * (or there are no includes), so what is not ticked must be excluded.
 */
static void
put_rows(const struct paths *p, int parent, bool whole,
    struct json_object *include, struct json_object *exclude)
{
	for (int i = 0; i < p->n; i++) {
		const struct path_row *r = &p->row[i];
		int rest = rest_of(p, i);
		bool all;

		if (r->parent != parent || r->rest)
			continue;
		if (!r->ticked) {
			if (whole)
				add_pattern(exclude, r->pattern);
			continue;
		}
		all = whole || rest < 0 || p->row[rest].ticked;
		if (all && !whole)
			add_pattern(include, r->pattern);
		/* Its own pages; folders too small for a row stay in. */
		if (whole && rest >= 0 && !p->row[rest].ticked)
			json_object_array_add(
			    exclude, json_object_new_string_len(
					 r->pattern, (int)r->prefix + 1));
		put_rows(p, i, all, include, exclude);
	}
}

void
paths_globs(const struct paths *p, struct json_object *include,
    struct json_object *exclude)
{
	put_rows(p, -1, takes_unnamed(p), include, exclude);
}
