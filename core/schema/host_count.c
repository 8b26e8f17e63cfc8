#include "core/schema/host_count.h"

#include "core/json.h"

/* ---- writing ---- */

struct json_object *
host_count_new(struct arena *a, size_t urls, size_t listed)
{
	struct json_object *o = json_new(a);

	json_put_num(o, "urls", (int64_t)urls);
	json_put_num(o, "listed", (int64_t)listed);
	return o;
}

void
host_count_put_path(struct json_object *list, const struct host_count_path *p)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "pattern", p->pattern);
	json_put_num(o, "level", p->level);
	json_put_flag(o, "rest", p->rest);
	json_put_num(o, "urls", p->urls);
	json_put_num(o, "listed", p->listed);
	json_object_array_add(list, o);
}

void
host_count_put_language(
    struct json_object *list, const struct host_count_language *l)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "code", l->code);
	json_put_num(o, "urls", l->urls);
	json_object_array_add(list, o);
}

void
host_count_put_lists(struct json_object *count, struct json_object *paths,
    struct json_object *languages)
{
	json_put(count, "paths", paths);
	json_put(count, "languages", languages);
}

void
host_count_put_quote(
    struct json_object *count, const struct host_count_quote *q)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "at", q->at);
	json_put_str(o, "path", q->path);
	json_put_num(o, "startMs", (int64_t)q->start_ms);
	json_put(o, "pageMs", json_object_new_double(q->page_ms));
	json_put(o, "models", json_object_new_object());
	json_put(count, "quote", o);
}

void
host_count_put_model(struct json_object *count, const char *provider,
    const struct host_count_model *m)
{
	struct json_object *models =
	    json_sub(json_sub(count, "quote"), "models");
	struct json_object *o = json_object_new_object();

	json_put_str(o, "model", m->model);
	json_put(o, "startMs", json_object_new_double(m->start_ms));
	json_put(o, "pageMs", json_object_new_double(m->page_ms));
	json_put_num(o, "batch", m->batch);
	json_put_flag(o, "cut", m->cut);
	json_put(models, provider, o);
}

/* ---- reading ---- */

/* count_list: an array of the count; NULL: there is none. */
static struct json_object *
count_list(struct json_object *count, const char *key)
{
	struct json_object *list = json_sub(count, key);

	return json_object_is_type(list, json_type_array) ? list : NULL;
}

static size_t
list_length(struct json_object *list)
{
	return list == NULL ? 0 : json_object_array_length(list);
}

static double
json_double(struct json_object *o, const char *key)
{
	return json_object_get_double(json_sub(o, key));
}

bool
host_count_is_complete(struct json_object *count)
{
	return json_sub(count, "paths") != NULL;
}

long
host_count_urls(struct json_object *count)
{
	return (long)json_num(count, "urls", 0);
}

size_t
host_count_npaths(struct json_object *count)
{
	return list_length(count_list(count, "paths"));
}

bool
host_count_path(
    struct json_object *count, size_t i, struct host_count_path *out)
{
	struct json_object *o =
	    json_object_array_get_idx(count_list(count, "paths"), i);

	*out = (struct host_count_path){
	    .pattern = json_str(o, "pattern", NULL),
	    .level = (long)json_num(o, "level", 0),
	    .rest = json_flag(o, "rest", false),
	    .urls = (long)json_num(o, "urls", 0),
	    .listed = (long)json_num(o, "listed", 0),
	};
	return out->pattern != NULL;
}

struct json_object *
host_count_languages(struct json_object *count)
{
	return count_list(count, "languages");
}

size_t
host_count_nlanguages(struct json_object *count)
{
	return list_length(host_count_languages(count));
}

void
host_count_language(
    struct json_object *count, size_t i, struct host_count_language *out)
{
	struct json_object *o =
	    json_object_array_get_idx(host_count_languages(count), i);

	*out = (struct host_count_language){
	    .code = json_str(o, "code", "?"),
	    .urls = (long)json_num(o, "urls", 0),
	};
}

bool
host_count_quote(struct json_object *count, struct host_count_quote *out)
{
	struct json_object *o = json_sub(count, "quote");

	*out = (struct host_count_quote){
	    .at = json_str(o, "at", NULL),
	    .path = json_str(o, "path", "/"),
	    .start_ms = (double)json_num(o, "startMs", -1),
	    .page_ms = json_double(o, "pageMs"),
	};
	return o != NULL;
}

bool
host_count_model(struct json_object *count, const char *provider,
    struct host_count_model *out)
{
	struct json_object *o =
	    json_sub(json_sub(json_sub(count, "quote"), "models"), provider);

	*out = (struct host_count_model){
	    .model = json_str(o, "model", NULL),
	    .start_ms = json_double(o, "startMs"),
	    .page_ms = json_double(o, "pageMs"),
	    .batch = (long)json_num(o, "batch", 1),
	    .cut = json_flag(o, "cut", false),
	};
	return o != NULL;
}
