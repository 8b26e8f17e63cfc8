/*
 * lexicon_words: what is known of each language (tongue.h).  All words are in
 * small letters, lists have a space between them.
 */
#ifndef WORKER_LLMS_LEXICON_WORDS_H
#define WORKER_LLMS_LEXICON_WORDS_H

#include <stdbool.h>

struct lexicon {
	const char *marks;   /* the commonest words, a space between */
	const char *openers; /* what descriptions begin with; NULL: unknown */
	const char *titles;  /* what titles have anywhere; NULL: unknown */
	const char *forms;   /* endings of openers; NULL: "s" alone */
	const char *verbs;   /* endings of first words that are verbs ... */
	const char *objects; /* ... before one of these; NULL: unknown */
	const char *endings; /* of its forms, beside the English ones */
	const char *plain;   /* endings of long words that are no names */
	bool declines;       /* names have endings */
	bool compounds;
};

#endif
