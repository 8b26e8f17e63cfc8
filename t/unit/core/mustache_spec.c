/*
 * The vectors of the Mustache specification, where they are at hand: in
 * vectors/mustache under $PLATEN_SHARED, or else under ../shared.
 */
#include "core/buf.h"
#include "core/mustache.h"
#include "t/tap.h"

#include <json-c/json.h>

static const char *const files[] = {
    "comments",
    "delimiters",
    "interpolation",
    "inverted",
    "partials",
    "sections",
};

#define FILES (sizeof(files) / sizeof(files[0]))
#define PARTIALS 16

struct set {
	size_t n;
	const char *name[PARTIALS];
	struct mustache *m[PARTIALS];
};

static const struct mustache *
find_partial(void *arg, const char *name)
{
	struct set *set = arg;

	for (size_t i = 0; i < set->n; i++)
		if (strcmp(set->name[i], name) == 0)
			return set->m[i];
	return NULL;
}

static struct json_object *
field(struct json_object *o, const char *name)
{
	return json_object_object_get(o, name);
}

/* compiled: NULL, with a sentence in why, when the template is refused.
 */
static struct mustache *
compiled(struct json_object *text, struct buf *why)
{
	struct mustache *m;
	size_t len = (size_t)json_object_get_string_len(text);

	if (mustache_compile(json_object_get_string(text), len, &m, why) != OK)
		return NULL;
	return m;
}

static void
compile_partials(struct json_object *list, struct set *set, struct buf *why)
{
	if (list == NULL)
		return;
	json_object_object_foreach(list, key, text)
	{
		if (set->n == PARTIALS) {
			buf_adds(why, "too many partials for this test");
			return;
		}
		set->name[set->n] = key;
		set->m[set->n++] = compiled(text, why);
	}
}

static void
run(const char *file, struct json_object *test)
{
	struct set set = {0};
	struct mustache_partials partials = {find_partial, &set};
	struct mustache *m;
	struct buf out, why;
	char name[300];
	enum rc rc = E_INPUT;

	buf_init(&out, 100000);
	buf_init(&why, 1000);
	compile_partials(field(test, "partials"), &set, &why);
	m = compiled(field(test, "template"), &why);
	if (m != NULL)
		rc = mustache_render(
		    m, field(test, "data"), &partials, &out, &why);
	snprintf(name, sizeof(name), "%s: %s", file,
	    json_object_get_string(field(test, "name")));
	is(rc == OK && why.len == 0 ? out.data : why.data,
	    json_object_get_string(field(test, "expected")), name);
	mustache_free(m);
	for (size_t i = 0; i < set.n; i++)
		mustache_free(set.m[i]);
	buf_release(&out);
	buf_release(&why);
}

static void
run_file(const char *shared, const char *file)
{
	struct json_object *vectors, *tests;
	char path[4096];

	snprintf(
	    path, sizeof(path), "%s/vectors/mustache/%s.json", shared, file);
	vectors = json_object_from_file(path);
	if (vectors == NULL) {
		snprintf(path, sizeof(path),
		    "the specification's %s.json is not here", file);
		skip(1, path);
		return;
	}
	tests = field(vectors, "tests");
	for (size_t i = 0; i < json_object_array_length(tests); i++)
		run(file, json_object_array_get_idx(tests, i));
	json_object_put(vectors);
}

int
main(void)
{
	const char *shared = getenv("PLATEN_SHARED");

	for (size_t f = 0; f < FILES; f++)
		run_file(shared == NULL ? "../shared" : shared, files[f]);
	return done();
}
