/* insert_in_body: the rules of the insertion mode "in body" (13.2.6.4.7). */
#include "worker/extract/formatting.h"
#include "worker/extract/insertion.h"

static bool
is_heading_name(uint32_t name)
{
	return name >= TAG_H1 && name <= TAG_H6;
}

static void
close_p(struct tree_builder *b)
{
	tree_builder_close_implied(b, TAG_P);
	tree_builder_pop_until(b, TAG_P);
}

static void
end_p(struct tree_builder *b)
{
	if (tree_builder_in_button_scope(b, TAG_P))
		close_p(b);
}

/* merge_attributes: attributes of a second <html> or <body> that the first has
 * not. */
static void
merge_attributes(
    struct tree_builder *b, uint32_t node, const struct tag_token *tk)
{
	struct tree *t = b->tree;
	struct node *n = &t->nodes[node];
	uint32_t to = tk->first, old = n->at;
	unsigned nold = n->nattrs;

	for (uint32_t i = tk->first; i < t->nattrs; i++)
		if (tree_attr(t, node, t->attrs[i].name).s == NULL)
			t->attrs[to++] = t->attrs[i];
	t->nattrs = to;
	if (node == 0 || to == tk->first)
		return;
	n->at = tk->first;
	n->nattrs = (uint16_t)(to - tk->first + nold);
	for (unsigned k = 0; k < nold; k++)
		tree_add_attr(t, t->attrs[old + k]);
	b->merged = true;
}

static void
merge_into(struct tree_builder *b, enum tag tag, const struct tag_token *tk)
{
	unsigned at = tag == TAG_BODY;

	if (b->open[TAG_TEMPLATE] > 0 || b->depth <= at ||
	    !tree_builder_is(&b->stack[at], tag))
		return;
	b->frames_ok &= tag != TAG_BODY;
	merge_attributes(b, b->stack[at].node, tk);
}

/* close_item: <li>, <dd> and <dt> end their like in the same list. */
static void
close_item(struct tree_builder *b, uint32_t name)
{
	for (unsigned i = b->depth; i-- > 0;) {
		const struct open_element *e = &b->stack[i];
		bool same = tree_builder_is(e, name) ||
			    (name != TAG_LI && (tree_builder_is(e, TAG_DD) ||
						   tree_builder_is(e, TAG_DT)));

		if (same) {
			tree_builder_close_implied(b, e->name);
			tree_builder_pop_to(b, i);
			break;
		}
		if (tree_builder_special(e) &&
		    !tree_builder_is(e, TAG_ADDRESS) &&
		    !tree_builder_is(e, TAG_DIV) && !tree_builder_is(e, TAG_P))
			break;
	}
	end_p(b);
}

static void
insert_plain(struct tree_builder *b, const struct tag_token *tk)
{
	formatting_reconstruct(b);
	tree_builder_insert(b, tk);
}

static void
insert_formatting(struct tree_builder *b, const struct tag_token *tk)
{
	insert_plain(b, tk);
	formatting_push(b, tk);
}

/* start_a: links do not nest. */
static void
start_a(struct tree_builder *b, const struct tag_token *tk)
{
	int last = formatting_last(b, TAG_A), at;
	uint32_t node;

	if (last >= 0) {
		node = b->formatting[last].node;
		formatting_end(b, TAG_A);
		formatting_forget(b, node);
		at = tree_builder_find(b, node);
		if (at >= 0)
			tree_builder_remove(b, (unsigned)at);
	}
	insert_formatting(b, tk);
}

static void
start_nobr(struct tree_builder *b, const struct tag_token *tk)
{
	formatting_reconstruct(b);
	if (tree_builder_in_scope(b, TAG_NOBR))
		formatting_end(b, TAG_NOBR);
	insert_formatting(b, tk);
}

static void
start_button(struct tree_builder *b, const struct tag_token *tk)
{
	if (tree_builder_in_scope(b, TAG_BUTTON)) {
		tree_builder_close_implied(b, TAG_TEXT);
		tree_builder_pop_until(b, TAG_BUTTON);
	}
	insert_plain(b, tk);
	b->frames_ok = false;
}

static void
start_form(struct tree_builder *b, const struct tag_token *tk)
{
	bool template = b->open[TAG_TEMPLATE] > 0;

	if (b->form != 0 && !template)
		return;
	end_p(b);
	tree_builder_insert(b, tk);
	if (!template && b->over == 0)
		b->form = tree_builder_top(b)->node;
}

static void
start_table(struct tree_builder *b, const struct tag_token *tk)
{
	if (!b->quirks)
		end_p(b);
	tree_builder_insert(b, tk);
	b->frames_ok = false;
	b->mode = IN_TABLE;
}

/* end_select: false when none is open in scope. */
static bool
end_select(struct tree_builder *b)
{
	if (!tree_builder_in_scope(b, TAG_SELECT))
		return false;
	tree_builder_pop_until(b, TAG_SELECT);
	return true;
}

static void
start_select(struct tree_builder *b, const struct tag_token *tk)
{
	/* A second one only ends the first. */
	if (end_select(b))
		return;
	insert_plain(b, tk);
	b->frames_ok = false;
}

static void
start_option(struct tree_builder *b, const struct tag_token *tk)
{
	if (tree_builder_in_scope(b, TAG_SELECT))
		tree_builder_close_implied(
		    b, tk->name == TAG_OPTION ? TAG_OPTGROUP : TAG_TEXT);
	else if (tree_builder_on(b, TAG_OPTION))
		tree_builder_pop(b);
	insert_plain(b, tk);
}

static void
start_ruby_part(struct tree_builder *b, const struct tag_token *tk)
{
	bool outer = tk->name == TAG_RB || tk->name == TAG_RTC;

	if (tree_builder_in_scope(b, TAG_RUBY))
		tree_builder_close_implied(b, outer ? TAG_TEXT : TAG_RTC);
	tree_builder_insert(b, tk);
}

/* start_frame: see insertion.h. */
static void
start_frame(struct tree_builder *b, const struct tag_token *tk)
{
	if (tk->name == TAG_FRAMESET) {
		if (!b->frames_ok && b->open[TAG_FRAMESET] == 0)
			return;
		tree_builder_insert(b, tk);
		b->frames = true;
	} else if (tk->name == TAG_FRAME && b->open[TAG_FRAMESET] > 0) {
		tree_builder_insert_leaf(b, tk);
	}
}

static void
start_noframes(struct tree_builder *b, const struct tag_token *tk)
{
	struct tag_token hidden = *tk;

	if (b->frames) {
		insert_plain(b, tk);
		return;
	}
	hidden.name = TAG_NOEMBED;
	insertion_raw(b, &hidden);
}

bool
insertion_hidden_input(const struct tree_builder *b, const struct tag_token *tk)
{
	const struct tree *t = b->tree;

	for (uint32_t i = tk->first; i < t->nattrs; i++)
		if (t->attrs[i].name == ATTR_TYPE)
			return slice_is(
			    (struct slice){
				t->bytes + t->attrs[i].at, t->attrs[i].len},
			    "hidden");
	return false;
}

static void
start_void(struct tree_builder *b, const struct tag_token *tk)
{
	if (tk->name == TAG_INPUT || tk->name == TAG_KEYGEN)
		end_select(b);
	if (tk->name == TAG_HR) {
		end_p(b);
		if (tree_builder_in_scope(b, TAG_SELECT))
			tree_builder_close_implied(b, TAG_TEXT);
	} else if (tk->name != TAG_PARAM && tk->name != TAG_SOURCE &&
		   tk->name != TAG_TRACK) {
		formatting_reconstruct(b);
	}
	tree_builder_insert_leaf(b, tk);
	if (tk->name != TAG_INPUT || !insertion_hidden_input(b, tk))
		b->frames_ok = false;
}

static void
start_raw(struct tree_builder *b, const struct tag_token *tk)
{
	if (tk->name == TAG_XMP) {
		end_p(b);
		formatting_reconstruct(b);
	}
	if (tk->name == TAG_TEXTAREA)
		end_select(b);
	b->frames_ok &= tk->name == TAG_NOEMBED;
	b->skip_lf = tk->name == TAG_TEXTAREA;
	insertion_raw(b, tk);
}

/* start_block: those that end a <p>. */
static void
start_block(struct tree_builder *b, const struct tag_token *tk)
{
	if (tk->name == TAG_LI || tk->name == TAG_DD || tk->name == TAG_DT) {
		b->frames_ok = false;
		close_item(b, tk->name);
	}
	end_p(b);
	if (is_heading_name(tk->name) && tree_builder_top(b)->ns == NS_HTML &&
	    is_heading_name(tree_builder_top(b)->name))
		tree_builder_pop(b);
	tree_builder_insert(b, tk);
	if (tk->name == TAG_PRE || tk->name == TAG_LISTING) {
		b->frames_ok = false;
		b->skip_lf = true;
	}
}

static bool
start_image(struct tree_builder *b, const struct tag_token *tk)
{
	struct tag_token img = *tk;

	img.name = TAG_IMG;
	return insert_in_body_start(b, &img);
}

bool
insert_in_body_start(struct tree_builder *b, const struct tag_token *tk)
{
	enum tag tag = tree_builder_tag(tk->name);
	unsigned kind = tag_kind(tag);

	if (insertion_head_start(b, tk))
		return false;
	switch (tag) {
	case TAG_HTML:
	case TAG_BODY:
		merge_into(b, tag, tk);
		break;
	case TAG_CAPTION:
	case TAG_COL:
	case TAG_COLGROUP:
	case TAG_HEAD:
	case TAG_TBODY:
	case TAG_TD:
	case TAG_TFOOT:
	case TAG_TH:
	case TAG_THEAD:
	case TAG_TR:
		break;
	case TAG_FRAME:
	case TAG_FRAMESET:
		start_frame(b, tk);
		break;
	case TAG_NOFRAMES:
		start_noframes(b, tk);
		break;
	case TAG_FORM:
		start_form(b, tk);
		break;
	case TAG_PLAINTEXT:
		end_p(b);
		tree_builder_insert(b, tk);
		b->plaintext = true;
		break;
	case TAG_BUTTON:
		start_button(b, tk);
		break;
	case TAG_A:
		start_a(b, tk);
		break;
	case TAG_NOBR:
		start_nobr(b, tk);
		break;
	case TAG_APPLET:
	case TAG_MARQUEE:
	case TAG_OBJECT:
		insert_plain(b, tk);
		formatting_marker(b);
		b->frames_ok = false;
		break;
	case TAG_TABLE:
		start_table(b, tk);
		break;
	case TAG_IMAGE:
		return start_image(b, tk);
	case TAG_SELECT:
		start_select(b, tk);
		break;
	case TAG_OPTION:
	case TAG_OPTGROUP:
		start_option(b, tk);
		break;
	case TAG_RB:
	case TAG_RTC:
	case TAG_RP:
	case TAG_RT:
		start_ruby_part(b, tk);
		break;
	case TAG_SVG:
	case TAG_MATH:
		formatting_reconstruct(b);
		tree_builder_insert_foreign(
		    b, tk, tag == TAG_SVG ? NS_SVG : NS_MATH);
		break;
	default:
		if (kind & T_VOID)
			start_void(b, tk);
		else if (kind & T_RAW)
			start_raw(b, tk);
		else if (kind & T_ENDS_P)
			start_block(b, tk);
		else if (kind & T_FORMAT)
			insert_formatting(b, tk);
		else
			insert_plain(b, tk);
		break;
	}
	return false;
}

/* ---- end tags ------------------------------------------------------------ */

/* end_other: "any other end tag". */
static void
end_other(struct tree_builder *b, uint32_t name)
{
	for (unsigned i = b->depth; i-- > 0;) {
		const struct open_element *e = &b->stack[i];

		if (tree_builder_is(e, name)) {
			tree_builder_close_implied(b, name);
			tree_builder_pop_to(b, i);
			return;
		}
		if (tree_builder_special(e))
			return;
	}
}

/*
 * control_open: a choice or a button was left open in stack[at].  The standard
 * would go on in it behind the form, and the rest of the page were its label.
 */
static bool
control_open(const struct tree_builder *b, unsigned at)
{
	for (unsigned i = b->depth; i-- > at + 1;)
		if (tree_builder_is(&b->stack[i], TAG_SELECT) ||
		    tree_builder_is(&b->stack[i], TAG_BUTTON))
			return true;
	return false;
}

static void
end_form(struct tree_builder *b)
{
	uint32_t node = b->form;
	int at;

	if (b->open[TAG_TEMPLATE] > 0) {
		if (!tree_builder_in_scope(b, TAG_FORM))
			return;
		tree_builder_close_implied(b, TAG_TEXT);
		tree_builder_pop_until(b, TAG_FORM);
		return;
	}
	b->form = 0;
	at = node == 0 ? -1 : tree_builder_find(b, node);
	if (at < 0 || !tree_builder_node_in_scope(b, (unsigned)at))
		return;
	tree_builder_close_implied(b, TAG_TEXT);
	at = tree_builder_find(b, node);
	if (at >= 0 && control_open(b, (unsigned)at))
		tree_builder_pop_to(b, (unsigned)at);
	else if (at >= 0)
		tree_builder_remove(b, (unsigned)at);
}

static void
end_heading(struct tree_builder *b)
{
	bool in = false, last = false;

	for (uint32_t h = TAG_H1; h <= TAG_H6; h++)
		in |= tree_builder_in_scope(b, h);
	if (!in)
		return;
	tree_builder_close_implied(b, TAG_TEXT);
	while (b->depth > 0 && !last) {
		last = tree_builder_top(b)->ns == NS_HTML &&
		       is_heading_name(tree_builder_top(b)->name);
		tree_builder_pop(b);
	}
}

static void
end_block(struct tree_builder *b, uint32_t name)
{
	if (!tree_builder_in_scope(b, name))
		return;
	tree_builder_close_implied(
	    b, name == TAG_DD || name == TAG_DT ? name : TAG_TEXT);
	tree_builder_pop_until(b, name);
}

static void
end_br(struct tree_builder *b)
{
	struct tag_token br = {.name = TAG_BR, .first = b->tree->nattrs};

	start_void(b, &br);
}

void
insert_in_body_end(struct tree_builder *b, uint32_t name)
{
	unsigned kind = tag_kind(tree_builder_tag(name));

	switch (tree_builder_tag(name)) {
	case TAG_HTML:
	case TAG_BODY:
		break;
	case TAG_TEMPLATE:
		insertion_template_end(b);
		break;
	case TAG_FORM:
		end_form(b);
		break;
	case TAG_P:
		if (!tree_builder_in_button_scope(b, TAG_P))
			tree_builder_implied(b, TAG_P);
		close_p(b);
		break;
	case TAG_LI:
		if (!tree_builder_in_list_scope(b, TAG_LI))
			break;
		tree_builder_close_implied(b, TAG_LI);
		tree_builder_pop_until(b, TAG_LI);
		break;
	case TAG_H1 ... TAG_H6:
		end_heading(b);
		break;
	case TAG_BR:
		end_br(b);
		break;
	case TAG_APPLET:
	case TAG_MARQUEE:
	case TAG_OBJECT:
		if (!tree_builder_in_scope(b, name))
			break;
		end_block(b, name);
		formatting_clear(b);
		break;
	case TAG_BUTTON:
	case TAG_SELECT:
		end_block(b, name);
		break;
	default:
		if (name < TAG_MAX && (kind & T_ENDS_P))
			end_block(b, name);
		else if (!(kind & T_FORMAT) || !formatting_end(b, name))
			end_other(b, name);
		break;
	}
}

void
insertion_seen(struct tree_builder *b, size_t at, size_t len)
{
	const char *s = b->tree->bytes + at;

	for (size_t i = 0; i < len && b->frames_ok; i++)
		b->frames_ok = (unsigned char)s[i] <= ' ';
}

void
insert_in_body_text(struct tree_builder *b, size_t at, size_t len)
{
	if (b->over == 0)
		formatting_reconstruct(b);
	insertion_seen(b, at, len);
	tree_builder_text(b, at, len);
}
