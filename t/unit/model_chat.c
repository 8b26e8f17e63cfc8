/*
 * The providers against t/fakes/models.pl: what a person reads when a
 * model's server does any of what those servers are known to do.
 */
#include "core/conf.h"
#include "core/json.h"
#include "core/log.h"
#include "t/tap.h"
#include "worker/model/chat.h"
#include "worker/provider.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

extern const struct provider provider_ollama, provider_gemini, provider_openai;

static const char schema[] =
    "{\"type\":\"object\",\"properties\":{\"pages\":{\"type\":\"array\"}}}";
static const char prompt[] =
    "0 | /ink | Inks | Oil inks dry in 24 hours \xe2\x80\x93 m\xc3\xbchsam.\n"
    "1 | /press | Press | The platen press prints posters.\n";

static struct conf conf;
static struct arena a;
static int port;

/* Starts the fake; its port comes on its standard output. */
static pid_t
start_fake(void)
{
	int out[2];
	pid_t pid;
	FILE *f;

	if (pipe(out) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(out[1], 1);
		close(out[0]);
		execlp("perl", "perl", "t/fakes/models.pl", (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	f = fdopen(out[0], "r");
	if (f == NULL || fscanf(f, "port %d", &port) != 1)
		port = 0;
	return pid;
}

static void
configure(const struct provider *p, const char *model)
{
	conf.ollama_url = arena_printf(&a, "http://127.0.0.1:%d", port);
	conf.gemini_url = arena_printf(&a, "http://127.0.0.1:%d/v1beta", port);
	conf.openai_url = arena_printf(&a, "http://127.0.0.1:%d/v1", port);
	conf.gemini_key = conf.openai_key = "good-key";
	if (p == &provider_ollama)
		conf.ollama_model = model;
	else if (p == &provider_gemini)
		conf.gemini_model = model;
	else
		conf.openai_model = model;
}

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

static void
cut_at_the_limit(const struct provider *p)
{
	struct chat_answer c;

	ask(p, "half-json", &c);
	ok(c.error == CHAT_OK && c.finish == CHAT_LENGTH,
	    "%s: an answer cut at the token limit is known as such", p->name);
	chat_release(&c);
}

static void
common(const struct provider *p)
{
	static const char *const fine[] = {
	    "good", "split", "joined", "long-line", "bare"};

	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		good(p, fine[i]);
	cut_at_the_limit(p);
}

static void
counts_tokens(const struct provider *p, long out)
{
	struct chat_answer c;

	ask(p, "good", &c);
	ok(c.tokens_in == 11 &&
		(out == 0 ? c.tokens_out > 0 : c.tokens_out == out),
	    "%s: tokens as the provider counts them (%ld, %ld)", p->name,
	    c.tokens_in, c.tokens_out);
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
		"%s spent its whole answer thinking. Choose a model that does "
		"not think, or turn that off.",
		label));
}

static void
ollama(void)
{
	const struct provider *p = &provider_ollama;

	common(p);
	counts_tokens(p, 7);
	thinks(p, "Ollama");
	fails(p, "error-inside", CHAT_AGAIN,
	    "Ollama gave up in the middle: the runner stopped.");
	fails(
	    p, "cut", CHAT_AGAIN, "The answer of Ollama ended in the middle.");
	fails(p, "silence", CHAT_AGAIN,
	    "Ollama stopped in the middle of its answer for 1 seconds.");
	fails(p, "no-first-byte", CHAT_AGAIN,
	    "Ollama did not begin to answer within 1 seconds.");
	fails(p, "garbage", CHAT_AGAIN,
	    "Ollama sent something that is not JSON.");
	fails(p, "empty", CHAT_AGAIN, "Ollama answered nothing.");
	fails(p, "busy-twice", CHAT_AGAIN,
	    "Ollama is busy or failed (503: server busy, please try again.).");
	fails(p, "missing", CHAT_PERMANENT,
	    "Ollama has no model \"missing\"; get it with: ollama pull "
	    "missing");
	fails(p, "too-long", CHAT_TOO_LONG,
	    "The text does not fit the context of \"too-long\".");
	fails(p, "html-502", CHAT_AGAIN, "Ollama is busy or failed (502).");
}

static void
gemini(void)
{
	const struct provider *p = &provider_gemini;
	struct chat_answer c;

	common(p);
	counts_tokens(p, 0);
	thinks(p, "Gemini");
	good(p, "always-2.5-flash-thinks");
	good(p, "two-candidates");
	fails(p, "blocked", CHAT_BLOCKED,
	    "Gemini refused the question (SAFETY).");
	fails(
	    p, "safety", CHAT_BLOCKED, "Gemini held its answer back (SAFETY).");
	fails(p, "no-content", CHAT_AGAIN, "Gemini answered nothing.");
	fails(p, "error-array", CHAT_PERMANENT,
	    "Gemini rejected the request (400: a bad field).");
	fails(p, "html-502", CHAT_AGAIN, "Gemini failed (502).");
	fails(p, "missing", CHAT_PERMANENT, "Gemini has no model \"missing\".");
	fails(p, "quota", CHAT_QUOTA,
	    "Gemini's daily quota is used up; it goes on when the quota is "
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
	counts_tokens(p, 7);
	thinks(p, "The model");
	good(p, "new-max");
	good(p, "no-last-end");
	good(p, "whole");
	for (size_t i = 0; i < sizeof(too_long) / sizeof(too_long[0]); i++)
		fails(p, too_long[i], CHAT_TOO_LONG,
		    "The text does not fit the model's context.");
	fails(p, "flat-error", CHAT_PERMANENT,
	    "The model's provider rejected the request (400: no such field).");
	fails(p, "cut", CHAT_AGAIN,
	    "The answer of the model's provider ended in the middle.");
	fails(p, "half-event", CHAT_AGAIN,
	    "The answer of the model's provider ended in the middle.");
	fails(p, "limited-no-retry", CHAT_PERMANENT,
	    "The model's provider is limiting requests and wants no other try: "
	    "enough for now.");
	fails(p, "error-inside", CHAT_AGAIN,
	    "The model's server gave up in the middle: the runner stopped.");
	fails(p, "blocked", CHAT_BLOCKED, "The model refused: I cannot help.");
	fails(p, "safety", CHAT_BLOCKED,
	    "The model's answer was held back by its content filter.");
	fails(p, "tool-call", CHAT_PERMANENT,
	    "The model asked to call a tool instead of answering.");
	fails(p, "quota", CHAT_QUOTA,
	    "The account at the model's provider has no quota left: You "
	    "exceeded "
	    "your quota.");
	fails(p, "parked", CHAT_QUOTA,
	    "The model's provider asks to wait 10 minutes.");
	fails(p, "no-retry", CHAT_PERMANENT,
	    "The model's provider rejected the request (500: do not ask "
	    "again).");
	ask(p, "limited", &c);
	ok(c.error == CHAT_AGAIN && c.after_ms == 250,
	    "openai, limited: waits as long as it is told (%ld ms)",
	    c.after_ms);
	chat_release(&c);
}

static void
tests_providers(void)
{
	configure(&provider_ollama, "good");
	is(provider_ollama.probe(&conf, &a), NULL, "Ollama is well");
	conf.ollama_model = "nope";
	is(provider_ollama.probe(&conf, &a),
	    "Ollama has no model \"nope\"; get it with: ollama pull nope",
	    "a model that is not there, and how to get it");
	conf.ollama_url = "http://127.0.0.1:1";
	is(provider_ollama.probe(&conf, &a),
	    "Ollama at http://127.0.0.1:1 refused the connection; is it "
	    "running?",
	    "nobody there");
	conf.ollama_url = "http://no-such-host.invalid";
	is(provider_ollama.probe(&conf, &a),
	    "The host of Ollama (http://no-such-host.invalid) does not exist; "
	    "check the address in the configuration.",
	    "a host that does not exist");
	configure(&provider_gemini, "good");
	is(provider_gemini.probe(&conf, &a), NULL, "Gemini is well");
	conf.gemini_key = "bad";
	is(provider_gemini.probe(&conf, &a),
	    "Gemini does not take our key (400): API key not valid.",
	    "a wrong key");
	conf.openai_url = "http://no-such-host.invalid";
	is(provider_openai.probe(&conf, &a),
	    "The host of the model's provider (http://no-such-host.invalid) "
	    "does not exist; check the address in the configuration.",
	    "the host of an OpenAI server does not exist");
	configure(&provider_openai, "good");
	is(provider_openai.probe(&conf, &a), NULL, "an OpenAI server is well");
	conf.openai_key = "bad";
	is(provider_openai.probe(&conf, &a),
	    "The model's provider does not take our key (401): Incorrect API "
	    "key "
	    "provided.",
	    "a wrong key");
}

int
main(void)
{
	pid_t fake = start_fake();

	log_init("model_chat", LOG_ERROR);
	arena_init(&a);
	conf_load(&conf);
	conf.model_silence_ms = conf.model_first_byte_ms = 1000;
	conf.model_probe_ms = 3000;
	if (ok(port > 0, "the fake provider is up")) {
		ollama();
		gemini();
		openai();
		tests_providers();
	}
	kill(fake, SIGTERM);
	waitpid(fake, NULL, 0);
	arena_release(&a);
	conf_release(&conf);
	return done();
}
