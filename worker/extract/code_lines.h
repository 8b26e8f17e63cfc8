/*
 * code_lines: code whose lines are elements of their own.
 *
 * Doxygen, editors and tables of line numbers have no <pre> around their
 * code.  Its shape gives it away: many short elements of one kind, numbered,
 * or indented by spaces that only a style sheet shows.
 */
#ifndef WORKER_EXTRACT_CODE_LINES_H
#define WORKER_EXTRACT_CODE_LINES_H

#include "worker/extract/measure.h"

/* code_lines_found: the elements in i are lines of code; p->words is known. */
bool code_lines_found(const struct measured_page *p, uint32_t i);

/*
 * code_lines_cut_numbers: marks the numbers MARK_GONE that count the lines of
 * the code in i, if they do, and what is no line among its lines.
 */
void code_lines_cut_numbers(struct measured_page *p, uint32_t i);

/* code_lines_lack_feeds: i holds lines with no line feeds between them. */
bool code_lines_lack_feeds(const struct tree *t, uint32_t i);

/* code_lines_inline: i is inline, but holds several lines of code. */
bool code_lines_inline(const struct tree *t, uint32_t i);

#endif
