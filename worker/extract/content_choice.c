/* content_choice: from points to the elements that make up the main text. */
#include "worker/extract/main_content.h"

#include <string.h>

#define BLANKS 10   /* texts of white space before a heading */
#define LITTLE 1000 /* characters: a page of many small parts */
#define LONG 2500   /* characters: a text that needs no heading to be found */

/* common_ancestor: the nearest ancestor that several good candidates share. */
static uint32_t
common_ancestor(const struct content_search *s, uint32_t best)
{
	const struct node *nodes = s->page->tree->nodes;
	uint32_t up;

	for (up = nodes[best].parent; up != 0 && nodes[up].tag != TAG_BODY;
	     up = nodes[up].parent) {
		unsigned n = 0;

		for (unsigned k = 1; k < BEST_CANDIDATES && s->top[k] != 0; k++)
			if (content_score_points(s, s->top[k]) >=
				0.75 * content_score_points(s, best) &&
			    s->top[k] > up && s->top[k] < nodes[up].end)
				n++;
		if (n >= 3)
			return up;
	}
	return best;
}

/* starts_with_heading: a section, which begins with its heading. */
static bool
starts_with_heading(const struct tree *t, uint32_t i)
{
	uint32_t k = i + 1;

	while (k < t->nodes[i].end && k < i + BLANKS &&
	       t->nodes[k].tag == TAG_TEXT &&
	       slice_trim(tree_text(t, k)).len == 0)
		k++;
	return k < t->nodes[i].end && t->nodes[k].tag >= TAG_H2 &&
	       t->nodes[k].tag <= TAG_H6;
}

/* climb_by_points: up while the points still rise; an only child is its parent.
 */
static uint32_t
climb_by_points(const struct content_search *s, uint32_t best)
{
	const struct tree *t = s->page->tree;
	double last = s->score[best], least = last / 3;
	uint32_t up = t->nodes[best].parent, i;

	for (; up != 0 && t->nodes[up].tag != TAG_BODY;
	     up = t->nodes[up].parent) {
		if (!s->listed[up])
			continue;
		if (s->score[up] < least)
			break;
		if (s->score[up] > last) {
			best = up;
			break;
		}
		last = s->score[up];
	}
	for (up = t->nodes[best].parent;
	     up != 0 && t->nodes[up].tag != TAG_BODY;
	     up = t->nodes[up].parent) {
		unsigned live = 0;

		for (i = up + 1; i < t->nodes[up].end; i = t->nodes[i].end)
			if (t->nodes[i].tag != TAG_TEXT &&
			    !(t->nodes[i].mark & MARK_GONE))
				live++;
		if (live != 1 && (live != 2 || !starts_with_heading(t, up)))
			break;
		best = up;
	}
	return best;
}

uint32_t
main_content_marked(const struct measured_page *p)
{
	const struct tree *t = p->tree;
	uint32_t found = 0, articles = 0, article = 0;

	for (uint32_t i = 1; i < t->n; i++) {
		if (t->nodes[i].mark & MARK_GONE) {
			i = t->nodes[i].end - 1;
			continue;
		}
		if (is_marked_main(p, i) && found == 0)
			found = i;
		if (t->nodes[i].tag == TAG_ARTICLE) {
			articles++;
			article = i;
		}
	}
	if (found == 0 && articles == 1)
		found = article;
	return p->sum[found].chars >= ENOUGH_CHARS ? found : 0;
}

/*
 * widen_by_text: up while what joins is running text for the most part (an
 * article in several parts, a page of many small ones) or, inside the element
 * that is said to be the main one, at least no list of links.  What is very
 * short is more likely one part of a page made of such parts.
 */
static uint32_t
widen_by_text(const struct content_search *s, uint32_t best)
{
	const struct node *nodes = s->page->tree->nodes;
	const struct measure *sum = s->page->sum;
	uint32_t up, from = best;

	for (up = nodes[best].parent; up != 0 && nodes[up].tag != TAG_HTML;
	     up = nodes[up].parent) {
		uint32_t chars = sum[up].chars - sum[from].chars;
		uint32_t prose = sum[up].prose - sum[from].prose;
		uint32_t links = sum[up].links - sum[from].links;
		bool within = up >= s->main && up < nodes[s->main].end;

		uint32_t talk = sum[up].talk - sum[from].talk;

		if ((chars * 5 >= sum[from].chars && talk * 2 >= chars &&
			links * 5 <= chars) ||
		    (prose * 3 >= sum[from].prose &&
			prose >= (chars - prose) * 3) ||
		    (within && s->main != 0 && chars * 5 >= sum[from].chars &&
			links * 4 <= chars) ||
		    (sum[from].chars < LITTLE && chars * 2 >= sum[from].chars &&
			links * 7 <= chars))
			best = from = up;
	}
	if (s->main != 0 && best > s->main && best < nodes[s->main].end &&
	    sum[best].chars * 2 < sum[s->main].chars &&
	    (sum[s->main].links - sum[best].links) * 2 <=
		sum[s->main].chars - sum[best].chars +
		    2 * (sum[s->main].data - sum[best].data))
		best = s->main;
	return best;
}

/* ends_sentence: the text of i ends like one. */
static bool
ends_sentence(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;

	for (uint32_t k = t->nodes[i].end; k-- > i;) {
		struct slice v;

		if (t->nodes[k].tag != TAG_TEXT ||
		    (t->nodes[k].mark & MARK_GONE))
			continue;
		v = slice_trim(tree_text(t, k));
		if (v.len > 0)
			return v.s[v.len - 1] == '.';
	}
	return false;
}

/* is_sibling_part: a sibling of the main element that reads like a part of it.
 */
static bool
is_sibling_part(const struct content_search *s, uint32_t best, uint32_t i)
{
	const struct measured_page *p = s->page;
	const struct tree *t = p->tree;
	struct slice a, b;
	double bonus = 0, density, least = content_score_points(s, best) * 0.2;

	a = tree_attr(t, best, ATTR_CLASS);
	b = tree_attr(t, i, ATTR_CLASS);
	if (a.len > 0 && a.len == b.len && memcmp(a.s, b.s, a.len) == 0) {
		bonus = least;
		if (t->nodes[i].tag == t->nodes[best].tag &&
		    starts_with_heading(t, best) && starts_with_heading(t, i))
			return true;
	}
	if (least < 10)
		least = 10;
	if (s->listed[i] && s->score[i] + bonus >= least)
		return true;
	if (!(t->nodes[i].mark & MARK_BLOCK) ||
	    (t->nodes[i].mark & MARK_PARENT) ||
	    (t->nodes[i].tag != TAG_P && t->nodes[i].tag != TAG_DIV))
		return false;
	density = measure_density(p, i);
	if (p->sum[i].chars > 80)
		return density < 0.25;
	return p->sum[i].chars > 0 && density == 0 && ends_sentence(p, i);
}

/*
 * is_opening_part: what stands before the text with the page's heading and a
 * section of its own: a manual page's name.
 */
static bool
is_opening_part(const struct measured_page *p, uint32_t best, uint32_t i)
{
	const struct tree *t = p->tree;
	const struct measure *m = &p->sum[i];
	uint32_t h1 = tree_find(t, TAG_H1, i, t->nodes[i].end);

	return i < best && h1 != 0 && !(t->nodes[h1].mark & MARK_GONE) &&
	       tree_find(t, TAG_H2, h1, t->nodes[i].end) != 0 &&
	       m->links * 4 <= m->chars && m->chars >= m->heads + 20;
}

static void
add_root(struct content *c, uint32_t i)
{
	if (c->n < CONTENT_ROOTS)
		c->roots[c->n++] = i;
}

static void
gather_roots(const struct content_search *s, uint32_t best, struct content *c)
{
	const struct tree *t = s->page->tree;
	uint32_t up = t->nodes[best].parent;

	for (uint32_t i = up + 1; i < t->nodes[up].end; i = t->nodes[i].end) {
		if (t->nodes[i].mark & MARK_GONE)
			continue;
		if (i == best || (t->nodes[i].tag != TAG_TEXT &&
				     (is_sibling_part(s, best, i) ||
					 is_opening_part(s->page, best, i))))
			add_root(c, i);
	}
}

/* leads_home: the first link in i is to the site, "/" or "https://x.example".
 */
static bool
leads_home(const struct tree *t, uint32_t i)
{
	uint32_t a = tree_find(t, TAG_A, i, t->nodes[i].end);
	struct slice v = tree_attr(t, a, ATTR_HREF);
	const char *s = v.len > 0 ? memmem(v.s, v.len, "//", 2) : NULL;

	if (s != NULL) {
		s = memchr(s + 2, '/', (size_t)(v.s + v.len - s) - 2);
		if (s == NULL)
			return true;
		v.len -= (size_t)(s - v.s);
	}
	return v.len <= 1;
}

/* page_heading: the page's heading, which is not the site's name, nor in a
 * menu. */
static uint32_t
page_heading(const struct measured_page *p)
{
	const struct node *nodes = p->tree->nodes;

	for (uint32_t i = p->h1; i != 0 && i < p->tree->n; i++)
		if (nodes[i].tag == TAG_H1 &&
		    !(nodes[i].mark & (MARK_GONE | MARK_NAV)) &&
		    p->sum[i].chars > 0 &&
		    (p->sum[i].links < p->sum[i].chars ||
			(p->h1s == 1 && !leads_home(p->tree, i))))
			return i;
	return 0;
}

static uint32_t
root_chars(const struct measured_page *p, const struct content *c)
{
	uint32_t n = 0;

	for (unsigned k = 0; k < c->n; k++)
		n += p->sum[c->roots[k]].chars;
	return n;
}

/*
 * add_heading: the page's heading stands before the chosen elements; it joins
 * with what stands around it (a price, a summary), unless that is links.  A
 * long text does without: its title is known.
 */
static void
add_heading(const struct measured_page *p, struct content *c)
{
	const struct node *nodes = p->tree->nodes;
	uint32_t h1 = page_heading(p), found = h1;

	for (unsigned k = 0; k < c->n; k++)
		if (h1 >= c->roots[k])
			return;
	if (h1 == 0 || c->n == 0 || c->n == CONTENT_ROOTS ||
	    root_chars(p, c) > LONG)
		return;
	for (uint32_t up = nodes[h1].parent; nodes[up].end <= c->roots[0];
	     up = nodes[up].parent)
		if (p->sum[up].links * 3 <= p->sum[up].chars)
			found = up;
	memmove(&c->roots[1], c->roots, c->n * sizeof(c->roots[0]));
	c->roots[0] = found;
	c->n++;
}

void
content_choose(struct content_search *s, struct content *c)
{
	struct measured_page *p = s->page;
	uint32_t best = s->top[0];

	c->n = 0;
	c->whole = false;
	if (best == 0 || p->tree->nodes[best].tag == TAG_BODY) {
		c->whole = s->main == 0;
		add_root(c, c->whole ? p->body : s->main);
		return;
	}
	best = widen_by_text(s, climb_by_points(s, common_ancestor(s, best)));
	gather_roots(s, best, c);
	add_heading(p, c);
}
