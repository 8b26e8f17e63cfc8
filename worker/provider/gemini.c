/*
 * gemini: Google's Gemini API.
 *
 * POST {gemini.url}/models/{model}:streamGenerateContent?alt=sse.  The key
 * travels in a header, never in the URL, where logs would keep it.
 */
#include "core/clock.h"
#include "core/conf.h"
#include "core/json.h"
#include "core/text.h"
#include "worker/model/model_call.h"
#include "worker/model/quota_reset.h"
#include "worker/model/provider.h"

#include <stdlib.h>
#include <string.h>

/* Google's own client treats a longer delay as the end (gemini-cli). */
#define LONG_WAIT_MS 300000
#define MINUTE_MS 60000
/* A longer wait than a day is not a wait. */
#define LONGEST_WAIT_MS 86400000

static void
gemini_finish(struct model_call *c, const char *reason)
{
	c->ended = true;
	if (strcmp(reason, "STOP") == 0)
		return;
	if (strcmp(reason, "MAX_TOKENS") == 0)
		c->answer->finish = CHAT_LENGTH;
	else
		chat_fail(c->answer, c->arena, CHAT_BLOCKED,
		    "Gemini blocked its response (%s).",
		    model_call_display_text(c, reason));
}

static void
gemini_parts(struct model_call *c, struct json_object *candidate)
{
	struct json_object *content = json_sub(candidate, "content"), *list, *p;
	const char *text;
	size_t i;

	list = content == NULL ? NULL : json_sub(content, "parts");
	if (!json_object_is_type(list, json_type_array))
		return;
	for (i = 0; i < json_object_array_length(list); i++) {
		p = json_object_array_get_idx(list, i);
		if (json_flag(p, "thought", false))
			continue;
		text = json_str(p, "text", "");
		chat_add_text(c->answer, c->rq, c->arena, text, strlen(text));
	}
}

static void
count_tokens(struct model_call *c, struct json_object *usage)
{
	long text, thoughts;

	if (!json_object_is_type(usage, json_type_object))
		return;
	text = chat_token_count(json_num(usage, "candidatesTokenCount", 0));
	thoughts = chat_token_count(json_num(usage, "thoughtsTokenCount", 0));
	c->answer->tokens_in =
	    chat_token_count(json_num(usage, "promptTokenCount", -1));
	c->answer->tokens_out =
	    text < 0 || thoughts < 0
		? -1
		: chat_token_count((int64_t)text + thoughts);
}

static void refuse_with(struct model_call *c, struct json_object *error);

/* An error in place of a piece of the answer. */
static void
give_up(struct model_call *c, struct json_object *o)
{
	struct json_object *error = json_sub(o, "error");

	if (json_num(error, "code", 0) != 0)
		refuse_with(c, error);
	else
		chat_fail(c->answer, c->arena, CHAT_AGAIN,
		    "Gemini stopped before finishing: %s.",
		    model_call_error_text(c, o));
}

static void
gemini_message(struct model_call *c, struct json_object *o)
{
	struct json_object *feedback = json_sub(o, "promptFeedback"), *list,
			   *first;
	const char *reason;

	if (json_sub(o, "error") != NULL) {
		give_up(c, o);
		return;
	}
	count_tokens(c, json_sub(o, "usageMetadata"));
	reason =
	    feedback == NULL ? NULL : json_str(feedback, "blockReason", NULL);
	if (reason != NULL) {
		c->ended = true;
		chat_fail(c->answer, c->arena, CHAT_BLOCKED,
		    "Gemini refused the question (%s).",
		    model_call_display_text(c, reason));
		return;
	}
	list = json_sub(o, "candidates");
	if (!json_object_is_type(list, json_type_array) ||
	    json_object_array_length(list) == 0)
		return;
	/* Others are alternatives of the first; one is enough. */
	first = json_object_array_get_idx(list, 0);
	gemini_parts(c, first);
	reason = json_str(first, "finishReason", NULL);
	if (reason != NULL)
		gemini_finish(c, reason);
}

/* "34.07s", "900ms", "60s" as ms; 0: none. */
static long
duration_ms(const char *s)
{
	char *end;
	double n = strtod(s, &end);

	if (end == s || !(n > 0 && n <= 1e6))
		return 0;
	n = strncmp(end, "ms", 2) == 0 ? n : n * 1000;
	return (long)(n < LONGEST_WAIT_MS ? n : LONGEST_WAIT_MS);
}

/* What a 429 says of its reason: how long, and which quota. */
struct limit {
	long wait_ms;
	bool per_day;
	bool per_minute;
};

static void
read_violations(struct json_object *detail, struct limit *l)
{
	struct json_object *list = json_sub(detail, "violations");
	const char *id;
	size_t i;

	if (!json_object_is_type(list, json_type_array))
		return;
	for (i = 0; i < json_object_array_length(list); i++) {
		id =
		    json_str(json_object_array_get_idx(list, i), "quotaId", "");
		if (strstr(id, "PerDay") != NULL || strstr(id, "Daily") != NULL)
			l->per_day = true;
		if (strstr(id, "PerMinute") != NULL)
			l->per_minute = true;
	}
}

static struct limit
read_limit(struct json_object *error)
{
	struct limit l = {0, false, false};
	struct json_object *list, *d;
	const char *text, *type;
	size_t i;

	if (error == NULL)
		return l;
	list = json_sub(error, "details");
	text = json_str(error, "message", "");
	for (i = 0; json_object_is_type(list, json_type_array) &&
		    i < json_object_array_length(list);
	     i++) {
		d = json_object_array_get_idx(list, i);
		type = json_str(d, "@type", "");
		if (text_ends(type, "google.rpc.RetryInfo"))
			l.wait_ms = duration_ms(json_str(d, "retryDelay", ""));
		else if (text_ends(type, "google.rpc.QuotaFailure"))
			read_violations(d, &l);
	}
	text = strstr(text, "retry in ");
	if (l.wait_ms == 0 && text != NULL)
		l.wait_ms = duration_ms(text + strlen("retry in "));
	return l;
}

static void
gemini_limited(struct model_call *c, struct json_object *error)
{
	struct limit l = read_limit(error);

	if (l.per_day || l.wait_ms > LONG_WAIT_MS) {
		chat_fail(c->answer, c->arena, CHAT_QUOTA,
		    "Gemini's daily quota is used up. Work resumes when the "
		    "quota is renewed.");
		/* The delay that comes with a daily quota is a minute's. */
		c->answer->after_ms =
		    l.wait_ms > LONG_WAIT_MS
			? l.wait_ms
			: quota_reset_pacific_ms(clock_unix_ms());
		return;
	}
	if (l.wait_ms == 0 && l.per_minute)
		l.wait_ms = MINUTE_MS;
	chat_fail(
	    c->answer, c->arena, CHAT_AGAIN, "Gemini is limiting requests.");
	c->answer->after_ms = l.wait_ms;
}

/* error may be NULL: a body that is not theirs. */
static void
refuse_with(struct model_call *c, struct json_object *error)
{
	const char *text, *model = c->rq->conf->gemini_model;
	int status = c->http.status;

	if (error != NULL)
		status = (int)json_num(error, "code", status);
	text = error == NULL
		   ? ""
		   : model_call_display_text(c, json_str(error, "message", ""));
	if (status == 429)
		gemini_limited(c, error);
	else if (status == 401 || status == 403 ||
		 strstr(text, "API key") != NULL)
		chat_fail(c->answer, c->arena, CHAT_PERMANENT,
		    "Gemini rejected the API key (%d): %s", status, text);
	else if (status == 404)
		chat_fail(c->answer, c->arena, CHAT_PERMANENT,
		    "Gemini has no model \"%s\".", model);
	else if (status == 400 && strstr(text, "token") != NULL &&
		 strstr(text, "exceed") != NULL)
		chat_fail(c->answer, c->arena, CHAT_TOO_LONG,
		    "The text does not fit into the context of \"%s\".", model);
	else if (status == 408 || status == 499 || status >= 500)
		chat_fail(c->answer, c->arena, CHAT_AGAIN,
		    "Gemini failed (%d%s%s).", status, *text ? ": " : "", text);
	else
		chat_fail(c->answer, c->arena, CHAT_PERMANENT,
		    "Gemini rejected the request (%d%s%s).", status,
		    *text ? ": " : "", text);
}

static void
gemini_refuse(struct model_call *c)
{
	struct json_object *o = model_call_error_body(c);
	struct json_object *error = o == NULL ? NULL : json_sub(o, "error");

	refuse_with(
	    c, json_object_is_type(error, json_type_object) ? error : NULL);
	if (c->answer->after_ms == 0)
		c->answer->after_ms = model_retry_ms(&c->http);
}

static struct json_object *
gemini_content(const char *role, const char *text)
{
	struct json_object *o = json_object_new_object();
	struct json_object *list = json_object_new_array();
	struct json_object *part = json_object_new_object();

	json_put_str(part, "text", text);
	json_object_array_add(list, part);
	if (role != NULL)
		json_put_str(o, "role", role);
	json_put(o, "parts", list);
	return o;
}

/* What a model or a server in front of it may not know. */
enum {
	NO_THINKING = 1, /* the switch that turns it off */
	NO_SCHEMA = 2,   /* the schema is then told in words */
};

/*
 * Thoughts count against maxOutputTokens, and these lines need none.  Only
 * the models that think unless told otherwise, and take "off", are told.
 */
static void
put_thinking(struct json_object *config, const char *model)
{
	struct json_object *o;

	if (strstr(model, "2.5-flash") == NULL)
		return;
	o = json_object_new_object();
	json_put_num(o, "thinkingBudget", 0);
	json_put(config, "thinkingConfig", o);
}

static struct json_object *
gemini_question(const struct chat_request *rq, struct arena *a, int without)
{
	struct json_object *o = json_new(a), *config, *list;
	const char *system = rq->system;

	config = json_object_new_object();
	if (!(without & NO_THINKING))
		put_thinking(config, rq->conf->gemini_model);
	json_put(config, "temperature",
	    json_object_new_double(rq->temperature_milli / 1000.0));
	if (rq->max_tokens > 0)
		json_put_num(config, "maxOutputTokens", rq->max_tokens);
	if (rq->schema != NULL) {
		json_put_str(config, "responseMimeType", "application/json");
		if (!(without & NO_SCHEMA))
			json_put(config, "responseJsonSchema",
			    json_object_get(rq->schema));
		else
			system = arena_printf(a,
			    "%s\n\nThe answer must fit this JSON Schema: %s",
			    system, json_text(rq->schema));
	}
	list = json_object_new_array();
	json_object_array_add(list, gemini_content("user", rq->prompt));
	json_put(o, "systemInstruction", gemini_content(NULL, system));
	json_put(o, "contents", list);
	json_put(o, "generationConfig", config);
	return o;
}

/* What to leave out next, from the words of a 400; 0: nothing helps. */
static int
rejected_part(const struct model_call *c, int without)
{
	const char *text = c->http.error_body;
	int part = 0;

	if (c->http.status != 400)
		return 0;
	if (strstr(text, "hinking") != NULL)
		part = NO_THINKING;
	else if (strstr(text, "JsonSchema") != NULL ||
		 strstr(text, "json_schema") != NULL)
		part = NO_SCHEMA;
	return part & ~without;
}

/* The model's address; the API itself names it "models/gemini-...". */
static const char *
model_url(const struct conf *conf, struct arena *a, const char *verb)
{
	const char *name = conf->gemini_model;

	if (strncmp(name, "models/", 7) == 0)
		name += 7;
	return model_call_url(
	    a, conf->gemini_url, arena_printf(a, "/models/%s%s", name, verb));
}

static const char *const *
gemini_headers(const struct conf *conf, struct arena *a)
{
	const char **list = arena_array(a, 2, sizeof(*list));

	model_call_require_key(conf->gemini_key);
	list[0] = arena_printf(a, "x-goog-api-key: %s", conf->gemini_key);
	return list;
}

static void
gemini_chat(
    const struct chat_request *rq, struct arena *a, struct chat_answer *answer)
{
	struct model_call c = {
	    .label = "Gemini",
	    .url = model_url(rq->conf, a, ":streamGenerateContent?alt=sse"),
	    .headers = gemini_headers(rq->conf, a),
	    .framing = FRAMING_SSE,
	    .message = gemini_message,
	    .rq = rq,
	    .answer = answer,
	    .arena = a,
	};
	struct chat_request more = *rq;
	int without = 0, part;

	if (*rq->conf->gemini_key == '\0') {
		chat_fail(answer, a, CHAT_PERMANENT,
		    "There is no API key for Gemini. Set gemini.key.");
		return;
	}
	do {
		c.body = gemini_question(&more, a, without);
		model_call_run(&c);
		part = rejected_part(&c, without);
		without |= part;
	} while (part != 0 || chat_raise_max_tokens(answer, &more));
	if (c.http.status != 0 && c.http.status != 200)
		gemini_refuse(&c);
	else
		chat_check_empty(answer, a, "Gemini");
}

static const char *
gemini_probe(const struct conf *conf, struct arena *a)
{
	struct chat_request rq = {.conf = conf};
	struct chat_answer answer;
	struct model_call c = {
	    .label = "Gemini",
	    .url = model_url(conf, a, ""),
	    .headers = gemini_headers(conf, a),
	    .rq = &rq,
	    .answer = &answer,
	    .arena = a,
	};

	if (*conf->gemini_key == '\0')
		return "There is no API key for Gemini. Set gemini.key.";
	chat_init(&answer, 1024);
	if (model_call_get_json(&c) == NULL && answer.error == CHAT_OK)
		gemini_refuse(&c);
	return answer.error == CHAT_OK ? NULL : answer.why;
}

static const char *
gemini_model(const struct conf *conf)
{
	return conf->gemini_model;
}

static long
gemini_context(const struct conf *conf)
{
	return conf->gemini_context_tokens;
}

const struct provider provider_gemini = {
    .name = "gemini",
    .label = "Gemini",
    .chat = gemini_chat,
    .probe = gemini_probe,
    .model = gemini_model,
    .context = gemini_context,
};
