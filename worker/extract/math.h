/* math: finds formulas in elements that other readers would skip. */
#ifndef WORKER_EXTRACT_MATH_H
#define WORKER_EXTRACT_MATH_H

#include "worker/extract/tree.h"

/* math_script: a script of TeX, which MathJax shows. */
bool math_script(const struct tree *t, uint32_t i);

/* math_alt: an image whose alt text is TeX. */
bool math_alt(const struct tree *t, uint32_t i);

/*
 * math_repeats_script: i shows what a script of TeX behind it says, or waits
 * for it: MathJax's own elements.
 */
bool math_repeats_script(const struct tree *t, uint32_t i);

/*
 * math_stands_beside: the sibling before or behind i is or holds a formula, and
 * i none: what is drawn for the eye has it beside it for all others.
 */
bool math_stands_beside(const struct tree *t, uint32_t i);

/* math_only_text: hidden, but the only form of a formula that is text. */
bool math_only_text(const struct tree *t, uint32_t i);

#endif
