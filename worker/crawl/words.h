/* words: the lists of words.def, each words_NAME, for core/wordlist.h. */
#ifndef WORKER_CRAWL_WORDS_H
#define WORKER_CRAWL_WORDS_H

#define WORDS(name, ...) extern const char *const words_##name[];
#include "worker/crawl/words.def"
#undef WORDS

#endif
