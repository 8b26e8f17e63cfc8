#include "core/llms_diff.h"

#include "core/arena.h"
#include "core/llms_line_match.h"

#include <string.h>

const char *
llms_section_name(const struct llms_file *f, const struct llms_link *l)
{
	return f->sections[l->section].name;
}

bool
llms_info_same(const struct llms_file *x, const struct llms_file *y)
{
	if (x->ninfo != y->ninfo)
		return false;
	for (size_t i = 0; i < x->ninfo; i++)
		if (strcmp(x->info[i], y->info[i]) != 0)
			return false;
	return true;
}

/* Either may be NULL, where a file has none. */
static bool
texts_differ(const char *x, const char *y)
{
	if (x == NULL || y == NULL)
		return x != y;
	return strcmp(x, y) != 0;
}

static unsigned
compare_links(const struct llms_link *before, const struct llms_link *after,
    const struct llms_match *m)
{
	unsigned what = 0;

	if (strcmp(before->title, after->title) != 0)
		what |= LLMS_TITLE;
	if (strcmp(before->text, after->text) != 0)
		what |= LLMS_TEXT;
	if (m->section[before->section] != after->section)
		what |= LLMS_SECTION;
	return what;
}

static void
diff_links(struct arena *a, const struct llms_match *m, struct llms_diff *out)
{
	const struct llms_file *before = out->before, *after = out->after;

	out->added =
	    arena_array(a, after->nlinks + 1, sizeof(struct llms_link *));
	out->removed =
	    arena_array(a, before->nlinks + 1, sizeof(struct llms_link *));
	out->changed = arena_array(a, after->nlinks + 1, sizeof(*out->changed));
	for (size_t i = 0; i < after->nlinks; i++) {
		const struct llms_link *l = &after->links[i], *old;
		unsigned what;

		if (m->link[i] == LLMS_NONE) {
			out->added[out->nadded++] = l;
			continue;
		}
		old = &before->links[m->link[i]];
		what = compare_links(old, l, m);
		if (what == 0)
			out->same++;
		else
			out->changed[out->nchanged++] =
			    (struct llms_change){old, l, what};
	}
	for (size_t i = 0; i < before->nlinks; i++)
		if (m->became[i] == LLMS_NONE)
			out->removed[out->nremoved++] = &before->links[i];
}

static void
diff_sections(
    struct arena *a, const struct llms_match *m, struct llms_diff *out)
{
	const struct llms_file *before = out->before;

	out->renamed =
	    arena_array(a, before->nsections + 1, sizeof(*out->renamed));
	for (size_t i = 0; i < before->nsections; i++) {
		const char *was = before->sections[i].name, *is;

		if (m->section[i] == LLMS_NONE)
			continue;
		is = out->after->sections[m->section[i]].name;
		if (strcmp(was, is) != 0)
			out->renamed[out->nrenamed++] =
			    (struct llms_renaming){was, is};
	}
}

void
llms_diff(struct arena *a, const struct llms_file *before,
    const struct llms_file *after, struct llms_diff *out)
{
	struct llms_match m;

	*out = (struct llms_diff){
	    .before = before,
	    .after = after,
	    .title = texts_differ(before->title, after->title),
	    .summary = texts_differ(before->summary, after->summary),
	    .info = !llms_info_same(before, after),
	};
	llms_match(a, before, after, &m);
	diff_links(a, &m, out);
	diff_sections(a, &m, out);
}

bool
llms_diff_empty(const struct llms_diff *d)
{
	return !d->title && !d->summary && !d->info && d->nadded == 0 &&
	       d->nremoved == 0 && d->nchanged == 0 && d->nrenamed == 0;
}
