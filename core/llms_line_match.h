/*
 * llms_line_match: which links and sections of two llms.txt are the same.
 *
 * Links are matched by URL.  Sections are matched by name, then by what is
 * in them: a section whose name is gone was renamed to the new one that has
 * more than half of its links ("Optional" is never renamed).
 */
#ifndef CORE_LLMS_LINE_MATCH_H
#define CORE_LLMS_LINE_MATCH_H

#include "core/llms_parse.h"

#include <stdbool.h>

#define LLMS_NONE UINT32_MAX

struct llms_match {
	uint32_t *link;    /* of each link of after: its index in before */
	uint32_t *became;  /* of each link of before: its index in after */
	uint32_t *section; /* of each section of before: its index in after */
};

/* llms_match: LLMS_NONE where there is no match; the arrays are in a. */
void llms_match(struct arena *a, const struct llms_file *before,
    const struct llms_file *after, struct llms_match *out);

/*
 * llms_find_unmoved: which of n numbers stay where they are when the others are
 * moved: stays[i] is set for a longest increasing subsequence.  LLMS_NONE
 * never stays.
 */
void llms_find_unmoved(
    struct arena *a, const uint32_t *number, size_t n, bool *stays);

#endif
