/*
 * meta: what a page says about itself, outside its text.
 *
 * Sources: HTML metas, Open Graph (ogp.me), Twitter cards, Dublin Core,
 * schema.org as JSON-LD and microdata, link relations.
 */
#ifndef WORKER_EXTRACT_META_H
#define WORKER_EXTRACT_META_H

#include "worker/extract/base_url.h"
#include "worker/extract/measure.h"

/* Fields of page_reader.h before they are weighed; "" when not said. */
struct meta {
	struct arena *arena;
	const struct base_url *base;
	const char *agent;
	uint32_t content; /* the node with which the body begins */

	const char *title; /* <title> */
	const char *og_title;
	const char *site_name;
	const char *description; /* the meta's own */
	const char *og_description;
	const char *lang;
	const char *content_lang; /* a guess after lang: og:locale and so on */
	const char *canonical;
	const char *next;
	const char *refresh;
	int refresh_after;
	bool refresh_bare; /* for readers without scripts alone */
	const char *generator;
	const char *published;
	const char *modified;
	bool noindex;
	bool nofollow;
	struct html_alternate *alternates;
	size_t nalternates;

	/* JSON-LD, the last resort of each. */
	const char *ld_title;
	const char *ld_description;
	const char *ld_site;
	const char *ld_lang;
	const char *ld_published;
	const char *ld_modified;
};

#define META_ALTERNATES 256

/* meta_read: fills m from the tree.  base must be set, agent may be NULL. */
void meta_read(struct meta *m, struct arena *a, const struct tree *t,
    const struct base_url *base, const char *agent);

/* meta_base: the page's <base href>, resolved; url where there is none. */
const char *meta_base(struct arena *a, const struct tree *t, const char *url);

/* meta_jsonld: joins one JSON-LD script into m (jsonld.c). */
void meta_jsonld(struct meta *m, struct slice json);

/*
 * meta_date: s as RFC 3339 ("2024-05-01", "2024-05-01T10:00:00+02:00"); ""
 * when it is no date.  Takes ISO 8601 and RFC 822 forms (date.c).
 */
const char *meta_date(struct arena *a, const char *s);

/* meta_lang: a language tag in its usual case, "pt-BR"; "" when it is none. */
const char *meta_lang(struct arena *a, struct slice v);

#endif
