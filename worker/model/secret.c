#include "worker/model/secret.h"

#include "core/arena.h"
#include "core/conf.h"

#include <string.h>

/* Shorter ones would strike out half of any text. */
#define SHORTEST 4

static const char *
strike(struct arena *a, const char *text, const char *secret)
{
	size_t n = strlen(secret);
	const char *at;

	if (n < SHORTEST)
		return text;
	while ((at = strstr(text, secret)) != NULL)
		text = arena_printf(
		    a, "%.*s***%s", (int)(at - text), text, at + n);
	return text;
}

/* "user:password" of "https://user:password@host/"; "" when there is none. */
static const char *
userinfo(struct arena *a, const char *url)
{
	const char *from = strstr(url, "://"), *at;
	size_t n;

	if (from == NULL)
		return "";
	from += 3;
	n = strcspn(from, "/?#");
	at = memrchr(from, '@', n);
	return at == NULL ? "" : arena_strndup(a, from, (size_t)(at - from));
}

const char *
secret_strike(struct arena *a, const struct conf *conf, const char *text)
{
	const char *const urls[] = {conf->ollama_url, conf->gemini_url,
	    conf->openai_url, conf->redis_url};
	const char *const keys[] = {
	    conf->ollama_key, conf->gemini_key, conf->openai_key};
	const char *user, *colon;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i] != NULL)
			text = strike(a, text, keys[i]);
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		if (urls[i] == NULL)
			continue;
		user = userinfo(a, urls[i]);
		colon = strchr(user, ':');
		text = strike(a, text, user);
		text = strike(a, text, colon == NULL ? "" : colon + 1);
	}
	return text;
}
