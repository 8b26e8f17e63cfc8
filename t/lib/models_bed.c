/*
 * models_bed: what the units of worker/model share: t/fakes/models.pl as a
 * child, and a configuration that leads to it.
 */
#include "core/conf.h"
#include "core/log.h"
#include "t/tap.h"
#include "worker/model/chat.h"
#include "worker/model/provider.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

extern const struct provider provider_ollama, provider_gemini, provider_openai;

static struct conf conf;
static struct arena a;
static int port; /* of the fake */
static pid_t fake;

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

/* models_start: false: the fake is not up, which fails the test. */
static bool
models_start(const char *name)
{
	fake = start_fake();
	log_init(name, LOG_ERROR);
	arena_init(&a);
	conf_load(&conf);
	conf.model_silence_ms = conf.model_first_byte_ms = 1000;
	conf.model_probe_ms = 3000;
	return ok(port > 0, "the fake provider is up");
}

static void
models_end(void)
{
	kill(fake, SIGTERM);
	waitpid(fake, NULL, 0);
	arena_release(&a);
	conf_release(&conf);
}
