/*
 * The providers against t/fakes/models.pl: what a person reads when a
 * model's server does any of what those servers are known to do.
 */
#include "core/clock.h"
#include "core/json.h"
#include "core/text.h"
#include "t/lib/models_bed.c"

static const char schema[] =
    "{\"type\":\"object\",\"properties\":{\"pages\":{\"type\":\"array\"}}}";
static const char prompt[] =
    "0 | /ink | Inks | Oil inks dry in 24 hours \xe2\x80\x93 m\xc3\xbchsam.\n"
    "1 | /press | Press | The platen press prints posters.\n";

static void
ask(const struct provider *p, const char *model, struct chat_answer *answer)
{
	const char *why;
	struct chat_request rq = {
	    .conf = &conf,
	    .system = "Answer.",
	    .prompt = prompt,
	    .schema = json_parse(&a, schema, strlen(schema), &why),
	    .schema_name = "pages",
	    .max_tokens = 500,
	};

	configure(p, model);
	chat_init(answer, 1 << 20);
	p->chat(&rq, &a, answer);
}

/* The answer is whole and is JSON with two pages. */
static void
good(const struct provider *p, const char *model)
{
	struct chat_answer c;
	struct json_object *o;
	const char *why;

	ask(p, model, &c);
	o = json_parse(&a, c.text.data, c.text.len, &why);
	ok(c.error == CHAT_OK && c.finish == CHAT_DONE && o != NULL &&
		json_object_array_length(json_sub(o, "pages")) == 2,
	    "%s, %s: the whole answer comes (%s)", p->name, model,
	    c.why ? c.why : c.text.data);
	chat_release(&c);
}

static void
fails(const struct provider *p, const char *model, enum chat_error error,
    const char *sentence)
{
	struct chat_answer c;

	ask(p, model, &c);
	is_int((int)c.error, (int)error,
	    arena_printf(
		&a, "%s, %s: %s", p->name, model, chat_error_name(error)));
	is(c.why, sentence,
	    arena_printf(&a, "%s, %s: says so", p->name, model));
	chat_release(&c);
}

/* A model that does not stop is stopped. */
static void
too_much(const struct provider *p)
{
	struct chat_request rq = {.conf = &conf, .system = "", .prompt = ""};
	struct chat_answer c;

	configure(p, "good");
	chat_init(&c, 10);
	p->chat(&rq, &a, &c);
	is(c.why, "The model answered with more than 10 bytes.", p->name);
	is_int(c.error, CHAT_PERMANENT, "and no other try would help");
	chat_release(&c);
}

static void
cut_at_the_limit(const struct provider *p)
{
	struct chat_answer c;

	ask(p, "half-json", &c);
	ok(c.error == CHAT_OK && c.finish == CHAT_LENGTH,
	    "%s: an answer cut at the token limit is known as such", p->name);
	chat_release(&c);
}

/* Nobody waits for the end of a connection that has said all. */
static void
leaves(const struct provider *p)
{
	int64_t began = clock_ms();

	good(p, "lingers");
	within((double)(clock_ms() - began) / 1000,
	    (double)conf.model_silence_ms / 1000,
	    "%s: a connection that has said all is not waited for", p->name);
}

static void
common(const struct provider *p)
{
	static const char *const fine[] = {
	    "good", "split", "joined", "long-line", "bare", "cut-after-end"};

	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		good(p, fine[i]);
	cut_at_the_limit(p);
	too_much(p);
}

/* Gemini counts anew in every piece, of 36 letters: the last one holds. */
static long
pieces_of(const struct buf *text)
{
	return (long)(text_count(text->data) + 35) / 36;
}

static void
counts_tokens(const struct provider *p)
{
	struct chat_answer c;
	long out;

	ask(p, "good", &c);
	out = p == &provider_gemini ? pieces_of(&c.text) : 7;
	ok(c.tokens_in == 11 && c.tokens_out == out && out > 1,
	    "%s: tokens as the provider counts them (%ld, %ld)", p->name,
	    c.tokens_in, c.tokens_out);
	chat_release(&c);
	ask(p, "bare", &c);
	ok(c.error == CHAT_OK && (p != &provider_ollama || c.tokens_in == -1),
	    "%s: and does without", p->name);
	chat_release(&c);
}

/* Thoughts eat the room of the answer: once there is more of it. */
static void
thinks(const struct provider *p, const char *label)
{
	good(p, "no-schema");
	good(p, "thinks");
	fails(p, "ponders", CHAT_PERMANENT,
	    arena_printf(&a,
		"%s used its whole token budget on reasoning. Turn reasoning "
		"off or choose another model.",
		label));
}

static void
statuses(const struct provider *p, enum chat_error error, const int *list)
{
	struct chat_answer c;

	for (; *list != 0; list++) {
		ask(p, arena_printf(&a, "status-%d", *list), &c);
		is_int((int)c.error, (int)error,
		    arena_printf(&a, "%s, status %d: %s", p->name, *list,
			chat_error_name(error)));
		chat_release(&c);
	}
}

static const char *
repeated(const char *s, int n)
{
	const char *out = "";

	while (n-- > 0)
		out = arena_printf(&a, "%s%s", out, s);
	return out;
}

static void
waits(
    const struct provider *p, const char *model, enum chat_error error, long ms)
{
	struct chat_answer c;

	ask(p, model, &c);
	is_int((int)c.error, (int)error,
	    arena_printf(
		&a, "%s, %s: %s", p->name, model, chat_error_name(error)));
	is_int(c.after_ms, ms,
	    arena_printf(&a, "%s, %s: and how long", p->name, model));
	chat_release(&c);
}

/* A question that needs some 900 tokens, where there may be so many. */
static void
sizes_the_context(void)
{
	const int usual = conf.ollama_context_tokens;

	conf.ollama_context_tokens = 900;
	good(&provider_ollama, "good");
	conf.ollama_context_tokens = 500;
	fails(&provider_ollama, "good", CHAT_TOO_LONG,
	    "The text needs a context of about 815 tokens; "
	    "ollama.context_tokens is 500.");
	conf.ollama_context_tokens = usual;
}

static void
ollama(void)
{
	const struct provider *p = &provider_ollama;

	common(p);
	counts_tokens(p);
	thinks(p, "Ollama");
	leaves(p);
	good(p, "thinks-if-let");
	good(p, "cannot-think");
	fails(p, "error-inside", CHAT_AGAIN,
	    "Ollama stopped before finishing: the runner stopped.");
	fails(p, "cut", CHAT_AGAIN, "The response from Ollama was incomplete.");
	fails(p, "silence", CHAT_AGAIN,
	    "Ollama stopped responding for 1 second.");
	fails(p, "no-first-byte", CHAT_AGAIN,
	    "Ollama did not start responding within 1 second.");
	fails(p, "garbage", CHAT_AGAIN,
	    "Ollama sent something that is not JSON.");
	fails(p, "empty", CHAT_AGAIN, "Ollama answered nothing.");
	fails(p, "busy-twice", CHAT_AGAIN,
	    "Ollama is busy or failed (503: server busy, please try again.).");
	fails(p, "missing", CHAT_PERMANENT,
	    "Ollama does not have the model \"missing\". Run: ollama pull "
	    "missing");
	fails(p, "too-long", CHAT_TOO_LONG,
	    "The text does not fit into the context of \"too-long\".");
	fails(p, "html-502", CHAT_AGAIN, "Ollama is busy or failed (502).");
	fails(p, "error-object", CHAT_AGAIN,
	    "Ollama stopped before finishing: the runner stopped.");
	statuses(p, CHAT_AGAIN, (const int[]){408, 429, 499, 500, 502, 503, 0});
	statuses(p, CHAT_PERMANENT, (const int[]){302, 400, 401, 403, 404, 0});
	fails(p, "status-500", CHAT_AGAIN,
	    "Ollama is busy or failed (500: said 500).");
	fails(p, "hosted", CHAT_PERMANENT,
	    "Ollama refused to use \"hosted\": unauthorized.");
	conf.ollama_key = "good-key";
	good(p, "hosted");
	waits(p, "busy-until", CHAT_AGAIN, 3000);
	fails(p, "long-error", CHAT_PERMANENT,
	    arena_printf(&a, "Ollama rejected the request (400:  [2Jno %s).",
		repeated("\u00e9", 146)));
	fails(p, "quotes-key", CHAT_AGAIN,
	    "Ollama stopped before finishing: no credit for ***.");
	conf.ollama_key = "";
	sizes_the_context();
}

static void
gemini(void)
{
	const struct provider *p = &provider_gemini;
	struct chat_answer c;

	common(p);
	counts_tokens(p);
	thinks(p, "Gemini");
	good(p, "always-2.5-flash-thinks");
	good(p, "two-candidates");
	ask(p, "counts-thoughts", &c);
	is_int(c.tokens_out, 14, "gemini: thoughts are tokens, too");
	chat_release(&c);
	fails(p, "blocked", CHAT_BLOCKED,
	    "Gemini refused the question (SAFETY).");
	fails(
	    p, "safety", CHAT_BLOCKED, "Gemini blocked its response (SAFETY).");
	fails(p, "no-content", CHAT_AGAIN, "Gemini answered nothing.");
	fails(p, "error-array", CHAT_PERMANENT,
	    "Gemini rejected the request (400: a bad field).");
	fails(p, "html-502", CHAT_AGAIN, "Gemini failed (502).");
	good(p, "list");
	statuses(p, CHAT_AGAIN, (const int[]){408, 499, 500, 503, 504, 0});
	statuses(p, CHAT_PERMANENT, (const int[]){302, 400, 401, 403, 404, 0});
	fails(p, "error-inside", CHAT_AGAIN,
	    "Gemini failed (500: the runner stopped).");
	fails(p, "error-object", CHAT_AGAIN,
	    "Gemini stopped before finishing: the runner stopped.");
	fails(p, "error-string", CHAT_AGAIN,
	    "Gemini stopped before finishing: the runner stopped.");
	fails(p, "cut", CHAT_AGAIN, "The response from Gemini was incomplete.");
	fails(p, "silence", CHAT_AGAIN,
	    "Gemini stopped responding for 1 second.");
	fails(p, "garbage", CHAT_AGAIN,
	    "Gemini sent something that is not JSON.");
	fails(p, "new-reason", CHAT_BLOCKED,
	    "Gemini blocked its response (BORED).");
	fails(p, "refuses-key", CHAT_PERMANENT,
	    "Gemini rejected the API key (403): no credit for ***");
	waits(p, "in-words", CHAT_AGAIN, 12300);
	waits(p, "in-ms", CHAT_AGAIN, 900);
	waits(p, "per-minute", CHAT_AGAIN, 60000);
	waits(p, "status-429", CHAT_AGAIN, 0);
	waits(p, "limited-inside", CHAT_AGAIN, 0);
	waits(p, "status-429-empty", CHAT_AGAIN, 0);
	waits(p, "long-delay", CHAT_QUOTA, 301500);
	ask(p, "daily", &c);
	ok(c.error == CHAT_QUOTA && c.after_ms > 60000,
	    "gemini, daily: parked until the quota is renewed (%ld ms)",
	    c.after_ms);
	chat_release(&c);
	fails(p, "missing", CHAT_PERMANENT, "Gemini has no model \"missing\".");
	fails(p, "quota", CHAT_QUOTA,
	    "Gemini's daily quota is used up. Work resumes when the quota is "
	    "renewed.");
	ask(p, "limited", &c);
	ok(c.error == CHAT_AGAIN && c.after_ms == 500,
	    "gemini, limited: waits as long as it is told (%ld ms)",
	    c.after_ms);
	chat_release(&c);
	conf.gemini_key = "";
}

static void
openai(void)
{
	static const char *const too_long[] = {
	    "too-long", "vllm-too-long", "llama-too-long", "lmstudio-too-long"};
	const struct provider *p = &provider_openai;
	struct chat_answer c;

	common(p);
	counts_tokens(p);
	thinks(p, "The model");
	leaves(p);
	good(p, "new-max");
	good(p, "fixed-temperature");
	good(p, "no-usage");
	good(p, "no-format");
	fails(p, "function-call", CHAT_PERMANENT,
	    "The model asked to call a tool instead of answering.");
	waits(p, "quota", CHAT_QUOTA, 3600000);
	good(p, "no-last-end");
	good(p, "whole");
	good(p, "whole-no-reason");
	good(p, "sse-as-json");
	good(p, "reasons");
	for (size_t i = 0; i < sizeof(too_long) / sizeof(too_long[0]); i++)
		fails(p, too_long[i], CHAT_TOO_LONG,
		    "The text does not fit the model's context.");
	fails(p, "flat-error", CHAT_PERMANENT,
	    "The model's provider rejected the request (400: no such field).");
	fails(p, "cut", CHAT_AGAIN,
	    "The response from the model's provider was incomplete.");
	fails(p, "half-event", CHAT_AGAIN,
	    "The response from the model's provider was incomplete.");
	fails(p, "limited-no-retry", CHAT_PERMANENT,
	    "The model's provider is limiting requests and does not allow a "
	    "retry: enough for now.");
	fails(p, "error-inside", CHAT_AGAIN,
	    "The model's server stopped before finishing: the runner stopped.");
	fails(p, "blocked", CHAT_BLOCKED, "The model refused: I cannot help.");
	fails(p, "safety", CHAT_BLOCKED,
	    "The model's response was blocked by its content filter.");
	fails(p, "tool-call", CHAT_PERMANENT,
	    "The model asked to call a tool instead of answering.");
	fails(p, "quota", CHAT_QUOTA,
	    "The account at the model's provider has no quota left: You "
	    "exceeded "
	    "your quota.");
	fails(p, "parked", CHAT_QUOTA,
	    "The model's provider asks to wait 10 minutes.");
	fails(p, "error-string", CHAT_AGAIN,
	    "The model's server stopped before finishing: the runner stopped.");
	fails(p, "silence", CHAT_AGAIN,
	    "The model's provider stopped responding for 1 second.");
	fails(p, "quotes-key", CHAT_AGAIN,
	    "The model's server stopped before finishing: no credit for ***.");
	fails(p, "refuses-key", CHAT_PERMANENT,
	    "The model's provider rejected the API key (403): no credit for "
	    "***.");
	statuses(p, CHAT_AGAIN, (const int[]){408, 409, 429, 500, 503, 0});
	statuses(
	    p, CHAT_PERMANENT, (const int[]){302, 400, 401, 403, 404, 422, 0});
	waits(p, "retry-anyway", CHAT_AGAIN, 1500);
	waits(p, "limited-in-the-past", CHAT_AGAIN, 0);
	ask(p, "limited-to-date", &c);
	ok(c.error == CHAT_AGAIN && c.after_ms > 50000 && c.after_ms <= 60000,
	    "openai, limited-to-date: waits until then (%ld ms)", c.after_ms);
	chat_release(&c);
	fails(p, "no-retry", CHAT_PERMANENT,
	    "The model's provider rejected the request (500: do not ask "
	    "again).");
	ask(p, "good", &c);
	is(c.request, "req-1", "openai: the server's id of the call is known");
	chat_release(&c);
	ask(p, "limited", &c);
	ok(c.error == CHAT_AGAIN && c.after_ms == 250,
	    "openai, limited: waits as long as it is told (%ld ms)",
	    c.after_ms);
	chat_release(&c);
}

int
main(void)
{
	if (models_start("model_chat")) {
		ollama();
		gemini();
		openai();
	}
	models_end();
	return done();
}
