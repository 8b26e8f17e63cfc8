#include "worker/extract/meta.h"

#include "worker/extract/one_line.h"
#include "worker/extract/refresh.h"

#include <string.h>
#include <strings.h>

#define VALUE_MAX 2000 /* bytes of a title or a description */

/* What a name of a <meta> is about. */
enum meta_subject {
	ABOUT_DESCRIPTION,
	ABOUT_OG_DESCRIPTION,
	ABOUT_OG_TITLE,
	ABOUT_SITE,
	ABOUT_PUBLISHED,
	ABOUT_MODIFIED,
	ABOUT_LANG,
	ABOUT_GENERATOR,
	ABOUT_ROBOTS,
};

static const struct {
	const char *name;
	enum meta_subject about;
} names[] = {
#define META_NAME(name, subject) {name, ABOUT_##subject},
#include "worker/extract/meta_names.def"
#undef META_NAME
};

static void
field_set(const char **field, const char *value)
{
	if ((*field)[0] == '\0')
		*field = value;
}

static void
set_text(struct meta *m, const char **field, struct slice v)
{
	field_set(field, one_line_join(m->arena, v, VALUE_MAX));
}

/* meta_refresh: the first that sends the reader elsewhere counts. */
static void
meta_refresh(struct meta *m, const struct tree *t, uint32_t i, struct slice v)
{
	struct slice url;
	int seconds;

	if (m->refresh_after >= 0 || !refresh_read(v, &seconds, &url))
		return;
	m->refresh = base_url_resolve_str(m->base, m->arena, url, false);
	if (m->refresh[0] == '\0')
		return;
	m->refresh_after = seconds;
	m->refresh_bare = tree_within(t, i, TAG_NOSCRIPT);
}

static void
meta_robots(struct meta *m, struct slice v)
{
	page_reader_robots(one_line_join(m->arena, v, VALUE_MAX), NULL,
	    &m->noindex, &m->nofollow);
}

static void
meta_about(struct meta *m, enum meta_subject what, struct slice v)
{
	switch (what) {
	case ABOUT_DESCRIPTION:
		field_set(&m->description,
		    one_line_without_tags(m->arena, v, VALUE_MAX));
		break;
	case ABOUT_OG_DESCRIPTION:
		field_set(&m->og_description,
		    one_line_without_tags(m->arena, v, VALUE_MAX));
		break;
	case ABOUT_OG_TITLE:
		set_text(m, &m->og_title, v);
		break;
	case ABOUT_SITE:
		set_text(m, &m->site_name, v);
		break;
	case ABOUT_PUBLISHED:
		field_set(&m->published,
		    meta_date(m->arena, one_line_join(m->arena, v, 100)));
		break;
	case ABOUT_MODIFIED:
		field_set(&m->modified,
		    meta_date(m->arena, one_line_join(m->arena, v, 100)));
		break;
	case ABOUT_LANG:
		field_set(&m->content_lang, meta_lang(m->arena, v));
		break;
	case ABOUT_GENERATOR:
		set_text(m, &m->generator, v);
		break;
	case ABOUT_ROBOTS:
		meta_robots(m, v);
		break;
	}
}

/* each_name: "og:title dc.title": one property may have several names. */
static void
each_name(struct meta *m, struct slice v, struct slice content)
{
	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
		if (slice_has_word(v, names[k].name))
			meta_about(m, names[k].about, content);
	if (m->agent != NULL && slice_is(v, m->agent))
		meta_robots(m, content);
}

static void
meta_tag(struct meta *m, const struct tree *t, uint32_t i)
{
	static const enum attr keys[] = {
	    ATTR_NAME, ATTR_PROPERTY, ATTR_ITEMPROP, ATTR_HTTP_EQUIV};
	struct slice content = tree_attr(t, i, ATTR_CONTENT);

	if (content.len == 0)
		return;
	if (slice_is(tree_attr(t, i, ATTR_HTTP_EQUIV), "refresh"))
		meta_refresh(m, t, i, content);
	for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++) {
		struct slice v = tree_attr(t, i, keys[k]);

		if (v.len > 0 && v.len < 200)
			each_name(m, v, content);
	}
}

static void
meta_alternate(
    struct meta *m, const struct tree *t, uint32_t i, struct slice lang)
{
	const char *url = base_url_resolve_str(
	    m->base, m->arena, tree_attr(t, i, ATTR_HREF), false);
	char *s;

	if (url[0] == '\0' || m->nalternates == META_ALTERNATES)
		return;
	s = (char *)one_line_join(m->arena, lang, 40);
	for (char *p = s; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p |= 32;
	m->alternates[m->nalternates++] =
	    (struct html_alternate){.lang = s, .url = url};
}

static void
link_element(struct meta *m, const struct tree *t, uint32_t i)
{
	struct slice rel = tree_attr(t, i, ATTR_REL);
	struct slice href = tree_attr(t, i, ATTR_HREF);
	struct slice lang = tree_attr(t, i, ATTR_HREFLANG);

	if (href.len == 0)
		return;
	/* A link in the text is what its writer wants, not the page's. */
	if (slice_has_word(rel, "canonical") && i < m->content)
		field_set(&m->canonical,
		    base_url_resolve_str(m->base, m->arena, href, false));
	if (slice_has_word(rel, "next"))
		field_set(&m->next,
		    base_url_resolve_str(m->base, m->arena, href, false));
	if (slice_has_word(rel, "alternate") && lang.len > 0)
		meta_alternate(m, t, i, lang);
}

/* meta_time: <time datetime> and microdata in the text. */
static void
meta_time(struct meta *m, const struct tree *t, uint32_t i)
{
	struct slice v = tree_attr(t, i, ATTR_DATETIME);
	struct slice prop = tree_attr(t, i, ATTR_ITEMPROP);
	struct slice class = tree_attr(t, i, ATTR_CLASS);
	const char *date;

	if (v.len == 0)
		return;
	date = meta_date(m->arena, one_line_join(m->arena, v, 100));
	if (slice_has_word(prop, "datemodified") ||
	    slice_has_word(class, "updated") ||
	    slice_has_word(class, "dt-updated"))
		field_set(&m->modified, date);
	else if (slice_has_word(prop, "datepublished") ||
		 slice_has_word(class, "published") ||
		 slice_has_word(class, "entry-date") ||
		 slice_has_word(class, "dt-published"))
		field_set(&m->published, date);
}

static void
meta_element(struct meta *m, const struct tree *t, uint32_t i)
{
	const struct node *n = &t->nodes[i];
	struct slice v;

	switch (n->tag) {
	case TAG_HTML:
		v = tree_attr(t, i, ATTR_LANG);
		if (v.len == 0)
			v = tree_attr(t, i, ATTR_XML_LANG);
		field_set(&m->lang, meta_lang(m->arena, v));
		break;
	case TAG_TITLE:
		if (!tree_within(t, i, TAG_SVG))
			field_set(&m->title,
			    one_line_of(m->arena, t, i, 0, VALUE_MAX));
		break;
	case TAG_META:
		meta_tag(m, t, i);
		break;
	case TAG_LINK:
		link_element(m, t, i);
		break;
	case TAG_TIME:
		meta_time(m, t, i);
		break;
	case TAG_SCRIPT:
		v = tree_attr(t, i, ATTR_TYPE);
		if (v.len >= 19 && n->end == i + 2 &&
		    strncasecmp(v.s, "application/ld+json", 19) == 0)
			meta_jsonld(m, tree_text(t, i + 1));
		break;
	default:
		break;
	}
}

/* body_of: the first node that cannot stand in the head. */
static uint32_t
body_of(const struct tree *t)
{
	uint32_t i = 1;

	while (i < t->n) {
		enum tag tag = t->nodes[i].tag;

		if (tag == TAG_TEXT ? slice_trim(tree_text(t, i)).len > 0
				    : tag != TAG_HTML && tag != TAG_HEAD &&
					  !(tag_kind(tag) & T_HEAD))
			break;
		i = tag_kind(tag) & T_HEAD ? t->nodes[i].end : i + 1;
	}
	return i;
}

void
meta_read(struct meta *m, struct arena *a, const struct tree *t,
    const struct base_url *base, const char *agent)
{
	const char **strings[] = {&m->title, &m->og_title, &m->site_name,
	    &m->description, &m->og_description, &m->lang, &m->content_lang,
	    &m->canonical, &m->next, &m->refresh, &m->generator, &m->published,
	    &m->modified, &m->ld_title, &m->ld_description, &m->ld_site,
	    &m->ld_lang, &m->ld_published, &m->ld_modified};

	memset(m, 0, sizeof(*m));
	for (size_t k = 0; k < sizeof(strings) / sizeof(*strings); k++)
		*strings[k] = "";
	m->arena = a;
	m->base = base;
	m->agent = agent;
	m->content = body_of(t);
	m->refresh_after = -1;
	m->alternates = arena_array(a, META_ALTERNATES, sizeof(*m->alternates));
	for (uint32_t i = 1; i < t->n; i++) {
		/* What may become a page says nothing of this one. */
		if (t->nodes[i].tag == TAG_TEMPLATE)
			i = t->nodes[i].end - 1;
		else if (t->nodes[i].tag != TAG_TEXT)
			meta_element(m, t, i);
	}
}

const char *
meta_base(struct arena *a, const struct tree *t, const char *url)
{
	struct base_url b;
	const char *href;
	uint32_t i;

	(void)base_url_parse(&b, url);
	for (i = 1; i < t->n; i++)
		if (t->nodes[i].tag == TAG_BASE &&
		    tree_attr(t, i, ATTR_HREF).len > 0) {
			href = base_url_resolve_str(
			    &b, a, tree_attr(t, i, ATTR_HREF), false);
			return href[0] != '\0' ? href : url;
		}
	return url;
}

static char
ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c & ~32) : c;
}

const char *
meta_lang(struct arena *a, struct slice v)
{
	char *s;
	size_t part = 0, n = 0;

	v = slice_trim(v);
	for (size_t i = 0; i < v.len && v.s[i] != ','; i++, n++)
		if (!((v.s[i] | 32) >= 'a' && (v.s[i] | 32) <= 'z') &&
		    v.s[i] != '-' && v.s[i] != '_' &&
		    !(i > 1 && v.s[i] >= '0' && v.s[i] <= '9'))
			break;
	if (n < 2 || n > 35)
		return "";
	s = arena_strndup(a, v.s, n);
	for (size_t i = 0; i <= n; i++) {
		if (s[i] == '_')
			s[i] = '-';
		if (i < n && s[i] != '-') {
			s[i] |= s[i] >= 'A' && s[i] <= 'Z' ? 32 : 0;
			continue;
		}
		/* Two letters are a region, four a script. */
		if (part > 0 && i - part == 2) {
			s[part] = ascii_upper(s[part]);
			s[part + 1] = ascii_upper(s[part + 1]);
		} else if (part > 0 && i - part == 4) {
			s[part] = ascii_upper(s[part]);
		} else if (part == 0 && i > 3) {
			return "";
		}
		part = i + 1;
	}
	return s;
}
