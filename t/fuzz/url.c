/*
 * Three lines: a URL (or what was typed as a hostname), a reference to
 * resolve on it, a glob.
 */
#include "t/fuzz/fuzz.h"

#include "core/site_input.h"
#include "core/url.h"
#include "core/url_glob.h"

#include <curl/curl.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* same_for_curl: who connects reads the host and port as who checked. */
static void
same_for_curl(const struct url *u)
{
	CURLU *c = curl_url();
	char *host = NULL, *port = NULL, *path = NULL, *user = NULL;

	must(curl_url_set(c, CURLUPART_URL, u->text, CURLU_PATH_AS_IS) == 0);
	must(curl_url_get(c, CURLUPART_HOST, &host, 0) == 0);
	must(strcmp(host, u->host) == 0);
	must(curl_url_get(c, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == 0);
	must(atoi(port) == u->port);
	must(curl_url_get(c, CURLUPART_PATH, &path, 0) == 0);
	must(strcmp(path, u->path) == 0);
	must(curl_url_get(c, CURLUPART_USER, &user, 0) != 0);
	curl_free(host);
	curl_free(port);
	curl_free(path);
	curl_url_cleanup(c);
}

static bool
takes(struct arena *a, const char *pattern, const struct url *u)
{
	uint64_t steps = 0;
	bool it = url_glob_matches(url_glob_new(a, pattern), u, &steps);

	must(steps <= (strlen(pattern) / 64 + 2) * (strlen(u->text) + 1));
	return it;
}

/* canonical: one form, which stays as it is. */
static void
canonical(struct arena *a, const struct url *u)
{
	struct url again;

	must(u->path[0] == '/' && strlen(u->text) <= URL_MAX_BYTES);
	must(url_parse(a, u->text, &again) == OK);
	must(strcmp(again.text, u->text) == 0);
	must(strcmp(again.path, u->path) == 0);
	must(strcmp(url_twin_key(a, u), url_twin_key(a, &again)) == 0);
	must(url_same_site(u, &again));
	must(takes(a, "/**", u) && takes(a, "*", u));
	must(takes(a, u->path, u));
	for (const char *p = u->text; *p != '\0'; p++)
		must(*p > ' ' && *p < 0x7f);
	must(strpbrk(u->text, "\"<>\\^`{|}#") == NULL);
	must(strstr(u->path, "/../") == NULL && strstr(u->path, "/./") == NULL);
	must(u->query == NULL || u->query[0] != '\0');
	must(u->port > 0 && u->port < 65536);
	must(url_same_host(u->host, u->host) && u->host[0] != '\0');
	same_for_curl(u);
}

static void
resolve(struct arena *a, const struct url *base, const char *ref)
{
	struct url u, v;

	if (url_resolve(a, base, ref, &u) == OK)
		canonical(a, &u);
	/* The shortcut for links within a site is only a shortcut. */
	if ((strncasecmp(ref, "http://", 7) == 0 ||
		strncasecmp(ref, "https://", 8) == 0) &&
	    url_parse(a, ref, &v) == OK) {
		must(url_resolve(a, base, ref, &u) == OK);
		must(strcmp(u.text, v.text) == 0);
	}
}

static void
typed(struct arena *a, const char *text)
{
	struct site_input in;
	const char *why = NULL;
	struct url u;

	if (site_input_parse(a, text, &in, &why) != OK) {
		must(why != NULL && why[0] != '\0');
		return;
	}
	must(url_parse(a, site_input_url(a, &in, "https"), &u) == OK);
	must(strcmp(u.host, in.host) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena a;
	char *text, *ref, *pattern;
	struct url u;

	arena_init(&a);
	text = arena_strndup(&a, (const char *)data, len);
	ref = text + strcspn(text, "\n");
	if (*ref != '\0')
		*ref++ = '\0';
	pattern = ref + strcspn(ref, "\n");
	if (*pattern != '\0')
		*pattern++ = '\0';
	typed(&a, text);
	if (url_parse(&a, text, &u) == OK) {
		canonical(&a, &u);
		resolve(&a, &u, ref);
		(void)takes(&a, pattern, &u);
	}
	arena_release(&a);
	return 0;
}
