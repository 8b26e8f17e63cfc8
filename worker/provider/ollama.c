/*
 * ollama: models of one's own machine, by Ollama's native API.
 *
 * POST /api/chat, an NDJSON stream.  The native API, not its OpenAI dress:
 * only there can the context be sized, and a prompt that does not fit is cut
 * in the middle without a word unless truncate is false.
 */
#include "core/conf.h"
#include "core/json.h"
#include "worker/model/model_call.h"
#include "worker/model/provider.h"

#include <string.h>

/* Contexts come in steps, so that the server need not load anew each time. */
#define CONTEXT_STEP 2048
/* Words around the messages that the model's template adds. */
#define TEMPLATE_TOKENS 256

static void
ollama_message(struct model_call *c, struct json_object *o)
{
	struct json_object *m = json_sub(o, "message");
	const char *error = model_call_error_text(c, o), *text;

	if (error != NULL) {
		chat_fail(c->answer, c->arena, CHAT_AGAIN,
		    "Ollama stopped before finishing: %s.", error);
		return;
	}
	text = m == NULL ? "" : json_str(m, "content", "");
	chat_add_text(c->answer, c->rq, c->arena, text, strlen(text));
	if (!json_flag(o, "done", false))
		return;
	c->ended = c->over = true;
	c->answer->tokens_in =
	    chat_token_count(json_num(o, "prompt_eval_count", -1));
	c->answer->tokens_out = chat_token_count(json_num(o, "eval_count", -1));
	if (strcmp(json_str(o, "done_reason", "stop"), "length") == 0)
		c->answer->finish = CHAT_LENGTH;
}

/* A status other than 200, before the first line of an answer. */
static void
ollama_refuse(struct model_call *c)
{
	const char *said = model_call_error_text(c, model_call_error_body(c));
	const char *model = c->rq->conf->ollama_model;
	int status = c->http.status;

	if (said == NULL)
		said = "";
	if (status == 404)
		chat_fail(c->answer, c->arena, CHAT_PERMANENT,
		    "Ollama does not have the model \"%s\". Run: ollama pull "
		    "%s",
		    model, model);
	else if (status == 400 && strstr(said, "context length") != NULL)
		chat_fail(c->answer, c->arena, CHAT_TOO_LONG,
		    "The text does not fit into the context of \"%s\".", model);
	else if (status == 401 || status == 403)
		chat_fail(c->answer, c->arena, CHAT_PERMANENT,
		    "Ollama refused to use \"%s\": %s.", model, said);
	else if (status == 408 || status == 429 || status >= 499)
		chat_fail(c->answer, c->arena, CHAT_AGAIN,
		    "Ollama is busy or failed (%d%s%s).", status,
		    *said ? ": " : "", said);
	else
		chat_fail(c->answer, c->arena, CHAT_PERMANENT,
		    "Ollama rejected the request (%d%s%s).", status,
		    *said ? ": " : "", said);
	c->answer->after_ms = model_retry_ms(&c->http);
}

/* Tokens that n bytes of text are at most, roughly: never too few. */
static long
tokens_of(size_t n)
{
	return (long)(n / 3 + 1);
}

static struct json_object *
ollama_add_message(struct json_object *list, const char *role, const char *text)
{
	struct json_object *m = json_object_new_object();

	json_put_str(m, "role", role);
	json_put_str(m, "content", text);
	json_object_array_add(list, m);
	return list;
}

/* What a server or a model did not take, and is left out then. */
enum {
	NO_FORMAT = 1, /* the schema is in the instructions, too */
	NO_THINK = 2,
};

static struct json_object *
ollama_question(
    const struct chat_request *rq, struct arena *a, long context, int without)
{
	struct json_object *o = json_new(a), *options, *messages;
	const char *system = rq->system;

	if (rq->schema != NULL)
		system = arena_printf(a,
		    "%s\n\nAnswer with JSON only. It must fit this JSON "
		    "Schema: %s",
		    rq->system, json_text(rq->schema));
	messages = json_object_new_array();
	ollama_add_message(messages, "system", system);
	ollama_add_message(messages, "user", rq->prompt);
	options = json_object_new_object();
	json_put_num(options, "num_ctx", context);
	json_put(options, "temperature",
	    json_object_new_double(rq->temperature_milli / 1000.0));
	if (rq->max_tokens > 0)
		json_put_num(options, "num_predict", rq->max_tokens);
	json_put_str(o, "model", rq->conf->ollama_model);
	json_put(o, "messages", messages);
	json_put_flag(o, "stream", true);
	json_put_flag(o, "truncate", false);
	json_put(o, "options", options);
	/* Thoughts would take the room of the answer. */
	if (!(without & NO_THINK))
		json_put_flag(o, "think", false);
	if (rq->schema != NULL && !(without & NO_FORMAT))
		json_put(o, "format", json_object_get(rq->schema));
	return o;
}

/*
 * The context that question and answer need, in tokens: in whole steps where
 * the configured context has room for them.
 */
static long
context_for(const struct chat_request *rq)
{
	size_t schema = rq->schema == NULL ? 0 : strlen(json_text(rq->schema));
	long room = rq->max_tokens > 0 ? rq->max_tokens : 1024;
	long need =
	    tokens_of(strlen(rq->system) + strlen(rq->prompt) + schema) + room +
	    TEMPLATE_TOKENS;
	long most = rq->conf->ollama_context_tokens;
	long steps = (need + CONTEXT_STEP - 1) / CONTEXT_STEP * CONTEXT_STEP;

	if (steps <= most)
		return steps;
	return need < most ? most : need;
}

/* The part of the question that a 400 names, for the first time; 0: none. */
static int
rejected_part(const struct model_call *c, int without)
{
	static const struct {
		const char *word;
		int part;
	} parts[] = {{"think", NO_THINK}, {"format", NO_FORMAT}};

	if (c->http.status != 400)
		return 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!(without & parts[i].part) &&
		    strstr(c->http.error_body, parts[i].word) != NULL)
			return parts[i].part;
	return 0;
}

static void
ollama_chat(
    const struct chat_request *rq, struct arena *a, struct chat_answer *answer)
{
	struct chat_request more = *rq;
	int without = 0, part;
	bool again;
	long need = context_for(rq);
	struct model_call c = {
	    .label = "Ollama",
	    .url = model_call_url(a, rq->conf->ollama_url, "/api/chat"),
	    .headers = model_call_bearer_headers(a, rq->conf->ollama_key),
	    .framing = FRAMING_NDJSON,
	    .message = ollama_message,
	    .rq = rq,
	    .answer = answer,
	    .arena = a,
	};

	if (need > rq->conf->ollama_context_tokens) {
		chat_fail(answer, a, CHAT_TOO_LONG,
		    "The text needs a context of about %ld tokens; "
		    "ollama.context_tokens is %d.",
		    need, rq->conf->ollama_context_tokens);
		return;
	}
	do {
		c.body = ollama_question(&more, a, need, without);
		model_call_run(&c);
		part = rejected_part(&c, without);
		without |= part;
		again = part != 0;
		if (!again && chat_raise_max_tokens(answer, &more)) {
			need = context_for(&more);
			again = need <= rq->conf->ollama_context_tokens;
			if (!again)
				answer->finish = CHAT_LENGTH;
		}
	} while (again);
	if (c.http.status != 0 && c.http.status != 200)
		ollama_refuse(&c);
	else
		chat_check_empty(answer, a, "Ollama");
}

/* The model under its full name: "llama3" is "llama3:latest". */
static bool
is_model(const char *have, const char *want)
{
	size_t n = strlen(want);

	return strcmp(have, want) == 0 ||
	       (strchr(want, ':') == NULL && strncmp(have, want, n) == 0 &&
		   strcmp(have + n, ":latest") == 0);
}

static const char *
ollama_probe(const struct conf *conf, struct arena *a)
{
	struct chat_request rq = {.conf = conf};
	struct json_object *o, *models;
	struct chat_answer answer;
	struct model_call c = {
	    .label = "Ollama",
	    .url = model_call_url(a, conf->ollama_url, "/api/tags"),
	    .headers = model_call_bearer_headers(a, conf->ollama_key),
	    .rq = &rq,
	    .answer = &answer,
	    .arena = a,
	};
	size_t i;

	chat_init(&answer, 1024);
	o = model_call_get_json(&c);
	if (answer.error != CHAT_OK)
		return answer.why;
	if (o == NULL && (c.http.status == 401 || c.http.status == 403))
		return arena_printf(a,
		    "Ollama refused access (%d). Ollama, or a proxy in front "
		    "of it, requires %s.",
		    c.http.status,
		    *conf->ollama_key == '\0'
			? "a key (ollama.key) or a password"
			: "another key than ollama.key or a password");
	if (o == NULL)
		return arena_printf(
		    a, "Ollama answered %d to /api/tags.", c.http.status);
	models = json_sub(o, "models");
	for (i = 0; json_object_is_type(models, json_type_array) &&
		    i < json_object_array_length(models);
	     i++)
		if (is_model(json_str(json_object_array_get_idx(models, i),
				 "name", ""),
			conf->ollama_model))
			return NULL;
	return arena_printf(a,
	    "Ollama does not have the model \"%s\". Run: ollama pull %s",
	    conf->ollama_model, conf->ollama_model);
}

static const char *
ollama_model(const struct conf *conf)
{
	return conf->ollama_model;
}

static long
ollama_context(const struct conf *conf)
{
	return conf->ollama_context_tokens;
}

const struct provider provider_ollama = {
    .name = "ollama",
    .label = "Ollama",
    .chat = ollama_chat,
    .probe = ollama_probe,
    .model = ollama_model,
    .context = ollama_context,
};
