/*
 * The cases of the URL standard (web-platform-tests), where they are at hand:
 * vectors/url/urltestdata.json under $PLATEN_SHARED, or else under ../shared.
 *
 * Every http(s) one comes out as the standard says, or is refused; what
 * the standard refuses is refused.  Held against the parser that decides
 * what is fetched, and against the one that reads the links of pages.
 */
#include "core/url.h"
#include "t/tap.h"
#include "worker/extract/base_url.h"

#include <arpa/inet.h>
#include <json-c/json.h>
#include <string.h>
#include <strings.h>

static struct arena a;
static size_t followed, refused;

static const char *
field(struct json_object *o, const char *name)
{
	struct json_object *v = json_object_object_get(o, name);

	return v == NULL || !json_object_is_type(v, json_type_string)
		   ? NULL
		   : json_object_get_string(v);
}

static bool
is_web(const char *url)
{
	return strncasecmp(url, "http:", 5) == 0 ||
	       strncasecmp(url, "https:", 6) == 0;
}

/* same_host: an address of version 6 may be spelled in two ways; a dot at the
 * end names the same host. */
static bool
same_host(const char *ours, const char *theirs)
{
	struct in6_addr x, y;
	size_t n = strlen(theirs);

	if (ours[0] == '[' && theirs[0] == '[') {
		char *p = arena_strndup(&a, ours + 1, strlen(ours) - 2);
		char *q = arena_strndup(&a, theirs + 1, n - 2);

		return inet_pton(AF_INET6, p, &x) == 1 &&
		       inet_pton(AF_INET6, q, &y) == 1 &&
		       memcmp(&x, &y, sizeof(x)) == 0;
	}
	n -= n > 1 && theirs[n - 1] == '.';
	return strlen(ours) == n && strncmp(ours, theirs, n) == 0;
}

/* without_user: the standard keeps who logs in; we never send it. */
static const char *
without_user(const char *href, const char *user, const char *password)
{
	const char *at = strchr(href, '@');

	if (at == NULL || (*user == '\0' && *password == '\0'))
		return href;
	return arena_printf(
	    &a, "%.*s%s", (int)(strstr(href, "://") + 3 - href), href, at + 1);
}

/* judge: got is what became of it, NULL when it was refused. */
static void
judge(const char *who, struct json_object *t, const struct url *got)
{
	const char *href = field(t, "href"), *port = field(t, "port");
	const char *input = field(t, "input"), *base = field(t, "base");
	struct url want;

	if (got == NULL) {
		refused++;
		return;
	}
	followed++;
	if (href == NULL || !is_web(href)) {
		ok(0, "%s refuses '%s' on '%s': got %s", who, input,
		    base == NULL ? "" : base, got->text);
		return;
	}
	href = without_user(href, field(t, "username"), field(t, "password"));
	ok(same_host(got->host, field(t, "hostname")) &&
		(*port == '\0' ? url_port_is_default(got)
			       : got->port == atoi(port)) &&
		strncmp(got->scheme, field(t, "protocol"),
		    strlen(got->scheme)) == 0,
	    "%s: '%s' on '%s' is at %s", who, input, base == NULL ? "" : base,
	    field(t, "host"));
	ok(url_parse(&a, href, &want) == OK &&
		strcmp(want.text, got->text) == 0,
	    "%s: '%s' on '%s' is %s, got %s", who, input,
	    base == NULL ? "" : base, href, got->text);
}

/* by_core: what decides where a request goes. */
static void
by_core(struct json_object *t, const char *input, const char *base)
{
	struct url b, u;

	if (base == NULL)
		judge("core", t, url_parse(&a, input, &u) == OK ? &u : NULL);
	else if (url_parse(&a, base, &b) == OK)
		judge("core", t,
		    url_resolve(&a, &b, input, &u) == OK ? &u : NULL);
}

/* by_page: the link of a page, and then what is fetched of it. */
static void
by_page(struct json_object *t, const char *input, const char *base)
{
	const char *joined;
	struct base_url b;
	struct url u;

	if (base == NULL || !base_url_parse(&b, base))
		return;
	joined = base_url_resolve_str(
	    &b, &a, (struct slice){input, strlen(input)}, false);
	judge("page", t,
	    *joined != '\0' && url_parse(&a, joined, &u) == OK ? &u : NULL);
}

static void
run(struct json_object *t)
{
	const char *input, *base, *href;

	if (!json_object_is_type(t, json_type_object))
		return;
	input = field(t, "input");
	base = field(t, "base");
	href = field(t, "href");
	/* A NUL ends our strings before it is looked at. */
	if (strlen(input) != (size_t)json_object_get_string_len(
				 json_object_object_get(t, "input")))
		return;
	if (href == NULL ? !is_web(input) && (base == NULL || !is_web(base))
			 : !is_web(href) && (base == NULL || !is_web(base)))
		return;
	by_core(t, input, base);
	by_page(t, input, base);
}

int
main(void)
{
	const char *shared = getenv("PLATEN_SHARED");
	struct json_object *cases;
	char path[4096];

	snprintf(path, sizeof(path), "%s/vectors/url/urltestdata.json",
	    shared != NULL ? shared : "../shared");
	cases = json_object_from_file(path);
	if (cases == NULL) {
		skip(1, "the standard's urltestdata.json is not here");
		return done();
	}
	for (size_t i = 0; i < json_object_array_length(cases); i++)
		run(json_object_array_get_idx(cases, i));
	printf("# %zu as the standard says, %zu refused\n", followed, refused);
	ok(followed > 250, "most of the standard's addresses are followed");
	json_object_put(cases);
	arena_release(&a);
	return done();
}
