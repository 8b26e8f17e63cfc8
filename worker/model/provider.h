/*
 * provider: who writes the words of a result.
 *
 * Each worker/provider/NAME.c defines one `const struct provider
 * provider_NAME`; the build makes the table providers[].
 */
#ifndef WORKER_MODEL_PROVIDER_H
#define WORKER_MODEL_PROVIDER_H

#include <stddef.h>

struct arena;
struct chat_answer;
struct chat_request;
struct conf;

struct provider {
	const char *name;  /* as in the API and the database */
	const char *label; /* as people read it */
	/*
	 * A language model: asks it (worker/model/chat.h) and blocks until
	 * the answer is whole or failed.  NULL: there is no model, and what
	 * pages say of themselves (worker/llms/describe.h) is all.
	 */
	void (*chat)(const struct chat_request *rq, struct arena *a,
	    struct chat_answer *answer);
	/* NULL when it can be used as configured, else why not. */
	const char *(*probe)(const struct conf *conf, struct arena *a);
	/* With chat: the model's name, and the tokens of its context. */
	const char *(*model)(const struct conf *conf);
	long (*context)(const struct conf *conf);
};

extern const struct provider *const providers[]; /* ended by NULL */

/* provider_names: of all, at most so many, and NULL. */
void provider_names(const char **names, size_t most);

/* provider_find: NULL for a name nobody defines. */
const struct provider *provider_find(const char *name);

#endif
