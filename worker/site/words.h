/* words: the lists of words.def, each words_NAME, for core/wordlist.h. */
#ifndef WORKER_SITE_WORDS_H
#define WORKER_SITE_WORDS_H

#define WORDS(name, ...) extern const char *const words_##name[];
#include "worker/site/words.def"
#undef WORDS

#endif
