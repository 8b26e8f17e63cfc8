/*
 * lines: code that is written line by line, an element for each.
 *
 * Doxygen, editors and tables of line numbers have no <pre> around their
 * code.  It is known by its shape: many short elements of one kind, numbered,
 * or indented by spaces that only a style sheet shows.
 */
#ifndef WORKER_EXTRACT_CODE_LINES_H
#define WORKER_EXTRACT_CODE_LINES_H

#include "worker/extract/measure.h"

/* lines_are_code: the elements in i are lines of code; p->words is known. */
bool lines_are_code(const struct measured_page *p, uint32_t i);

/*
 * lines_number: marks the numbers M_GONE that count the lines of the code in
 * i, if they do, and what is no line among its lines.
 */
void lines_number(struct measured_page *p, uint32_t i);

/* lines_apart: what is in i are lines that no line feed separates. */
bool lines_apart(const struct tree *t, uint32_t i);

/* lines_one: i is called a line. */
bool lines_one(const struct tree *t, uint32_t i);

/* lines_broken: i, which is no block, is code of several lines. */
bool lines_broken(const struct tree *t, uint32_t i);

#endif
