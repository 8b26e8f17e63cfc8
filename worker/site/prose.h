/*
 * prose: which of a page's lines are worth showing as its description.
 */
#ifndef WORKER_SITE_PROSE_H
#define WORKER_SITE_PROSE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* prose_aside: a note about the text or the site, not the text. */
bool prose_aside(const char *s);

/* prose_junk: s is code or a row of links, whatever it ends with. */
bool prose_junk(const char *s);

/*
 * prose_leans: the sentence leans on what stands around it ("So what did that
 * do?", "And there is more."), or is half code.
 */
bool prose_leans(const char *s);

/* prose_ends: s ends as sentences do. */
bool prose_ends(const char *s);

/* prose_sentence: s reads as a sentence, not as a label or a command line. */
bool prose_sentence(const char *s);

/* prose_words: how many s has. */
size_t prose_words(const char *s);

/*
 * prose_tidy: s without "More..." at its end and without a last sentence that
 * only leads to an example ("For example:").
 */
const char *prose_tidy(struct arena *a, const char *s);

/*
 * prose_after_name: what follows the name in "name - what it is", the form
 * of manual pages and reference entries; NULL when s is none.
 */
const char *prose_after_name(const char *s, const char *name);

/* prose_line: line n of a text whose lines end in LF; NULL past the last. */
const char *prose_line(struct arena *a, const char *text, unsigned n);

/*
 * prose_says_more: text has `least` code points and tells something that the
 * name does not.
 */
bool prose_says_more(const char *text, const char *name, size_t least);

/*
 * prose_goes_on: s begins in the middle of a sentence: with a small letter,
 * and not with a part of the name either.
 */
bool prose_goes_on(struct arena *a, const char *s, const char *name);

#endif
