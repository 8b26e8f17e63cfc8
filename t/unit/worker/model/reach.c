/*
 * The way to a model's server: addresses, clocks, keys, and what `platen
 * doctor` and the operator's page say of them.
 */
#include "t/lib/models_bed.c"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* A port where nobody answers the first packet: its queue is full. */
static int
deaf_port(int fd[3])
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	socklen_t len = sizeof(to);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (int i = 0; i < 3; i++)
		fd[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (bind(fd[0], (struct sockaddr *)&to, len) != 0 ||
	    listen(fd[0], 0) != 0 ||
	    getsockname(fd[0], (struct sockaddr *)&to, &len) != 0)
		return 0;
	for (int i = 1; i < 3; i++)
		(void)!connect(fd[i], (struct sockaddr *)&to, len);
	return ntohs(to.sin_port);
}

static enum chat_error
says(const char *name, const char *sentence)
{
	const struct chat_request rq = {
	    .conf = &conf, .system = "", .prompt = ""};
	struct chat_answer c;

	chat_init(&c, 65536);
	provider_ollama.chat(&rq, &a, &c);
	is(c.why, sentence, name);
	chat_release(&c);
	return c.error;
}

static void
late(const char *model, const char *sentence)
{
	configure(&provider_ollama, model);
	is_int(says(model, sentence), CHAT_AGAIN, "which may pass");
}

/* Each clock apart from the others. */
static void
keeps_time(void)
{
	int fd[3], deaf = deaf_port(fd), total = conf.model_total_ms;

	conf.model_total_ms = 1000;
	conf.model_silence_ms = 900;
	late("trickles", "Ollama did not finish its response within 1 second.");
	conf.model_total_ms = total;
	conf.model_first_byte_ms = 500;
	late("no-first-byte",
	    "Ollama did not start responding within 0.5 seconds.");
	conf.model_connect_ms = 1000;
	conf.model_first_byte_ms = 5000;
	port = deaf;
	late("good",
	    arena_printf(&a,
		"Ollama at http://127.0.0.1:%d could not be reached within 1 "
		"second.",
		deaf));
	for (int i = 0; i < 3; i++)
		close(fd[i]);
}

static void
tests_addresses(void)
{
	configure(&provider_ollama, "good");
	conf.ollama_url = arena_printf(&a, "http://127.0.0.1:%d/", port);
	is(provider_ollama.probe(&conf, &a), NULL,
	    "a slash at the end of an address does no harm");
	conf.ollama_url = "ftp://127.0.0.1/";
	is(provider_ollama.probe(&conf, &a),
	    "The address of Ollama in the configuration is not an http(s) "
	    "URL.",
	    "an address of another kind");
	conf.ollama_url = arena_printf(&a, "https://127.0.0.1:%d", port);
	ok(strncmp(provider_ollama.probe(&conf, &a),
	       "The secure connection to Ollama at https://127.0.0.1:", 53) ==
		0,
	    "a server without TLS");
	conf.ollama_url =
	    arena_printf(&a, "http://me:secret1@127.0.0.1:%d/plain", port);
	is(provider_ollama.probe(&conf, &a),
	    arena_printf(&a,
		"What answers at http://***@127.0.0.1:%d/plain/api/tags is "
		"not Ollama: it sent no JSON.",
		port),
	    "another server, without our password");
	configure(&provider_ollama, "quotes-password");
	conf.ollama_url =
	    arena_printf(&a, "http://me:secret1@127.0.0.1:%d", port);
	says("quotes-password",
	    "Ollama refused to use \"quotes-password\": *** is wrong.");
	configure(&provider_openai, "good");
	conf.openai_url = arena_printf(&a, "http://127.0.0.1:%d/v1///", port);
	is(provider_openai.probe(&conf, &a), NULL, "nor do three of them");
}

static void
tests_providers(void)
{
	configure(&provider_ollama, "good");
	is(provider_ollama.probe(&conf, &a), NULL, "Ollama is well");
	conf.ollama_model = "nope";
	is(provider_ollama.probe(&conf, &a),
	    "Ollama does not have the model \"nope\". Run: ollama pull nope",
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
	conf.gemini_model = "models/good";
	is(provider_gemini.probe(&conf, &a), NULL,
	    "also by the name that Google lists it under");
	conf.gemini_key = "bad";
	is(provider_gemini.probe(&conf, &a),
	    "Gemini rejected the API key (400): API key not valid.",
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
	    "The model's provider rejected the API key (401): Incorrect API "
	    "key provided.",
	    "a wrong key");
}

static bool
waits(enum chat_error error, long after_ms, int tries, long least, long most)
{
	const struct chat_answer c = {.error = error, .after_ms = after_ms};
	long ms = chat_retry_wait_ms(&c, tries, 4);

	return ms >= least && ms <= most;
}

static void
has_patience(void)
{
	ok(waits(CHAT_AGAIN, 0, 1, 1000, 1250), "a second after the first try");
	ok(waits(CHAT_AGAIN, 0, 2, 2000, 2500), "twice that after the second");
	ok(waits(CHAT_AGAIN, 0, 3, 4000, 5000), "and again");
	ok(waits(CHAT_AGAIN, 0, 4, -1, -1), "until the tries are used up");
	ok(waits(CHAT_AGAIN, 250, 3, 250, 250), "as long as it is told");
	ok(waits(CHAT_AGAIN, 120000, 1, 120000, 120000), "up to two minutes");
	ok(waits(CHAT_AGAIN, 120001, 1, -1, -1), "and no longer");
	ok(waits(CHAT_QUOTA, 1000, 1, -1, -1), "never for a quota");
	ok(waits(CHAT_PERMANENT, 0, 1, -1, -1), "nor for what does not pass");
}

int
main(void)
{
	has_patience();
	/* A proxy of the environment would see the keys. */
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	if (models_start("model_reach")) {
		tests_providers();
		tests_addresses();
		keeps_time();
	}
	models_end();
	return done();
}
