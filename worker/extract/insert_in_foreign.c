/* insert_in_foreign: the rules of SVG and MathML in a page (13.2.6.5). */
#include "worker/extract/insertion.h"

/* html_rules: the current node takes what comes by the rules of HTML. */
static bool
html_rules(const struct tree_builder *b)
{
	const struct open_element *e = &b->stack[b->depth - 1];

	return e->ns == NS_HTML || e->html_point;
}

/* leave_foreign: back to HTML, or to where HTML may stand. */
static void
leave_foreign(struct tree_builder *b)
{
	while (
	    b->depth > 1 && !html_rules(b) && !tree_builder_top(b)->math_point)
		tree_builder_pop(b);
}

/* has_font_attribute: <font> breaks out only when it sets something. */
static bool
has_font_attribute(const struct tree_builder *b, const struct tag_token *tk)
{
	for (uint32_t i = tk->first; i < b->tree->nattrs; i++)
		if (b->tree->attrs[i].name == ATTR_COLOR ||
		    b->tree->attrs[i].name == ATTR_FACE ||
		    b->tree->attrs[i].name == ATTR_SIZE)
			return true;
	return false;
}

static bool
breaks_out(const struct tree_builder *b, const struct tag_token *tk)
{
	if (tk->name == TAG_FONT)
		return has_font_attribute(b, tk);
	return tag_kind(tree_builder_tag(tk->name)) & T_BREAKS;
}

bool
insert_in_foreign_start(struct tree_builder *b, const struct tag_token *tk)
{
	const struct open_element *e;

	if (b->foreign == 0 || html_rules(b))
		return false;
	e = tree_builder_top(b);
	if (e->math_point && tk->name != TAG_MGLYPH &&
	    tk->name != TAG_MALIGNMARK)
		return false;
	if (e->ns == NS_MATH && e->name == TAG_ANNOTATION_XML &&
	    tk->name == TAG_SVG)
		return false;
	if (breaks_out(b, tk)) {
		leave_foreign(b);
		return false;
	}
	tree_builder_insert_foreign(b, tk, e->ns);
	return true;
}

bool
insert_in_foreign_end(struct tree_builder *b, uint32_t name)
{
	if (!tree_builder_foreign(b))
		return false;
	if (name == TAG_BR || name == TAG_P) {
		leave_foreign(b);
		return false;
	}
	for (unsigned i = b->depth; i-- > 1;) {
		if (b->stack[i].ns == NS_HTML)
			return false;
		if (b->stack[i].name == name) {
			tree_builder_pop_to(b, i);
			return true;
		}
	}
	return true;
}

bool
insert_in_foreign_text(const struct tree_builder *b)
{
	return tree_builder_foreign(b) && !html_rules(b) &&
	       !b->stack[b->depth - 1].math_point;
}
