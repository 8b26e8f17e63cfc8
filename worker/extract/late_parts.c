#include "worker/extract/late_parts.h"

#include "core/log.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MOVES 4096      /* more late parts are not moved */
#define DEPTH 400       /* a tree deeper than this is not made */
#define SCRIPT_MAX 4096 /* bytes of a script in which calls are looked for */
#define ID_MAX 64       /* bytes of an id that a call may name */
#define CALLS 64        /* calls of one script */
#define EMPTY 40        /* nodes in which no place in the bytes is found */
#define COMMENT 80      /* bytes of a comment that ends a fallback */

/* One late part: the children of from go to where to is. */
struct late_part {
	uint32_t from;
	uint32_t to;
	size_t until; /* offset in the page at which what stands in ends */
	bool done;
};

struct streamed_page {
	struct tree *tree;
	struct arena *arena;
	uint32_t *ids; /* elements with an id, hashed; 0 is free */
	uint32_t mask;
	struct late_part *moves;
	unsigned nmoves;
	uint32_t *move_at; /* by node: 1 + the move whose to it is */
	uint8_t *taken;    /* by node: it is the from of a move */
	struct node *out;
	uint32_t n;
	size_t budget; /* bytes that may still be searched for comments */
	bool failed;
};

/* What the parts and their places are called, where no call names both. */
static const struct {
	const char *part, *place;
} names[] = {
    {"S:", "B:"},                 /* React */
    {"S:", "P:"}, {"af", "afph"}, /* Marko */
    {"", "pl-"},                  /* Solid */
};

/* is_late_part: not shown now, and has content. */
static bool
is_late_part(const struct tree *t, uint32_t i)
{
	struct slice v;

	if (i == 0 || t->nodes[i].end == i + 1)
		return false;
	if (t->nodes[i].tag == TAG_TEMPLATE)
		return true;
	/* Rows wait in a hidden table. */
	for (unsigned level = 0; level < 3 && i != 0; level++) {
		v = tree_attr(t, i, ATTR_STYLE);
		if (tree_attr(t, i, ATTR_HIDDEN).s != NULL ||
		    (v.len > 0 &&
			(memmem(v.s, v.len, "display:none", 12) != NULL ||
			    memmem(v.s, v.len, "display: none", 13) != NULL)))
			return true;
		i = t->nodes[i].parent;
	}
	return false;
}

static uint32_t
id_hash(struct slice v)
{
	uint32_t h = 5381;

	for (size_t i = 0; i < v.len; i++)
		h = h * 33 + (unsigned char)v.s[i];
	return h ^ (h >> 15);
}

/* id_slot: where the element with the id is, or would go. */
static uint32_t *
id_slot(const struct streamed_page *s, struct slice id)
{
	for (uint32_t h = id_hash(id);; h++) {
		uint32_t *at = &s->ids[h & s->mask];
		struct slice v;

		if (*at == 0)
			return at;
		v = tree_attr(s->tree, *at, ATTR_ID);
		if (v.len == id.len && memcmp(v.s, id.s, id.len) == 0)
			return at;
	}
}

/* may_be_late: a quick look over all attributes. */
static bool
may_be_late(const struct tree *t)
{
	for (uint32_t k = 0; k < t->nattrs; k++) {
		struct slice v = {t->bytes + t->attrs[k].at, t->attrs[k].len};

		if (t->attrs[k].name == ATTR_HIDDEN)
			return true;
		if (t->attrs[k].name == ATTR_STYLE && v.len > 11 &&
		    memmem(v.s, v.len, "none", 4) != NULL)
			return true;
	}
	return tree_find(t, TAG_TEMPLATE, 1, t->n) != 0;
}

/* find_ids: false when nothing on this page comes late. */
static bool
find_ids(struct streamed_page *s)
{
	const struct tree *t = s->tree;
	bool any = false;
	uint32_t n = 0;

	if (!may_be_late(t))
		return false;
	for (uint32_t i = 1; i < t->n; i++) {
		struct slice v;

		if (t->nodes[i].tag == TAG_TEXT || t->nodes[i].nattrs == 0)
			continue;
		v = tree_attr(t, i, ATTR_ID);
		n += v.len > 0 && v.len <= ID_MAX;
		any |= v.len > 0 && is_late_part(t, i);
	}
	if (!any)
		return false;
	for (s->mask = 15; s->mask < n * 2;)
		s->mask = s->mask * 2 + 1;
	s->ids = arena_array(s->arena, (size_t)s->mask + 1, sizeof(*s->ids));
	for (uint32_t i = 1; i < t->n; i++) {
		struct slice v;
		uint32_t *at;

		if (t->nodes[i].tag == TAG_TEXT || t->nodes[i].nattrs == 0)
			continue;
		v = tree_attr(t, i, ATTR_ID);
		if (v.len == 0 || v.len > ID_MAX)
			continue;
		at = id_slot(s, v);
		if (*at == 0)
			*at = i;
	}
	return true;
}

static uint32_t
by_id(const struct streamed_page *s, struct slice id)
{
	return id.len == 0 || id.len > ID_MAX ? 0 : *id_slot(s, id);
}

/* place_of: the place that a part is for by their names; 0 for none. */
static uint32_t
place_of(const struct streamed_page *s, struct slice id, size_t k)
{
	char name[ID_MAX];
	size_t from = strlen(names[k].part), n = strlen(names[k].place);

	if (id.len <= from || n + id.len - from > sizeof(name) ||
	    memcmp(id.s, names[k].part, from) != 0)
		return 0;
	memcpy(name, names[k].place, n);
	memcpy(name + n, id.s + from, id.len - from);
	return by_id(s, (struct slice){name, n + id.len - from});
}

static bool
is_inside(const struct tree *t, uint32_t i, uint32_t up)
{
	return i >= up && i < t->nodes[up].end;
}

/* ends_fallback: the comment says that a boundary is over: "/$", "pl-ID". */
static bool
ends_fallback(struct slice comment, struct slice id, unsigned *open)
{
	if (comment.len > 0 && comment.s[0] == '$') {
		++*open;
	} else if (comment.len > 1 && memcmp(comment.s, "/$", 2) == 0) {
		if (*open == 0)
			return true;
		--*open;
	}
	return comment.len == id.len && memcmp(comment.s, id.s, id.len) == 0;
}

/*
 * fallback_end: where what stands in for the part ends: at the comment that
 * closes the boundary.  0 when no comment does.
 */
static size_t
fallback_end(struct streamed_page *s, uint32_t i)
{
	const struct tree *t = s->tree;
	struct slice id = tree_attr(t, i, ATTR_ID);
	const char *p = id.s, *end = t->bytes + t->len;
	unsigned open = 0;

	if ((size_t)(end - p) > s->budget)
		end = p + s->budget;
	while ((p = memmem(p, (size_t)(end - p), "<!--", 4)) != NULL) {
		size_t left;
		const char *close;

		p += 4;
		left = (size_t)(end - p);
		close = memmem(p, left < COMMENT ? left : COMMENT, "-->", 3);
		if (close != NULL &&
		    ends_fallback(
			(struct slice){p, (size_t)(close - p)}, id, &open)) {
			s->budget -= (size_t)(p - id.s);
			return (size_t)(p - t->bytes);
		}
	}
	s->budget -= (size_t)(end - id.s);
	return 0;
}

/*
 * stands_in: a mark that a part may come to.  One that is no template is a
 * box with a few words at most, before the part, which its script follows.
 */
static bool
stands_in(const struct tree *t, uint32_t to, uint32_t from)
{
	uint32_t next = t->nodes[from].end;
	size_t bytes = 0;

	switch (t->nodes[to].tag) {
	case TAG_TEMPLATE:
		return t->nodes[to].end == to + 1;
	case TAG_DIV:
	case TAG_SPAN:
	case TAG_SECTION:
	case TAG_NOSCRIPT:
		break;
	default:
		return false;
	}
	while (next < t->n && t->nodes[next].tag == TAG_TEXT)
		next++;
	if (to > from || t->nodes[to].end > to + EMPTY || next == t->n ||
	    t->nodes[next].tag != TAG_SCRIPT)
		return false;
	for (uint32_t k = to + 1; k < t->nodes[to].end; k++)
		if (t->nodes[k].tag == TAG_TEXT)
			bytes += slice_trim(tree_text(t, k)).len;
	return bytes < COMMENT;
}

static void
add_move(struct streamed_page *s, uint32_t from, uint32_t to)
{
	const struct tree *t = s->tree;

	if (s->nmoves == MOVES || from == to || to == 0 || s->taken[from] ||
	    s->move_at[to] != 0 || !is_late_part(t, from) ||
	    is_inside(t, to, from) || is_inside(t, from, to) ||
	    !stands_in(t, to, from))
		return;
	s->moves[s->nmoves] = (struct late_part){.from = from, .to = to};
	s->taken[from] = 1;
	s->move_at[to] = ++s->nmoves;
}

/* next_quoted: the string at *p, which is behind it then; s is NULL for none.
 */
static struct slice
next_quoted(const char **p, const char *end)
{
	struct slice v = {NULL, 0};
	const char *close;

	while (*p < end && **p == ' ')
		++*p;
	if (*p == end || (**p != '"' && **p != '\''))
		return v;
	close = memchr(*p + 1, **p, (size_t)(end - *p) - 1);
	if (close == NULL)
		return v;
	v = (struct slice){*p + 1, (size_t)(close - *p) - 1};
	*p = close + 1;
	return v;
}

/* read_move_call: f("B:0", "S:0") or f("S:1", "P:1"): two ids, one of a late
 * part. */
static void
read_move_call(struct streamed_page *s, const char *p, const char *end)
{
	struct slice one = next_quoted(&p, end), two;
	uint32_t a, b;

	while (p < end && *p == ' ')
		p++;
	if (one.len == 0 || p == end || *p != ',')
		return;
	p++;
	two = next_quoted(&p, end);
	a = by_id(s, one);
	b = by_id(s, two);
	if (a == 0 || b == 0)
		return;
	if (is_late_part(s->tree, b))
		add_move(s, b, a);
	else
		add_move(s, a, b);
}

static void
read_script(struct streamed_page *s, uint32_t i)
{
	const struct tree *t = s->tree;
	unsigned calls = 0;

	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		struct slice v = tree_text(t, k);
		const char *end = v.s + v.len, *p = v.s;

		/* The functions come first, the calls last. */
		if (v.len > SCRIPT_MAX)
			p = end - SCRIPT_MAX;
		while (calls < CALLS && p < end &&
		       (p = memchr(p, '(', (size_t)(end - p))) != NULL) {
			calls++;
			read_move_call(s, ++p, end);
		}
	}
}

/* by_name: a part that no call with two ids is about. */
static void
by_name(struct streamed_page *s, uint32_t i)
{
	struct slice id = tree_attr(s->tree, i, ATTR_ID);

	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
		if (id.len > 0)
			add_move(s, i, place_of(s, id, k));
}

static void
find_moves(struct streamed_page *s)
{
	const struct tree *t = s->tree;

	for (uint32_t i = 1; i < t->n; i++)
		if (t->nodes[i].tag == TAG_SCRIPT)
			read_script(s, i);
	for (uint32_t i = 1; i < t->n; i++)
		if (t->nodes[i].tag != TAG_TEXT && t->nodes[i].nattrs > 0)
			by_name(s, i);
}

/* node_offset: where in the page's bytes the node is; 0 when nothing says it.
 */
static size_t
node_offset(const struct tree *t, uint32_t i)
{
	for (uint32_t k = i; k < t->nodes[i].end && k < i + EMPTY; k++) {
		const struct node *n = &t->nodes[k];

		if (n->tag == TAG_TEXT)
			return n->at;
		if (n->nattrs > 0)
			return t->attrs[n->at].at;
	}
	return 0;
}

static void emit_children(
    struct streamed_page *s, uint32_t i, uint32_t parent, unsigned depth);

static void
part_emit(struct streamed_page *s, uint32_t i, uint32_t parent, unsigned depth)
{
	struct node *n;
	uint32_t at = s->n;

	if (depth > DEPTH || s->n == s->tree->n) {
		s->failed = true;
		return;
	}
	n = &s->out[s->n++];
	*n = s->tree->nodes[i];
	n->parent = parent;
	if (n->tag != TAG_TEXT)
		emit_children(s, i, at, depth + 1);
	s->out[at].end = s->n;
}

/* part_arrive: the part comes; false when a mark stays around it. */
static void
part_arrive(
    struct streamed_page *s, uint32_t to, uint32_t parent, unsigned depth)
{
	struct late_part *m = &s->moves[s->move_at[to] - 1];

	m->done = true;
	if (s->tree->nodes[to].tag == TAG_TEMPLATE) {
		m->until = fallback_end(s, to);
		emit_children(s, m->from, parent, depth);
		return;
	}
	if (s->n == s->tree->n) {
		s->failed = true;
		return;
	}
	/* An element keeps its kind, and gets the part in place of its own. */
	s->out[s->n] = s->tree->nodes[to];
	s->out[s->n].parent = parent;
	parent = s->n++;
	emit_children(s, m->from, parent, depth + 1);
	s->out[parent].end = s->n;
}

static void
emit_children(
    struct streamed_page *s, uint32_t i, uint32_t parent, unsigned depth)
{
	const struct tree *t = s->tree;
	size_t until = 0;

	for (uint32_t k = i + 1; k < t->nodes[i].end && !s->failed;
	     k = t->nodes[k].end) {
		if (s->taken[k] || (until > 0 && node_offset(t, k) < until))
			continue;
		until = 0;
		if (s->move_at[k] == 0) {
			part_emit(s, k, parent, depth);
		} else if (depth > DEPTH) {
			s->failed = true;
		} else {
			part_arrive(s, k, parent, depth);
			until = s->moves[s->move_at[k] - 1].until;
		}
	}
}

/* drop_lost_parts: forgets the parts whose places are not in the new tree. */
static bool
drop_lost_parts(struct streamed_page *s)
{
	bool any = false;

	for (unsigned k = 0; k < s->nmoves; k++) {
		struct late_part *m = &s->moves[k];

		if (!m->done && s->taken[m->from]) {
			s->taken[m->from] = 0;
			s->move_at[m->to] = 0;
			any = true;
		}
		m->done = false;
	}
	return any;
}

static void
tree_rebuild(struct streamed_page *s)
{
	s->n = 0;
	s->budget = s->tree->len * 4;
	part_emit(s, 0, 0, 0);
}

void
late_parts_place(struct tree *t, struct arena *a)
{
	struct streamed_page s = {.tree = t, .arena = a};

	if (!find_ids(&s))
		return;
	s.moves = arena_array(a, MOVES, sizeof(*s.moves));
	s.move_at = arena_array(a, t->n, sizeof(*s.move_at));
	s.taken = arena_array(a, t->n, 1);
	find_moves(&s);
	if (s.nmoves == 0)
		return;
	s.out = malloc(t->n * sizeof(*s.out));
	if (s.out == NULL)
		fatal("out of memory: %u nodes", t->n);
	tree_rebuild(&s);
	if (!s.failed && drop_lost_parts(&s)) {
		tree_rebuild(&s);
		s.failed |= drop_lost_parts(&s);
	}
	if (s.failed) {
		free(s.out);
		return;
	}
	free(t->nodes);
	t->nodes = s.out;
	t->cap = t->n;
	t->n = s.n;
}
