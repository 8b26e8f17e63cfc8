#include "worker/extract/word_lists.h"

#include <stddef.h>

#define WORD_LIST(name, ...) \
	const char *const word_list_##name[] = {__VA_ARGS__, NULL};
#include "worker/extract/word_lists.def"
#undef WORD_LIST
