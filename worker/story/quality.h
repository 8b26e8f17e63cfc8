/*
 * quality: how good a story came out, by what can be counted.
 *
 *   reached   words written / words asked for
 *   ended     the model came to its end; it was not cut off
 *   repeated  of all runs of five words, the share that stood in the story
 *             before (case and punctuation do not count)
 *
 *   "excellent"  ended, reached 0.85 to 1.25, repeated under 0.05
 *   "good"       ended, reached 0.70 to 1.50, repeated under 0.12
 *   "fair"       reached 0.40 or more, repeated under 0.30
 *   "poor"       anything else
 *
 * Prose by people repeats 0.00 to 0.02 of its runs; a model that turns in
 * circles soon passes 0.30.
 */
#ifndef WORKER_STORY_QUALITY_H
#define WORKER_STORY_QUALITY_H

#include <stdbool.h>
#include <stddef.h>

struct quality {
	long words;
	double reached;
	double repeated;
	bool ended;
	const char *word; /* "excellent"; static */
};

/* quality_measure: of n bytes of Markdown, asked for with so many words (> 0).
 */
void quality_measure(
    const char *story, size_t n, long asked, bool ended, struct quality *q);

#endif
