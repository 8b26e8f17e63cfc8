/*
 * ground: does a sentence say only what its page says?
 *
 * A language model's line is kept when its numbers, its names and its quoted
 * words occur in the page, and at least half of its longer words do, by their
 * first letters or in another form.  A name is a word with a capital, or with
 * capitals, digits, dots or underscores inside; it may be there in another form
 * (lexicon.h).  A capital at the start of a sentence is one, too, unless the
 * word is one that descriptions begin with, or a verb by what follows it. 1,000
 * is 1000, and the digits of all scripts are the same ten.  So a line cannot
 * speak of another page, nor of what a page merely orders the model to say.
 */
#ifndef WORKER_LLMS_GROUNDING_H
#define WORKER_LLMS_GROUNDING_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct grounding;

/* grounding_new: the words of a page (n bytes of UTF-8), in a. */
struct grounding *grounding_new(struct arena *a, const char *text, size_t n);

/* grounding_add: more of the same page: its title, headings, description. */
void grounding_add(struct grounding *g, const char *text, size_t n);

/*
 * grounding_check: NULL when the line holds, else what does not ("the number
 * \"42\" is not on the page"), in the ground's arena.
 */
const char *grounding_check(struct grounding *g, const char *line);

/*
 * grounding_title: as grounding_check for a title, where every word may have a
 * capital: those that titles are made of ("Guide", "Started") are no names.
 */
const char *grounding_title(struct grounding *g, const char *line);

/*
 * grounding_whole: as grounding_title, and every word of the line is there, not
 * only most of the longer ones; words like "and" need not be.
 */
const char *grounding_whole(struct grounding *g, const char *line);

/*
 * grounding_share: words of page go to once, and those that were in once, to
 * both: so both gets what at least two pages say.
 */
void grounding_share(struct grounding *both, struct grounding *once,
    const struct grounding *page);

#endif
