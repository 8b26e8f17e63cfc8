/* jsonld: the few fields of schema.org that tell what a page is. */
#include "worker/extract/entity.h"
#include "worker/extract/meta.h"
#include "worker/extract/one_line.h"
#include "worker/extract/word_lists.h"

#include "core/text.h"
#include <json-c/json.h>
#include <string.h>

#define DEPTH 32           /* of the JSON */
#define JSON_MAX (1 << 20) /* bytes looked at */
#define NODES 200          /* objects looked at: a graph can be long */

struct jsonld_walk {
	struct meta *m;
	unsigned nodes;
};

static const char *
string_member(struct jsonld_walk *w, struct json_object *o, const char *key)
{
	struct json_object *v;
	struct slice s;
	char *copy;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_string))
		return "";
	s.len = (size_t)json_object_get_string_len(v);
	copy = arena_strndup(w->m->arena, json_object_get_string(v), s.len);
	/* Not meant by JSON, but many sites escape it as HTML. */
	s = entity_decode(copy, s.len, false, 0);
	return one_line_without_tags(w->m->arena, s, 2000);
}

static void
field_take(const char **field, const char *value)
{
	if ((*field)[0] == '\0')
		*field = value;
}

/* about_page: the object describes the page, not something it mentions. */
static bool
about_page(const char *type)
{
	for (size_t i = 0; word_list_page_types[i] != NULL; i++)
		if (text_ends(type, word_list_page_types[i]))
			return true;
	return false;
}

static void
read_object(struct jsonld_walk *w, struct json_object *o)
{
	struct meta *m = w->m;
	struct json_object *v;
	const char *type = string_member(w, o, "@type");
	const char *s;

	/* "@type" may be a list: its first name decides. */
	if (type[0] == '\0' && json_object_object_get_ex(o, "@type", &v) &&
	    json_object_is_type(v, json_type_array) &&
	    json_object_array_length(v) > 0)
		type = json_object_get_string(json_object_array_get_idx(v, 0));
	if (type == NULL)
		return;
	if (strcmp(type, "WebSite") == 0) {
		field_take(&m->ld_site, string_member(w, o, "name"));
		return;
	}
	if (!about_page(type))
		return;
	s = string_member(w, o, "headline");
	field_take(
	    &m->ld_title, s[0] != '\0' ? s : string_member(w, o, "name"));
	field_take(&m->ld_description, string_member(w, o, "description"));
	field_take(
	    &m->ld_lang, meta_lang(m->arena,
			     (struct slice){string_member(w, o, "inLanguage"),
				 strlen(string_member(w, o, "inLanguage"))}));
	field_take(&m->ld_published,
	    meta_date(m->arena, string_member(w, o, "datePublished")));
	field_take(&m->ld_published,
	    meta_date(m->arena, string_member(w, o, "datePosted")));
	field_take(&m->ld_modified,
	    meta_date(m->arena, string_member(w, o, "dateModified")));
	if (json_object_object_get_ex(o, "publisher", &v) &&
	    json_object_is_type(v, json_type_object))
		field_take(&m->ld_site, string_member(w, v, "name"));
}

static void
visit_object(struct jsonld_walk *w, struct json_object *o)
{
	struct json_object *v;

	if (++w->nodes > NODES)
		return;
	if (json_object_is_type(o, json_type_array)) {
		size_t n = json_object_array_length(o);

		for (size_t i = 0; i < n && w->nodes <= NODES; i++)
			visit_object(w, json_object_array_get_idx(o, i));
		return;
	}
	if (!json_object_is_type(o, json_type_object))
		return;
	read_object(w, o);
	if (json_object_object_get_ex(o, "@graph", &v))
		visit_object(w, v);
	if (json_object_object_get_ex(o, "mainEntity", &v))
		visit_object(w, v);
}

void
meta_jsonld(struct meta *m, struct slice json)
{
	struct jsonld_walk w = {.m = m};
	struct json_tokener *tok;
	struct json_object *o;

	json = slice_trim(json);
	if (json.len == 0 || json.len > JSON_MAX)
		return;
	tok = json_tokener_new_ex(DEPTH);
	if (tok == NULL)
		return;
	o = json_tokener_parse_ex(tok, json.s, (int)json.len);
	if (o != NULL)
		visit_object(&w, o);
	json_object_put(o);
	json_tokener_free(tok);
}
