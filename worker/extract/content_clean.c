/* content_clean: boilerplate inside the main element. */
#include "worker/extract/content.h"

#include <string.h>

#define BELOW 200 /* nodes after a heading that are looked at */
#define FIELD 25  /* characters: as much text beside a field is about it */
#define BESIDE 4  /* texts after a button that are passed over */

/* A look at one element that may have to go. */
struct element_facts {
	const struct measured_page *p;
	uint32_t i;
	const struct measure *m;
	int weight;
	double density; /* share of links */
};

static bool
is_link_list(const struct element_facts *l)
{
	enum tag t = l->p->tree->nodes[l->i].tag;

	return t == TAG_UL || t == TAG_OL;
}

/* is_definition_list: a list of links and, for each, what it leads to. */
static bool
is_definition_list(const struct element_facts *l)
{
	const struct tree *t = l->p->tree;
	uint32_t end = t->nodes[l->i].end;
	uint32_t list = tree_find(t, TAG_DL, l->i, end);

	return list != 0 && l->density < 0.6 && l->m->images == 0 &&
	       l->m->inputs == 0 &&
	       l->p->sum[list].chars * 10 >= l->m->chars * 6 &&
	       tree_find(t, TAG_DD, list, end) != 0;
}

/*
 * is_mostly_fields: more to fill in than to read.  Outside of a form a field
 * stands in a text as an example.
 */
static bool
is_mostly_fields(const struct element_facts *l)
{
	const struct measure *m = l->m;
	const struct tree *t = l->p->tree;

	if (m->inputs <= m->paras / 3 || (m->talk + m->data) * 2 >= m->chars)
		return false;
	return m->chars < FIELD * m->inputs || tree_within(t, l->i, TAG_FORM) ||
	       tree_find(t, TAG_FORM, l->i, t->nodes[l->i].end) != 0;
}

/* is_doubtful_block: a block of which the numbers say that it is no prose. */
static bool
is_doubtful_block(const struct element_facts *l)
{
	const struct measure *m = l->m;
	double heads = m->chars ? (double)m->heads / m->chars : 0;
	bool figure = tree_within(l->p->tree, l->i, TAG_FIGURE);
	bool list = is_link_list(l);

	if (l->weight < 0)
		return true;
	if (is_definition_list(l))
		return false;
	if (m->commas >= 10 || (m->data > 0 && m->data * 2 >= m->chars))
		return false;
	if (m->images > 1 && m->paras * 2 < m->images && !figure)
		return true;
	if (!list && m->items > m->paras + 100)
		return true;
	if (is_mostly_fields(l))
		return true;
	if (!list && heads < 0.9 && m->chars < 25 &&
	    (m->images == 0 || m->images > 2) && !figure && l->density > 0)
		return true;
	if (!list && heads < 0.6 && l->weight < 25 && l->density > 0.2 &&
	    (m->talk * 5 < m->chars * 2 || l->density > 0.35))
		return true;
	if (l->weight >= 25 && l->density > 0.5)
		return true;
	if ((m->embeds == 1 && m->chars < 75) || m->embeds > 1)
		return true;
	return m->images == 0 && m->chars == 0;
}

/* is_note: an aside that is a remark in the text, by its name or its role. */
static bool
is_note(const struct measured_page *p, uint32_t i)
{
	const struct measure *m = &p->sum[i];

	return ((p->words[i] & W_NOTE) ||
		   slice_is(tree_attr(p->tree, i, ATTR_ROLE), "note")) &&
	       m->links * 2 <= m->chars;
}

/*
 * is_for_filling_in: there is something to fill in or to press in i.  A form
 * that only stands around text (one that was closed too early, for example) is
 * as good as any other block.
 */
static bool
is_for_filling_in(const struct tree *t, uint32_t i)
{
	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		enum tag tag = t->nodes[k].tag;

		if (tag == TAG_INPUT || tag == TAG_SELECT ||
		    tag == TAG_TEXTAREA || tag == TAG_BUTTON)
			return true;
	}
	return false;
}

static bool
is_always_boilerplate(const struct measured_page *p, uint32_t i)
{
	uint32_t w = p->words[i];

	switch (p->tree->nodes[i].tag) {
	case TAG_ASIDE:
		return !is_note(p, i);
	case TAG_OBJECT:
	case TAG_EMBED:
	case TAG_NAV:
		return true;
	case TAG_FOOTER:
		return !tree_within(p->tree, i, TAG_BLOCKQUOTE);
	case TAG_FORM:
	case TAG_FIELDSET:
		/* Some sites have their whole page in one. */
		return (p->sum[i].talk + p->sum[i].data) * 2 <
			   p->sum[i].chars &&
		       p->sum[i].chars < 2000 && is_for_filling_in(p->tree, i);
	case TAG_H1:
	case TAG_H2:
		/* Docusaurus names its headings after the bar they slide
		 * under. */
		return name_words_weight(w) < 0 && !(w & W_NAV);
	default:
		break;
	}
	return (w & W_SHARE) && p->sum[i].chars < 500;
}

static bool
is_conditional_tag(enum tag t)
{
	return t == TAG_FORM || t == TAG_FIELDSET || t == TAG_TABLE ||
	       t == TAG_UL || t == TAG_OL || t == TAG_DIV;
}

static bool
is_boilerplate(const struct measured_page *p, uint32_t i, bool strict)
{
	struct element_facts l = {.p = p, .i = i, .m = &p->sum[i]};
	const struct tree *t = p->tree;

	if (is_always_boilerplate(p, i))
		return true;
	/* A note may be short, and has a link back. */
	if (!strict || !is_conditional_tag(t->nodes[i].tag) || is_note(p, i))
		return false;
	if (t->nodes[i].mark & (MARK_TABLE | MARK_CODE))
		return false;
	l.weight = name_words_weight(p->words[i]);
	l.density = measure_density(p, i);
	if (l.weight < 0 && boilerplate_is_aside_text(p, i))
		l.weight = 0;
	return is_doubtful_block(&l);
}

/* opens_next: what it opens stands right behind it, or behind its parent. */
static bool
opens_next(const struct tree *t, uint32_t i)
{
	struct slice id = tree_attr(t, i, ATTR_ARIA_CONTROLS);

	for (unsigned level = 0; level < 2 && i != 0 && id.len > 0; level++) {
		uint32_t next = t->nodes[i].end;
		struct slice v;

		i = t->nodes[i].parent;
		for (unsigned n = 0; n < BESIDE && next < t->nodes[i].end &&
				     t->nodes[next].tag == TAG_TEXT;
		     n++)
			next++;
		if (next >= t->nodes[i].end)
			continue;
		v = tree_attr(t, next, ATTR_ID);
		if (v.len == id.len && memcmp(v.s, id.s, id.len) == 0)
			return true;
	}
	return false;
}

/* is_heading_button: a button that is the heading of what it opens. */
static bool
is_heading_button(const struct tree *t, uint32_t i)
{
	if (opens_next(t, i))
		return true;
	for (uint32_t up = t->nodes[i].parent; up != 0;
	     up = t->nodes[up].parent)
		if ((t->nodes[up].tag >= TAG_H1 &&
			t->nodes[up].tag <= TAG_H6) ||
		    t->nodes[up].tag == TAG_DT ||
		    t->nodes[up].tag == TAG_SUMMARY)
			return true;
	return false;
}

/* is_emptied: links or fields to fill in were all that followed, and are cut.
 */
static bool
is_emptied(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	const struct node *nodes = t->nodes;
	uint32_t end = nodes[nodes[i].parent].end, k = nodes[i].end;
	bool cut = false;

	for (unsigned n = 0; k < end; k = nodes[k].end) {
		if (++n > BELOW)
			return false;
		if (nodes[k].mark & MARK_GONE)
			cut |= (nodes[k].mark & MARK_BLOCK) &&
			       p->sum[k].links + p->sum[k].inputs > 0;
		else if (nodes[k].tag >= TAG_H1 && nodes[k].tag <= TAG_H6)
			return cut && nodes[k].tag <= nodes[i].tag;
		else if (nodes[k].tag != TAG_TEXT ||
			 slice_trim(tree_text(t, k)).len > 0)
			return false;
	}
	return cut;
}

void
content_clean(struct measured_page *p, uint32_t root, bool strict)
{
	const struct tree *t = p->tree;

	/* From the last to the first: what is inside is judged before. */
	for (uint32_t i = t->nodes[root].end; i-- > root + 1;)
		if (t->nodes[i].tag != TAG_TEXT &&
		    !(t->nodes[i].mark & MARK_GONE) &&
		    is_boilerplate(p, i, strict))
			measure_cut(p, i);
	for (uint32_t i = root + 1; i < t->nodes[root].end; i++)
		if (t->nodes[i].tag == TAG_BUTTON && !is_heading_button(t, i))
			measure_cut(p, i);
	for (uint32_t i = t->nodes[root].end; i-- > root + 1;)
		if (t->nodes[i].tag >= TAG_H2 && t->nodes[i].tag <= TAG_H6 &&
		    !(t->nodes[i].mark & MARK_GONE) && p->sum[i].links == 0 &&
		    is_emptied(p, i))
			measure_cut(p, i);
}
