/*
 * markdown: the chosen elements as Markdown (CommonMark, GFM tables).
 */
#ifndef WORKER_EXTRACT_MARKDOWN_H
#define WORKER_EXTRACT_MARKDOWN_H

#include "worker/extract/base_url.h"
#include "worker/extract/content.h"
#include "worker/extract/writer.h"

/* What the parts of the writer share. */
struct markdown {
	const struct measured_page *page;
	const struct base_url *base;
	struct writer w;
	struct buf url; /* scratch */
};

/*
 * markdown_write: the roots of c, live nodes only.  max is the most bytes;
 * past it the text ends with its last whole block and *cut is set.  The
 * result is in the page's arena, its words are counted.
 */
const char *markdown_write(const struct measured_page *p,
    const struct content *c, const struct base_url *base, size_t max,
    size_t *len, uint32_t *words, bool *cut);

/* For the parts: */

/* markdown_node: i and what is in it. */
void markdown_node(struct markdown *m, uint32_t i);

/* markdown_children: what is in i, in order. */
void markdown_children(struct markdown *m, uint32_t i);

/* markdown_block: what is in i, between blank lines. */
void markdown_block(struct markdown *m, uint32_t i);

/* markdown_list: <ul>, <ol>, <menu> (lists.c). */
void markdown_list(struct markdown *m, uint32_t i);

/* markdown_item: one item; number is negative for a bullet. */
void markdown_item(struct markdown *m, uint32_t i, long number);

/* markdown_term: the word that a definition list explains. */
void markdown_term(struct markdown *m, uint32_t i);

/*
 * markdown_contents: a definition list without definitions is a list of
 * links (with a few words each, perhaps), the way DocBook writes its tables of
 * contents; false for a real one.
 */
bool markdown_contents(struct markdown *m, uint32_t i);

/* markdown_pre: a fenced code block (code.c). */
void markdown_pre(struct markdown *m, uint32_t i);

/* markdown_code: a code span (code.c). */
void markdown_code(struct markdown *m, uint32_t i);

/* markdown_math: <math>, as TeX or on one line (math.c). */
void markdown_math(struct markdown *m, uint32_t i);

/* markdown_tex_script: the TeX in a script that is shown; false for others. */
bool markdown_tex_script(struct markdown *m, uint32_t i);

/* markdown_math_image: the formula in an alt text; false without one. */
bool markdown_math_image(struct markdown *m, uint32_t i);

/* markdown_math_text: i holds "\\(x\\)" and is called math; or false. */
bool markdown_math_text(struct markdown *m, uint32_t i);

/*
 * markdown_table: a GFM table where rows and columns mean something; false,
 * and nothing written, for one that only lays out blocks (data_table.c).
 */
bool markdown_table(struct markdown *m, uint32_t i);

#endif
