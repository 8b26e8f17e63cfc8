#include "core/llms_edits.h"

#include "core/arena.h"
#include "core/llms_diff.h"
#include "core/llms_line_match.h"
#include "core/strmap.h"

#include <string.h>

struct derive {
	struct arena *a;
	const struct llms_file *generated, *shown, *edited;
	struct llms_match m; /* generated and edited */
	uint32_t *from;      /* of each edited section: the generated one */
	struct strmap twins; /* generated links by llms_twin_key */
	struct llms_edits *out;
};

size_t
llms_edits_count(const struct llms_edits *e)
{
	return (e->title.is != NULL) + (e->summary.is != NULL) +
	       (e->info != NULL) + e->nsections + e->nlinks;
}

/* ---- the head ---- */

/* Edited now; or edited before, and left alone now. */
static struct llms_text_edit
derive_words(const char *generated, const char *shown, const char *edited,
    const struct llms_text_edit *old)
{
	if (strcmp(generated, edited) != 0)
		return (struct llms_text_edit){edited, generated};
	if (strcmp(shown, edited) == 0)
		return *old;
	return (struct llms_text_edit){NULL, NULL};
}

static void
derive_head(struct derive *d, const struct llms_edits *old)
{
	const struct llms_file *g = d->generated, *s = d->shown;
	const struct llms_file *e = d->edited;
	struct llms_edits *out = d->out;

	out->title = derive_words(g->title, s->title, e->title, &old->title);
	out->summary =
	    derive_words(g->summary, s->summary, e->summary, &old->summary);
	if (!llms_info_same(g, e)) {
		out->info = e->info;
		out->ninfo = e->ninfo;
		out->was_info = g->info;
		out->nwas_info = g->ninfo;
	} else if (llms_info_same(s, e)) {
		out->info = old->info;
		out->ninfo = old->ninfo;
		out->was_info = old->was_info;
		out->nwas_info = old->nwas_info;
	}
}

/* ---- sections ---- */

static void
add_section(struct derive *d, uint32_t i, bool stays)
{
	const struct llms_section *s = d->edited->sections;
	struct llms_section_edit *e = &d->out->sections[d->out->nsections];
	const char *was = NULL;

	if (d->from[i] != LLMS_NONE)
		was = d->generated->sections[d->from[i]].name;
	if (was != NULL && strcmp(was, s[i].name) == 0)
		was = NULL;
	if (was == NULL && stays)
		return;
	e->name = (struct llms_text_edit){s[i].name, was};
	e->after = stays ? NULL : i > 0 ? s[i - 1].name : "";
	d->out->nsections++;
}

static void
map_sections(struct arena *a, const struct llms_file *f, struct strmap *m)
{
	strmap_init(m, a, f->nsections, false);
	for (uint32_t i = 0; i < f->nsections; i++)
		(void)strmap_add(m, f->sections[i].name, i);
}

static bool
has_section(const struct strmap *m, const char *name)
{
	return name != NULL && strmap_get(m, name) != STRMAP_NONE;
}

/* keep_old_sections: the edits of sections that this file does not have. */
static void
keep_old_sections(struct derive *d, const struct llms_edits *old)
{
	struct strmap edited, shown, generated;

	map_sections(d->a, d->edited, &edited);
	map_sections(d->a, d->shown, &shown);
	map_sections(d->a, d->generated, &generated);
	for (size_t i = 0; i < old->nsections; i++) {
		const struct llms_text_edit *w = &old->sections[i].name;

		if (!has_section(&edited, w->is) &&
		    !has_section(&shown, w->is) &&
		    !has_section(&generated, w->was))
			d->out->sections[d->out->nsections++] =
			    old->sections[i];
	}
}

static void
derive_sections(struct derive *d, const struct llms_edits *old)
{
	size_t n = d->edited->nsections;
	bool *stays = arena_array(d->a, n + 1, sizeof(*stays));

	d->from = arena_array(d->a, n + 1, sizeof(*d->from));
	for (size_t i = 0; i < n; i++)
		d->from[i] = LLMS_NONE;
	for (uint32_t i = 0; i < d->generated->nsections; i++)
		if (d->m.section[i] != LLMS_NONE)
			d->from[d->m.section[i]] = i;
	llms_find_unmoved(d->a, d->from, n, stays);
	d->out->sections = arena_array(
	    d->a, n + old->nsections + 1, sizeof(*d->out->sections));
	for (uint32_t i = 0; i < n; i++)
		add_section(d, i, stays[i]);
	keep_old_sections(d, old);
}

/* ---- links ---- */

/* generated NULL: it is a line of the person's own. */
static void
add_link(struct derive *d, uint32_t i, bool stays)
{
	const struct llms_link *l = &d->edited->links[i], *was = NULL;
	struct llms_edit *e = &d->out->links[d->out->nlinks];

	if (d->m.link[i] != LLMS_NONE)
		was = &d->generated->links[d->m.link[i]];
	*e = (struct llms_edit){
	    .kind = was == NULL ? LLMS_ADDED : LLMS_EDITED,
	    .url = l->url,
	    .alone = was == NULL && strmap_get(&d->twins,
					llms_twin_key(l->url)) != STRMAP_NONE,
	};
	if (was == NULL || strcmp(was->title, l->title) != 0)
		e->title = (struct llms_text_edit){
		    l->title, was == NULL ? NULL : was->title};
	if (was == NULL || strcmp(was->text, l->text) != 0)
		e->text = (struct llms_text_edit){
		    l->text, was == NULL ? NULL : was->text};
	if (!stays) {
		e->section.is = llms_section_name(d->edited, l);
		if (was != NULL)
			e->section.was = llms_section_name(d->generated, was);
		e->after =
		    i > d->edited->sections[l->section].first ? l[-1].url : "";
	}
	if (e->title.is != NULL || e->text.is != NULL || !stays)
		d->out->nlinks++;
}

/* The fewest lines of a section that were moved, if any. */
static void
derive_section(struct derive *d, uint32_t section)
{
	const struct llms_section *s = &d->edited->sections[section];
	uint32_t *number = arena_array(d->a, s->n + 1, sizeof(*number));
	bool *stays = arena_array(d->a, s->n + 1, sizeof(*stays));

	for (uint32_t i = 0; i < s->n; i++) {
		uint32_t g = d->m.link[s->first + i];

		number[i] = LLMS_NONE;
		if (g != LLMS_NONE &&
		    d->generated->links[g].section == d->from[section])
			number[i] = g;
	}
	llms_find_unmoved(d->a, number, s->n, stays);
	for (uint32_t i = 0; i < s->n; i++)
		add_link(d, s->first + i, stays[i]);
}

static void
derive_removed(struct derive *d)
{
	const struct llms_file *g = d->generated;

	for (size_t i = 0; i < g->nlinks; i++) {
		const struct llms_link *l = &g->links[i];

		if (d->m.became[i] != LLMS_NONE)
			continue;
		d->out->links[d->out->nlinks++] = (struct llms_edit){
		    .kind = LLMS_REMOVED,
		    .url = l->url,
		    .title.was = l->title,
		    .text.was = l->text,
		    .section.was = llms_section_name(g, l),
		};
	}
}

static const struct llms_link *
find_link(const struct strmap *m, const struct llms_file *f, const char *url)
{
	uint32_t i = strmap_get(m, url);

	return i == STRMAP_NONE ? NULL : &f->links[i];
}

/* left_alone: the person did nothing to the line of this URL. */
static bool
left_alone(const struct derive *d, const struct llms_link *shown,
    const struct llms_link *edited)
{
	if (shown == NULL || edited == NULL)
		return shown == edited;
	return strcmp(shown->title, edited->title) == 0 &&
	       strcmp(shown->text, edited->text) == 0 &&
	       strcmp(llms_section_name(d->shown, shown),
		   llms_section_name(d->edited, edited)) == 0;
}

static void
map_links(struct arena *a, const struct llms_file *f, struct strmap *m)
{
	strmap_init(m, a, f->nlinks, false);
	for (uint32_t i = 0; i < f->nlinks; i++)
		(void)strmap_add(m, f->links[i].url, i);
}

static void
keep_old(struct derive *d, const struct llms_edits *old)
{
	struct strmap shown, edited, fresh;
	size_t n = d->out->nlinks;

	map_links(d->a, d->shown, &shown);
	map_links(d->a, d->edited, &edited);
	strmap_init(&fresh, d->a, n, false);
	for (uint32_t i = 0; i < n; i++)
		(void)strmap_add(&fresh, d->out->links[i].url, i);
	for (size_t i = 0; i < old->nlinks; i++) {
		const char *url = old->links[i].url;

		if (strmap_get(&fresh, url) == STRMAP_NONE &&
		    left_alone(d, find_link(&shown, d->shown, url),
			find_link(&edited, d->edited, url)))
			d->out->links[d->out->nlinks++] = old->links[i];
	}
}

void
llms_edits_derive(struct arena *a, const struct llms_file *generated,
    const struct llms_file *shown, const struct llms_file *edited,
    const struct llms_edits *old, struct llms_edits *out)
{
	struct derive d = {
	    .a = a,
	    .generated = generated,
	    .shown = shown,
	    .edited = edited,
	    .out = out,
	};
	struct llms_edits here;

	memset(out, 0, sizeof(*out));
	llms_edits_rebase(a, generated, old, &here);
	strmap_init(&d.twins, a, generated->nlinks, false);
	for (uint32_t i = 0; i < generated->nlinks; i++)
		(void)strmap_add(
		    &d.twins, llms_twin_key(generated->links[i].url), i);
	llms_match(a, generated, edited, &d.m);
	derive_head(&d, &here);
	derive_sections(&d, &here);
	out->links =
	    arena_array(a, edited->nlinks + generated->nlinks + old->nlinks + 1,
		sizeof(*out->links));
	for (uint32_t i = 0; i < edited->nsections; i++)
		derive_section(&d, i);
	derive_removed(&d);
	keep_old(&d, &here);
}
