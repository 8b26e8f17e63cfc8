/*
 * llms_txt: the llms.txt of a site.
 *
 * Given:     hostname (or a whole URL), limit, include, exclude, language.
 * Canonical: {"hostname":"http://docs.example.org:8080",
 *             "include":["/3/" + "**"], "exclude":[], "limit":500}
 * hostname is ASCII, with a port where it is not the usual one and a scheme
 * where the person said one; include and exclude are the patterns of
 * core/url_glob.h; limit is pages, always there; language is
 * there where it was given: tags, the most wanted first ("de-AT,de,en").
 */
#include "core/order.h"
#include "core/site_input.h"
#include "core/text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* Tags of one order, and the longest. */
#define LANGUAGES 10
#define LANGUAGE_BYTES 20

/* Why a pattern cannot be used; NULL when it can. */
static const char *
pattern_fault(struct order_check *c, struct json_object *v)
{
	const char *s;
	size_t n;

	if (!json_object_is_type(v, json_type_string))
		return "A path pattern is a text, for example \"/docs/**\".";
	s = json_object_get_string(v);
	n = (size_t)json_object_get_string_len(v);
	if (n == 0 || strlen(s) != n)
		return "A path pattern is empty or has a NUL in it.";
	if (n > (size_t)c->conf->web_pattern_bytes)
		return arena_printf(c->a,
		    "A path pattern is %zu bytes long; the maximum is %d.", n,
		    c->conf->web_pattern_bytes);
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= ' ' || *s == 0x7f)
			return "A path pattern has white space or a control "
			       "character in it.";
	return NULL;
}

static void
check_patterns(struct order_check *c, const char *field, const char *first)
{
	struct json_object *v = json_sub(c->given, field), *list, *p;
	const char *fault;
	size_t i, n = 0;

	list = json_object_new_array();
	json_put(c->input, field, list);
	if (first != NULL)
		json_object_array_add(list, json_object_new_string(first));
	if (v == NULL)
		return;
	if (json_object_is_type(v, json_type_array)) {
		n = json_object_array_length(v);
	} else {
		order_wrong(c, field,
		    "The %s patterns are a list of texts, for example "
		    "[\"/docs/**\"].",
		    field);
	}
	if (n > (size_t)c->conf->web_patterns) {
		order_wrong(c, field,
		    "There are %zu %s patterns; the maximum is %d.", n, field,
		    c->conf->web_patterns);
		return;
	}
	for (i = 0; i < n; i++) {
		p = json_object_array_get_idx(v, i);
		fault = pattern_fault(c, p);
		if (fault != NULL)
			order_wrong(c, arena_printf(c->a, "%s/%zu", field, i),
			    "%s", fault);
		else if (first == NULL ||
			 strcmp(first, json_object_get_string(p)) != 0)
			json_object_array_add(list, json_object_get(p));
	}
}

/* is_tag: n bytes are a language tag as far as one looks (RFC 5646). */
static bool
is_tag(const char *s, size_t n)
{
	size_t part = 0, parts = 0;

	for (size_t i = 0; i <= n; i++) {
		if (i < n && isalnum((unsigned char)s[i]) &&
		    (parts > 0 || isalpha((unsigned char)s[i]))) {
			part++;
			continue;
		}
		if ((i < n && s[i] != '-') || part == 0 || part > 8 ||
		    (parts++ == 0 && (part < 2 || part > 3)))
			return false;
		part = 0;
	}
	return true;
}

/* check_language: into "de-AT,de,en"; empty is as if it were left out. */
static void
check_language(struct order_check *c)
{
	struct json_object *v = json_sub(c->given, "language");
	const char *s, *list = NULL;
	size_t n, tags = 0;

	if (v == NULL)
		return;
	s = json_object_is_type(v, json_type_string) ? json_object_get_string(v)
						     : "-";
	for (; *(s += strspn(s, ", \t")) != '\0'; s += n) {
		n = strcspn(s, ", \t");
		if (++tags > LANGUAGES || n > LANGUAGE_BYTES || !is_tag(s, n)) {
			order_wrong(c, "language",
			    "The language is a tag such as \"de\" or "
			    "\"pt-BR\", or up to %d of them with commas "
			    "between, the most wanted first.",
			    LANGUAGES);
			return;
		}
		list = arena_printf(c->a, "%s%s%.*s", list == NULL ? "" : list,
		    list == NULL ? "" : ",", (int)n, s);
	}
	if (list != NULL)
		json_put_str(c->input, "language", list);
}

static void
llms_txt_check(struct order_check *c)
{
	struct json_object *v = json_sub(c->given, "hostname");
	struct site_input site = {0};
	const char *why =
	    "The hostname is missing. Send one, for example \"example.org\".";
	const char *text = json_object_is_type(v, json_type_string)
			       ? json_object_get_string(v)
			       : NULL;

	if (text != NULL &&
	    strlen(text) != (size_t)json_object_get_string_len(v)) {
		text = NULL;
		why = "The hostname contains a null character.";
	} else if (v != NULL && text == NULL) {
		why = "The hostname must be a string, for example "
		      "\"example.org\".";
	}
	if (text == NULL || site_input_parse(c->a, text, &site, &why) != OK) {
		order_wrong(c, "hostname", "%s", why);
	} else {
		c->hostname = site.name;
		c->prompt = arena_printf(c->a, "llms.txt of %s%s", site.display,
		    site.name + strlen(site.host));
		json_put_str(c->input, "hostname",
		    site.scheme == NULL ? site.name
					: arena_printf(c->a, "%s://%s",
					      site.scheme, site.name));
	}
	check_patterns(c, "include", site.include);
	check_patterns(c, "exclude", NULL);
	if (order_field_take(c, "limit"))
		c->units = (long)json_num(c->input, "limit", 0);
	check_language(c);
}

static const struct order_field *
llms_txt_fields(struct arena *a, const struct conf *conf)
{
	struct order_field *f = arena_array(a, 6, sizeof(*f));
	int most = conf->crawl_most_pages;
	int usual = conf->crawl_pages < most ? conf->crawl_pages : most;

	f[0] = (struct order_field){
	    .name = "hostname",
	    .label = "Hostname",
	    .hint = "A hostname, or a URL on the site.",
	    .placeholder = "example.org",
	    .kind = FIELD_LINE,
	    .required = true,
	};
	f[1] = (struct order_field){
	    .name = "limit",
	    .label = "Maximum number of pages",
	    .hint = arena_printf(a, "1 to %s. Leave empty for %s.",
		text_number(a, most), text_number(a, usual)),
	    .placeholder = arena_printf(a, "%d", usual),
	    .kind = FIELD_NUMBER,
	    .min = 1,
	    .max = most,
	    .usual = usual,
	};
	f[2] = (struct order_field){
	    .name = "include",
	    .label = "Include only these paths",
	    .hint =
		"One per line. * matches within one path segment, ** matches "
		"everything after it.",
	    .placeholder = "/docs/**",
	    .kind = FIELD_LINES,
	};
	f[3] = (struct order_field){
	    .name = "exclude",
	    .label = "Exclude these paths",
	    .hint =
		"One per line. A page that matches both fields is excluded.",
	    .placeholder = "/archive/**",
	    .kind = FIELD_LINES,
	};
	f[4] = (struct order_field){
	    .name = "language",
	    .label = "Language",
	    .hint =
		"If the site has several languages, Platen uses the first one "
		"listed here that it finds, or the one with the most pages.",
	    .placeholder = "en",
	    .kind = FIELD_LINE,
	};
	return f;
}

const struct ordertype ordertype_llms_txt = {
    .name = "llms_txt",
    .label = "llms.txt file",
    .fields = llms_txt_fields,
    .check = llms_txt_check,
    .is_default = true,
    .of_site = true,
    .editable = true,
    .diffable = true,
    .kind = "llms.txt of",
    .unit = "pages",
    .result = "llms.txt",
    .usual_units = 200,
    .unit_cost = 1,
};
