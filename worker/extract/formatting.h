/*
 * formatting: the list of active formatting elements (HTML Living Standard,
 * 13.2.4.3) and the adoption agency (13.2.6.4.7): an unclosed <b> goes on in
 * the next block, and an end tag may close it across blocks.
 *
 * At most 32 of them are kept between two markers, so that a page of
 * unclosed <font> does not grow by its square.
 */
#ifndef WORKER_EXTRACT_FORMATTING_H
#define WORKER_EXTRACT_FORMATTING_H

#include "worker/extract/tree_builder.h"

/* formatting_push: the current node, which tk opened, becomes an entry. */
void formatting_push(struct tree_builder *b, const struct tag_token *tk);

void formatting_marker(struct tree_builder *b);

/* formatting_clear: up to the last marker, which goes too. */
void formatting_clear(struct tree_builder *b);

/* formatting_reconstruct: opens again what a block's end has closed. */
void formatting_reconstruct(struct tree_builder *b);

/* formatting_last: the last entry of that name since the marker, or -1. */
int formatting_last(const struct tree_builder *b, uint32_t name);

/* formatting_forget: the entry of a node, if there is one, goes. */
void formatting_forget(struct tree_builder *b, uint32_t node);

/* formatting_left: a node is not on the stack any more. */
void formatting_left(struct tree_builder *b, uint32_t node);

/*
 * formatting_end: the adoption agency for an end tag; false when it is to be
 * taken like any other one's.
 */
bool formatting_end(struct tree_builder *b, uint32_t name);

#endif
