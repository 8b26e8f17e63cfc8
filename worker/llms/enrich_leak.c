/*
 * enrich_leak: words that a page got from another one of its batch.
 *
 * A page may order the model to say something of every page.  Where a line
 * repeats several words of another page in a row, or what is said of another
 * page as well, it is asked for once more, without the other.
 */
#include "worker/llms/enrich_internal.h"
#include "worker/site/text_line.h"
#include "worker/site/word.h"

#include <string.h>

/* So many words in a row are no accident. */
#define RUN_WORDS 4
/* Where each sign is a word, those are too few. */
#define RUN_LETTERS 10

/* run_bytes: of the first words of s that make a run; 0: s is too short. */
static size_t
run_bytes(const char *s)
{
	size_t n = strlen(s), at = 0, words = 0, letters = 0, used;
	struct word w;

	while (words < RUN_WORDS || letters < RUN_LETTERS) {
		used = word_next(s + at, n - at, &w);
		if (used == 0)
			return 0;
		at += used;
		words++;
		letters += w.letters;
	}
	return at;
}

bool
enrich_repeats(struct arena *a, const char *line, const char *other,
    const char *own, const char *text)
{
	size_t n, used;
	const char *run;
	struct word w;

	for (; (n = run_bytes(line)) > 0; line += used) {
		run = arena_strndup(a, line, n);
		if (text_line_contains(other, run) &&
		    !text_line_contains(own, run) &&
		    !text_line_contains(text, run))
			return true;
		used = word_next(line, n, &w);
	}
	return false;
}
