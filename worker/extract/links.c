#include "worker/extract/links.h"

#include "worker/extract/one_line.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ANCHOR_MAX 200 /* bytes of a link's text */

/* Links by URL, so that each is kept once. */
struct link_set {
	struct html_link *links;
	size_t n, max;
	uint32_t *slots; /* index + 1 by hash */
	uint32_t mask;
};

static bool
is_side_link(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	struct slice role = tree_attr(t, i, ATTR_ROLE);

	switch (t->nodes[i].tag) {
	case TAG_NAV:
	case TAG_ASIDE:
		return true;
	case TAG_HEADER:
	case TAG_FOOTER:
		/* That of an article belongs to the text. */
		return !tree_within(t, i, TAG_ARTICLE) &&
		       !tree_within(t, i, TAG_MAIN);
	case TAG_TEXT:
	case TAG_BODY:
	case TAG_MAIN:
	case TAG_ARTICLE:
		return false;
	default:
		break;
	}
	if (slice_is(role, "navigation") || slice_is(role, "banner") ||
	    slice_is(role, "contentinfo") || slice_is(role, "complementary"))
		return true;
	return (p->words[i] & W_NAV) && !(p->words[i] & W_MAYBE);
}

static void
mark_sides(struct measured_page *p)
{
	struct node *nodes = p->tree->nodes;

	for (uint32_t i = 1; i < p->tree->n; i++) {
		nodes[i].mark &= (uint8_t)~MARK_NAV;
		if ((nodes[nodes[i].parent].mark & MARK_NAV) ||
		    is_side_link(p, i))
			nodes[i].mark |= MARK_NAV;
	}
}

static const char *
words_in(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	const char *s = one_line_of(p->arena, t, i, 0, ANCHOR_MAX);
	struct slice v = {NULL, 0};

	if (s[0] != '\0')
		return s;
	for (uint32_t k = i + 1; k < t->nodes[i].end && v.len == 0; k++)
		if (t->nodes[k].tag == TAG_IMG)
			v = tree_attr(t, k, ATTR_ALT);
	if (v.len == 0)
		v = tree_attr(t, i, ATTR_ARIA_LABEL);
	if (v.len == 0)
		v = tree_attr(t, i, ATTR_TITLE);
	return one_line_join(p->arena, v, ANCHOR_MAX);
}

/* seen_slot: where the URL is, or the free slot where it would go. */
static uint32_t *
seen_slot(struct link_set *s, const char *url)
{
	uint32_t h = 5381;

	for (const char *c = url; *c != '\0'; c++)
		h = h * 33 + (unsigned char)*c;
	h ^= h >> 15;
	for (;; h++) {
		uint32_t *at = &s->slots[h & s->mask];

		if (*at == 0 || strcmp(s->links[*at - 1].url, url) == 0)
			return at;
	}
}

/* link_seen_again: a link that was there before; its best appearance counts. */
static void
link_seen_again(struct html_link *old, const struct html_link *new)
{
	if (old->in_nav && !new->in_nav) {
		old->in_nav = false;
		if (new->text[0] != '\0')
			old->text = new->text;
	}
	if (old->text[0] == '\0')
		old->text = new->text;
	old->nofollow = old->nofollow && new->nofollow;
}

static void
link_take(struct measured_page *p, const struct base_url *base, uint32_t i,
    struct link_set *s)
{
	const struct tree *t = p->tree;
	struct slice rel = tree_attr(t, i, ATTR_REL), ref;
	struct html_link link;
	uint32_t *at;

	ref = tree_attr(
	    t, i, t->nodes[i].tag == TAG_FRAME ? ATTR_SRC : ATTR_HREF);
	if (ref.len == 0 || ref.s[0] == '#')
		return;
	link.url = base_url_resolve_str(base, p->arena, ref, false);
	if (link.url[0] == '\0')
		return;
	link.text = words_in(p, i);
	link.in_nav = (t->nodes[i].mark & MARK_NAV) != 0;
	link.nofollow = slice_has_word(rel, "nofollow") ||
			slice_has_word(rel, "ugc") ||
			slice_has_word(rel, "sponsored");
	at = seen_slot(s, link.url);
	if (*at != 0) {
		link_seen_again(&s->links[*at - 1], &link);
		return;
	}
	s->links[s->n++] = link;
	*at = (uint32_t)s->n;
}

void
links_read(struct measured_page *p, const struct base_url *base, size_t max,
    struct html_page *out)
{
	const struct node *nodes = p->tree->nodes;
	struct link_set s = {.mask = 15};
	size_t all = 0;

	mark_sides(p);
	for (uint32_t i = 1; i < p->tree->n; i++)
		all += nodes[i].tag == TAG_A || nodes[i].tag == TAG_AREA ||
		       nodes[i].tag == TAG_FRAME;
	s.max = all < max ? all : max;
	while (s.mask < s.max * 2)
		s.mask = s.mask * 2 + 1;
	s.links = arena_array(p->arena, s.max, sizeof(*s.links));
	s.slots = arena_array(p->arena, (size_t)s.mask + 1, sizeof(*s.slots));
	for (uint32_t i = 1; i < p->tree->n; i++) {
		if (nodes[i].tag != TAG_A && nodes[i].tag != TAG_AREA &&
		    nodes[i].tag != TAG_FRAME)
			continue;
		if (s.n == s.max) {
			out->flags |= HTML_PAGE_LINKS;
			break;
		}
		link_take(p, base, i, &s);
	}
	out->links = s.links;
	out->nlinks = s.n;
}
