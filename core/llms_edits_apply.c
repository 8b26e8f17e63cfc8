/* Hand edits put into a generated file. */
#include "core/arena.h"
#include "core/llms_diff.h"
#include "core/llms_edits.h"
#include "core/llms_line_match.h"
#include "core/strmap.h"

#include <string.h>

/* Sections and lines as chains, so that one can be put anywhere. */
struct edit_part {
	const char *name;
	uint32_t next;        /* section, LLMS_NONE: the last */
	uint32_t before;      /* section, LLMS_NONE: the first */
	uint32_t first, last; /* its lines; LLMS_NONE: none */
	uint32_t n;
};

struct edit_line {
	struct llms_link link; /* its section is a part's index */
	uint32_t next;
};

struct apply {
	struct arena *a;
	const struct llms_file *g;
	const struct llms_edits *e;
	struct llms_edits_outcome *outcome;
	struct edit_part *parts;
	uint32_t nparts;
	uint32_t head, tail;   /* of the chain of parts */
	uint32_t *part_of;     /* of each generated section */
	struct strmap by_name; /* parts */
	struct edit_line *lines;
	uint32_t nlines;
	struct strmap by_url; /* lines that have their place */
	struct strmap made;   /* generated links */
	struct strmap edits;  /* e->links */
};

/* ---- conflicts ---- */

/* Other words were generated since the edit was made. */
static void
conflict_add(struct apply *p, const char *url, const char *what,
    const struct llms_text_edit *w, const char *now)
{
	if (w->was == NULL || strcmp(w->was, now) == 0 ||
	    strcmp(w->is, now) == 0)
		return;
	p->outcome->conflicts[p->outcome->nconflicts++] =
	    (struct llms_conflict){url, what, w->was, now, w->is};
}

/* ---- sections ---- */

static uint32_t
new_part(struct apply *p, const char *name)
{
	uint32_t i = p->nparts++;

	p->parts[i] = (struct edit_part){
	    name, LLMS_NONE, LLMS_NONE, LLMS_NONE, LLMS_NONE, 0};
	(void)strmap_add(&p->by_name, name, i);
	return i;
}

/* take_part: out of the chain. */
static void
take_part(struct apply *p, uint32_t part)
{
	struct edit_part *s = &p->parts[part];

	*(s->before == LLMS_NONE ? &p->head : &p->parts[s->before].next) =
	    s->next;
	*(s->next == LLMS_NONE ? &p->tail : &p->parts[s->next].before) =
	    s->before;
}

/* insert_part: after another, or first for LLMS_NONE. */
static void
insert_part(struct apply *p, uint32_t part, uint32_t after)
{
	struct edit_part *s = &p->parts[part];
	uint32_t *next = after == LLMS_NONE ? &p->head : &p->parts[after].next;

	s->before = after;
	s->next = *next;
	*next = part;
	*(s->next == LLMS_NONE ? &p->tail : &p->parts[s->next].before) = part;
}

/* Its own name, or the one it was given. */
static const char *
name_of(struct apply *p, const struct strmap *renamed, size_t i)
{
	const char *own = p->g->sections[i].name;
	uint32_t e = strmap_get(renamed, own);

	if (e == STRMAP_NONE)
		return own;
	p->outcome->applied++;
	return p->e->sections[e].name.is;
}

/*
 * part_rename: names that differ by case alone are one part, and what the
 * person wrote is its name.  by_name keeps its key, which is the same folded.
 */
static void
part_rename(struct apply *p, uint32_t part, const char *name)
{
	p->parts[part].name = name;
}

/* Two that have one name now are one section. */
static void
make_parts(struct apply *p)
{
	struct strmap renamed;

	strmap_init(&renamed, p->a, p->e->nsections, false);
	for (uint32_t i = 0; i < p->e->nsections; i++)
		if (p->e->sections[i].name.was != NULL)
			(void)strmap_add(
			    &renamed, p->e->sections[i].name.was, i);
	for (size_t i = 0; i < p->g->nsections; i++) {
		const char *name = name_of(p, &renamed, i);
		uint32_t part = strmap_get(&p->by_name, name);

		if (part == STRMAP_NONE) {
			part = new_part(p, name);
			insert_part(p, part, p->tail);
		} else if (name != p->g->sections[i].name) {
			part_rename(p, part, name);
		}
		p->part_of[i] = part;
	}
}

static void
move_part(struct apply *p, const struct llms_section_edit *e)
{
	uint32_t part = strmap_get(&p->by_name, e->name.is);
	uint32_t after = strmap_get(&p->by_name, e->after);

	if (e->after[0] != '\0' && after == STRMAP_NONE)
		return;
	if (part == STRMAP_NONE)
		part = new_part(p, e->name.is);
	else if (part != after)
		take_part(p, part);
	part_rename(p, part, e->name.is);
	if (part == after)
		return;
	insert_part(p, part, e->after[0] == '\0' ? LLMS_NONE : after);
	if (e->name.was == NULL)
		p->outcome->applied++;
}

/* ---- lines ---- */

static void
put_line(struct apply *p, uint32_t line, uint32_t part, uint32_t after)
{
	struct edit_part *s = &p->parts[part];
	struct edit_line *l = &p->lines[line];
	uint32_t *at = after == LLMS_NONE ? &s->first : &p->lines[after].next;

	l->link.section = part;
	l->next = *at;
	*at = line;
	if (l->next == LLMS_NONE)
		s->last = line;
	s->n++;
	strmap_set(&p->by_url, l->link.url, line);
}

static uint32_t
new_line(struct apply *p, const struct llms_link *from)
{
	uint32_t i = p->nlines++;

	p->lines[i] = (struct edit_line){*from, LLMS_NONE};
	return i;
}

static void
edit_words(struct apply *p, const struct llms_edit *e, struct llms_link *l)
{
	if (e->title.is != NULL) {
		conflict_add(p, e->url, "title", &e->title, l->title);
		l->title = e->title.is;
	}
	if (e->text.is != NULL) {
		conflict_add(p, e->url, "description", &e->text, l->text);
		l->text = e->text.is;
	}
}

/* The generated lines that stay in their sections. */
static void
put_generated(struct apply *p)
{
	for (uint32_t i = 0; i < p->g->nlinks; i++) {
		const struct llms_link *l = &p->g->links[i];
		uint32_t at = strmap_get(&p->edits, l->url);
		const struct llms_edit *e =
		    at == STRMAP_NONE ? NULL : &p->e->links[at];
		uint32_t line, part = p->part_of[l->section];

		if (e != NULL && e->kind == LLMS_REMOVED)
			p->outcome->applied++;
		if (e != NULL &&
		    (e->kind == LLMS_REMOVED || e->section.is != NULL))
			continue;
		line = new_line(p, l);
		if (e != NULL) {
			edit_words(p, e, &p->lines[line].link);
			p->outcome->applied++;
		}
		put_line(p, line, part, p->parts[part].last);
	}
}

static uint32_t
part_named(struct apply *p, const char *name)
{
	uint32_t part = strmap_get(&p->by_name, name);

	if (part != STRMAP_NONE) {
		part_rename(p, part, name);
		return part;
	}
	part = new_part(p, name);
	insert_part(p, part, p->tail);
	return part;
}

/* After the line it followed, or at the end of its section without that. */
static void
put_moved(struct apply *p, const struct llms_edit *e, uint32_t line)
{
	uint32_t part = part_named(p, e->section.is);
	uint32_t after = strmap_get(&p->by_url, e->after);

	if (e->after[0] == '\0')
		after = LLMS_NONE;
	else if (after == STRMAP_NONE || p->lines[after].link.section != part)
		after = p->parts[part].last;
	put_line(p, line, part, after);
	p->outcome->applied++;
}

static void
put_edited(struct apply *p)
{
	for (size_t i = 0; i < p->e->nlinks; i++) {
		const struct llms_edit *e = &p->e->links[i];
		uint32_t at = strmap_get(&p->made, e->url);
		struct llms_link own = {"", e->url, "", 0};
		uint32_t line;

		if (at == STRMAP_NONE && e->kind == LLMS_EDITED)
			p->outcome->orphaned[p->outcome->norphaned++] = e;
		if (e->section.is == NULL ||
		    (at == STRMAP_NONE && e->kind != LLMS_ADDED) ||
		    strmap_get(&p->by_url, e->url) != STRMAP_NONE)
			continue;
		line = new_line(p, at == STRMAP_NONE ? &own : &p->g->links[at]);
		if (at != STRMAP_NONE)
			conflict_add(p, e->url, "section", &e->section,
			    llms_section_name(p->g, &p->g->links[at]));
		edit_words(p, e, &p->lines[line].link);
		put_moved(p, e, line);
	}
}

/* ---- the whole ---- */

static const char *
edit_head(struct apply *p, const char *what, const struct llms_text_edit *w,
    const char *now)
{
	if (w->is == NULL)
		return now;
	conflict_add(p, NULL, what, w, now);
	p->outcome->applied++;
	return w->is;
}

static void
edit_info(struct apply *p, struct llms_file *out)
{
	const struct llms_edits *e = p->e;
	struct llms_file was = {.info = e->was_info, .ninfo = e->nwas_info};
	struct llms_file is = {.info = e->info, .ninfo = e->ninfo};

	if (e->info == NULL)
		return;
	if (!llms_info_same(&was, p->g) && !llms_info_same(&is, p->g) &&
	    e->nwas_info > 0 && p->g->ninfo > 0)
		p->outcome->conflicts[p->outcome->nconflicts++] =
		    (struct llms_conflict){NULL, "information", e->was_info[0],
			p->g->info[0], e->info[0]};
	out->info = e->info;
	out->ninfo = e->ninfo;
	p->outcome->applied++;
}

static void
write_part(struct apply *p, uint32_t i, struct llms_file *out)
{
	const struct edit_part *s = &p->parts[i];
	uint32_t section = (uint32_t)out->nsections;

	if (s->n == 0)
		return;
	out->sections[out->nsections++] =
	    (struct llms_section){s->name, (uint32_t)out->nlinks, s->n};
	for (uint32_t l = s->first; l != LLMS_NONE; l = p->lines[l].next) {
		out->links[out->nlinks] = p->lines[l].link;
		out->links[out->nlinks++].section = section;
	}
}

/* "Optional" comes last, wherever it was put. */
static void
write_parts(struct apply *p, struct llms_file *out)
{
	uint32_t last = LLMS_NONE;

	out->sections =
	    arena_array(p->a, p->nparts + 1, sizeof(*out->sections));
	out->links = arena_array(p->a, p->nlines + 1, sizeof(*out->links));
	for (uint32_t i = p->head; i != LLMS_NONE; i = p->parts[i].next) {
		if (strcmp(p->parts[i].name, LLMS_OPTIONAL) == 0)
			last = i;
		else
			write_part(p, i, out);
	}
	if (last != LLMS_NONE)
		write_part(p, last, out);
}

static void
make_maps(struct apply *p)
{
	const struct llms_edits *e = p->e;
	size_t links = p->g->nlinks + e->nlinks;
	/* A section edit and a link edit may each name a new one. */
	size_t parts = p->g->nsections + e->nsections + e->nlinks;

	strmap_init(&p->by_name, p->a, p->g->nsections, true);
	strmap_init(&p->by_url, p->a, links, false);
	strmap_init(&p->made, p->a, p->g->nlinks, false);
	strmap_init(&p->edits, p->a, e->nlinks, false);
	for (uint32_t i = 0; i < p->g->nlinks; i++)
		(void)strmap_add(&p->made, p->g->links[i].url, i);
	for (uint32_t i = 0; i < e->nlinks; i++)
		(void)strmap_add(&p->edits, e->links[i].url, i);
	p->parts = arena_array(p->a, parts + 1, sizeof(*p->parts));
	p->lines = arena_array(p->a, links + 1, sizeof(*p->lines));
	p->part_of =
	    arena_array(p->a, p->g->nsections + 1, sizeof(*p->part_of));
	/* Of the head three, of each link three. */
	p->outcome->conflicts = arena_array(
	    p->a, 3 * (e->nlinks + 1), sizeof(*p->outcome->conflicts));
	p->outcome->orphaned =
	    arena_array(p->a, e->nlinks + 1, sizeof(struct llms_edit *));
}

void
llms_edits_apply(struct arena *a, const struct llms_file *generated,
    const struct llms_edits *e, struct llms_file *out,
    struct llms_edits_outcome *outcome)
{
	struct llms_edits *here = arena_alloc(a, sizeof(*here));
	struct apply p = {
	    .a = a,
	    .g = generated,
	    .e = here,
	    .outcome = outcome,
	    .head = LLMS_NONE,
	    .tail = LLMS_NONE,
	};

	memset(outcome, 0, sizeof(*outcome));
	memset(out, 0, sizeof(*out));
	llms_edits_rebase(a, generated, e, here);
	make_maps(&p);
	out->title = edit_head(&p, "title", &e->title, generated->title);
	out->summary =
	    edit_head(&p, "summary", &e->summary, generated->summary);
	out->info = generated->info;
	out->ninfo = generated->ninfo;
	edit_info(&p, out);
	make_parts(&p);
	for (size_t i = 0; i < e->nsections; i++)
		if (e->sections[i].after != NULL)
			move_part(&p, &e->sections[i]);
	put_generated(&p);
	put_edited(&p);
	write_parts(&p, out);
}
