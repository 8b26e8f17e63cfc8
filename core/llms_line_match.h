/*
 * llms_match: what of one llms.txt is what of another.
 *
 * Links are matched by URL.  Sections are matched by name, then by what is
 * in them: a section whose name is gone became the one with a name of its
 * own that has more than half of its links ("Optional" is never the one or
 * the other).
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

/* llms_match: where there is none, LLMS_NONE; the arrays are a's. */
void llms_match(struct arena *a, const struct llms_file *before,
    const struct llms_file *after, struct llms_match *out);

/*
 * llms_in_order: which of n numbers stay where they are when the others are
 * moved: stays[i] for a longest run of rising numbers.  LLMS_NONE never
 * stays.
 */
void llms_in_order(
    struct arena *a, const uint32_t *number, size_t n, bool *stays);

#endif
