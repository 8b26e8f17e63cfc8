/* The list of a site's paths: what stands in it, and that it stays short. */
#include "core/arena.h"
#include "core/json.h"
#include "t/tap.h"
#include "worker/crawl/path_tree.h"

#include <time.h>

static struct arena arena;

struct part {
	const char *format; /* with one %d */
	int n;
};

static struct json_object *
path_tree(const struct part *parts, size_t n)
{
	struct path_tree *o = path_tree_new(&arena);
	struct json_object *list;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < n; i++)
			for (int k = 0; k < parts[i].n; k++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
				const char *t =
				    arena_printf(&arena, parts[i].format, k);
#pragma GCC diagnostic pop

				if (pass == 0)
					path_tree_add(o, t);
				else
					path_tree_count(o, t, k % 2 == 0);
			}
	list = path_tree_json(o);
	return list;
}

/* text: "0 /docs/[**] 12\n", a "+" before the pattern of a rest. */
static const char *
text(struct json_object *list)
{
	const char *s = "";

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *row = json_object_array_get_idx(list, i);

		s = arena_printf(&arena, "%s%d %s%s %d\n", s,
		    (int)json_num(row, "level", -1),
		    json_flag(row, "rest", false) ? "+" : "",
		    json_str(row, "pattern", ""),
		    (int)json_num(row, "urls", -1));
	}
	json_object_put(list);
	return s;
}

#define OUTLINE(...)                                       \
	text(path_tree((const struct part[]){__VA_ARGS__}, \
	    sizeof((const struct part[]){__VA_ARGS__}) / sizeof(struct part)))

static void
counts_by_folder(void)
{
	is(OUTLINE({"/product/%d", 8412}, {"/blog/%d?page=1", 40}, {"/", 1},
	       {"/about%d", 3}),
	    "0 /product/** 8412\n0 /blog/** 40\n0 +/** 4\n",
	    "folders by size, then the rest");
	is(OUTLINE({"/docs", 1}, {"/docs/%d", 10}, {"/docs/", 1}),
	    "0 /docs/** 12\n", "a folder's own page is in it");
	is(OUTLINE({"/slug%d/", 50}), "0 +/** 50\n",
	    "a page with a slash at its end is no folder");
	is(OUTLINE({"/a/b/c/%d", 30}, {"/d/%d", 5}),
	    "0 /a/b/c/** 30\n0 /d/** 5\n", "folders that only lead on");
	is(OUTLINE({"/", 1}), "0 +/** 1\n", "one page");
	is(OUTLINE({"/x%d", 0}), "", "none at all");
}

static void
splits_the_large(void)
{
	is(OUTLINE({"/docs/api/%d", 80}, {"/docs/guide/%d", 15},
	       {"/docs/%d", 20}, {"/docs/x/%d", 1}, {"/news/%d", 60}),
	    "0 /docs/** 116\n1 /docs/api/** 80\n1 /docs/guide/** 15\n"
	    "1 +/docs/** 21\n0 /news/** 60\n",
	    "a large folder with what is in it, and its rest");
	is(OUTLINE({"/item/%d/reviews", 3000}, {"/shop/%d", 100}),
	    "0 /item/** 3000\n0 /shop/** 100\n",
	    "a folder for each thing is no list of folders");
}

static void
stays_short(void)
{
	struct json_object *list;
	clock_t start = clock();

	list =
	    path_tree((const struct part[]){{"/a%d/x", 5000}, {"/a%d/y", 5000},
			  {"/big/one/%d", 20000}, {"/big/two/%d", 20000}},
		4);
	ok(json_object_array_length(list) <= PATH_TREE_ROWS, "at most 30 rows");
	is(json_str(json_object_array_get_idx(list, 0), "pattern", ""),
	    "/big/**", "with the large ones");
	is_int(json_num(json_object_array_get_idx(list, 0), "listed", 0), 20000,
	    "and what is listed of them");
	json_object_put(list);
	within((double)(clock() - start) / CLOCKS_PER_SEC, 1,
	    "the paths of 50,000 pages are summed up soon");
}

int
main(void)
{
	arena_init(&arena);
	counts_by_folder();
	splits_the_large();
	stays_short();
	arena_release(&arena);
	return done();
}
