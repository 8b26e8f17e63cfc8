/* extract_page: what one HTML page says, as JSON. */
#include "core/arena.h"
#include "core/conf.h"
#include "core/json.h"
#include "core/url.h"
#include "worker/crawl/options.h"
#include "worker/parser/parse_once.h"
#include "worker/tool/input_source.h"
#include "worker/tool/tool.h"

#include <getopt.h>

const struct tool tool_extract;

static const struct option options[] = {
    {"url", required_argument, NULL, 'u'},
    {NULL, 0, NULL, 0},
};

static const char *const sources[DESCRIPTION_SOURCE_MAX] = {
    [DESCRIPTION_NONE] = NULL,
    [DESCRIPTION_META] = "meta",
    [DESCRIPTION_OG] = "opengraph",
    [DESCRIPTION_JSONLD] = "jsonld",
    [DESCRIPTION_SENTENCE] = "text",
};

struct extract_exit {
	const char *name;
	int code;
};

/* put_or_null: what the page does not say is null. */
static void
put_or_null(struct json_object *o, const char *key, const char *s)
{
	json_put_str(o, key, *s == '\0' ? NULL : s);
}

static struct json_object *
page_dates(const struct html_page *d)
{
	struct json_object *o = json_object_new_object();

	put_or_null(o, "published", d->published);
	put_or_null(o, "modified", d->modified);
	return o;
}

static struct json_object *
page_alternates(const struct html_page *d)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < d->nalternates; i++) {
		struct json_object *o = json_object_new_object();

		put_or_null(o, "language", d->alternates[i].lang);
		put_or_null(o, "url", d->alternates[i].url);
		json_object_array_add(list, o);
	}
	return list;
}

/* page_warnings: words for the flags. */
static struct json_object *
page_warnings(const struct html_page *d)
{
	static const struct {
		enum html_page_flag flag;
		const char *text;
	} words[] = {
#define PAGE_FLAG(name, bit, words) {HTML_PAGE_##name, words},
#include "worker/extract/page_flags.def"
#undef PAGE_FLAG
	};
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if ((d->flags & words[i].flag) != 0)
			json_object_array_add(
			    list, json_object_new_string(words[i].text));
	return list;
}

static void
print_page(const struct html_page *d)
{
	struct arena a;
	struct json_object *o;

	arena_init(&a);
	o = json_new(&a);
	put_or_null(o, "title", d->title);
	put_or_null(o, "h1", d->h1);
	put_or_null(o, "siteName", d->site_name);
	put_or_null(o, "description", d->description);
	json_put_str(o, "descriptionFrom", sources[d->description_from]);
	put_or_null(o, "language", d->lang);
	put_or_null(o, "canonical", d->canonical);
	put_or_null(o, "refresh", d->refresh);
	json_put_flag(o, "noindex", d->noindex);
	json_put_flag(o, "nofollow", d->nofollow);
	json_put(o, "dates", page_dates(d));
	put_or_null(o, "generator", d->generator);
	put_or_null(o, "charset", d->charset);
	json_put_num(o, "words", d->words);
	json_put_num(o, "links", (int64_t)d->nlinks);
	json_put(o, "alternates", page_alternates(d));
	json_put(o, "warnings", page_warnings(d));
	json_put_str(o, "markdown", d->markdown);
	puts(json_object_to_json_string_ext(
	    o, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	arena_release(&a);
}

static void
page_parsed(void *ctx, const struct parser_result *r)
{
	struct extract_exit *answer = ctx;

	if (r->failure != PARSER_FINE) {
		answer->code = tool_fails("%s: %s", answer->name, r->message);
	} else if (!r->doc->is_html) {
		(void)tool_fails("%s is not HTML", answer->name);
		answer->code = 1;
	} else {
		print_page(r->doc);
		answer->code = 0;
	}
}

static int
extract_page(struct arena *a, const struct conf *conf, const char *name,
    const char *base)
{
	struct crawl_options o;
	struct parser_limits limits;
	struct input_source s;
	struct extract_exit answer = {.name = name};
	struct parser_request rq = {.kind = PARSER_PAGE};
	enum rc rc;

	crawl_options_conf(a, conf, &o);
	crawl_parser_limits(&o, &limits);
	rc = input_source_read(a, conf, name, o.page_bytes, &s);
	if (rc != OK)
		return tool_fails("%s", s.why);
	rq.url = base != NULL ? base : s.url;
	rq.content_type = s.type;
	rq.robots_tag = s.robots_tag;
	rq.bytes = s.bytes->data;
	rq.len = s.bytes->len;
	rc = parse_once(&limits, &rq, page_parsed, &answer);
	if (rc != OK)
		return tool_fails("A process to read it in cannot be started.");
	return answer.code;
}

static int
run(int argc, char **argv)
{
	const char *base = NULL;
	struct arena a;
	struct conf conf;
	int c, code;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "u:", options, NULL)) != -1) {
		if (c != 'u')
			return tool_misused(&tool_extract,
			    "unknown option '%s', or its value is missing",
			    argv[optind - 1]);
		base = optarg;
	}
	if (optind != argc - 1)
		return tool_misused(&tool_extract, "one page, please");
	arena_init(&a);
	if (base != NULL && (base = url_normalize(&a, base)) == NULL) {
		code = tool_misused(
		    &tool_extract, "the base is no http or https URL");
	} else {
		conf_load(&conf);
		code = extract_page(&a, &conf, argv[optind], base);
		conf_release(&conf);
	}
	arena_release(&a);
	return code;
}

const struct tool tool_extract = {
    .name = "extract",
    .usage = "extract FILE|URL [--url BASE]",
    .run = run,
};
