#include "worker/site/disposition.h"

#include "core/log.h"

struct disposition_words {
	const char *name;
	const char *sentence;
	const char *summary; /* "3 pages ..." */
};

static const struct disposition_words words[DISPOSITION_MAX] = {
#define DISPOSITION(name, word, sentence, summary) \
	[DISPOSITION_##name] = {word, sentence, summary},
#include "worker/site/disposition.def"
#undef DISPOSITION
};

static const struct disposition_words *
disposition_words_of(enum disposition disposition)
{
	if ((unsigned)disposition >= DISPOSITION_MAX)
		BUG("no such disposition: %d", (int)disposition);
	return &words[disposition];
}

const char *
disposition_name(enum disposition disposition)
{
	return disposition_words_of(disposition)->name;
}

const char *
disposition_sentence(enum disposition disposition)
{
	return disposition_words_of(disposition)->sentence;
}

const char *
disposition_summary(enum disposition disposition)
{
	return disposition_words_of(disposition)->summary;
}
