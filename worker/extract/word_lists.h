/*
 * word_lists: the lists of word_lists.def, each word_list_NAME, for
 * core/wordlist.h.
 */
#ifndef WORKER_EXTRACT_WORD_LISTS_H
#define WORKER_EXTRACT_WORD_LISTS_H

#define WORD_LIST(name, ...) extern const char *const word_list_##name[];
#include "worker/extract/word_lists.def"
#undef WORD_LIST

#endif
