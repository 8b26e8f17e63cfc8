#include "worker/model/redact.h"

#include "core/arena.h"
#include "core/conf.h"
#include "worker/model/provider.h"

#include <string.h>

/* Shorter ones would strike out half of any text. */
#define SHORTEST 4

static const char *
redact_one(struct arena *a, const char *text, const char *secret)
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
url_userinfo(struct arena *a, const char *url)
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

static const char *
redact_userinfo(struct arena *a, const char *text, const char *url)
{
	const char *user = url_userinfo(a, url), *colon = strchr(user, ':');

	text = redact_one(a, text, user);
	return redact_one(a, text, colon == NULL ? "" : colon + 1);
}

const char *
redact_secrets(struct arena *a, const struct conf *conf, const char *text)
{
	for (int i = 0; providers[i] != NULL; i++) {
		const char *name = providers[i]->name;

		text = redact_one(
		    a, text, conf_text(conf, arena_printf(a, "%s.key", name)));
		text = redact_userinfo(
		    a, text, conf_text(conf, arena_printf(a, "%s.url", name)));
	}
	return redact_userinfo(a, text, conf_text(conf, "redis.url"));
}
