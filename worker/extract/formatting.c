#include "worker/extract/formatting.h"

#include <string.h>

#define SEGMENT 32 /* entries between two markers */
#define ALIKE 3    /* of them at most so many alike */

/* since_marker: the index of the first entry behind the last marker. */
static unsigned
since_marker(const struct tree_builder *b)
{
	unsigned i = b->nformatting;

	while (i > 0 && b->formatting[i - 1].node != 0)
		i--;
	return i;
}

static void
take_out(struct tree_builder *b, unsigned at)
{
	b->nformatting--;
	memmove(&b->formatting[at], &b->formatting[at + 1],
	    (b->nformatting - at) * sizeof(*b->formatting));
}

static void
put_in(struct tree_builder *b, unsigned at, const struct formatting *f)
{
	if (b->nformatting == FORMATTING_MAX)
		return;
	memmove(&b->formatting[at + 1], &b->formatting[at],
	    (b->nformatting - at) * sizeof(*b->formatting));
	b->formatting[at] = *f;
	b->nformatting++;
}

/* make_room: the earliest of three alike goes, and so does one too many. */
static void
make_room(struct tree_builder *b, const struct tag_token *tk)
{
	unsigned first = since_marker(b), alike = 0, earliest = 0;

	for (unsigned i = b->nformatting; i-- > first;)
		if (b->formatting[i].name == tk->name &&
		    b->formatting[i].alike == tk->alike) {
			earliest = i;
			alike++;
		}
	if (alike >= ALIKE)
		take_out(b, earliest);
	else if (b->nformatting - first >= SEGMENT)
		take_out(b, first);
}

void
formatting_push(struct tree_builder *b, const struct tag_token *tk)
{
	struct formatting f = {
	    .name = tk->name, .alike = tk->alike, .open = true};

	/* Of what is not kept there is nothing to open again. */
	if (b->over > 0 || tree_builder_top(b)->node == 0)
		return;
	f.node = tree_builder_top(b)->node;
	make_room(b, tk);
	put_in(b, b->nformatting, &f);
}

void
formatting_marker(struct tree_builder *b)
{
	put_in(b, b->nformatting, &(struct formatting){.node = 0});
}

void
formatting_clear(struct tree_builder *b)
{
	b->nformatting = since_marker(b);
	if (b->nformatting > 0)
		b->nformatting--;
}

int
formatting_last(const struct tree_builder *b, uint32_t name)
{
	unsigned first = since_marker(b);

	for (unsigned i = b->nformatting; i-- > first;)
		if (b->formatting[i].name == name)
			return (int)i;
	return -1;
}

static int
entry_of(const struct tree_builder *b, uint32_t node)
{
	for (unsigned i = b->nformatting; i-- > 0;)
		if (b->formatting[i].node == node)
			return (int)i;
	return -1;
}

void
formatting_forget(struct tree_builder *b, uint32_t node)
{
	int at = node == 0 ? -1 : entry_of(b, node);

	if (at >= 0)
		take_out(b, (unsigned)at);
}

void
formatting_left(struct tree_builder *b, uint32_t node)
{
	int at = node == 0 ? -1 : entry_of(b, node);

	if (at >= 0)
		b->formatting[at].open = false;
}

/* element_copy: a new element like that of an entry, which it stands for from
 * now. */
static struct open_element
element_copy(struct tree_builder *b, struct formatting *f, struct node_place at)
{
	struct open_element e = {.name = f->name};
	struct node *nodes;

	e.node = tree_builder_node(b, tree_builder_tag(f->name), at);
	nodes = b->tree->nodes;
	if (e.node != 0) {
		nodes[e.node].at = nodes[f->node].at;
		nodes[e.node].nattrs = nodes[f->node].nattrs;
		f->node = e.node;
	}
	return e;
}

/*
 * only_name: <a> without an address is the name of a place; it need not be
 * said again, and would make all that follows look like a link.
 */
static bool
only_name(const struct tree_builder *b, const struct formatting *f)
{
	return f->name == TAG_A &&
	       tree_attr(b->tree, f->node, ATTR_HREF).s == NULL;
}

void
formatting_reconstruct(struct tree_builder *b)
{
	unsigned first = since_marker(b), i = b->nformatting;

	while (i > first && !b->formatting[i - 1].open)
		i--;
	for (; i < b->nformatting && b->over == 0; i++) {
		struct formatting *f = &b->formatting[i];
		struct open_element e;

		if (b->depth >= b->limits->depth ||
		    b->depth >= TREE_BUILDER_DEPTH_FULL)
			return;
		if (only_name(b, f))
			continue;
		e = element_copy(
		    b, f, tree_builder_place(b, tree_builder_top(b)->node));
		if (e.node == 0)
			return;
		f->open = true;
		tree_builder_put(b, b->depth, &e);
	}
}

/* One run of the adoption agency. */
struct adoption {
	unsigned entry;   /* the formatting element's, in the list */
	unsigned at;      /* and on the stack */
	unsigned block;   /* the furthest block, on the stack */
	unsigned mark;    /* where the new entry goes */
	uint32_t subject; /* the end tag's name */
};

/* furthest_block: the topmost special element in the formatting element. */
static bool
furthest_block(const struct tree_builder *b, struct adoption *ad)
{
	for (unsigned i = ad->at + 1; i < b->depth; i++)
		if (tree_builder_special(&b->stack[i])) {
			ad->block = i;
			return true;
		}
	return false;
}

/*
 * rebuild_between: what stands between the formatting element and the block
 * is opened anew, each inside the one above; returns the outermost node.
 */
static uint32_t
rebuild_between(struct tree_builder *b, struct adoption *ad)
{
	uint32_t last = b->stack[ad->block].node;
	unsigned count = 0;

	for (unsigned i = ad->block; i-- > ad->at + 1;) {
		uint32_t node = b->stack[i].node;
		int entry = node == 0 ? -1 : entry_of(b, node);

		if (++count > 3 && entry >= 0) {
			take_out(b, (unsigned)entry);
			ad->entry -= (unsigned)entry < ad->entry;
			ad->mark -= (unsigned)entry < ad->mark;
			entry = -1;
		}
		if (entry < 0) {
			tree_builder_remove(b, i);
			ad->block--;
			continue;
		}
		b->stack[i] = element_copy(b, &b->formatting[entry],
		    (struct node_place){b->stack[ad->at - 1].node, 0});
		if (last == b->stack[ad->block].node)
			ad->mark = (unsigned)entry + 1;
		tree_builder_move(
		    b, last, (struct node_place){b->stack[i].node, 0});
		last = b->stack[i].node;
	}
	return last;
}

/* adopt_block: the block leaves the formatting element, and gets a twin of it.
 */
static void
adopt_block(struct tree_builder *b, struct adoption *ad)
{
	uint32_t above = b->stack[ad->at - 1].node, last, block;
	struct formatting f;
	struct open_element e;

	ad->mark = ad->entry;
	last = rebuild_between(b, ad);
	tree_builder_move(b, last, tree_builder_place(b, above));
	block = b->stack[ad->block].node;
	f = b->formatting[ad->entry];
	/* Made outside, so that it is no child of its own while these move. */
	e = element_copy(b, &f, (struct node_place){above, 0});
	tree_builder_move_children(b, block, e.node);
	tree_builder_move(b, e.node, (struct node_place){block, 0});
	take_out(b, ad->entry);
	ad->mark -= ad->entry < ad->mark;
	f.open = true;
	put_in(b, ad->mark, &f);
	tree_builder_remove(b, ad->at);
	tree_builder_put(b, ad->block, &e);
}

/* adoption_step: one round of the outer loop; false at its end. */
static bool
adoption_step(struct tree_builder *b, struct adoption *ad, bool *other)
{
	int entry = formatting_last(b, ad->subject), at;

	if (entry < 0) {
		*other = true;
		return false;
	}
	ad->entry = (unsigned)entry;
	at = tree_builder_find(b, b->formatting[entry].node);
	if (at < 0) {
		take_out(b, ad->entry);
		return false;
	}
	ad->at = (unsigned)at;
	if (!tree_builder_node_in_scope(b, ad->at))
		return false;
	if (!furthest_block(b, ad)) {
		take_out(b, ad->entry);
		tree_builder_pop_to(b, ad->at);
		return false;
	}
	adopt_block(b, ad);
	return true;
}

bool
formatting_end(struct tree_builder *b, uint32_t name)
{
	struct adoption ad = {.subject = name};
	bool other = false;

	if (tree_builder_on(b, name) &&
	    entry_of(b, tree_builder_top(b)->node) < 0) {
		tree_builder_pop(b);
		return true;
	}
	for (unsigned k = 0; k < 8 && !b->full; k++)
		if (!adoption_step(b, &ad, &other))
			break;
	return !other;
}
