#include "worker/extract/insertion.h"

#include "core/text.h"
#include "worker/extract/formatting.h"
#include "worker/extract/word_lists.h"

#include <string.h>
#include <strings.h>

void
insertion_reset(struct tree_builder *b)
{
	static const uint8_t modes[TAG_MAX] = {[TAG_TD] = IN_CELL,
	    [TAG_TH] = IN_CELL,
	    [TAG_TR] = IN_ROW,
	    [TAG_TBODY] = IN_TABLE_BODY,
	    [TAG_THEAD] = IN_TABLE_BODY,
	    [TAG_TFOOT] = IN_TABLE_BODY,
	    [TAG_CAPTION] = IN_CAPTION,
	    [TAG_COLGROUP] = IN_COLUMN_GROUP,
	    [TAG_TABLE] = IN_TABLE,
	    [TAG_HEAD] = IN_HEAD,
	    [TAG_BODY] = IN_BODY};
	enum insertion_mode mode = BEFORE_HTML;

	for (unsigned i = b->depth; i-- > 0;) {
		const struct open_element *e = &b->stack[i];

		if (e->ns != NS_HTML)
			continue;
		if (e->name == TAG_TEMPLATE && b->ntemplates > 0) {
			b->mode = b->templates[b->ntemplates - 1];
			return;
		}
		if (e->name == TAG_HTML) {
			b->mode = b->head == 0 ? BEFORE_HEAD : AFTER_HEAD;
			return;
		}
		mode = modes[tree_builder_tag(e->name)];
		if (mode != BEFORE_HTML)
			break;
	}
	b->mode = mode == BEFORE_HTML ? IN_BODY : mode;
}

void
insertion_raw(struct tree_builder *b, const struct tag_token *tk)
{
	b->raw = tree_builder_insert_leaf(b, tk);
}

/* ---- doctype ------------------------------------------------------------- */

static const char quirky_system[] =
    "http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd";

static bool
slice_begins(struct slice v, const char *s)
{
	size_t n = strlen(s);

	return v.len >= n && strncasecmp(v.s, s, n) == 0;
}

static void
skip_spaces(struct slice *v)
{
	while (v->len > 0 && text_is_html_space(v->s[0])) {
		v->s++;
		v->len--;
	}
}

/* take_quoted: takes a quoted string off v; s is NULL when there is none. */
static struct slice
take_quoted(struct slice *v)
{
	struct slice in = {NULL, 0};
	const char *end;

	skip_spaces(v);
	if (v->len == 0 || (v->s[0] != '"' && v->s[0] != '\''))
		return in;
	in.s = v->s + 1;
	end = memchr(in.s, v->s[0], v->len - 1);
	in.len = end == NULL ? v->len - 1 : (size_t)(end - in.s);
	v->len -= in.len + 1 + (end != NULL);
	v->s = in.s + in.len + (end != NULL);
	return in;
}

static bool
old_public(struct slice id, bool system)
{
	if (slice_is(id, "HTML"))
		return true;
	if (!system &&
	    (slice_begins(id, "-//W3C//DTD HTML 4.01 Frameset//") ||
		slice_begins(id, "-//W3C//DTD HTML 4.01 Transitional//")))
		return true;
	for (size_t i = 0; word_list_quirky_doctypes[i] != NULL; i++)
		if (slice_begins(id, word_list_quirky_doctypes[i]))
			return true;
	return false;
}

void
insertion_doctype(struct tree_builder *b, struct slice v)
{
	struct slice public = {NULL, 0}, system;
	size_t n = 0;

	if (b->mode != BEFORE_HTML)
		return;
	skip_spaces(&v);
	while (n < v.len && !text_is_html_space(v.s[n]))
		n++;
	b->quirks = !slice_is((struct slice){v.s, n}, "html");
	v.s += n;
	v.len -= n;
	skip_spaces(&v);
	if (slice_begins(v, "public")) {
		v.s += 6;
		v.len -= 6;
		public = take_quoted(&v);
		system = take_quoted(&v);
		b->quirks |=
		    public.s == NULL || old_public(public, system.s != NULL);
	} else if (slice_begins(v, "system")) {
		v.s += 6;
		v.len -= 6;
		system = take_quoted(&v);
		b->quirks |=
		    system.s == NULL || slice_is(system, quirky_system);
	} else {
		b->quirks |= v.len > 0;
	}
}

/* ---- up to the body ------------------------------------------------------ */

static void
open_head(struct tree_builder *b, const struct tag_token *tk)
{
	tree_builder_insert(b, tk);
	b->head = tree_builder_top(b)->node;
	b->mode = IN_HEAD;
}

/* imply_elements: opens what is left out before the body; the mode is the next
 * one. */
static void
imply_elements(struct tree_builder *b)
{
	struct tag_token tk = {.name = TAG_HEAD, .first = b->tree->nattrs};

	switch (b->mode) {
	case BEFORE_HTML:
		tree_builder_implied(b, TAG_HTML);
		b->mode = BEFORE_HEAD;
		break;
	case BEFORE_HEAD:
		open_head(b, &tk);
		break;
	case IN_HEAD_NOSCRIPT:
		tree_builder_pop_until(b, TAG_NOSCRIPT);
		b->mode = IN_HEAD;
		break;
	case IN_HEAD:
		tree_builder_pop(b);
		b->mode = AFTER_HEAD;
		break;
	default:
		tree_builder_implied(b, TAG_BODY);
		b->mode = IN_BODY;
		break;
	}
}

static void
template_start(struct tree_builder *b, const struct tag_token *tk)
{
	if (b->ntemplates == TREE_BUILDER_DEPTH_MAX)
		return;
	tree_builder_insert(b, tk);
	formatting_marker(b);
	b->frames_ok = false;
	b->mode = IN_TEMPLATE;
	b->templates[b->ntemplates++] = IN_TEMPLATE;
}

void
insertion_template_end(struct tree_builder *b)
{
	if (b->open[TAG_TEMPLATE] == 0)
		return;
	tree_builder_close_all_implied(b);
	tree_builder_pop_until(b, TAG_TEMPLATE);
	formatting_clear(b);
	b->ntemplates -= b->ntemplates > 0;
	insertion_reset(b);
}

bool
insertion_head_start(struct tree_builder *b, const struct tag_token *tk)
{
	switch (tree_builder_tag(tk->name)) {
	case TAG_BASE:
	case TAG_BASEFONT:
	case TAG_BGSOUND:
	case TAG_LINK:
	case TAG_META:
		tree_builder_insert_leaf(b, tk);
		return true;
	case TAG_TITLE:
	case TAG_STYLE:
	case TAG_SCRIPT:
		insertion_raw(b, tk);
		return true;
	case TAG_TEMPLATE:
		template_start(b, tk);
		return true;
	default:
		return false;
	}
}

/* read_noframes: read where there are frames; else it is as good as a comment.
 */
static void
read_noframes(struct tree_builder *b, const struct tag_token *tk)
{
	struct tag_token other = *tk;

	other.name = TAG_NOEMBED;
	insertion_raw(b, &other);
}

static bool
head_start(struct tree_builder *b, const struct tag_token *tk)
{
	switch (tree_builder_tag(tk->name)) {
	case TAG_HTML:
		return insert_in_body_start(b, tk);
	case TAG_HEAD:
		return false;
	case TAG_NOFRAMES:
		read_noframes(b, tk);
		return false;
	case TAG_NOSCRIPT:
		tree_builder_insert(b, tk);
		b->mode = IN_HEAD_NOSCRIPT;
		return false;
	default:
		if (insertion_head_start(b, tk))
			return false;
		imply_elements(b);
		return true;
	}
}

/* late_head: what belongs in the head goes there though it has ended. */
static bool
late_head(struct tree_builder *b, const struct tag_token *tk)
{
	struct open_element head = {.node = b->head, .name = TAG_HEAD};
	unsigned at = b->depth;
	bool done;

	if (b->head == 0 || !(tag_kind(tree_builder_tag(tk->name)) & T_HEAD) ||
	    tk->name == TAG_NOSCRIPT || tk->name == TAG_NOFRAMES)
		return false;
	if (!tree_builder_put(b, at, &head))
		return false;
	done = insertion_head_start(b, tk);
	tree_builder_remove(b, at);
	return done;
}

static bool
after_head_start(struct tree_builder *b, const struct tag_token *tk)
{
	switch (tree_builder_tag(tk->name)) {
	case TAG_HTML:
		return insert_in_body_start(b, tk);
	case TAG_HEAD:
		return false;
	case TAG_BODY:
		tree_builder_insert(b, tk);
		b->frames_ok = false;
		b->mode = IN_BODY;
		return false;
	case TAG_NOFRAMES:
		if (b->frames)
			break;
		read_noframes(b, tk);
		return false;
	default:
		break;
	}
	if (late_head(b, tk))
		return false;
	imply_elements(b);
	return true;
}

static bool
before_head_start(struct tree_builder *b, const struct tag_token *tk)
{
	if (tk->name == TAG_HTML && b->mode == BEFORE_HEAD)
		return insert_in_body_start(b, tk);
	if (tk->name == TAG_HTML) {
		tree_builder_insert(b, tk);
		b->mode = BEFORE_HEAD;
		return false;
	}
	if (tk->name == TAG_HEAD && b->mode == BEFORE_HEAD) {
		open_head(b, tk);
		return false;
	}
	imply_elements(b);
	return true;
}

static bool
noscript_start(struct tree_builder *b, const struct tag_token *tk)
{
	switch (tree_builder_tag(tk->name)) {
	case TAG_HEAD:
	case TAG_NOSCRIPT:
		return false;
	case TAG_BODY:
		imply_elements(b);
		return true;
	default:
		return insert_in_body_start(b, tk);
	}
}

/* ---- all modes ----------------------------------------------------------- */

static bool
template_content(struct tree_builder *b, const struct tag_token *tk)
{
	enum insertion_mode mode = IN_BODY;

	if (insertion_head_start(b, tk))
		return false;
	switch (tree_builder_tag(tk->name)) {
	case TAG_CAPTION:
	case TAG_COLGROUP:
	case TAG_TBODY:
	case TAG_TFOOT:
	case TAG_THEAD:
		mode = IN_TABLE;
		break;
	case TAG_COL:
		mode = IN_COLUMN_GROUP;
		break;
	case TAG_TR:
		mode = IN_TABLE_BODY;
		break;
	case TAG_TD:
	case TAG_TH:
		mode = IN_ROW;
		break;
	default:
		break;
	}
	if (b->ntemplates > 0)
		b->templates[b->ntemplates - 1] = (uint8_t)mode;
	b->mode = mode;
	return true;
}

/* start_tag: true when the tag is to be read once more, in another mode. */
static bool
start_tag(struct tree_builder *b, const struct tag_token *tk)
{
	switch (b->mode) {
	case BEFORE_HTML:
	case BEFORE_HEAD:
		return before_head_start(b, tk);
	case IN_HEAD:
		return head_start(b, tk);
	case IN_HEAD_NOSCRIPT:
		return noscript_start(b, tk);
	case AFTER_HEAD:
		return after_head_start(b, tk);
	case IN_BODY:
		return insert_in_body_start(b, tk);
	case IN_TEMPLATE:
		return template_content(b, tk);
	default:
		return insert_in_table_start(b, tk);
	}
}

/* past_the_end: the stack is full, so only what has no content is kept. */
static void
past_the_end(struct tree_builder *b, const struct tag_token *tk)
{
	unsigned kind = tag_kind(tree_builder_tag(tk->name));

	b->tree->flags |= HTML_PAGE_DEEP;
	if (!tree_builder_foreign(b) && (kind & T_RAW))
		insertion_raw(b, tk);
	else if (tree_builder_foreign(b) ? tk->closed : (kind & T_VOID) != 0)
		tree_builder_insert_leaf(b, tk);
	else
		b->over++;
}

void
insertion_start(struct tree_builder *b, const struct tag_token *tk)
{
	uint32_t nodes = b->tree->n;

	if (b->over > 0 || b->depth >= TREE_BUILDER_DEPTH_FULL) {
		past_the_end(b, tk);
		return;
	}
	if (!insert_in_foreign_start(b, tk))
		while (start_tag(b, tk))
			;
	/* Attributes of a tag that opened nothing are not kept. */
	if (b->tree->n == nodes && !b->merged)
		b->tree->nattrs = tk->first;
	b->merged = false;
}

static bool
early_end(struct tree_builder *b, uint32_t name)
{
	bool on = name == TAG_HEAD || name == TAG_BODY || name == TAG_HTML ||
		  name == TAG_BR;

	if (b->mode == IN_HEAD_NOSCRIPT) {
		if (name != TAG_NOSCRIPT && name != TAG_HEAD) {
			if (!tree_builder_on(b, TAG_NOSCRIPT) || name == TAG_BR)
				insert_in_body_end(b, name);
			return false;
		}
		imply_elements(b);
		return name == TAG_HEAD;
	}
	if (name == TAG_TEMPLATE && b->mode >= IN_HEAD) {
		insertion_template_end(b);
		return false;
	}
	if (!on || (b->mode == AFTER_HEAD && name == TAG_HEAD))
		return false;
	imply_elements(b);
	return b->mode != AFTER_HEAD || name != TAG_HEAD;
}

/* end_tag: true when the tag is to be read once more, in another mode. */
static bool
end_tag(struct tree_builder *b, uint32_t name)
{
	switch (b->mode) {
	case BEFORE_HTML:
	case BEFORE_HEAD:
	case IN_HEAD:
	case IN_HEAD_NOSCRIPT:
	case AFTER_HEAD:
		return early_end(b, name);
	case IN_BODY:
		insert_in_body_end(b, name);
		return false;
	case IN_TEMPLATE:
		if (name == TAG_TEMPLATE)
			insertion_template_end(b);
		return false;
	default:
		return insert_in_table_end(b, name);
	}
}

void
insertion_end(struct tree_builder *b, uint32_t name)
{
	if (b->over > 0) {
		if (!(tag_kind(tree_builder_tag(name)) & (T_VOID | T_RAW)))
			b->over--;
		return;
	}
	if (!insert_in_foreign_end(b, name))
		while (end_tag(b, name))
			;
}

/* early_text: before the body white space is nothing, and text ends the head.
 */
static void
early_text(struct tree_builder *b, size_t at, size_t len)
{
	const char *s = b->tree->bytes + at;

	while (len > 0 && text_is_html_space(*s)) {
		s++;
		at++;
		len--;
	}
	if (len == 0)
		return;
	while (b->mode < IN_BODY)
		imply_elements(b);
	insertion_text(b, at, len);
}

void
insertion_text(struct tree_builder *b, size_t at, size_t len)
{
	if (len == 0 || b->full)
		return;
	if (insert_in_foreign_text(b)) {
		insertion_seen(b, at, len);
		tree_builder_text(b, at, len);
		return;
	}
	switch (b->mode) {
	case BEFORE_HTML:
	case BEFORE_HEAD:
	case IN_HEAD:
	case AFTER_HEAD:
		early_text(b, at, len);
		break;
	case IN_TABLE:
	case IN_TABLE_BODY:
	case IN_ROW:
	case IN_COLUMN_GROUP:
		insert_in_table_text(b, at, len);
		break;
	default:
		insert_in_body_text(b, at, len);
		break;
	}
}
