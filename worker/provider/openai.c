/*
 * openai: any server that speaks OpenAI's chat completions.
 *
 * POST {openai.url}/chat/completions, Server-Sent Events.  Servers implement
 * it in part: what one rejects by name (400) is left out and asked again.
 */
#include "core/conf.h"
#include "core/json.h"
#include "worker/model/model_call.h"
#include "worker/model/redact.h"
#include "worker/model/provider.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A longer wait than this is a quota (the SDK gives up there). */
#define LONG_WAIT_MS 120000
#define QUOTA_WAIT_MS 3600000

/* What a server turned out not to know; each is tried once without. */
enum {
	NO_SCHEMA = 1,      /* response_format json_schema */
	NO_FORMAT = 2,      /* any response_format */
	NEW_MAX = 4,        /* max_tokens: it wants max_completion_tokens */
	NO_TEMPERATURE = 8, /* only the default is taken */
	NO_USAGE = 16,      /* stream_options */
};

static bool
openai_mark(struct model_call *c, const char *text)
{
	if (strcmp(text, "[DONE]") != 0)
		return false;
	c->ended = c->over = true;
	return true;
}

static void
openai_finish(struct model_call *c, const char *reason)
{
	c->ended = true;
	if (strcmp(reason, "length") == 0)
		c->answer->finish = CHAT_LENGTH;
	else if (strcmp(reason, "content_filter") == 0)
		chat_fail(c->answer, c->arena, CHAT_BLOCKED,
		    "The model's response was blocked by its content filter.");
	else if (strcmp(reason, "tool_calls") == 0 ||
		 strcmp(reason, "function_call") == 0)
		chat_fail(c->answer, c->arena, CHAT_PERMANENT,
		    "The model asked to call a tool instead of answering.");
}

static void
openai_message(struct model_call *c, struct json_object *o)
{
	struct json_object *usage = json_sub(o, "usage"), *list, *choice;
	struct json_object *delta;
	const char *text = model_call_error_text(c, o), *reason;

	if (text != NULL) {
		chat_fail(c->answer, c->arena, CHAT_AGAIN,
		    "The model's server stopped before finishing: %s.", text);
		return;
	}
	if (json_object_is_type(usage, json_type_object)) {
		c->answer->tokens_in =
		    chat_token_count(json_num(usage, "prompt_tokens", -1));
		c->answer->tokens_out =
		    chat_token_count(json_num(usage, "completion_tokens", -1));
	}
	list = json_sub(o, "choices");
	if (!json_object_is_type(list, json_type_array) ||
	    json_object_array_length(list) == 0)
		return;
	choice = json_object_array_get_idx(list, 0);
	delta = json_sub(choice, "delta");
	if (delta == NULL) { /* the server does not stream */
		delta = json_sub(choice, "message");
		c->ended = delta != NULL;
	}
	text = delta == NULL ? NULL : json_str(delta, "refusal", NULL);
	if (text != NULL && *text != '\0') {
		c->ended = true;
		chat_fail(c->answer, c->arena, CHAT_BLOCKED,
		    "The model refused: %s", model_call_display_text(c, text));
		return;
	}
	text = delta == NULL ? "" : json_str(delta, "content", "");
	chat_add_text(c->answer, c->rq, c->arena, text, strlen(text));
	reason = json_str(choice, "finish_reason", NULL);
	if (reason != NULL)
		openai_finish(c, reason);
}

/*
 * {"error":{"message"}}, {"error":"text"}, {"message"} (vLLM) or
 * {"detail":"text"}; "".  code is the first of "code" and "type" that is a
 * word: llama.cpp's codes are numbers.
 */
static const char *
openai_error_text(struct model_call *c, const char **code)
{
	struct json_object *o = model_call_error_body(c), *e;

	*code = "";
	if (o == NULL)
		return "";
	e = json_sub(o, "error");
	if (json_object_is_type(e, json_type_string))
		return model_call_display_text(c, json_object_get_string(e));
	if (json_object_is_type(e, json_type_object)) {
		*code = json_str(e, "code", json_str(e, "type", ""));
		return model_call_display_text(c, json_str(e, "message", ""));
	}
	*code = json_str(o, "code", json_str(o, "type", ""));
	return model_call_display_text(
	    c, json_str(o, "message", json_str(o, "detail", "")));
}

/* Each server has words of its own for a text that is too long for it. */
static bool
is_too_long(const struct model_call *c, const char *code, const char *text)
{
	static const char *const words[] = {"context length", "context_length",
	    "context size", "context window", "maximum context"};

	if (strcmp(code, "context_length_exceeded") == 0 ||
	    strcmp(code, "exceed_context_size_error") == 0)
		return true;
	if (c->http.status != 400 && c->http.status != 413)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasestr(text, words[i]) != NULL)
			return true;
	return false;
}

static bool
forbids_retry(const struct model_call *c)
{
	return c->http.should_retry != NULL &&
	       strcasecmp(c->http.should_retry, "true") != 0;
}

static void
openai_limited(struct model_call *c, const char *code, const char *text)
{
	long wait = model_retry_ms(&c->http);

	if (strcmp(code, "insufficient_quota") == 0) {
		chat_fail(c->answer, c->arena, CHAT_QUOTA,
		    "The account at the model's provider has no quota left: "
		    "%s.",
		    text);
		c->answer->after_ms = QUOTA_WAIT_MS;
	} else if (wait > LONG_WAIT_MS) {
		chat_fail(c->answer, c->arena, CHAT_QUOTA,
		    "The model's provider asks to wait %ld minutes.",
		    wait / 60000);
		c->answer->after_ms = wait;
	} else if (forbids_retry(c)) {
		chat_fail(c->answer, c->arena, CHAT_PERMANENT,
		    "The model's provider is limiting requests and does not "
		    "allow a retry: %s.",
		    text);
	} else {
		chat_fail(c->answer, c->arena, CHAT_AGAIN,
		    "The model's provider is limiting requests: %s.", text);
		c->answer->after_ms = wait;
	}
}

static void
openai_refuse(struct model_call *c)
{
	const char *code, *text = openai_error_text(c, &code);
	int status = c->http.status;
	bool again = status == 408 || status == 409 || status >= 500;

	if (c->http.should_retry != NULL)
		again = !forbids_retry(c);
	if (is_too_long(c, code, text))
		chat_fail(c->answer, c->arena, CHAT_TOO_LONG,
		    "The text does not fit the model's context.");
	else if (status == 429)
		openai_limited(c, code, text);
	else if (status == 401 || status == 403)
		chat_fail(c->answer, c->arena, CHAT_PERMANENT,
		    "The model's provider rejected the API key (%d): %s.",
		    status, text);
	else if (status == 404)
		chat_fail(c->answer, c->arena, CHAT_PERMANENT,
		    "The model's provider does not have the model \"%s\" at "
		    "%s: %s.",
		    c->rq->conf->openai_model,
		    redact_secrets(
			c->arena, c->rq->conf, c->rq->conf->openai_url),
		    text);
	else
		chat_fail(c->answer, c->arena,
		    again ? CHAT_AGAIN : CHAT_PERMANENT,
		    "The model's provider %s (%d%s%s).",
		    again ? "failed" : "rejected the request", status,
		    *text ? ": " : "", text);
	if (c->answer->after_ms == 0)
		c->answer->after_ms = model_retry_ms(&c->http);
}

static void
openai_add_message(struct json_object *list, const char *role, const char *text)
{
	struct json_object *m = json_object_new_object();

	json_put_str(m, "role", role);
	json_put_str(m, "content", text);
	json_object_array_add(list, m);
}

static struct json_object *
response_format(const struct chat_request *rq, int without)
{
	struct json_object *f = json_object_new_object(), *s;

	if (without & NO_SCHEMA) {
		json_put_str(f, "type", "json_object");
		return f;
	}
	s = json_object_new_object();
	json_put_str(s, "name", rq->schema_name);
	json_put_flag(s, "strict", true);
	json_put(s, "schema", json_object_get(rq->schema));
	json_put_str(f, "type", "json_schema");
	json_put(f, "json_schema", s);
	return f;
}

static struct json_object *
openai_question(const struct chat_request *rq, struct arena *a, int without)
{
	struct json_object *o = json_new(a), *messages, *usage;
	const char *system = rq->system;

	if (rq->schema != NULL && (without & (NO_SCHEMA | NO_FORMAT)))
		system = arena_printf(a,
		    "%s\n\nAnswer with JSON only. It must fit this JSON "
		    "Schema: %s",
		    rq->system, json_text(rq->schema));
	messages = json_object_new_array();
	openai_add_message(messages, "system", system);
	openai_add_message(messages, "user", rq->prompt);
	json_put_str(o, "model", rq->conf->openai_model);
	json_put(o, "messages", messages);
	json_put_flag(o, "stream", true);
	if (!(without & NO_USAGE)) {
		usage = json_object_new_object();
		json_put_flag(usage, "include_usage", true);
		json_put(o, "stream_options", usage);
	}
	if (!(without & NO_TEMPERATURE))
		json_put(o, "temperature",
		    json_object_new_double(rq->temperature_milli / 1000.0));
	if (rq->max_tokens > 0)
		json_put_num(o,
		    without & NEW_MAX ? "max_completion_tokens" : "max_tokens",
		    rq->max_tokens);
	if (rq->schema != NULL && !(without & NO_FORMAT))
		json_put(o, "response_format", response_format(rq, without));
	return o;
}

/* What to leave out next, from the words of a 400; 0: nothing helps. */
static int
rejected_part(struct model_call *c, int without)
{
	const char *text = c->http.error_body, *code, *words;
	int part = 0;

	if (c->http.status != 400 && c->http.status != 422)
		return 0;
	/* It may name max_tokens, too, but leaving that out is no help. */
	words = openai_error_text(c, &code);
	if (is_too_long(c, code, words))
		return 0;
	if (strstr(text, "json_schema") || strstr(text, "response_format"))
		part = without & NO_SCHEMA ? NO_FORMAT : NO_SCHEMA;
	else if (strstr(text, "max_tokens"))
		part = NEW_MAX;
	else if (strstr(text, "temperature"))
		part = NO_TEMPERATURE;
	else if (strstr(text, "stream_options"))
		part = NO_USAGE;
	return part & ~without;
}

static void
openai_chat(
    const struct chat_request *rq, struct arena *a, struct chat_answer *answer)
{
	struct model_call c = {
	    .label = "The model's provider",
	    .url = model_call_url(a, rq->conf->openai_url, "/chat/completions"),
	    .headers = model_call_bearer_headers(a, rq->conf->openai_key),
	    .framing = FRAMING_SSE,
	    .message = openai_message,
	    .mark = openai_mark,
	    .rq = rq,
	    .answer = answer,
	    .arena = a,
	};
	struct chat_request more = *rq;
	int without = 0, part;

	do {
		c.body = openai_question(&more, a, without);
		model_call_run(&c);
		part = rejected_part(&c, without);
		without |= part;
	} while (part != 0 || chat_raise_max_tokens(answer, &more));
	if (c.http.status != 0 && c.http.status != 200)
		openai_refuse(&c);
	else
		chat_check_empty(answer, a, "The model");
}

static const char *
openai_probe(const struct conf *conf, struct arena *a)
{
	struct chat_request rq = {.conf = conf};
	struct chat_answer answer;
	struct model_call c = {
	    .label = "The model's provider",
	    .url = model_call_url(a, conf->openai_url, "/models"),
	    .headers = model_call_bearer_headers(a, conf->openai_key),
	    .rq = &rq,
	    .answer = &answer,
	    .arena = a,
	};
	struct json_object *o, *data;
	size_t i;

	chat_init(&answer, 1024);
	o = model_call_get_json(&c);
	if (o == NULL && answer.error == CHAT_OK)
		openai_refuse(&c);
	if (answer.error != CHAT_OK)
		return answer.why;
	data = json_sub(o, "data");
	/* Not every server lists its models: only a list can say no. */
	if (!json_object_is_type(data, json_type_array) ||
	    json_object_array_length(data) == 0)
		return NULL;
	for (i = 0; i < json_object_array_length(data); i++)
		if (strcmp(
			json_str(json_object_array_get_idx(data, i), "id", ""),
			conf->openai_model) == 0)
			return NULL;
	return arena_printf(a,
	    "The provider at %s does not list the model \"%s\".",
	    redact_secrets(a, conf, conf->openai_url), conf->openai_model);
}

static const char *
openai_model(const struct conf *conf)
{
	return conf->openai_model;
}

static long
openai_context(const struct conf *conf)
{
	return conf->openai_context_tokens;
}

const struct provider provider_openai = {
    .name = "openai",
    .label = "OpenAI-compatible",
    .chat = openai_chat,
    .probe = openai_probe,
    .model = openai_model,
    .context = openai_context,
};
