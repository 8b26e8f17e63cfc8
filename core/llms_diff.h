/*
 * llms_diff: what changed from one llms.txt to the next, by URL.
 *
 * A link whose section was only renamed has not changed: the renaming is
 * one change.  The order of links is not compared.
 */
#ifndef CORE_LLMS_DIFF_H
#define CORE_LLMS_DIFF_H

#include "core/llms_parse.h"

#include <stdbool.h>

/* What changed of a link, as flags. */
enum llms_change_flag { LLMS_TITLE = 1, LLMS_TEXT = 2, LLMS_SECTION = 4 };

struct llms_change {
	const struct llms_link *before, *after;
	unsigned what; /* flags of enum llms_change_flag */
};

struct llms_renaming {
	const char *before, *after;
};

struct llms_diff {
	const struct llms_file *before, *after; /* borrowed */
	bool title, summary, info;              /* changed */
	const struct llms_link **added;         /* in after's order */
	size_t nadded;
	const struct llms_link **removed; /* in before's order */
	size_t nremoved;
	struct llms_change *changed; /* in after's order */
	size_t nchanged;
	size_t same;                   /* links that did not change */
	struct llms_renaming *renamed; /* sections */
	size_t nrenamed;
};

/* llms_diff: of two files that were parsed; out borrows from both. */
void llms_diff(struct arena *a, const struct llms_file *before,
    const struct llms_file *after, struct llms_diff *out);

/* llms_diff_empty: nothing changed. */
bool llms_diff_empty(const struct llms_diff *d);

/* llms_section_name: of the section that a link of f stands in. */
const char *llms_section_name(
    const struct llms_file *f, const struct llms_link *l);

/* llms_info_same: both files have the same paragraphs. */
bool llms_info_same(const struct llms_file *x, const struct llms_file *y);

#endif
