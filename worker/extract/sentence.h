/* sentence: the first sentence of a page, for its description. */
#ifndef WORKER_EXTRACT_SENTENCE_H
#define WORKER_EXTRACT_SENTENCE_H

#include "worker/extract/content.h"

/*
 * sentence_first: the first real sentence of the main text (a paragraph, few
 * links, long enough), or the first short ones together; at most 300 bytes,
 * "" when there is none.
 */
const char *sentence_first(
    const struct measured_page *p, const struct content *c);

/*
 * sentence_cut: s up to the end of its first sentence, or of the one that
 * still fits in max bytes when that is short; with an ellipsis when even the
 * first does not fit.
 */
const char *sentence_cut(struct arena *a, const char *s, size_t max);

#endif
