#include "worker/crawl/words.h"

#include <stddef.h>

#define WORDS(name, ...) const char *const words_##name[] = {__VA_ARGS__, NULL};
#include "worker/crawl/words.def"
#undef WORDS
