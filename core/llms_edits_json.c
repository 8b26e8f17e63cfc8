/* Hand edits as JSON, as they are kept and handed on. */
#include "core/arena.h"
#include "core/json.h"
#include "core/llms_edits.h"

#include <string.h>

static const char *const kinds[] = {
    [LLMS_EDITED] = "edited",
    [LLMS_ADDED] = "added",
    [LLMS_REMOVED] = "removed",
};

/* ---- writing ---- */

static void
put_text(struct json_object *o, const char *key, const char *s)
{
	if (s != NULL)
		json_put_str(o, key, s);
}

static void
put_words(
    struct json_object *o, const char *key, const struct llms_text_edit *w)
{
	struct json_object *v;

	if (w->is == NULL && w->was == NULL)
		return;
	v = json_object_new_object();
	put_text(v, "is", w->is);
	put_text(v, "was", w->was);
	json_put(o, key, v);
}

static struct json_object *
text_array(const char **v, size_t n)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < n; i++)
		json_object_array_add(list, json_object_new_string(v[i]));
	return list;
}

static struct json_object *
section_json(const struct llms_section_edit *e)
{
	struct json_object *o = json_object_new_object();

	put_text(o, "is", e->name.is);
	put_text(o, "was", e->name.was);
	put_text(o, "after", e->after);
	return o;
}

static struct json_object *
link_json(const struct llms_edit *e)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "url", e->url);
	json_put_str(o, "kind", kinds[e->kind]);
	put_words(o, "title", &e->title);
	put_words(o, "description", &e->text);
	put_words(o, "section", &e->section);
	put_text(o, "after", e->after);
	if (e->alone)
		json_put_flag(o, "alone", true);
	return o;
}

struct json_object *
llms_edits_json(const struct llms_edits *e)
{
	struct json_object *o = json_object_new_object();
	struct json_object *list = json_object_new_array(), *info;

	json_put_num(o, "version", 1);
	put_words(o, "title", &e->title);
	put_words(o, "summary", &e->summary);
	if (e->info != NULL) {
		info = json_object_new_object();
		json_put(info, "is", text_array(e->info, e->ninfo));
		json_put(info, "was", text_array(e->was_info, e->nwas_info));
		json_put(o, "information", info);
	}
	for (size_t i = 0; i < e->nsections; i++)
		json_object_array_add(list, section_json(&e->sections[i]));
	json_put(o, "sections", list);
	list = json_object_new_array();
	for (size_t i = 0; i < e->nlinks; i++)
		json_object_array_add(list, link_json(&e->links[i]));
	json_put(o, "links", list);
	return o;
}

/* ---- reading ---- */

static void
read_words(struct json_object *o, const char *key, struct llms_text_edit *w)
{
	struct json_object *v = json_sub(o, key);

	*w = (struct llms_text_edit){NULL, NULL};
	if (!json_object_is_type(v, json_type_object))
		return;
	w->is = json_str(v, "is", NULL);
	w->was = json_str(v, "was", NULL);
}

/* NULL where there is no such list of texts. */
static const char **
read_texts(struct arena *a, struct json_object *o, const char *key, size_t *n)
{
	struct json_object *list = json_sub(o, key), *s;
	const char **v;

	*n = 0;
	if (!json_object_is_type(list, json_type_array))
		return NULL;
	v = arena_array(a, json_object_array_length(list) + 1, sizeof(*v));
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		s = json_object_array_get_idx(list, i);
		if (json_object_is_type(s, json_type_string))
			v[(*n)++] = json_object_get_string(s);
	}
	return v;
}

static enum rc
read_link(struct json_object *o, struct llms_edit *e)
{
	const char *kind = json_str(o, "kind", "");

	e->url = json_str(o, "url", NULL);
	e->after = json_str(o, "after", NULL);
	e->alone = json_object_get_boolean(json_sub(o, "alone"));
	read_words(o, "title", &e->title);
	read_words(o, "description", &e->text);
	read_words(o, "section", &e->section);
	e->kind = LLMS_EDITED;
	while (strcmp(kinds[e->kind], kind) != 0)
		if (e->kind++ == LLMS_REMOVED)
			return E_INPUT;
	if (e->url == NULL || (e->section.is != NULL && e->after == NULL))
		return E_INPUT;
	if (e->kind == LLMS_ADDED &&
	    (e->title.is == NULL || e->section.is == NULL))
		return E_INPUT;
	return OK;
}

static enum rc
read_links(struct arena *a, struct json_object *list, struct llms_edits *out)
{
	size_t n = json_object_array_length(list);

	out->links = arena_array(a, n + 1, sizeof(*out->links));
	for (; out->nlinks < n; out->nlinks++)
		if (read_link(json_object_array_get_idx(list, out->nlinks),
			&out->links[out->nlinks]) != OK)
			return E_INPUT;
	return OK;
}

static enum rc
read_sections(struct arena *a, struct json_object *list, struct llms_edits *out)
{
	size_t n = json_object_array_length(list);

	out->sections = arena_array(a, n + 1, sizeof(*out->sections));
	for (; out->nsections < n; out->nsections++) {
		struct json_object *o =
		    json_object_array_get_idx(list, out->nsections);
		struct llms_section_edit *e = &out->sections[out->nsections];

		e->name.is = json_str(o, "is", NULL);
		e->name.was = json_str(o, "was", NULL);
		e->after = json_str(o, "after", NULL);
		if (e->name.is == NULL)
			return E_INPUT;
	}
	return OK;
}

enum rc
llms_edits_read(struct arena *a, struct json_object *o, struct llms_edits *out)
{
	struct json_object *sections = json_sub(o, "sections");
	struct json_object *links = json_sub(o, "links");
	struct json_object *info = json_sub(o, "information");
	enum rc rc;

	memset(out, 0, sizeof(*out));
	if (!json_object_is_type(sections, json_type_array) ||
	    !json_object_is_type(links, json_type_array))
		return E_INPUT;
	read_words(o, "title", &out->title);
	read_words(o, "summary", &out->summary);
	if (json_object_is_type(info, json_type_object)) {
		out->info = read_texts(a, info, "is", &out->ninfo);
		out->was_info = read_texts(a, info, "was", &out->nwas_info);
	}
	if (out->info != NULL && out->ninfo == 0)
		return E_INPUT;
	rc = read_sections(a, sections, out);
	return rc == OK ? read_links(a, links, out) : rc;
}
