#include "worker/llms/enrich_question.h"

#include "core/conf.h"
#include "core/ids.h"
#include "core/json.h"
#include "core/log.h"
#include "core/text.h"
#include "worker/job/job.h"
#include "worker/job/model_use.h"
#include "worker/llms/enrich.h"
#include "worker/llms/described_site.h"
#include "worker/llms/write.h"
#include "worker/model/provider.h"
#include "worker/site/text_line.h"
#include "worker/site/word.h"

#include <ctype.h>
#include <string.h>

/* Less than this is shown in no context, bytes. */
#define LEAST_ROOM 1200
#define ANSWER_BYTES (1U << 20)
#define SENTENCE_CHARS 10
/* So many words in a row are no accident. */
#define RUN_WORDS 4
/* Where each sign is a word, those are too few. */
#define RUN_LETTERS 10

/* ---- what is shown, and what may be answered ----------------------------- */

const char *
enrich_field(struct arena *a, const char *s, size_t max)
{
	char *out = text_line_clip(a, text_line_fold(a, s), max);

	for (char *p = out; (p = strchr(p, '|')) != NULL;)
		*p = '/';
	return out;
}

size_t
enrich_words(const char *s)
{
	size_t n = 0;

	for (bool in = false; *s != '\0'; s++) {
		n += *s != ' ' && !in;
		in = *s != ' ';
	}
	return n;
}

/* Half of it, at least, is more than marks: "a ----------" says nothing. */
static bool
is_wordy(const char *s)
{
	size_t words = 0, marks = 0;

	for (; *s != '\0'; s++) {
		bool letter = (unsigned char)*s >= 0x80 || isalnum(*s);

		words += letter;
		marks += !letter && *s != ' ';
	}
	return words > 0 && words >= marks;
}

bool
enrich_wordy(struct arena *a, const char *s)
{
	return is_wordy(write_paragraph(a, s));
}

bool
enrich_sentence(struct arena *a, const char *s, size_t most)
{
	return text_line_length(write_paragraph(a, s)) >= SENTENCE_CHARS &&
	       enrich_wordy(a, s) && text_line_length(s) <= most &&
	       strstr(s, "http://") == NULL && strstr(s, "https://") == NULL &&
	       strstr(s, "](") == NULL;
}

struct json_object *
enrich_json(struct arena *a, const char *text)
{
	const char *why;

	return json_parse(a, text, strlen(text), &why);
}

bool
enrich_is_refused(struct json_object *o)
{
	return json_object_object_length(o) == 0;
}

/*
 * A page may order the model to say something of every page.  Where a line
 * repeats several words of another page in a row, or what is said of another
 * page as well, it is asked for once more, without the other.
 */

/* run_bytes: of the first words of s that make a run; 0: s is too short. */
static size_t
run_bytes(const char *s)
{
	size_t n = strlen(s), at = 0, words = 0, letters = 0, used;
	struct word w;

	while (words < RUN_WORDS || letters < RUN_LETTERS) {
		used = word_next(s + at, n - at, &w);
		if (used == 0)
			return 0;
		at += used;
		words++;
		letters += w.letters;
	}
	return at;
}

bool
enrich_repeats(struct arena *a, const char *line, const char *other,
    const char *own, const char *text)
{
	size_t n, used;
	const char *run;
	struct word w;

	for (; (n = run_bytes(line)) > 0; line += used) {
		run = arena_strndup(a, line, n);
		if (text_line_contains(other, run) &&
		    !text_line_contains(own, run) &&
		    !text_line_contains(text, run))
			return true;
		used = word_next(line, n, &w);
	}
	return false;
}

/* ---- questions ----------------------------------------------------------- */

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

bool
enrich_gone(struct enrich *e, const struct chat_answer *answer)
{
	if (answer->error == CHAT_STOPPED)
		return true;
	e->note = arena_strdup(e->site->arena, answer->why);
	return false;
}

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
