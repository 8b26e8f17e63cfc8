/* What an order makes of ticked parts of a site. */
#include "core/arena.h"
#include "core/json.h"
#include "fcgi/params.h"
#include "fcgi/paths.h"
#include "t/tap.h"

static struct arena arena;

static const char *const rows[] = {"/product/**", "/product/ink/**",
    "/product/paper/**", "+/product/**", "/docs/**", "/docs/api/**",
    "/docs/api/v1/**", "+/docs/api/**", "+/docs/**", "/blog/**", "+/**", NULL};

/* globs: with the named rows unticked: "include | exclude". */
static const char *
globs(const char *unticked)
{
	struct json_object *in = json_object_new_array(),
			   *out = json_object_new_array();
	struct params form = {.v = arena_array(&arena, 50, sizeof(*form.v))};
	struct paths p;
	const char *s;

	for (size_t i = 0; rows[i] != NULL; i++) {
		form.v[form.n++] = (struct param){"shown", rows[i]};
		if (strstr(unticked, arena_printf(&arena, " %s ", rows[i])) ==
		    NULL)
			form.v[form.n++] = (struct param){"path", rows[i]};
	}
	paths_form(&form, &p);
	paths_globs(&p, in, out);
	s = arena_printf(&arena, "%s | %s%s",
	    json_object_to_json_string_ext(
		in, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
	    json_object_to_json_string_ext(
		out, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
	    paths_any(&p) ? "" : " none");
	json_object_put(in);
	json_object_put(out);
	return s;
}

static void
ticks_become_patterns(void)
{
	is(globs(""), "[] | []", "all");
	is(globs(" /product/** "), "[] | [\"/product/**\"]",
	    "a part that is out, with all that is in it");
	is(globs(" /product/ink/**  /docs/api/v1/** "),
	    "[] | [\"/product/ink/**\",\"/docs/api/v1/**\"]", "parts of parts");
	is(globs(" /product/ink/**  /product/** "), "[] | [\"/product/**\"]",
	    "nothing twice");
	is(globs(" +/** "), "[\"/product/**\",\"/docs/**\",\"/blog/**\"] | []",
	    "without the rest the others are named");
	is(globs(" +/**  /product/ink/**  /blog/** "),
	    "[\"/product/**\",\"/docs/**\"] | [\"/product/ink/**\"]",
	    "less what is out of them");
	is(globs(" +/**  /blog/**  /product/**  +/docs/** "),
	    "[\"/docs/api/**\"] | []", "one part of a part");
	is(globs(" +/docs/** "), "[] | [\"/docs/*\"]",
	    "the pages of a part alone");
	is(globs(" /product/**  +/docs/**  /blog/**  +/** "),
	    "[\"/docs/api/**\"] | []", "or all but those");
	is(globs(" /product/**  /docs/**  /blog/**  +/** "), "[] | [] none",
	    "none");
	is(globs(" /product/**  /blog/**  +/**  /docs/api/**  +/docs/** "),
	    "[] | [] none", "a part without its parts is none");
}

static void
counts_what_is_chosen(void)
{
	static const char text[] =
	    "{\"paths\":[{\"pattern\":\"/a/**\",\"urls\":50,\"listed\":40},"
	    "{\"pattern\":\"/a/b/**\",\"urls\":30,\"listed\":25},"
	    "{\"pattern\":\"/a/**\",\"rest\":true,\"urls\":20,\"listed\":15},"
	    "{\"pattern\":\"/c/**\",\"urls\":9,\"listed\":9},7,{},"
	    "{\"pattern\":\"evil\"},{\"pattern\":\"/a/**\",\"urls\":1}]}";
	const char *why;
	struct json_object *o =
	    json_parse(&arena, text, sizeof(text) - 1, &why);
	struct paths p;

	paths_read(&arena, o, "", &p);
	is_int(p.n, 4, "rows that make sense");
	is_int(p.row[1].level, 1, "belong to others");
	is_int(paths_pages(&p), 49, "each page counts once");
	p.row[1].ticked = false;
	is_int(paths_pages(&p), 24, "without a part");
	paths_read(&arena, o, "/a/b/**\n", &p);
	is_int(paths_pages(&p), 25, "a path that was typed is ticked alone");
	paths_read(&arena, NULL, "", &p);
	is_int(p.n, 0, "nothing is known");
}

int
main(void)
{
	arena_init(&arena);
	ticks_become_patterns();
	counts_what_is_chosen();
	arena_release(&arena);
	return done();
}
