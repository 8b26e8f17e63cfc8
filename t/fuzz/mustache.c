/*
 * A template and its partials "p" and "q", separated by form feeds, compiled
 * and rendered with one model that has a value of every kind.
 */
#include "t/fuzz/fuzz.h"

#include "core/buf.h"
#include "core/mustache.h"

#include <json-c/json.h>

#include <stdlib.h>
#include <string.h>

#define TEMPLATES 3

static const char model[] =
    "{\"t\":true,\"f\":false,\"n\":null,\"i\":-7,\"u\":18446744073709551615,"
    "\"d\":1.21,\"e\":1e300,\"s\":\"<&'\\\">\\n{{s}}\",\"z\":\"\","
    "\"a\":{\"b\":{\"c\":\"deep\"},\"s\":\"inner\"},"
    "\"l\":[1,\"two\",{\"s\":\"item\"},[],null],\"m\":[]}";

static const struct mustache *
find_partial(void *arg, const char *name)
{
	struct mustache **m = arg;

	if (strcmp(name, "p") == 0)
		return m[1];
	return strcmp(name, "q") == 0 ? m[2] : NULL;
}

static void
compile_all(const char *p, size_t len, struct mustache **m)
{
	const char *end;
	struct buf why;
	size_t n;

	buf_init(&why, 10000);
	for (int i = 0; i < TEMPLATES && p != NULL; i++) {
		end = memchr(p, '\f', len);
		n = end == NULL ? len : (size_t)(end - p);
		if (mustache_compile(p, n, &m[i], &why) != OK &&
		    strncmp(why.data, "line ", 5) != 0)
			abort();
		p = end == NULL ? NULL : end + 1;
		len -= end == NULL ? n : n + 1;
	}
	buf_release(&why);
}

/* render_twice: a page is the same each time, and an error leaves nothing. */
static void
render_twice(const struct mustache *m, struct json_object *data,
    const struct mustache_partials *partials)
{
	struct buf one, two, why;
	enum rc rc;

	buf_init(&one, 100000);
	buf_init(&two, 100000);
	buf_init(&why, 10000);
	rc = mustache_render(m, data, partials, &one, &why);
	if (rc != OK && (one.len > 0 || why.len == 0))
		abort();
	if (mustache_render(m, data, partials, &two, &why) != rc ||
	    two.len != one.len || memcmp(one.data, two.data, one.len) != 0)
		abort();
	buf_release(&one);
	buf_release(&two);
	buf_release(&why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
	struct mustache *m[TEMPLATES] = {NULL, NULL, NULL};
	struct mustache_partials partials = {find_partial, m};
	struct json_object *data = json_tokener_parse(model);

	compile_all((const char *)input, len, m);
	if (m[0] != NULL)
		render_twice(m[0], data, &partials);
	for (int i = 0; i < TEMPLATES; i++)
		mustache_free(m[i]);
	json_object_put(data);
	return 0;
}
