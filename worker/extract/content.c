#include "worker/extract/content.h"

#include <string.h>
#include <stdlib.h>

#define ENOUGH 500  /* characters: less looks as if too much was cut */
#define LEAST 80
#define SHARE_OF_10 6
#define TOP 5       /* best candidates compared */
#define LITTLE 1000 /* characters: a page of many small parts */

/* How much is cut before looking; the first attempt is the strictest. */
enum strictness {
	STRICT,
	KEEP_LISTS,    /* blocks full of links stay, but for those named so */
	KEEP_UNLIKELY, /* names alone cut nothing */
	KEEP_WEIGHTS,  /* names count for nothing in the points */
	KEEP_LINKY,    /* blocks full of links stay, whatever their names */
	STRICTNESS_MAX
};

struct search {
	struct page *page;
	float *score;   /* by node; 0 for none */
	uint8_t *seen;  /* by node: is a candidate */
	uint32_t *list; /* the candidates */
	uint32_t nlist;
	enum strictness how;
	uint32_t top[TOP]; /* best first, 0 for none */
	uint32_t main;     /* see find_main */
};

static double
points(const struct search *s, uint32_t i)
{
	return (double)s->score[i] * (1 - measure_density(s->page, i));
}

/* role_of: a landmark that is not the main one. */
static bool
side_role(const struct page *p, uint32_t i)
{
	static const char *const roles[] = {"menu", "menubar", "complementary",
	    "navigation", "alert", "alertdialog", "dialog", "search", "banner",
	    "contentinfo", "toolbar", "tablist"};
	struct slice v = tree_attr(p->tree, i, ATTR_ROLE);

	if (v.len == 0)
		return false;
	for (size_t k = 0; k < sizeof(roles) / sizeof(*roles); k++)
		if (slice_is(v, roles[k]))
			return true;
	return false;
}

static bool
is_main(const struct page *p, uint32_t i)
{
	return p->tree->nodes[i].tag == TAG_MAIN ||
	       slice_is(tree_attr(p->tree, i, ATTR_ROLE), "main");
}

/* page_edge: the header or footer of the page, not of an article in it. */
static bool
page_edge(const struct page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	const struct node *n = &t->nodes[i];

	if (n->tag != TAG_FOOTER && n->tag != TAG_HEADER)
		return false;
	if (tree_within(t, i, TAG_ARTICLE) || tree_within(t, i, TAG_MAIN) ||
	    tree_within(t, i, TAG_BLOCKQUOTE) || tree_within(t, i, TAG_SECTION))
		return false;
	return n->tag == TAG_FOOTER ||
	       (tree_find(t, TAG_H1, i, n->end) == 0 &&
		   p->sum[i].talk * 2 < p->sum[i].chars);
}

bool
content_aside(const struct page *p, uint32_t i)
{
	const struct node *nodes = p->tree->nodes;
	const struct measure *m = &p->sum[i];
	uint32_t up = nodes[i].parent;

	if (!(p->words[i] & W_BOX) || m->talk * 10 < m->chars * 6 ||
	    m->links * 5 > m->chars)
		return false;
	for (uint32_t k = up + 1; k < nodes[up].end; k = nodes[k].end)
		if (!(nodes[k].mark & (M_GONE | M_PARENT)) &&
		    p->own[k].chars >= TALK &&
		    p->own[k].links * 5 <= p->own[k].chars)
			return true;
	return false;
}

/* unlikely: by its name or its role this is not what the page is about. */
static bool
unlikely(const struct page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	const struct node *n = &t->nodes[i];
	uint32_t w = p->words[i];

	if (n->tag == TAG_BODY || n->tag == TAG_A || n->tag == TAG_HTML ||
	    is_main(p, i))
		return false;
	if (w & (W_ALWAYS | W_COOKIE))
		return true;
	if (n->tag >= TAG_H1 && n->tag <= TAG_H6)
		return false;
	if (n->tag == TAG_NAV || side_role(p, i))
		return true;
	if (page_edge(p, i))
		return true;
	/* A header that is a heading for the most part belongs to its text. */
	if ((w & W_NAVISH) && p->sum[i].heads * 2 < p->sum[i].chars)
		w |= W_UNLIKELY;
	if (!(w & W_UNLIKELY) || (w & W_MAYBE) || content_aside(p, i))
		return false;
	return !tree_within(t, i, TAG_TABLE) && !tree_within(t, i, TAG_CODE) &&
	       !tree_within(t, i, TAG_PRE);
}

static bool
byline(const struct page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	uint32_t chars = p->sum[i].chars;

	if (chars == 0 || chars >= 100)
		return false;
	return slice_is(tree_attr(t, i, ATTR_REL), "author") ||
	       slice_has_word(tree_attr(t, i, ATTR_ITEMPROP), "author") ||
	       (p->words[i] & W_BYLINE);
}

static void
strip(struct search *s)
{
	struct page *p = s->page;
	const struct node *nodes = p->tree->nodes;

	for (uint32_t i = 1; i < p->tree->n; i++) {
		if (nodes[i].mark & M_GONE) {
			i = nodes[i].end - 1;
			continue;
		}
		if (nodes[i].tag == TAG_TEXT)
			continue;
		if ((s->how < KEEP_UNLIKELY && unlikely(p, i)) ||
		    byline(p, i)) {
			measure_cut(p, i);
			i = nodes[i].end - 1;
		}
	}
}

/* first_points: what an element has by its kind and its name. */
static float
first_points(const struct search *s, uint32_t i)
{
	const struct page *p = s->page;
	float f = 0;

	switch (p->tree->nodes[i].tag) {
	case TAG_DIV:
	case TAG_ARTICLE:
	case TAG_MAIN:
		f = 5;
		break;
	case TAG_PRE:
	case TAG_TD:
	case TAG_BLOCKQUOTE:
		f = 3;
		break;
	case TAG_ADDRESS:
	case TAG_OL:
	case TAG_UL:
	case TAG_DL:
	case TAG_DD:
	case TAG_DT:
	case TAG_LI:
	case TAG_FORM:
		f = -3;
		break;
	case TAG_H1 ... TAG_H6:
	case TAG_TH:
		f = -5;
		break;
	default:
		break;
	}
	if (s->how < KEEP_WEIGHTS)
		f += (float)words_weight(p->words[i]);
	return f;
}

static void
give(struct search *s, uint32_t i, double more)
{
	if (!s->seen[i]) {
		s->seen[i] = 1;
		s->score[i] = first_points(s, i);
		s->list[s->nlist++] = i;
	}
	s->score[i] += (float)more;
}

/* paragraph: the text of its own that block i has gives points upwards. */
static void
paragraph(struct search *s, uint32_t i)
{
	const struct node *nodes = s->page->tree->nodes;
	const struct own *own = &s->page->own[i];
	double more = 1 + own->commas;
	uint32_t up = i;

	more += own->chars < 300 ? own->chars / 100 : 3;
	/* A block with blocks inside is its own paragraphs' parent. */
	if (!(nodes[i].mark & M_PARENT))
		up = nodes[i].parent;
	for (unsigned level = 0; level < 5 && up != 0; level++) {
		if (nodes[up].tag != TAG_HTML)
			give(s, up,
			    level < 2 ? more / (level + 1) : more / level / 3);
		up = nodes[up].parent;
	}
}

static void
rank(struct search *s)
{
	for (uint32_t k = 0; k < s->nlist; k++) {
		uint32_t i = s->list[k];
		unsigned at = TOP;

		while (at > 0 && (s->top[at - 1] == 0 ||
				     points(s, i) > points(s, s->top[at - 1])))
			at--;
		if (at == TOP)
			continue;
		memmove(&s->top[at + 1], &s->top[at],
		    (TOP - 1 - at) * sizeof(s->top[0]));
		s->top[at] = i;
	}
}

static void
score(struct search *s)
{
	const struct page *p = s->page;
	const struct node *nodes = p->tree->nodes;

	for (uint32_t i = 1; i < p->tree->n; i++) {
		if (nodes[i].mark & M_GONE) {
			i = nodes[i].end - 1;
			continue;
		}
		if (!(nodes[i].mark & M_BLOCK) || p->own[i].chars < 25)
			continue;
		if (nodes[i].tag == TAG_LI || nodes[i].tag == TAG_BODY)
			continue;
		paragraph(s, i);
	}
	rank(s);
}

/* common: the nearest ancestor that several good candidates share. */
static uint32_t
common(const struct search *s, uint32_t best)
{
	const struct node *nodes = s->page->tree->nodes;
	uint32_t up;

	for (up = nodes[best].parent; up != 0 && nodes[up].tag != TAG_BODY;
	     up = nodes[up].parent) {
		unsigned n = 0;

		for (unsigned k = 1; k < TOP && s->top[k] != 0; k++)
			if (points(s, s->top[k]) >= 0.75 * points(s, best) &&
			    s->top[k] > up && s->top[k] < nodes[up].end)
				n++;
		if (n >= 3)
			return up;
	}
	return best;
}

/* climb: up while the points still rise; an only child is its parent. */
static uint32_t
climb(const struct search *s, uint32_t best)
{
	const struct tree *t = s->page->tree;
	double last = s->score[best], least = last / 3;
	uint32_t up = t->nodes[best].parent, i;

	for (; up != 0 && t->nodes[up].tag != TAG_BODY;
	     up = t->nodes[up].parent) {
		if (!s->seen[up])
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
			    !(t->nodes[i].mark & M_GONE))
				live++;
		if (live != 1)
			break;
		best = up;
	}
	return best;
}

/*
 * find_main: the element that says of itself to be the main one, or the only
 * article; 0 without one, and when it holds hardly any of the page's text.
 */
static uint32_t
find_main(const struct page *p)
{
	const struct tree *t = p->tree;
	uint32_t found = 0, articles = 0, article = 0;

	for (uint32_t i = 1; i < t->n; i++) {
		if (t->nodes[i].mark & M_GONE) {
			i = t->nodes[i].end - 1;
			continue;
		}
		if (is_main(p, i) && found == 0)
			found = i;
		if (t->nodes[i].tag == TAG_ARTICLE) {
			articles++;
			article = i;
		}
	}
	if (found == 0 && articles == 1)
		found = article;
	return p->sum[found].chars >= ENOUGH ? found : 0;
}

/*
 * widen: up while what joins is running text for the most part (an article
 * in several parts, a page of many small ones) or, inside the element that is
 * said to be the main one, at least no list of links.  What is very short is
 * more likely one part of a page made of such parts.
 */
static uint32_t
widen(const struct search *s, uint32_t best)
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

		if ((chars * 5 >= sum[from].chars && talk * 2 >= chars && links * 5 <= chars) ||
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
		sum[s->main].chars - sum[best].chars)
		best = s->main;
	return best;
}

/* ends_sentence: the text of i ends like one. */
static bool
ends_sentence(const struct page *p, uint32_t i)
{
	const struct tree *t = p->tree;

	for (uint32_t k = t->nodes[i].end; k-- > i;) {
		struct slice v;

		if (t->nodes[k].tag != TAG_TEXT || (t->nodes[k].mark & M_GONE))
			continue;
		v = slice_trim(tree_text(t, k));
		if (v.len > 0)
			return v.s[v.len - 1] == '.';
	}
	return false;
}

/* joins: a sibling of the main element that reads like a part of it. */
static bool
joins(const struct search *s, uint32_t best, uint32_t i)
{
	const struct page *p = s->page;
	const struct tree *t = p->tree;
	struct slice a, b;
	double bonus = 0, density, least = points(s, best) * 0.2;

	a = tree_attr(t, best, ATTR_CLASS);
	b = tree_attr(t, i, ATTR_CLASS);
	if (a.len > 0 && a.len == b.len && memcmp(a.s, b.s, a.len) == 0)
		bonus = least;
	if (least < 10)
		least = 10;
	if (s->seen[i] && s->score[i] + bonus >= least)
		return true;
	if (!(t->nodes[i].mark & M_BLOCK) || (t->nodes[i].mark & M_PARENT) ||
	    (t->nodes[i].tag != TAG_P && t->nodes[i].tag != TAG_DIV))
		return false;
	density = measure_density(p, i);
	if (p->sum[i].chars > 80)
		return density < 0.25;
	return p->sum[i].chars > 0 && density == 0 && ends_sentence(p, i);
}

static void
add_root(struct content *c, uint32_t i)
{
	if (c->n < CONTENT_ROOTS)
		c->roots[c->n++] = i;
}

static void
gather(const struct search *s, uint32_t best, struct content *c)
{
	const struct tree *t = s->page->tree;
	uint32_t up = t->nodes[best].parent;

	for (uint32_t i = up + 1; i < t->nodes[up].end; i = t->nodes[i].end) {
		if (t->nodes[i].mark & M_GONE)
			continue;
		if (i == best ||
		    (t->nodes[i].tag != TAG_TEXT && joins(s, best, i)))
			add_root(c, i);
	}
}

static void
choose(struct search *s, struct content *c)
{
	struct page *p = s->page;
	uint32_t best = s->top[0];

	c->n = 0;
	c->whole = false;
	if (best == 0 || p->tree->nodes[best].tag == TAG_BODY) {
		c->whole = s->main == 0;
		add_root(c, c->whole ? p->body : s->main);
		return;
	}
	best = widen(s, climb(s, common(s, best)));
	gather(s, best, c);
}

static uint32_t
kept_chars(const struct page *p, const struct content *c)
{
	uint32_t n = 0;

	for (unsigned k = 0; k < c->n; k++)
		if (!(p->tree->nodes[c->roots[k]].mark & M_GONE))
			n += p->sum[c->roots[k]].chars;
	return n;
}

static void
attempt(struct page *p, enum strictness how, struct content *c)
{
	struct search s = {.page = p, .how = how};

	s.score = arena_array(p->arena, p->tree->n, sizeof(*s.score));
	s.seen = arena_array(p->arena, p->tree->n, 1);
	s.list = arena_array(p->arena, p->tree->n, sizeof(*s.list));
	measure_own(p);
	measure_all(p);
	strip(&s);
	s.main = find_main(p);
	measure_own(p);
	score(&s);
	choose(&s, c);
	for (unsigned k = 0; k < c->n; k++)
		content_clean(p, c->roots[k],
		    how != KEEP_LISTS && how != KEEP_LINKY);
}

static void
marks_copy(struct page *p, uint8_t *to)
{
	for (uint32_t i = 0; i < p->tree->n; i++)
		to[i] = p->tree->nodes[i].mark;
}

static void
marks_restore(struct page *p, const uint8_t *from)
{
	for (uint32_t i = 0; i < p->tree->n; i++)
		p->tree->nodes[i].mark = from[i];
}

void
content_find(struct page *p, struct content *c)
{
	uint8_t *before = arena_array(p->arena, p->tree->n, 1);
	uint32_t chars, most = 0;
	int best = -1;

	marks_copy(p, before);
	for (int how = 0; how < STRICTNESS_MAX; how++) {
		attempt(p, how, c);
		chars = kept_chars(p, c);
		if (chars >= ENOUGH ||
		    (chars >= LEAST && chars * 10 >= p->sum[p->body].chars * SHARE_OF_10))
			return;
		if (chars > most) {
			most = chars;
			best = how;
		}
		marks_restore(p, before);
	}
	attempt(p, best < 0 ? KEEP_LINKY : best, c);
}
