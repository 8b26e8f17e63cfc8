/* insert_in_table: the rules of tables and their parts (13.2.6.4.9
 * to 13.2.6.4.15). */
#include "worker/extract/formatting.h"
#include "worker/extract/insertion.h"

static bool
is_row_group(uint32_t name)
{
	return name == TAG_TBODY || name == TAG_TFOOT || name == TAG_THEAD;
}

static bool
is_table_cell(uint32_t name)
{
	return name == TAG_TD || name == TAG_TH;
}

/* above_rows: what stands in a table beside its rows. */
static bool
above_rows(uint32_t name)
{
	return name == TAG_CAPTION || name == TAG_COL || name == TAG_COLGROUP ||
	       is_row_group(name);
}

/* clear_to: "clear the stack back to" one of that name, or a template. */
static void
clear_to(struct tree_builder *b, uint32_t a, uint32_t c, uint32_t d)
{
	while (b->depth > 0 && !tree_builder_on(b, a) &&
	       !tree_builder_on(b, c) && !tree_builder_on(b, d) &&
	       !tree_builder_on(b, TAG_TEMPLATE) &&
	       !tree_builder_on(b, TAG_HTML))
		tree_builder_pop(b);
}

static void
clear_to_table(struct tree_builder *b)
{
	clear_to(b, TAG_TABLE, TAG_TABLE, TAG_TABLE);
}

static void
clear_to_group(struct tree_builder *b)
{
	clear_to(b, TAG_TBODY, TAG_TFOOT, TAG_THEAD);
}

static void
clear_to_row(struct tree_builder *b)
{
	clear_to(b, TAG_TR, TAG_TR, TAG_TR);
}

static bool
foster_start(struct tree_builder *b, const struct tag_token *tk)
{
	bool again;

	b->foster = true;
	again = insert_in_body_start(b, tk);
	b->foster = false;
	return again;
}

/* end_table: true when there was one. */
static bool
end_table(struct tree_builder *b)
{
	if (!tree_builder_in_table_scope(b, TAG_TABLE))
		return false;
	tree_builder_pop_until(b, TAG_TABLE);
	insertion_reset(b);
	return true;
}

/* part_start: a part of a table opens right in the table. */
static void
part_start(struct tree_builder *b, const struct tag_token *tk)
{
	clear_to_table(b);
	if (tk->name == TAG_CAPTION) {
		formatting_marker(b);
		tree_builder_insert(b, tk);
		b->mode = IN_CAPTION;
	} else if (tk->name == TAG_COLGROUP) {
		tree_builder_insert(b, tk);
		b->mode = IN_COLUMN_GROUP;
	} else {
		tree_builder_insert(b, tk);
		b->mode = IN_TABLE_BODY;
	}
}

static void
part_implied(struct tree_builder *b, enum tag tag)
{
	struct tag_token tk = {.name = tag, .first = b->tree->nattrs};

	part_start(b, &tk);
	b->tree->nodes[tree_builder_top(b)->node].len = 1;
}

static void
form_in_table(struct tree_builder *b, const struct tag_token *tk)
{
	if (b->form != 0 || b->open[TAG_TEMPLATE] > 0)
		return;
	b->form = tree_builder_insert_leaf(b, tk);
}

static bool
in_table(struct tree_builder *b, const struct tag_token *tk)
{
	switch (tree_builder_tag(tk->name)) {
	case TAG_CAPTION:
	case TAG_COLGROUP:
	case TAG_TBODY:
	case TAG_TFOOT:
	case TAG_THEAD:
		part_start(b, tk);
		return false;
	case TAG_COL:
		part_implied(b, TAG_COLGROUP);
		return true;
	case TAG_TD:
	case TAG_TH:
	case TAG_TR:
		part_implied(b, TAG_TBODY);
		return true;
	case TAG_TABLE:
		return end_table(b);
	case TAG_STYLE:
	case TAG_SCRIPT:
	case TAG_TEMPLATE:
		insertion_head_start(b, tk);
		return false;
	case TAG_INPUT:
		if (!insertion_hidden_input(b, tk))
			break;
		tree_builder_insert_leaf(b, tk);
		return false;
	case TAG_FORM:
		form_in_table(b, tk);
		return false;
	default:
		break;
	}
	return foster_start(b, tk);
}

static bool
close_caption(struct tree_builder *b)
{
	if (!tree_builder_in_table_scope(b, TAG_CAPTION))
		return false;
	tree_builder_close_implied(b, TAG_TEXT);
	tree_builder_pop_until(b, TAG_CAPTION);
	formatting_clear(b);
	b->mode = IN_TABLE;
	return true;
}

static bool
close_group(struct tree_builder *b)
{
	if (!tree_builder_in_table_scope(b, TAG_TBODY) &&
	    !tree_builder_in_table_scope(b, TAG_THEAD) &&
	    !tree_builder_in_table_scope(b, TAG_TFOOT))
		return false;
	clear_to_group(b);
	tree_builder_pop(b);
	b->mode = IN_TABLE;
	return true;
}

static bool
close_row(struct tree_builder *b)
{
	if (!tree_builder_in_table_scope(b, TAG_TR))
		return false;
	clear_to_row(b);
	tree_builder_pop(b);
	b->mode = IN_TABLE_BODY;
	return true;
}

static bool
close_cell(struct tree_builder *b)
{
	bool last = false;

	if (!tree_builder_in_table_scope(b, TAG_TD) &&
	    !tree_builder_in_table_scope(b, TAG_TH))
		return false;
	tree_builder_close_implied(b, TAG_TEXT);
	while (b->depth > 0 && !last) {
		last = tree_builder_on(b, TAG_TD) || tree_builder_on(b, TAG_TH);
		tree_builder_pop(b);
	}
	formatting_clear(b);
	b->mode = IN_ROW;
	return true;
}

/* close_columns: what is no column ends the group; false without one. */
static bool
close_columns(struct tree_builder *b)
{
	if (!tree_builder_on(b, TAG_COLGROUP))
		return false;
	tree_builder_pop(b);
	b->mode = IN_TABLE;
	return true;
}

static bool
in_columns(struct tree_builder *b, const struct tag_token *tk)
{
	switch (tree_builder_tag(tk->name)) {
	case TAG_HTML:
		return insert_in_body_start(b, tk);
	case TAG_COL:
		tree_builder_insert_leaf(b, tk);
		return false;
	case TAG_TEMPLATE:
		insertion_head_start(b, tk);
		return false;
	default:
		return close_columns(b);
	}
}

static bool
in_group(struct tree_builder *b, const struct tag_token *tk)
{
	if (tk->name == TAG_TR) {
		clear_to_group(b);
		tree_builder_insert(b, tk);
		b->mode = IN_ROW;
		return false;
	}
	if (is_table_cell(tk->name)) {
		clear_to_group(b);
		tree_builder_implied(b, TAG_TR);
		b->mode = IN_ROW;
		return true;
	}
	if (above_rows(tk->name))
		return close_group(b);
	return in_table(b, tk);
}

static bool
in_row(struct tree_builder *b, const struct tag_token *tk)
{
	if (is_table_cell(tk->name)) {
		clear_to_row(b);
		tree_builder_insert(b, tk);
		formatting_marker(b);
		b->mode = IN_CELL;
		return false;
	}
	if (above_rows(tk->name) || tk->name == TAG_TR)
		return close_row(b);
	return in_table(b, tk);
}

bool
insert_in_table_start(struct tree_builder *b, const struct tag_token *tk)
{
	bool part = above_rows(tk->name) || is_table_cell(tk->name) ||
		    tk->name == TAG_TR;

	switch (b->mode) {
	case IN_CAPTION:
		return part ? close_caption(b) : insert_in_body_start(b, tk);
	case IN_COLUMN_GROUP:
		return in_columns(b, tk);
	case IN_TABLE_BODY:
		return in_group(b, tk);
	case IN_ROW:
		return in_row(b, tk);
	case IN_CELL:
		return part ? close_cell(b) : insert_in_body_start(b, tk);
	default:
		return in_table(b, tk);
	}
}

/* ---- end tags ------------------------------------------------------------ */

/* no_end: end tags that mean nothing right in a table. */
static bool
no_end(uint32_t name)
{
	return name == TAG_BODY || name == TAG_HTML || above_rows(name) ||
	       is_table_cell(name) || name == TAG_TR;
}

static bool
end_in_table(struct tree_builder *b, uint32_t name)
{
	if (name == TAG_TABLE) {
		end_table(b);
	} else if (!no_end(name)) {
		b->foster = true;
		insert_in_body_end(b, name);
		b->foster = false;
	}
	return false;
}

static bool
end_in_caption(struct tree_builder *b, uint32_t name)
{
	if (name == TAG_CAPTION)
		close_caption(b);
	else if (name == TAG_TABLE)
		return close_caption(b);
	else if (!no_end(name))
		insert_in_body_end(b, name);
	return false;
}

static bool
end_in_columns(struct tree_builder *b, uint32_t name)
{
	if (name == TAG_COLGROUP) {
		close_columns(b);
		return false;
	}
	if (name == TAG_TEMPLATE)
		insertion_template_end(b);
	if (name == TAG_TEMPLATE || name == TAG_COL)
		return false;
	return close_columns(b);
}

static bool
end_in_group(struct tree_builder *b, uint32_t name)
{
	if (is_row_group(name)) {
		if (tree_builder_in_table_scope(b, name))
			close_group(b);
		return false;
	}
	if (name == TAG_TABLE)
		return close_group(b);
	return end_in_table(b, name);
}

static bool
end_in_row(struct tree_builder *b, uint32_t name)
{
	if (name == TAG_TR) {
		close_row(b);
		return false;
	}
	if (name == TAG_TABLE)
		return close_row(b);
	if (is_row_group(name))
		return tree_builder_in_table_scope(b, name) && close_row(b);
	return end_in_table(b, name);
}

static bool
end_in_cell(struct tree_builder *b, uint32_t name)
{
	if (is_table_cell(name)) {
		if (tree_builder_in_table_scope(b, name))
			close_cell(b);
		return false;
	}
	if (name == TAG_TABLE || name == TAG_TR || is_row_group(name))
		return tree_builder_in_table_scope(b, name) && close_cell(b);
	if (!no_end(name))
		insert_in_body_end(b, name);
	return false;
}

bool
insert_in_table_end(struct tree_builder *b, uint32_t name)
{
	switch (b->mode) {
	case IN_CAPTION:
		return end_in_caption(b, name);
	case IN_COLUMN_GROUP:
		return end_in_columns(b, name);
	case IN_TABLE_BODY:
		return end_in_group(b, name);
	case IN_ROW:
		return end_in_row(b, name);
	case IN_CELL:
		return end_in_cell(b, name);
	default:
		return end_in_table(b, name);
	}
}

/* ---- text ---------------------------------------------------------------- */

/* on_table: right in a table, not in a cell. */
static bool
on_table(const struct tree_builder *b)
{
	return tree_builder_on(b, TAG_TABLE) || tree_builder_on(b, TAG_TR) ||
	       tree_builder_on(b, TAG_TBODY) || tree_builder_on(b, TAG_TFOOT) ||
	       tree_builder_on(b, TAG_THEAD) ||
	       tree_builder_on(b, TAG_TEMPLATE);
}

void
insert_in_table_text(struct tree_builder *b, size_t at, size_t len)
{
	bool white = slice_is_blank((struct slice){b->tree->bytes + at, len});

	if (b->mode == IN_COLUMN_GROUP && !white) {
		if (!close_columns(b))
			return;
		insert_in_table_text(b, at, len);
		return;
	}
	/* In what was fostered and is still open, it is text like any. */
	if (white && (b->mode == IN_COLUMN_GROUP || on_table(b))) {
		tree_builder_text(b, at, len);
		return;
	}
	b->foster = true;
	insert_in_body_text(b, at, len);
	b->foster = false;
}
