/*
 * draft: from what a model says to the Markdown of a story.
 *
 * Models wrap a story in thoughts, code fences and politeness, cut it off in
 * the middle, and say the end again when they are asked to go on.
 *
 * Invariants of what draft_first and draft_join return: valid UTF-8, "\n"
 * alone ends lines, no control or direction characters, the first line is
 * "# Title" and no other begins with a single "#", no two empty lines in a
 * row, one line end at the end.  All live in the arena.
 */
#ifndef WORKER_STORY_DRAFT_H
#define WORKER_STORY_DRAFT_H

#include <stddef.h>

struct arena;

/* Code points of a title at most. */
#define DRAFT_TITLE_CHARS 120

/*
 * draft_first: a first answer, whole or as far as it has come, as a story.
 * title is taken where the answer brings none.
 */
char *draft_first(struct arena *a, const char *answer, const char *title);

/*
 * draft_join: a story (of draft_first, draft_join or draft_open) and an
 * answer that goes on with it.  What the answer says again of the story's
 * end is left out; an answer that only tells the story again adds nothing.
 */
char *draft_join(struct arena *a, const char *story, const char *answer);

/*
 * draft_open: the story to its last whole sentence or paragraph, so that an
 * answer can go on from there, or a story that was cut off ends well.
 */
char *draft_open(struct arena *a, const char *story);

/* draft_title: the title of a story. */
const char *draft_title(struct arena *a, const char *story);

/* draft_body: what follows the title; points into story. */
const char *draft_body(const char *story);

#endif
