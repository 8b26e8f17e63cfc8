/*
 * story: a story that a language model writes, story.md.
 *
 * The text streams in and is shown while it grows.  A model that stops early
 * is asked to go on, a bounded number of times; one that fails in the middle
 * goes on from its last whole sentence.  What came of it is judged by
 * worker/story/quality.h.
 */
#include "core/arena.h"
#include "core/buf.h"
#include "core/clock.h"
#include "core/conf.h"
#include "core/json.h"
#include "core/log.h"
#include "core/text.h"
#include "worker/job/gentype.h"
#include "worker/job/model_use.h"
#include "worker/model/chat.h"
#include "worker/model/chat_failure.h"
#include "worker/model/provider.h"
#include "worker/story/draft.h"
#include "worker/story/prompt.h"
#include "worker/story/quality.h"
#include "worker/story/word_walk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define NAME "story.md"
#define TYPE "text/markdown; charset=utf-8"

#define ANSWER_BYTES (1U << 20)
/* The text so far is counted, and shown, at most so often, ms. */
#define COUNT_MS 100
#define SHOW_MS 1000
/* Imagination. */
#define TEMPERATURE_MILLI 900

/* A story is long enough with so many hundredths of what was asked for. */
#define ENOUGH_PERCENT 70
/* A model that writes without end is stopped there. */
#define RUNAWAY_PERCENT 200
/* An answer that adds less than this brings nothing more, words. */
#define ADDS_LEAST 5

/* Tokens that a word may take, and those of an answer's thoughts. */
#define TOKENS_A_WORD 3
#define TOKENS_MORE 1024
/* Bytes of text that make a token, at the least. */
#define TOKEN_BYTES_LEAST 3

struct story_work {
	struct job *job;
	const struct provider *provider;
	struct story_order order;
	int64_t began_ms;
	char *story; /* settled, in the job's arena; NULL: nothing yet */
	long words;  /* of it */
	bool ended;  /* the model came to its end */

	/* Of the present question. */
	struct arena arena;
	struct chat_answer answer;
	int64_t counted_ms, shown_ms;
	bool runaway;

	int tries;   /* calls that failed and may be repeated */
	int goes_on; /* times it was asked to go on */
	long tokens;
};

/* ---- while it streams ---- */

/* The whole as it stands, the present answer included; in the arena a. */
static char *
story_so_far_text(struct story_work *w, struct arena *a)
{
	const char *text = w->answer.text.data;

	if (w->story == NULL)
		return draft_first(a, text, w->order.theme);
	return draft_join(a, w->story, text);
}

static long
count_words(const char *story)
{
	const char *body = draft_body(story);

	return word_walk_count(body, strlen(body));
}

/* show_story: the story as it stands; false: the worker has no disk for it. */
static bool
show_story(struct story_work *w, const char *story, bool partial)
{
	if (job_save(w->job, NAME, story, strlen(story)) != OK)
		return false;
	job_artifact(w->job, NAME, TYPE, job_path(w->job, NAME), partial);
	return true;
}

static void
progress_report(struct story_work *w, const char *stage, long words)
{
	long most = w->order.length, shown = words < most ? words : most;
	char text[128], done[TEXT_NUMBER_MAX], all[TEXT_NUMBER_MAX];

	/* What is shown never goes back. */
	if (shown < w->job->outcome.processed)
		shown = w->job->outcome.processed;
	snprintf(text, sizeof(text), "Wrote %s of %s words",
	    text_number_in(done, shown), text_number_in(all, most));
	job_progress(w->job, shown, most, stage, text);
}

static void
on_delta(void *ctx, const char *p, size_t n)
{
	struct story_work *w = ctx;
	int64_t now = clock_ms();
	struct arena a;
	char *story;
	long words;

	(void)p;
	(void)n;
	if (now < w->counted_ms + COUNT_MS)
		return;
	w->counted_ms = now;
	arena_init(&a);
	story = story_so_far_text(w, &a);
	words = count_words(story);
	progress_report(w, "writing", words);
	if (words > w->order.length * RUNAWAY_PERCENT / 100)
		w->runaway = true;
	/* What cannot be shown now is shown with the next. */
	if (words > 0 && now >= w->shown_ms + SHOW_MS) {
		w->shown_ms = now;
		(void)show_story(w, story, true);
	}
	arena_release(&a);
}

static bool
on_stopping(void *ctx)
{
	struct story_work *w = ctx;

	return w->runaway || job_stopping(w->job);
}

/* ---- a question ---- */

static const char *
next_question(struct story_work *w)
{
	long half = w->provider->context(w->job->conf) / 2;

	if (w->story == NULL)
		return prompt_first(&w->arena, &w->order);
	return prompt_more(&w->arena, &w->order, w->story, w->words,
	    half / 2 * TOKEN_BYTES_LEAST);
}

static int
answer_tokens(const struct story_work *w)
{
	long half = w->provider->context(w->job->conf) / 2;
	long left = w->order.length - w->words;
	long n = (left > 0 ? left : 0) * TOKENS_A_WORD + TOKENS_MORE;

	return (int)(n < half ? n : half);
}

static void
ask_model(struct story_work *w)
{
	struct chat_answer *c = &w->answer;
	struct chat_request rq = {
	    .conf = w->job->conf,
	    .system = prompt_rules,
	    .prompt = next_question(w),
	    .max_tokens = answer_tokens(w),
	    .temperature_milli = TEMPERATURE_MILLI,
	    .max_bytes = ANSWER_BYTES,
	    .delta = on_delta,
	    .stopping = on_stopping,
	    .ctx = w,
	};

	if (!job_call(w->job, w->provider->name)) {
		chat_fail(c, &w->arena, CHAT_STOPPED, "It was stopped.");
		return;
	}
	w->provider->chat(&rq, &w->arena, c);
	if (c->tokens_in > 0)
		w->tokens += c->tokens_in;
	if (c->tokens_out > 0)
		w->tokens += c->tokens_out;
	if (w->tokens > CHAT_TOKENS_MAX)
		w->tokens = CHAT_TOKENS_MAX;
	if (c->error != CHAT_OK && c->error != CHAT_STOPPED)
		log_warn("model_error", "job", w->job->id, "error",
		    chat_error_name(c->error), "why", c->why, "request",
		    c->request);
}

/* Takes in what came; the number of words it added. */
static long
answer_accept(struct story_work *w)
{
	long before = w->words;

	if (w->answer.text.len == 0)
		return 0;
	w->story = story_so_far_text(w, w->job->arena);
	w->words = count_words(w->story);
	progress_report(w, "writing", w->words);
	return w->words - before;
}

/* ---- what next ---- */

/* The call failed: waits, if that helps, so that it can be repeated. */
static enum rc
call_recover(struct story_work *w)
{
	long ms = chat_retry_wait_ms(
	    &w->answer, ++w->tries, w->job->conf->model_tries);

	if (ms < 0)
		return job_chat_failed(w->job, &w->answer);
	job_progress(w->job, w->job->outcome.processed, w->order.length,
	    "waiting", "The model failed; asking again");
	return job_wait(w->job, ms) ? OK : E_STOPPED;
}

/* Whether it is to be asked to go on after an answer that added so much. */
static bool
wants_more(struct story_work *w, long added)
{
	long enough = w->order.length;

	if (w->ended)
		enough = enough * ENOUGH_PERCENT / 100;
	if (w->words >= enough || added < ADDS_LEAST)
		return false;
	return w->goes_on++ < w->job->conf->story_continuations;
}

/* One question and its answer; *more: another is to follow. */
static enum rc
turn_run(struct story_work *w, bool *more)
{
	enum rc rc = OK;
	long added;

	chat_init(&w->answer, ANSWER_BYTES);
	ask_model(w);
	added = answer_accept(w);
	*more = false;
	if (w->answer.error == CHAT_OK) {
		w->ended = w->answer.finish == CHAT_DONE;
		*more = wants_more(w, added);
	} else if (w->answer.error == CHAT_STOPPED) {
		w->ended = false;
		rc = job_stopping(w->job) ? E_STOPPED : OK;
	} else {
		w->ended = false;
		*more = true;
		rc = call_recover(w);
	}
	/* Half a sentence is neither gone on with nor left at the end. */
	if (!w->ended && w->story != NULL) {
		w->story = draft_open(w->job->arena, w->story);
		w->words = count_words(w->story);
	}
	return rc;
}

static enum rc
write_story(struct story_work *w)
{
	bool more = true;
	enum rc rc = OK;

	while (rc == OK && more) {
		job_progress(w->job, w->job->outcome.processed, w->order.length,
		    w->story == NULL ? "asking" : "going on",
		    w->story == NULL ? "Waiting for the model to begin"
				     : "Asking the model to continue");
		arena_init(&w->arena);
		rc = turn_run(w, &more);
		chat_release(&w->answer);
		arena_release(&w->arena);
	}
	return rc;
}

/* ---- the end ---- */

/* A number with one decimal, as it is read back. */
static struct json_object *
number_with_tenth(struct arena *a, double d)
{
	return json_object_new_double_s(d, arena_printf(a, "%.1f", d));
}

static void
judge_story(struct story_work *w)
{
	const char *body = draft_body(w->story);
	struct arena *a = w->job->arena;
	struct json_object *facts = json_new(a);
	struct quality q;

	quality_measure(body, strlen(body), w->order.length, w->ended, &q);
	json_put_str(facts, "title", draft_title(a, w->story));
	json_put(facts, "generationTime",
	    number_with_tenth(a, (double)(clock_ms() - w->began_ms) / 1000));
	json_put_str(facts, "quality", q.word);
	json_put_num(facts, "words", q.words);
	job_facts(w->job, facts);
	log_info("story", "job", w->job->id, "quality", q.word, "words",
	    log_num(q.words), "asked", log_num(w->order.length), "repeated",
	    arena_printf(a, "%.3f", q.repeated), "ended",
	    w->ended ? "yes" : "no", "went_on", log_num(w->goes_on));
}

static enum rc
finish_story(struct story_work *w)
{
	if (w->story == NULL || w->words == 0)
		return job_fail(
		    w->job, false, "The model returned an empty story.");
	if (!show_story(w, w->story, false))
		return job_fail(w->job, false,
		    "The worker could not write " NAME ": %s.",
		    strerror(errno));
	judge_story(w);
	progress_report(w, "finishing", w->words);
	return OK;
}

static enum rc
run(struct job *job)
{
	struct story_work *w = arena_alloc(job->arena, sizeof(*w));
	enum rc rc;

	w->job = job;
	w->began_ms = clock_ms();
	w->provider = provider_find(job->provider);
	prompt_order(job->input, &w->order);
	if (w->provider == NULL || w->provider->chat == NULL)
		return job_fail(job, true,
		    "The provider \"%s\" has no language model, and a story "
		    "takes one.",
		    job->provider);
	if (*w->order.theme == '\0' || w->order.length < 1)
		return job_fail(
		    job, true, "The theme or the length is missing.");
	rc = write_story(w);
	job_tokens(job, w->tokens);
	return rc == OK ? finish_story(w) : rc;
}

const struct gentype gentype_story = {
    .name = "story",
    .run = run,
};
