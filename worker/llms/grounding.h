/*
 * ground: does a sentence say only what its page says?
 *
 * A language model's line is kept when its numbers, its names and its quoted
 * words occur in the page, and at least half of its longer words do, by their
 * first letters or in another form.  A name is a word with a capital, or with
 * capitals, digits, dots or underscores inside; it may be there in another form
 * (tongue.h).  A capital at the start of a sentence is one, too, unless the
 * word is one that descriptions begin with, or a verb by what follows it. 1,000
 * is 1000, and the digits of all scripts are the same ten.  So a line cannot
 * speak of another page, nor of what a page merely orders the model to say.
 */
#ifndef WORKER_LLMS_GROUNDING_H
#define WORKER_LLMS_GROUNDING_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct ground;

/* ground_new: the words of a page (n bytes of UTF-8), in a. */
struct ground *ground_new(struct arena *a, const char *text, size_t n);

/* ground_add: more of the same page: its title, headings, description. */
void ground_add(struct ground *g, const char *text, size_t n);

/*
 * ground_check: NULL when the line holds, else what does not ("the number
 * \"42\" is not on the page"), in the ground's arena.
 */
const char *ground_check(struct ground *g, const char *line);

/*
 * ground_title: as ground_check for a title, where every word may have a
 * capital: those that titles are made of ("Guide", "Started") are no names.
 */
const char *ground_title(struct ground *g, const char *line);

/*
 * ground_whole: as ground_title, and every word of the line is there, not
 * only most of the longer ones; words like "and" need not be.
 */
const char *ground_whole(struct ground *g, const char *line);

/*
 * ground_share: words of page go to once, and those that were in once, to
 * both: so both gets what at least two pages say.
 */
void ground_share(
    struct ground *both, struct ground *once, const struct ground *page);

#endif
