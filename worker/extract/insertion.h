/*
 * insertion: what a tag or a text does to the tree, by insertion mode (HTML
 * Living Standard, 13.2.6.4), as read with scripting off.
 *
 * Ours, not the standard's: <noscript> in the head keeps all that is in it,
 * for it is not shown; a frameset is a block, and what stands beside the
 * frames is read; </body> and </html> end nothing; <textarea> and <keygen>
 * end a <select>, and so does the end tag of what it stands in, a
 * form's even a <button>.
 */
#ifndef WORKER_EXTRACT_INSERTION_H
#define WORKER_EXTRACT_INSERTION_H

#include "worker/extract/tree_builder.h"

/*
 * insertion_start: a start tag.  When b->raw is set after it, the element's
 * text is no markup: the caller reads it, and its end tag.
 */
void insertion_start(struct tree_builder *b, const struct tag_token *tk);

void insertion_end(struct tree_builder *b, uint32_t name);

/* insertion_text: len bytes of the tree's bytes at offset at. */
void insertion_text(struct tree_builder *b, size_t at, size_t len);

/* insertion_doctype: quirks, by its name and identifiers. */
void insertion_doctype(struct tree_builder *b, struct slice declaration);

/* ---- what the parts of it need of one another -----------------------------
 */

/* insertion_reset: the mode that the open elements call for. */
void insertion_reset(struct tree_builder *b);

/* insertion_head_start: the rules of "in head" for those that belong there. */
bool insertion_head_start(struct tree_builder *b, const struct tag_token *tk);

void insertion_template_end(struct tree_builder *b);

/* insertion_raw: an element whose content is text. */
void insertion_raw(struct tree_builder *b, const struct tag_token *tk);

/* insertion_seen: there is text, so a frameset comes too late. */
void insertion_seen(struct tree_builder *b, size_t at, size_t len);

/* insertion_hidden_input: <input type=hidden>, which is nothing to see. */
bool insertion_hidden_input(
    const struct tree_builder *b, const struct tag_token *tk);

/* The rules of "in body"; insert_in_body_start has the tag read once more when
 * true. */
bool insert_in_body_start(struct tree_builder *b, const struct tag_token *tk);
void insert_in_body_end(struct tree_builder *b, uint32_t name);
void insert_in_body_text(struct tree_builder *b, size_t at, size_t len);

/* Foreign content; false: to be read by the rules of HTML. */
bool insert_in_foreign_start(
    struct tree_builder *b, const struct tag_token *tk);
bool insert_in_foreign_end(struct tree_builder *b, uint32_t name);
bool insert_in_foreign_text(const struct tree_builder *b);

/* Rules of tables; true: the tag is to be read once more. */
bool insert_in_table_start(struct tree_builder *b, const struct tag_token *tk);
bool insert_in_table_end(struct tree_builder *b, uint32_t name);
void insert_in_table_text(struct tree_builder *b, size_t at, size_t len);

#endif
