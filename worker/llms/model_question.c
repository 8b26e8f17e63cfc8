#include "worker/llms/model_question.h"

#include "core/conf.h"
#include "core/json.h"
#include "core/log.h"
#include "worker/job/model_use.h"
#include "worker/llms/enrich.h"
#include "worker/model/provider.h"

#include <string.h>

#define ANSWER_BYTES (1U << 20)

static bool
is_stopping(void *ctx)
{
	struct enrich *e = ctx;

	return job_stopping(e->job);
}

static void
ask_once(struct enrich *e, struct arena *a, const struct chat_request *rq,
    struct chat_answer *answer)
{
	chat_release(answer);
	chat_init(answer, ANSWER_BYTES);
	if (!job_call(e->job, e->provider->name)) {
		chat_fail(answer, a, CHAT_STOPPED, "It was stopped.");
		return;
	}
	e->provider->chat(rq, a, answer);
	e->calls++;
	if (answer->tokens_in > 0)
		e->tokens += answer->tokens_in;
	if (answer->tokens_out > 0)
		e->tokens += answer->tokens_out;
	if (answer->error != CHAT_OK)
		log_warn("model_error", "job", e->job->id, "error",
		    chat_error_name(answer->error), "why", answer->why,
		    "request", answer->request);
}

/* A model may put its JSON into a fenced block of Markdown. */
static struct json_object *
parse_answer(struct arena *a, const struct buf *text)
{
	const char *from = strchr(text->data, '{'), *why;
	const char *to = strrchr(text->data, '}');

	if (from == NULL || to == NULL || to < from)
		return NULL;
	return json_parse(a, from, (size_t)(to + 1 - from), &why);
}

struct json_object *
model_question(struct enrich *e, struct arena *a, const char *system,
    const char *prompt, struct json_object *schema, const char *name,
    int max_tokens, struct chat_answer *answer)
{
	const struct chat_request rq = {
	    .conf = e->job->conf,
	    .system = system,
	    .prompt = prompt,
	    .schema = schema,
	    .schema_name = name,
	    .max_tokens = max_tokens,
	    .max_bytes = ANSWER_BYTES,
	    .stopping = is_stopping,
	    .ctx = e,
	};
	long wait;
	int tries;

	for (tries = 1;; tries++) {
		ask_once(e, a, &rq, answer);
		wait = chat_retry_wait_ms(
		    answer, tries, e->job->conf->model_tries);
		if (wait < 0)
			break;
		if (!job_wait(e->job, wait)) {
			answer->error = CHAT_STOPPED;
			break;
		}
	}
	/* This file is made without; those that have not begun wait. */
	if (answer->error == CHAT_QUOTA)
		job_quota(e->job, answer->after_ms, answer->why);
	if (answer->error != CHAT_OK || answer->finish == CHAT_LENGTH)
		return NULL;
	return parse_answer(a, &answer->text);
}
