/* enrich_ask: questions about a site, their room and what is kept of them. */
#include "core/ids.h"
#include "worker/job/job.h"
#include "worker/llms/model_question.h"
#include "worker/llms/enrich_internal.h"
#include "worker/model/provider.h"

#include <string.h>

/* Less than this is shown in no context, bytes. */
#define LEAST_ROOM 1200

size_t
enrich_room(const struct enrich *e, size_t rules, size_t answer_tokens)
{
	long tokens = e->provider->context(e->job->conf);

	tokens -= (long)answer_tokens + 2 * ENRICH_ANSWER_TOKENS +
		  (long)rules / ENRICH_TOKEN_BYTES;
	return tokens < LEAST_ROOM / ENRICH_TOKEN_BYTES
		   ? LEAST_ROOM
		   : (size_t)tokens * ENRICH_TOKEN_BYTES;
}

const char *
enrich_key(struct enrich *e, struct arena *a, const char *shown)
{
	const char *text = arena_printf(a, ENRICH_PROMPTS "\n%s\n%s\n%s",
	    e->provider->name, e->provider->model(e->job->conf), shown);

	return sha256_hex(a, text, strlen(text));
}

/* The key of what depends on the context as well. */
static const char *
limited_key(struct enrich *e, struct arena *a, const char *key)
{
	const char *text =
	    arena_printf(a, "%s %ld", key, e->provider->context(e->job->conf));

	return sha256_hex(a, text, strlen(text));
}

void
enrich_keep_refused(
    struct enrich *e, struct arena *a, const char *key, bool limited)
{
	e->keep(e->ctx, limited ? limited_key(e, a, key) : key, ENRICH_REFUSED);
}

const char *
enrich_recall(struct enrich *e, struct arena *a, const char *key)
{
	const char *kept = e->recall(e->ctx, key);

	return kept != NULL ? kept : e->recall(e->ctx, limited_key(e, a, key));
}

static bool
is_gone(enum chat_error error)
{
	return error == CHAT_STOPPED || error == CHAT_AGAIN ||
	       error == CHAT_QUOTA || error == CHAT_PERMANENT;
}

/* The answer is kept for the next run, and so is that there was none. */
static void
answer_keep(struct enrich *e, struct arena *a, const char *key,
    const struct chat_answer *answer, struct json_object *o)
{
	if (o != NULL)
		e->keep(e->ctx, key, json_text(o));
	else
		enrich_keep_refused(e, a, key,
		    answer->error == CHAT_TOO_LONG ||
			answer->finish == CHAT_LENGTH);
}

enum rc
enrich_ask(struct enrich *e, struct arena *a, const struct enrich_question *q,
    struct json_object **out)
{
	const char *key =
	    enrich_key(e, a, arena_printf(a, "%s\n%s", q->name, q->shown));
	const char *kept = enrich_recall(e, a, key);
	struct chat_answer answer;
	enum rc rc = OK;

	*out = kept == NULL ? NULL : enrich_json(a, kept);
	if (*out != NULL)
		return OK;
	chat_init(&answer, 0);
	*out =
	    model_question(e, a, q->rules, q->shown, enrich_json(a, q->schema),
		q->name, ENRICH_ANSWER_TOKENS * 4, &answer);
	if (is_gone(answer.error))
		rc = enrich_gone(e, &answer) ? E_STOPPED : OK;
	else
		answer_keep(e, a, key, &answer, *out);
	chat_release(&answer);
	return rc;
}
