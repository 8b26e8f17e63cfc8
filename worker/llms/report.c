#include "worker/llms/report.h"

#include "core/arena.h"
#include "worker/crawl/crawl.h"
#include "worker/site/disposition.h"
#include "worker/crawl/frontier.h"
#include "worker/job/job.h"
#include "worker/llms/edits.h"
#include "worker/llms/enrich.h"
#include "worker/site/crawled_site.h"
#include "worker/model/provider.h"
#include "worker/site/text_line.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

struct report_writer {
	FILE *out;
	struct frontier *f;
	const struct site *site;
	size_t n[DISPOSITION_MAX];
	struct arena a; /* for one page at a time */
};

/* ---- JSON ---- */

static void
put_string(struct report_writer *r, const char *s)
{
	struct json_object *o;

	if (s == NULL) {
		fputs("null", r->out);
		return;
	}
	o = json_object_new_string(text_line_fold(&r->a, s));
	fputs(json_object_to_json_string_ext(o, JSON_C_TO_STRING_NOSLASHESCAPE),
	    r->out);
	json_object_put(o);
}

/* put_field: ", "key": "s"". */
static void
put_field(struct report_writer *r, const char *key, const char *s)
{
	fprintf(r->out, ", \"%s\": ", key);
	put_string(r, s);
}

static void
put_line(struct report_writer *r, const char *key, const char *s)
{
	fprintf(r->out, "  \"%s\": ", key);
	put_string(r, s);
	fputs(",\n", r->out);
}

/* ---- parts ---- */

static void
put_maps(struct report_writer *r, const struct crawl_facts *facts)
{
	fputs("  \"sitemaps\": [", r->out);
	for (size_t i = 0; i < facts->nsitemaps; i++) {
		const struct crawl_sitemap *m = &facts->sitemaps[i];

		fprintf(r->out, "%s\n    {\"url\": ", i == 0 ? "" : ",");
		put_string(r, m->url);
		fprintf(r->out, ", \"found\": %s, \"format\": \"%s\"",
		    m->found ? "true" : "false", sitemap_kind_name(m->kind));
		fprintf(r->out, ", \"urls\": %zu", m->urls);
		put_field(r, "note", m->why);
		fputc('}', r->out);
	}
	fputs(facts->nsitemaps > 0 ? "\n  ],\n" : "],\n", r->out);
}

/* is_shown: a spelling that became the page's own address is no twin. */
static bool
is_shown(struct report_writer *r, uint32_t i)
{
	const struct frontier_entry *e = frontier_at(r->f, i);

	return e->disposition != DISPOSITION_TWIN ||
	       e->other == FRONTIER_NONE ||
	       strcmp(frontier_url(r->f, i, &r->a),
		   frontier_url(r->f, e->other, &r->a)) != 0;
}

static void
put_counts(struct report_writer *r, const struct crawl_facts *facts)
{
	size_t known = 0;

	for (uint32_t i = 0; i < frontier_count(r->f); i++) {
		if (is_shown(r, i)) {
			r->n[frontier_at(r->f, i)->disposition]++;
			known++;
		}
		arena_reset(&r->a);
	}
	fprintf(r->out,
	    "  \"counts\": {\"known\": %zu, \"listed\": %zu, "
	    "\"leftOut\": %zu, \"beyond\": %zu, \"textsLeftOut\": %zu},\n",
	    known, r->n[DISPOSITION_LISTED], known - r->n[DISPOSITION_LISTED],
	    frontier_beyond(r->f) + facts->urls_beyond, facts->texts_left_out);
}

static void
put_reasons(struct report_writer *r)
{
	bool first = true;

	r->n[DISPOSITION_LISTED] = 0;
	fputs("  \"reasons\": [", r->out);
	for (;;) {
		enum disposition most = 0;

		for (enum disposition i = 0; i < DISPOSITION_MAX; i++)
			if (r->n[i] > r->n[most])
				most = i;
		if (r->n[most] == 0)
			break;
		fprintf(r->out, "%s\n    {\"fate\": \"%s\", \"pages\": %zu",
		    first ? "" : ",", disposition_name(most), r->n[most]);
		put_field(r, "sentence", disposition_sentence(most));
		fputc('}', r->out);
		r->n[most] = 0;
		first = false;
	}
	fputs(first ? "],\n" : "\n  ],\n", r->out);
}

static void
put_sections(struct report_writer *r)
{
	fputs("  \"sections\": [", r->out);
	for (size_t i = 0; i < r->site->nsections; i++) {
		const struct site_section *s = &r->site->sections[i];

		fprintf(r->out, "%s\n    {\"name\": ", i == 0 ? "" : ",");
		put_string(r, s->name);
		fprintf(r->out, ", \"pages\": %zu}", s->npages);
	}
	fputs("\n  ],\n", r->out);
}

static void
put_left_out(struct report_writer *r, const struct frontier_entry *e)
{
	put_field(r, "reason", disposition_sentence(e->disposition));
	if (e->detail != NULL && *e->detail != '\0')
		put_field(r, "detail", e->detail);
	if (e->other != FRONTIER_NONE)
		put_field(r, "other", frontier_url(r->f, e->other, &r->a));
}

/* listed_as: each entry's page, or SITE_NONE; the caller frees it. */
static uint32_t *
listed_as(struct report_writer *r)
{
	size_t n = frontier_count(r->f);
	uint32_t *out = malloc((n + 1) * sizeof(*out));

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		out[i] = SITE_NONE;
	for (uint32_t i = 0; i < r->site->npages; i++)
		out[r->site->pages[i].entry] = i;
	return out;
}

static enum rc
put_pages(struct report_writer *r)
{
	uint32_t *page = listed_as(r);
	bool first = true;

	if (page == NULL)
		return E_INTERNAL;
	fputs("  \"pages\": [", r->out);
	for (uint32_t i = 0; i < frontier_count(r->f); i++) {
		const struct frontier_entry *e = frontier_at(r->f, i);

		arena_reset(&r->a);
		if (!is_shown(r, i))
			continue;
		fprintf(r->out, "%s\n    {\"url\": ", first ? "" : ",");
		put_string(r, frontier_url(r->f, i, &r->a));
		fprintf(r->out, ", \"fate\": \"%s\"",
		    disposition_name(e->disposition));
		if (e->lastmod != NULL)
			put_field(r, "lastmod", e->lastmod);
		if (page[i] == SITE_NONE ||
		    e->disposition == DISPOSITION_BY_HAND) {
			put_left_out(r, e);
		} else {
			const struct site_page *p = &r->site->pages[page[i]];

			put_field(
			    r, "section", r->site->sections[p->section].name);
			put_field(r, "title", p->name);
		}
		fputc('}', r->out);
		first = false;
	}
	fputs("\n  ]\n", r->out);
	free(page);
	return OK;
}

/* What a language model did; without times, with its reason to stop. */
static void
put_model(struct report_writer *r, const struct enrich *e)
{
	if (e == NULL) {
		fputs("  \"model\": null,\n", r->out);
		return;
	}
	fputs("  \"model\": {\n  ", r->out);
	put_line(r, "provider", e->provider->name);
	fputs("  ", r->out);
	put_line(r, "model", e->provider->model(e->job->conf));
	fprintf(r->out,
	    "    \"described\": %zu, \"recalled\": %zu, \"refused\": %zu, "
	    "\"calls\": %zu,\n  ",
	    e->described, e->recalled, e->refused, e->calls);
	put_line(r, "note", e->note);
	fputs("    \"prompts\": \"" ENRICH_PROMPTS "\"\n  },\n", r->out);
}

static void
put_over(struct report_writer *r, const struct llms_outcome *o)
{
	fputs("    \"over\": [", r->out);
	for (size_t i = 0; i < o->nover; i++) {
		const struct llms_over *v = &o->over[i];

		arena_reset(&r->a);
		fprintf(r->out, "%s\n      {\"url\": ", i == 0 ? "" : ",");
		put_string(r, v->url);
		put_field(r, "what", v->what);
		put_field(r, "was", v->was);
		put_field(r, "now", v->now);
		put_field(r, "is", v->is);
		fputc('}', r->out);
	}
	fputs(o->nover > 0 ? "\n    ],\n" : "],\n", r->out);
}

/* Why the page of an edit is not in the file. */
static void
put_lost(struct report_writer *r, const struct llms_edit *e)
{
	uint32_t i = frontier_find(r->f, e->url);
	const char *title = e->title.is != NULL ? e->title.is : e->title.was;
	enum disposition disposition;

	put_string(r, e->url);
	put_field(r, "title", title);
	if (i == FRONTIER_NONE) {
		put_field(r, "reason", "The crawl did not find it any more.");
		return;
	}
	disposition = frontier_at(r->f, i)->disposition;
	put_field(r, "reason",
	    disposition == DISPOSITION_LISTED
		? "It is listed under another address now."
		: disposition_sentence(disposition));
	put_field(r, "detail", frontier_at(r->f, i)->detail);
}

static void
put_edits(struct report_writer *r, const struct edits_made *e)
{
	const struct llms_outcome *o = e == NULL ? NULL : &e->outcome;

	if (e == NULL) {
		fputs("  \"edits\": null,\n", r->out);
		return;
	}
	fprintf(r->out,
	    "  \"edits\": {\n    \"number\": %zu, \"applied\": %zu,\n  ",
	    e->number, o->applied);
	put_line(r, "refused", e->refused);
	put_over(r, o);
	fputs("    \"dropped\": [", r->out);
	for (size_t i = 0; i < o->nlost; i++) {
		arena_reset(&r->a);
		fprintf(r->out, "%s\n      {\"url\": ", i == 0 ? "" : ",");
		put_lost(r, o->lost[i]);
		fputc('}', r->out);
	}
	fputs(o->nlost > 0 ? "\n    ]\n  },\n" : "]\n  },\n", r->out);
}

/* put_script: what of the site needs JavaScript, and what can be done. */
static void
put_script(struct report_writer *r, const struct crawl_facts *facts)
{
	size_t n = facts->shells_listed + facts->shells_left_out;

	if (n == 0) {
		put_line(r, "needsJavaScript", NULL);
		return;
	}
	put_line(r, "needsJavaScript",
	    arena_printf(&r->a,
		"%zu page%s only with JavaScript, which is not run here; %zu "
		"of them %s listed by title and description. What the server "
		"renders, or serves prerendered, can be read.",
		n, n == 1 ? " shows its text" : "s show their text",
		facts->shells_listed,
		facts->shells_listed == 1 ? "is" : "are"));
}

enum rc
report_write(FILE *out, struct crawl *c, const struct site *site, size_t limit,
    const struct enrich *model, const struct edits_made *edits)
{
	const struct crawl_facts *facts = crawl_facts(c);
	struct report_writer r = {
	    .out = out, .f = crawl_frontier(c), .site = site};
	enum rc rc;

	arena_init(&r.a);
	fputs("{\n  \"version\": 1,\n", out);
	put_line(&r, "host", site->host);
	put_line(&r, "origin", site->origin);
	put_line(&r, "movedFrom", facts->moved_from);
	put_line(&r, "title", site->title);
	put_line(&r, "foundBy", facts->found_by_links ? "links" : "sitemap");
	put_line(&r, "robots", facts->robots);
	put_script(&r, facts);
	fprintf(out, "  \"crawlDelayMs\": %ld,\n  \"limit\": %zu,\n",
	    facts->delay_ms, limit);
	put_maps(&r, facts);
	put_model(&r, model);
	put_edits(&r, edits);
	put_counts(&r, facts);
	put_reasons(&r);
	put_sections(&r);
	rc = put_pages(&r);
	fputs("}\n", out);
	arena_release(&r.a);
	return rc == OK && ferror(out) ? E_INTERNAL : rc;
}
