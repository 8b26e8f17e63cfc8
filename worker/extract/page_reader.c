#include "worker/extract/page_reader.h"

#include "core/wordlist.h"
#include "worker/extract/base_url.h"
#include "worker/extract/charset.h"
#include "worker/extract/content.h"
#include "worker/extract/late_parts.h"
#include "worker/extract/one_line.h"
#include "worker/extract/links.h"
#include "worker/extract/markdown.h"
#include "worker/extract/meta.h"
#include "worker/extract/refresh.h"
#include "worker/extract/sentence.h"
#include "worker/extract/title.h"
#include "worker/extract/word_lists.h"

#include <string.h>
#include <strings.h>

/* A page of more words is read by those whose scripts are off, too. */
#define LEAD_WORDS 100
/* A script that only leads on is short, bytes. */
#define SCRIPT_BYTES 5000

void
page_reader_limits_default(struct page_reader_limits *l)
{
	*l = (struct page_reader_limits){
	    .input = 24u << 20,
	    .nodes = 500000,
	    .text = 4u << 20,
	    .links = 20000,
	    .depth = 256,
	    .attrs = 1000,
	};
}

static void
html_page_clear(struct html_page *d)
{
	memset(d, 0, sizeof(*d));
	d->title = d->raw_title = d->h1 = d->og_title = d->site_name = "";
	d->description = d->lang = d->canonical = d->next = d->refresh = "";
	d->generator = d->published = d->modified = d->charset = "";
	d->markdown = "";
	d->refresh_after = -1;
}

static bool
all_link(const struct tree *t, uint32_t i)
{
	for (uint32_t k = i + 1; k < t->nodes[i].end; k++)
		if (t->nodes[k].tag == TAG_TEXT &&
		    !(t->nodes[k].mark & MARK_LINK) &&
		    slice_trim(tree_text(t, k)).len > 0)
			return false;
	return true;
}

/*
 * main_heading: the first in the main text, else the first that is no menu's;
 * one that is all link is the site's name, unless there is no other.
 */
static const char *
main_heading(const struct measured_page *p, const struct content *c)
{
	const struct tree *t = p->tree;
	uint32_t any = 0, linked = 0;

	for (uint32_t i = 1; i < t->n; i++) {
		if (t->nodes[i].tag != TAG_H1)
			continue;
		for (unsigned k = 0; k < c->n; k++)
			if (i >= c->roots[k] && i < t->nodes[c->roots[k]].end &&
			    !(t->nodes[i].mark & MARK_GONE) &&
			    !(p->h1s > 1 && all_link(t, i)))
				return one_line_of(
				    p->arena, t, i, MARK_GONE, 1000);
		if (t->nodes[i].mark & MARK_NAV)
			continue;
		if (all_link(t, i))
			linked = linked == 0 ? i : linked;
		else if (any == 0)
			any = i;
	}
	any = any == 0 ? linked : any;
	return any == 0 ? "" : one_line_of(p->arena, t, any, 0, 1000);
}

/* is_useful_description: a description that says more than the title does. */
static bool
is_useful_description(const char *s, const char *title)
{
	return strlen(s) >= 15 &&
	       !one_line_is_alike((struct slice){s, strlen(s)},
		   (struct slice){title, strlen(title)});
}

static void
html_page_describe(struct html_page *d, const struct meta *m,
    const struct measured_page *p, const struct content *c)
{
	const struct {
		const char *text;
		enum description_source from;
	} said[] = {
	    {m->description, DESCRIPTION_META},
	    {m->og_description, DESCRIPTION_OG},
	    {m->ld_description, DESCRIPTION_JSONLD},
	};

	for (size_t k = 0; k < sizeof(said) / sizeof(*said); k++)
		if (is_useful_description(said[k].text, d->title)) {
			d->description = said[k].text;
			d->description_from = said[k].from;
			return;
		}
	d->description = sentence_first(p, c);
	if (d->description[0] != '\0')
		d->description_from = DESCRIPTION_SENTENCE;
}

static const char *
first_of(const char *a, const char *b)
{
	return a[0] != '\0' ? a : b;
}

static void
html_page_from_meta(struct html_page *d, const struct meta *m)
{
	d->raw_title = m->title;
	d->og_title = m->og_title;
	d->lang = first_of(m->lang, first_of(m->content_lang, m->ld_lang));
	d->canonical = m->canonical;
	d->next = m->next;
	d->refresh = m->refresh;
	d->refresh_after = m->refresh_after;
	d->generator = m->generator;
	d->published = first_of(m->published, m->ld_published);
	d->modified = first_of(m->modified, m->ld_modified);
	d->noindex = m->noindex;
	d->nofollow = m->nofollow;
	d->alternates = m->alternates;
	d->nalternates = m->nalternates;
}

static void
html_page_site_name(
    struct html_page *d, const struct meta *m, const struct base_url *b)
{
	const char *site, *host;
	/* A file without an address is a page like others. */
	bool home =
	    b->authority.len > 0 && b->path.len <= 1 && b->query.len == 0;

	host = arena_strndup(
	    m->arena, b->authority.s ? b->authority.s : "", b->authority.len);
	d->title = title_find(m, d->h1, host, home, &site);
	d->site_name = first_of(m->site_name, first_of(m->ld_site, site));
}

/* script_of_char: where the page's own scripts lead; "" for nowhere. */
static const char *
script_of_char(struct arena *a, const struct tree *t)
{
	const char *found = "", *to;

	for (uint32_t i = 1; i < t->n; i++) {
		if (t->nodes[i].tag != TAG_SCRIPT || t->nodes[i].end != i + 2 ||
		    tree_text(t, i + 1).len > SCRIPT_BYTES)
			continue;
		to = refresh_script(a, tree_text(t, i + 1));
		if (*to != '\0')
			found = to;
	}
	return found;
}

/*
 * follow_script: where a page sends its readers that is nothing but that, by a
 * meta or a script; and whether it is nothing without its scripts.
 */
static void
follow_script(struct html_page *d, const struct meta *m, const struct tree *t)
{
	struct unscripted_page stage = refresh_unscripted(t);
	const char *to = "";

	if (m->refresh_bare && d->words > LEAD_WORDS) {
		d->refresh = "";
		d->refresh_after = -1;
	}
	if (d->refresh_after >= 0)
		return;
	/* An application may have such a line for old browsers. */
	if (stage.bare && !stage.root)
		to = script_of_char(m->arena, t);
	d->refresh = base_url_resolve_str(
	    m->base, m->arena, (struct slice){to, strlen(to)}, false);
	if (*d->refresh != '\0')
		d->refresh_after = 0;
	else if (stage.shell)
		d->flags |= HTML_PAGE_SHELL;
}

static void
page_reader_parse(struct arena *a, const struct page_reader_input *in,
    struct tree *t, const struct page_reader_limits *l, struct html_page *d)
{
	struct measured_page p;
	struct content c;
	struct base_url page_base, base;
	struct meta m;
	bool cut;

	(void)base_url_parse(&page_base, in->url);
	(void)base_url_parse(&base, meta_base(a, t, in->url));
	measure_init(&p, a, t);
	links_read(&p, &base, l->links, d);
	meta_read(&m, a, t, &base, in->agent);
	html_page_from_meta(d, &m);
	p.dated = m.published[0] != '\0' || m.ld_published[0] != '\0';
	hidden_mark(&p);
	content_find(&p, &c);
	d->h1 = main_heading(&p, &c);
	html_page_site_name(d, &m, &page_base);
	html_page_describe(d, &m, &p, &c);
	d->markdown = markdown_write(
	    &p, &c, &base, l->text, &d->markdown_len, &d->words, &cut);
	d->flags |= t->flags | (cut ? HTML_PAGE_TEXT : 0) |
		    (c.whole ? HTML_PAGE_NO_MAIN : 0);
	follow_script(d, &m, t);
}

/* slice_starts: s begins with word, in any case. */
static bool
slice_starts(struct slice s, const char *word)
{
	size_t n = strlen(word);

	return s.len >= n && strncasecmp(s.s, word, n) == 0;
}

/* other_kind: a document that is markup, or no text at all, but no page. */
static bool
other_kind(struct slice s)
{
	return s.len > 0 && wordlist_begins(word_list_other_kinds, s.s, s.len);
}

/* after_prolog: what follows "<?xml ... ?>" and comments. */
static struct slice
after_prolog(struct slice s)
{
	for (;;) {
		const char *end = NULL;

		s = slice_trim(s);
		if (slice_starts(s, "<?"))
			end = memmem(s.s, s.len, "?>", 2);
		else if (slice_starts(s, "<!--"))
			end = memmem(s.s, s.len, "-->", 3);
		if (end == NULL)
			return s;
		end += s.s[1] == '?' ? 2 : 3;
		s.len -= (size_t)(end - s.s);
		s.s = end;
	}
}

/* is_html: by the HTTP type, checked against the bytes. */
static bool
is_html(const char *type, const char *text, size_t len)
{
	struct slice s = after_prolog((struct slice){text, len});
	struct slice t = {type, type == NULL ? 0 : strcspn(type, ";")};
	const char *lt;

	if (other_kind(s))
		return false;
	t = slice_trim(t);
	if (slice_is(t, "text/html") || slice_is(t, "application/xhtml+xml"))
		return true;
	if (t.len > 0 && !slice_is(t, "application/xml") &&
	    !slice_is(t, "text/xml") &&
	    !slice_is(t, "application/octet-stream"))
		return false;
	if (slice_starts(s, "<!doctype html") || slice_starts(s, "<html"))
		return true;
	if (t.len > 0 || slice_starts(s, "<svg") || slice_starts(s, "{") ||
	    slice_starts(s, "["))
		return false;
	lt = memchr(s.s, '<', s.len < 512 ? s.len : 512);
	return lt != NULL && lt + 1 < s.s + s.len &&
	       (((lt[1] | 32) >= 'a' && (lt[1] | 32) <= 'z') || lt[1] == '!');
}

void
page_reader_read(struct arena *a, const struct page_reader_input *in,
    const struct page_reader_limits *limits, struct html_page *out)
{
	struct page_reader_limits defaults;
	struct tree *t = arena_alloc(a, sizeof(*t));
	size_t len = in->len;
	char *text;
	bool bad;

	html_page_clear(out);
	page_reader_limits_default(&defaults);
	if (limits == NULL)
		limits = &defaults;
	if (len > limits->input) {
		len = limits->input;
		out->flags |= HTML_PAGE_CUT;
	}
	out->charset = charset_find(in->content_type, in->bytes, len);
	text = charset_decode(a, out->charset, in->bytes, len, &len, &bad);
	if (bad)
		out->flags |= HTML_PAGE_BAD_BYTES;
	if (in->robots_tag != NULL)
		page_reader_robots(
		    in->robots_tag, in->agent, &out->noindex, &out->nofollow);
	out->is_html = is_html(in->content_type, text, len);
	if (!out->is_html)
		return;
	tree_parse(t, a, text, len, limits);
	late_parts_place(t, a);
	page_reader_parse(a, in, t, limits, out);
	if (in->robots_tag != NULL)
		page_reader_robots(
		    in->robots_tag, in->agent, &out->noindex, &out->nofollow);
}

static const char *
next_word(const char **s, size_t *len)
{
	const char *start;

	while (**s == ' ' || **s == ',' || **s == '\t')
		(*s)++;
	start = *s;
	while (**s != '\0' && **s != ' ' && **s != ',' && **s != '\t')
		(*s)++;
	*len = (size_t)(*s - start);
	return start;
}

/* has_rule_value: a rule that has a value behind its colon, so no agent's name.
 */
static bool
has_rule_value(struct slice name)
{
	return slice_is(name, "max-snippet") ||
	       slice_is(name, "max-image-preview") ||
	       slice_is(name, "max-video-preview") ||
	       slice_is(name, "unavailable_after");
}

/* name_of: the name that v begins with, "googlebot:"; empty without one. */
static struct slice
name_of(struct slice v)
{
	const char *colon = v.len > 0 ? memchr(v.s, ':', v.len) : NULL;

	/* "15:00" is the time of a date. */
	if (colon == NULL || (v.s[0] >= '0' && v.s[0] <= '9'))
		return (struct slice){v.s, 0};
	return (struct slice){v.s, (size_t)(colon - v.s)};
}

void
page_reader_robots(
    const char *value, const char *agent, bool *noindex, bool *nofollow)
{
	bool ours = true;
	size_t len;

	while (*value != '\0') {
		const char *word = next_word(&value, &len);
		struct slice v = {word, len}, name = name_of(v);

		if (name.len > 0 && has_rule_value(name)) {
			if (name.len + 1 == len)
				next_word(&value, &len);
			continue;
		}
		/* "googlebot: noindex" is for that one, up to the next name. */
		if (name.len > 0) {
			ours = slice_is(name, "*") ||
			       (agent != NULL && slice_is(name, agent));
			v.s += name.len + 1;
			v.len -= name.len + 1;
		}
		if (!ours)
			continue;
		*noindex |= slice_is(v, "noindex") || slice_is(v, "none");
		*nofollow |= slice_is(v, "nofollow") || slice_is(v, "none");
	}
}

void
html_page_copy(
    struct arena *a, const struct html_page *from, struct html_page *to)
{
	struct html_link *links = arena_array(a, from->nlinks, sizeof(*links));
	struct html_alternate *alternates =
	    arena_array(a, from->nalternates, sizeof(*alternates));
	const char **strings[] = {&to->title, &to->raw_title, &to->h1,
	    &to->og_title, &to->site_name, &to->description, &to->lang,
	    &to->canonical, &to->next, &to->refresh, &to->generator,
	    &to->published, &to->modified, &to->charset};

	*to = *from;
	for (size_t k = 0; k < sizeof(strings) / sizeof(*strings); k++)
		*strings[k] = arena_strdup(a, *strings[k]);
	to->markdown = arena_strndup(a, from->markdown, from->markdown_len);
	for (size_t k = 0; k < from->nlinks; k++) {
		links[k] = from->links[k];
		links[k].url = arena_strdup(a, links[k].url);
		links[k].text = arena_strdup(a, links[k].text);
	}
	for (size_t k = 0; k < from->nalternates; k++) {
		alternates[k].lang = arena_strdup(a, from->alternates[k].lang);
		alternates[k].url = arena_strdup(a, from->alternates[k].url);
	}
	to->links = links;
	to->alternates = alternates;
}
