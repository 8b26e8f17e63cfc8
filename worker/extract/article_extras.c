/*
 * article_extras: what stands in and around a dated article but is no part of
 * it: links to other stories, teasers, lines about its writer, comments.
 *
 * Only pages that say when they were published, and are running text, are
 * read so: in documents and shops a list of links may be what is looked for.
 */
#include "worker/extract/main_content.h"

#include <string.h>

#define TEXT_LEAST 600 /* characters of running text in a story */
#define PARAGRAPH 80   /* characters: as much is a paragraph of the story */
#define LEADING 30     /* characters before a link: "Read more: " */
#define LINE 160       /* characters: a line about the story is shorter */
#define CARD 500       /* characters of one teaser */
#define INVITE 600     /* characters that ask for an address */
#define CARD_NODES 120 /* nodes of one teaser */
#define ENDS 2         /* nodes behind the last of its parent */
#define CARDS 200      /* teasers that are looked at in one box */

/* A look at a box that may be a teaser. */
struct teaser {
	struct slice href; /* where its first link leads */
	bool others;       /* a link leads elsewhere */
	bool heading;      /* a heading or a picture is a link */
	uint32_t heads;    /* headings */
};

static bool
is_kept(const struct measured_page *p, uint32_t i)
{
	return !(p->tree->nodes[i].mark & MARK_GONE);
}

static bool
is_heading(enum tag t)
{
	return t >= TAG_H1 && t <= TAG_H6;
}

/* is_link_away: the link leads to another page. */
static bool
is_link_away(struct slice href)
{
	return href.len > 1 && href.s[0] != '#' &&
	       memmem(href.s, href.len < 12 ? href.len : 12, "script:", 7) ==
		   NULL &&
	       (href.len < 7 || memcmp(href.s, "mailto:", 7) != 0);
}

/* holds_title: the story's heading is in i. */
static bool
holds_title(const struct measured_page *p, uint32_t i)
{
	return p->h1 >= i && p->h1 < p->tree->nodes[i].end && p->h1 != 0;
}

/* is_paragraph: i is running text of its own. */
static bool
is_paragraph(const struct measured_page *p, uint32_t i)
{
	const struct node *n = &p->tree->nodes[i];

	return n->tag != TAG_TEXT && (n->mark & MARK_BLOCK) && is_kept(p, i) &&
	       !is_heading(n->tag) && p->own[i].chars >= PARAGRAPH &&
	       p->own[i].links * 3 < p->own[i].chars;
}

/* first_away: the first link in i that leads to another page; 0 for none. */
static uint32_t
first_away(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;

	for (uint32_t k = i; k < t->nodes[i].end && k < i + CARD_NODES; k++)
		if (t->nodes[k].tag == TAG_A && is_kept(p, k))
			return is_link_away(tree_attr(t, k, ATTR_HREF)) ? k : 0;
	return 0;
}

/* is_introduced: what stands before i ends in a colon. */
static bool
is_introduced(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	uint32_t before = tree_before(t, i);
	struct slice v;

	for (uint32_t k = before == 0 ? 0 : t->nodes[before].end;
	     before != 0 && k-- > before;) {
		v = slice_trim(tree_text(t, k));
		if (t->nodes[k].tag == TAG_TEXT && v.len > 0)
			return v.s[v.len - 1] == ':' &&
			       !is_heading(t->nodes[before].tag);
	}
	return false;
}

/* only_link: nothing but a link to another story, and "Read more:". */
static bool
only_link(const struct measured_page *p, uint32_t i)
{
	const struct node *n = &p->tree->nodes[i];
	const struct measure *m = &p->sum[i];
	uint32_t words = m->chars - m->links;

	if (m->links == 0 || m->chars > CARD || is_heading(n->tag) ||
	    n->tag == TAG_LI || n->tag == TAG_DD || n->tag == TAG_UL ||
	    n->tag == TAG_OL || tree_within(p->tree, i, TAG_LI) ||
	    tree_within(p->tree, i, TAG_BLOCKQUOTE) || m->data > 0)
		return false;
	/* A line that ends a sentence is one that the writer wrote. */
	return (words * 10 <= m->chars ||
		   (words <= LEADING && words < m->links)) &&
	       first_away(p, i) != 0;
}

/* is_bare_address: the link's words are an address: a source that is named. */
static bool
is_bare_address(const struct tree *t, uint32_t a)
{
	for (uint32_t k = a + 1; a != 0 && k < t->nodes[a].end; k++) {
		struct slice v = slice_trim(tree_text(t, k));

		if (t->nodes[k].tag == TAG_TEXT && v.len > 0)
			return memmem(v.s, v.len, "://", 3) != NULL;
	}
	return false;
}

/* links_list: a list of nothing but links, which no sentence announces. */
static bool
links_list(const struct measured_page *p, uint32_t i)
{
	const struct measure *m = &p->sum[i];
	enum tag t = p->tree->nodes[i].tag;

	if ((t != TAG_UL && t != TAG_OL && t != TAG_DL) || m->data > 0 ||
	    tree_within(p->tree, p->tree->nodes[i].parent, TAG_LI) ||
	    is_bare_address(p->tree, first_away(p, i)))
		return false;
	return m->links * 10 >= m->chars * 9 && m->talk * 4 < m->chars &&
	       m->links > 0 && first_away(p, i) != 0 && !is_introduced(p, i);
}

static struct teaser
teaser_read(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	struct teaser z = {.href = {NULL, 0}};

	for (uint32_t k = i; k < t->nodes[i].end; k++) {
		struct slice v;

		if (!is_kept(p, k)) {
			k = t->nodes[k].end - 1;
			continue;
		}
		if (is_heading(t->nodes[k].tag)) {
			z.heads++;
			z.heading |=
			    (p->sum[k].links * 10 >= p->sum[k].chars * 8 &&
				p->sum[k].links > 0) ||
			    (t->nodes[k].mark & MARK_LINK);
		}
		z.heading |= t->nodes[k].tag == TAG_IMG &&
			     (t->nodes[k].mark & MARK_LINK);
		if (t->nodes[k].tag != TAG_A)
			continue;
		v = tree_attr(t, k, ATTR_HREF);
		if (!is_link_away(v))
			continue;
		if (z.href.len == 0)
			z.href = v;
		else
			z.others |= v.len != z.href.len ||
				    memcmp(v.s, z.href.s, v.len) != 0;
	}
	return z;
}

/* is_teaser: a heading or a picture that leads to another story, and its words.
 */
static bool
is_teaser(const struct measured_page *p, uint32_t i)
{
	const struct node *n = &p->tree->nodes[i];
	const struct measure *m = &p->sum[i];
	struct teaser z;

	if (n->tag == TAG_TEXT || m->links == 0 || m->chars > CARD ||
	    n->end > i + CARD_NODES || m->data > 0 || holds_title(p, i) ||
	    is_heading(n->tag))
		return false;
	z = teaser_read(p, i);
	return z.href.len > 0 && !z.others && z.heading && z.heads < 2 &&
	       (m->links * 4 >= m->chars || z.heads > 0);
}

/* is_link_entry: begins with its only link, and says a few words about it. */
static bool
is_link_entry(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	const struct measure *m = &p->sum[i];
	uint32_t a = first_away(p, i);

	if (a == 0 || m->chars > CARD || m->links < LEADING / 2 ||
	    m->links * 5 < m->chars || t->nodes[i].end > i + CARD_NODES)
		return false;
	for (uint32_t k = i; k < a; k++)
		if (t->nodes[k].tag == TAG_TEXT &&
		    slice_trim(tree_text(t, k)).len > 0)
			return false;
	return !teaser_read(p, i).others;
}

/* is_card_list: most of what is in i are such teasers. */
static bool
is_card_list(const struct measured_page *p, uint32_t i)
{
	const struct node *nodes = p->tree->nodes;
	unsigned n = 0, entries = 0, other = 0;

	for (uint32_t k = i + 1;
	     k < nodes[i].end && n + entries + other < CARDS;
	     k = nodes[k].end) {
		if (!is_kept(p, k) || p->sum[k].chars == 0)
			continue;
		if (is_teaser(p, k) || only_link(p, k))
			n++;
		else if ((nodes[k].mark & MARK_BLOCK) && is_link_entry(p, k))
			entries++;
		else if (!is_heading(nodes[k].tag))
			other++;
	}
	return n + entries > (n > 0 ? 1 : 2) && other * 3 <= n + entries;
}

/* other_story: an article with a heading that leads to its own page. */
static bool
other_story(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;

	if (t->nodes[i].tag != TAG_ARTICLE || holds_title(p, i) || p->h1 == 0 ||
	    i < p->h1 || !tree_within(t, p->h1, TAG_ARTICLE))
		return false;
	for (uint32_t k = i + 1; k < t->nodes[i].end && k < i + CARD_NODES; k++)
		if (is_heading(t->nodes[k].tag))
			return p->sum[k].links * 10 >= p->sum[k].chars * 8;
	return false;
}

/* mail_field: asks for an address. */
static bool
mail_field(const struct tree *t, uint32_t i)
{
	static const enum attr names[] = {
	    ATTR_NAME, ATTR_ID, ATTR_PLACEHOLDER, ATTR_ARIA_LABEL};
	struct slice v;

	if (t->nodes[i].tag != TAG_INPUT)
		return false;
	v = tree_attr(t, i, ATTR_TYPE);
	if (slice_is(v, "email"))
		return true;
	if (v.len > 0 && !slice_is(v, "text"))
		return false;
	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++) {
		v = tree_attr(t, i, names[k]);
		if (v.len > 3 && (memmem(v.s, v.len, "mail", 4) != NULL ||
				     memmem(v.s, v.len, "Mail", 4) != NULL))
			return true;
	}
	return false;
}

/* signup_box: the box around form i that asks for an address; 0 for none. */
static uint32_t
signup_box(const struct measured_page *p, uint32_t i)
{
	const struct node *nodes = p->tree->nodes;
	uint32_t box = i;

	while (box != 0 && box != p->body && box != p->main &&
	       !holds_title(p, nodes[box].parent) &&
	       p->sum[nodes[box].parent].chars < INVITE &&
	       p->sum[nodes[box].parent].data == 0)
		box = nodes[box].parent;
	return p->sum[box].chars < INVITE && !holds_title(p, box) ? box : 0;
}

static void
cut_invitations(struct measured_page *p)
{
	const struct node *nodes = p->tree->nodes;

	for (uint32_t i = 1; i < p->tree->n; i++) {
		uint32_t box;

		if (nodes[i].tag != TAG_FORM || !is_kept(p, i) ||
		    p->sum[i].chars >= INVITE)
			continue;
		for (uint32_t k = i + 1; k < nodes[i].end; k++) {
			if (!mail_field(p->tree, k))
				continue;
			box = signup_box(p, i);
			if (box != 0)
				measure_cut(p, box);
			break;
		}
	}
}

/* is_date_like: so many figures are a date, a time, a count. */
static bool
is_date_like(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	unsigned digits = 0;

	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		struct slice v = tree_text(t, k);

		for (size_t b = 0; t->nodes[k].tag == TAG_TEXT && b < v.len;
		     b++)
			digits += v.s[b] >= '0' && v.s[b] <= '9';
	}
	return digits > 6 && digits * 8 >= p->sum[i].chars;
}

/* line_about: a short line with a date, a name or a count, not a sentence. */
static bool
line_about(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	const struct node *n = &t->nodes[i];
	const struct measure *m = &p->sum[i];

	if (n->tag == TAG_TEXT || !(n->mark & MARK_BLOCK) || !is_kept(p, i) ||
	    m->chars == 0 || m->chars > LINE || m->heads > 0 || m->data > 0 ||
	    n->tag == TAG_FIGCAPTION || tree_within(t, i, TAG_FIGURE) ||
	    tree_within(t, i, TAG_BLOCKQUOTE))
		return false;
	if (tree_find(t, TAG_TIME, i, n->end) != 0)
		return true;
	if (m->chars >= PARAGRAPH && m->links * 2 < m->chars &&
	    !is_date_like(p, i))
		return false;
	if (n->tag == TAG_LI && m->links == 0)
		return false;
	for (uint32_t k = n->end; k-- > i;) {
		struct slice v = slice_trim(tree_text(t, k));

		if (t->nodes[k].tag == TAG_TEXT && v.len > 0 && is_kept(p, k))
			return m->links > 0 ||
			       ((m->chars < BLOCK_SENTENCE_CHARS ||
				    is_date_like(p, i)) &&
				   strchr(".!?\")\x9d", v.s[v.len - 1]) ==
				       NULL);
	}
	return false;
}

/* cut_edges: the lines before the first paragraph, and behind the last. */
static void
cut_edges(struct measured_page *p, const struct content *c)
{
	const struct node *nodes = p->tree->nodes;
	uint32_t first = 0, last = 0;

	for (unsigned k = 0; k < c->n; k++)
		for (uint32_t i = c->roots[k]; i < nodes[c->roots[k]].end;
		     i++) {
			if (!is_kept(p, i)) {
				i = nodes[i].end - 1;
			} else if (is_paragraph(p, i) &&
				   (p->own[i].chars > LINE ||
				       !is_date_like(p, i))) {
				first = first == 0 ? i : first;
				last = i;
			}
		}
	for (unsigned k = 0; k < c->n && first != 0; k++)
		for (uint32_t i = c->roots[k]; i < nodes[c->roots[k]].end;
		     i++) {
			if (i >= first && i < nodes[last].end) {
				i = nodes[last].end - 1;
			} else if (line_about(p, i)) {
				measure_cut(p, i);
				i = nodes[i].end - 1;
			}
		}
}

/* starts_with_letter: the text in i begins with a letter. */
static bool
starts_with_letter(const struct tree *t, uint32_t i)
{
	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		struct slice v = slice_trim(tree_text(t, k));

		if (t->nodes[k].tag == TAG_TEXT && v.len > 0)
			return (v.s[0] | 32) >= 'a' && (v.s[0] | 32) <= 'z';
	}
	return false;
}

/* has_reply_button: has something to press in a line of its own: "Reply". */
static bool
has_reply_button(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	unsigned blocks = 0;
	bool press = false;

	for (uint32_t k = i + 1; k < t->nodes[i].end && k < i + CARD_NODES;
	     k++) {
		struct slice v;

		/* "Reply" was cut as a button; an arrow is that of a note. */
		if (!is_kept(p, k)) {
			press |= tree_find(t, TAG_A, k, t->nodes[k].end) != 0 &&
				 starts_with_letter(t, k);
			k = t->nodes[k].end - 1;
			continue;
		}
		blocks += (t->nodes[k].mark & (MARK_BLOCK | MARK_PARENT)) ==
			  MARK_BLOCK;
		if (t->nodes[k].tag == TAG_BUTTON)
			press = true;
		if (t->nodes[k].tag != TAG_A)
			continue;
		v = tree_attr(t, k, ATTR_HREF);
		press |= v.len > 0 && !is_link_away(v) &&
			 p->sum[k].chars < LEADING &&
			 p->own[p->block[k]].chars < PARAGRAPH;
	}
	return press && blocks > 1;
}

/* cut_comments: boxes with a date each, behind the story: what readers wrote.
 */
static bool
cut_comments(const struct measured_page *p, uint32_t i, uint32_t all)
{
	const struct tree *t = p->tree;
	const struct node *nodes = t->nodes;
	unsigned n = 0, other = 0;

	if (holds_title(p, i) || i < p->h1 || p->sum[i].talk * 2 > all)
		return false;
	for (uint32_t k = i + 1; k < nodes[i].end && n + other < CARDS;
	     k = nodes[k].end) {
		if (nodes[k].tag == TAG_TEXT || !is_kept(p, k) ||
		    p->sum[k].chars == 0)
			continue;
		if (tree_find(t, TAG_TIME, k, nodes[k].end) != 0 ||
		    has_reply_button(p, k))
			n++;
		else if (!is_heading(nodes[k].tag))
			other++;
	}
	return n > 1 && other <= n;
}

static bool
is_stray(const struct measured_page *p, uint32_t i, uint32_t all)
{
	const struct node *n = &p->tree->nodes[i];

	if (!(n->mark & MARK_BLOCK) || (n->mark & (MARK_TABLE | MARK_CODE)) ||
	    p->sum[i].chars == 0 || holds_title(p, i))
		return false;
	return only_link(p, i) || links_list(p, i) || is_card_list(p, i) ||
	       other_story(p, i) || cut_comments(p, i, all) ||
	       (n->tag != TAG_LI && n->tag != TAG_P && is_teaser(p, i));
}

/* cut_strays: in root, and root itself where there are several. */
static void
cut_strays(struct measured_page *p, uint32_t root, bool self, uint32_t all)
{
	const struct node *nodes = p->tree->nodes;

	for (uint32_t i = self ? root : root + 1; i < nodes[root].end; i++) {
		if (!is_kept(p, i)) {
			i = nodes[i].end - 1;
		} else if (nodes[i].tag != TAG_TEXT && is_stray(p, i, all)) {
			uint32_t before = tree_before(p->tree, i);

			if (before > root && is_heading(nodes[before].tag) &&
			    !holds_title(p, before) &&
			    nodes[i].end + ENDS >= nodes[nodes[i].parent].end)
				measure_cut(p, before);
			measure_cut(p, i);
			i = nodes[i].end - 1;
		}
	}
}

void
article_extras_cut(struct measured_page *p, const struct content *c)
{
	uint32_t talk = 0, data = 0, chars = 0;

	for (unsigned k = 0; k < c->n; k++) {
		talk += p->sum[c->roots[k]].talk;
		data += p->sum[c->roots[k]].data;
		chars += p->sum[c->roots[k]].chars;
	}
	if (!p->dated || talk < TEXT_LEAST || data * 10 > chars)
		return;
	cut_invitations(p);
	for (unsigned k = 0; k < c->n; k++)
		cut_strays(p, c->roots[k], c->n > 1, talk);
	cut_edges(p, c);
}
