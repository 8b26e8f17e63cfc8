/*
 * lexicon: which language a line is in, as far as it takes to tell a name from
 * a word that merely has a capital.
 *
 * Languages are told by their commonest words.  Of some we know the words that
 * descriptions begin with; of some, that words change their endings (and in
 * German every noun has a capital, and nouns are put together).
 */
#ifndef WORKER_LLMS_LEXICON_H
#define WORKER_LLMS_LEXICON_H

#include <stdbool.h>
#include <stddef.h>

struct lexicon;

/* lexicon_count, lexicon_at: the languages known. */
size_t lexicon_count(void);
const struct lexicon *lexicon_at(size_t i);

/*
 * lexicon_marks: how many of the language's commonest words said() knows, each
 * given in small letters.
 */
size_t lexicon_marks(const struct lexicon *t,
    bool (*said)(const void *ctx, const char *word), const void *ctx);

/* lexicon_is_mark: word (folded) is one of them: "and", "the". */
bool lexicon_is_mark(const struct lexicon *t, const char *word);

/* lexicon_has_openers: without, nothing is known of first words.  NULL: no. */
bool lexicon_has_openers(const struct lexicon *t);

/*
 * lexicon_is_opener: sentences of descriptions and titles begin with the word
 * ("Explains"), in any language: of a short line one cannot be sure which it
 * is.  In any other place of a line the word may be a name ("Keys").
 */
bool lexicon_is_opener(const char *word);

/*
 * lexicon_is_common: the word is no name wherever it stands, though it has a
 * capital: in a title ("Getting Started"), or because all nouns have one.
 */
bool lexicon_is_common(const struct lexicon *t, const char *word, bool title);

/*
 * lexicon_is_verb: a sentence that begins with word and goes on with next, in
 * small letters, begins with a verb: "Digitizes the", "Mending how".
 */
bool lexicon_is_verb(
    const struct lexicon *t, const char *word, const char *next);

/* lexicon_is_plain: by its ending a long word is no name: "Sicherheit". */
bool lexicon_is_plain(const struct lexicon *t, const char *word);

/* lexicon_unknown: of a line in none of them, and not in ASCII: it declines. */
const struct lexicon *lexicon_unknown(void);

/* lexicon_compounds: nouns are put together. */
bool lexicon_compounds(const struct lexicon *t);

/*
 * lexicon_related: one word (folded) is a form of the other: a plural, a
 * genitive, "installing" and "installation"; with t of a language that
 * declines, any other short ending, and in German a part of a compound.
 */
bool lexicon_related(
    const struct lexicon *t, const char *one, const char *other);

#endif
