/* What a worker writes of a count, a page reads; and what it must not trust. */
#include "core/arena.h"
#include "core/json.h"
#include "core/schema/host_count.h"
#include "t/tap.h"

static struct arena arena;

/* make_count: as a worker makes one. */
static struct json_object *
make_count(void)
{
	struct json_object *count = host_count_new(&arena, 90, 80);
	struct json_object *paths = json_object_new_array();
	struct json_object *languages = json_object_new_array();

	host_count_put_path(
	    paths, &(struct host_count_path){
		       .pattern = "/**", .rest = true, .urls = 9, .listed = 8});
	host_count_put_language(
	    languages, &(struct host_count_language){"de", 70});
	host_count_put_lists(count, paths, languages);
	return count;
}

static void
what_is_written_is_read(void)
{
	struct json_object *count = make_count();
	struct host_count_language language;
	struct host_count_path path;
	struct host_count_quote q;
	struct host_count_model m;

	ok(host_count_is_complete(count) && host_count_urls(count) == 90,
	    "all pages");
	ok(host_count_npaths(count) == 1 && host_count_path(count, 0, &path) &&
		path.rest && path.urls == 9 && path.listed == 8,
	    "a row of the paths");
	is(path.pattern, "/**", "its pattern");
	host_count_language(count, 0, &language);
	ok(host_count_nlanguages(count) == 1 && language.urls == 70,
	    "a language");
	ok(!host_count_quote(count, &q), "nothing was measured yet");
	host_count_put_quote(
	    count, &(struct host_count_quote){
		       .path = "/a", .start_ms = 1200, .page_ms = 12.5});
	host_count_put_model(count, "ollama",
	    &(struct host_count_model){.model = "m",
		.start_ms = 800,
		.page_ms = 1.5,
		.batch = 16,
		.cut = true});
	ok(host_count_quote(count, &q) && q.start_ms == 1200 &&
		q.page_ms == 12.5 && q.at == NULL,
	    "the quote");
	ok(host_count_model(count, "ollama", &m) && m.start_ms == 800 &&
		m.page_ms == 1.5 && m.batch == 16 && m.cut,
	    "its model");
	ok(!host_count_model(count, "gemini", &m), "and no other");
}

static void
nothing_is_trusted(void)
{
	static const char text[] = "{\"paths\":[7,{\"pattern\":3}],"
				   "\"languages\":\"de\",\"quote\":[]}";
	struct host_count_quote q;
	struct host_count_path path;
	struct host_count_model m;
	const char *why;
	struct json_object *count =
	    json_parse(&arena, text, strlen(text), &why);

	ok(host_count_npaths(count) == 2, "two rows ...");
	ok(!host_count_path(count, 0, &path) &&
		!host_count_path(count, 1, &path),
	    "that are none");
	ok(host_count_nlanguages(count) == 0, "a text is no list of languages");
	ok(!host_count_model(count, "ollama", &m), "nor a list a quote");
	(void)host_count_quote(count, &q);
	ok(q.start_ms < 0, "without a number nothing was measured");
	ok(host_count_npaths(NULL) == 0 && !host_count_quote(NULL, &q) &&
		!host_count_is_complete(NULL),
	    "no count at all");
}

int
main(void)
{
	arena_init(&arena);
	what_is_written_is_read();
	nothing_is_trusted();
	arena_release(&arena);
	return done();
}
