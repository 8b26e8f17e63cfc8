#include "worker/llms/ask.h"

#include "core/clock.h"
#include "core/conf.h"
#include "core/ids.h"
#include "core/json.h"
#include "core/log.h"
#include "worker/job.h"
#include "worker/llms/enrich.h"
#include "worker/provider.h"

#include <string.h>
#include <time.h>

#define ANSWER_BYTES (1U << 20)
#define FIRST_WAIT_MS 1000
/* No longer in the middle of a job; a longer one is as good as gone. */
#define LONGEST_WAIT_MS 120000

static bool
stopping(void *ctx)
{
	struct enrich *e = ctx;

	return job_stopping(e->job);
}

/* Up to a quarter more, so that workers do not come back all at once. */
static long
jittered(long ms)
{
	unsigned char b;

	random_bytes(&b, 1);
	return ms + ms * b / 1024;
}

/* false: the job was stopped meanwhile. */
static bool
wait_ms(struct enrich *e, long ms)
{
	int64_t until = clock_ms() + ms;
	struct timespec tick = {0, 100000000};

	while (clock_ms() < until) {
		if (job_stopping(e->job))
			return false;
		nanosleep(&tick, NULL);
	}
	return true;
}

static void
ask_once(struct enrich *e, struct arena *a, const struct chat_request *rq,
    struct chat_answer *answer)
{
	chat_release(answer);
	chat_init(answer, ANSWER_BYTES);
	e->provider->chat(rq, a, answer);
	e->calls++;
	if (answer->tokens_in > 0)
		e->tokens += answer->tokens_in;
	if (answer->tokens_out > 0)
		e->tokens += answer->tokens_out;
	if (answer->error != CHAT_OK)
		log_warn("model_error", "job", e->job->id, "error",
		    chat_error_name(answer->error), "why", answer->why);
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
ask_model(struct enrich *e, struct arena *a, const char *system,
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
	    .stopping = stopping,
	    .ctx = e,
	};
	long wait = FIRST_WAIT_MS;
	int tries;

	for (tries = 1;; tries++) {
		ask_once(e, a, &rq, answer);
		if (answer->error != CHAT_AGAIN ||
		    tries >= e->job->conf->model_tries ||
		    answer->after_ms > LONGEST_WAIT_MS)
			break;
		if (!wait_ms(e, answer->after_ms > 0 ? answer->after_ms
						     : jittered(wait))) {
			answer->error = CHAT_STOPPED;
			break;
		}
		wait *= 2;
	}
	/* This file is made without; those that have not begun wait. */
	if (answer->error == CHAT_QUOTA)
		job_quota(e->job, answer->after_ms, answer->why);
	if (answer->error != CHAT_OK || answer->finish == CHAT_LENGTH)
		return NULL;
	return parse_answer(a, &answer->text);
}
