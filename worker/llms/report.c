#include "worker/llms/report.h"

#include "core/arena.h"
#include "core/schema/report_json.h"
#include "worker/site/disposition.h"
#include "worker/job/job.h"
#include "worker/llms/edits.h"
#include "worker/llms/enrich.h"
#include "worker/llms/described_site.h"
#include "worker/model/provider.h"
#include "worker/site/text_line.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

struct report_writer {
	FILE *out;
	const struct described_site *site;
	const struct ledger *ledger;
	uint32_t *page; /* of each entry of the ledger, or SITE_NONE; owned */
	bool edited;    /* pages without a section were removed by hand */
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

/* report_disposition: of an entry, after the edits by hand. */
static enum disposition
report_disposition(const struct report_writer *r, uint32_t i)
{
	uint32_t page = r->page[i];

	return r->edited && page != SITE_NONE &&
		       r->site->pages[page].section == SITE_NONE
		   ? DISPOSITION_BY_HAND
		   : r->ledger->entry[i].disposition;
}

static void
put_counts(struct report_writer *r, const struct crawl_facts *facts)
{
	size_t known = 0;

	for (uint32_t i = 0; i < r->ledger->n; i++) {
		if (ledger_is_shown(r->ledger, i, &r->a)) {
			r->n[report_disposition(r, i)]++;
			known++;
		}
		arena_reset(&r->a);
	}
	fprintf(r->out,
	    "  \"counts\": {\"known\": %zu, \"listed\": %zu, "
	    "\"leftOut\": %zu, \"beyond\": %zu, \"textsLeftOut\": %zu},\n",
	    known, r->n[DISPOSITION_LISTED], known - r->n[DISPOSITION_LISTED],
	    r->ledger->beyond + facts->urls_beyond, facts->texts_left_out);
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
		const struct section *s = &r->site->sections[i];

		fprintf(r->out, "%s\n    {\"name\": ", i == 0 ? "" : ",");
		put_string(r, s->name);
		fprintf(r->out, ", \"pages\": %zu}", s->npages);
	}
	fputs("\n  ],\n", r->out);
}

static const char *
fold_or_null(struct report_writer *r, const char *s)
{
	return s == NULL ? NULL : text_line_fold(&r->a, s);
}

static void
put_page(struct report_writer *r, uint32_t i, const char *url)
{
	const struct ledger_entry *e = &r->ledger->entry[i];
	enum disposition disposition = report_disposition(r, i);
	struct report_page page = {
	    .url = fold_or_null(r, url),
	    .disposition = disposition_name(disposition),
	    .lastmod = fold_or_null(r, e->lastmod),
	};

	if (r->page[i] == SITE_NONE || disposition == DISPOSITION_BY_HAND) {
		page.reason =
		    fold_or_null(r, disposition_sentence(disposition));
		if (e->detail != NULL && *e->detail != '\0')
			page.detail = fold_or_null(r, e->detail);
		if (e->other != LEDGER_NONE)
			page.other = fold_or_null(
			    r, ledger_url(r->ledger, e->other, &r->a));
	} else {
		const struct described_page *p = &r->site->pages[r->page[i]];

		page.section =
		    fold_or_null(r, r->site->sections[p->section].name);
		page.title = fold_or_null(r, p->name);
	}
	report_page_write(r->out, &page);
}

/* report_pages: each entry's page, or SITE_NONE; NULL: no memory. */
static uint32_t *
report_pages(const struct described_site *site)
{
	size_t n = site->crawled->ledger.n;
	uint32_t *out = malloc((n + 1) * sizeof(*out));

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		out[i] = SITE_NONE;
	for (uint32_t i = 0; i < site->crawled->npages; i++)
		out[site->crawled->pages[i].entry] = i;
	return out;
}

static void
put_pages(struct report_writer *r)
{
	bool first = true;

	fputs("  \"pages\": [", r->out);
	for (uint32_t i = 0; i < r->ledger->n; i++) {
		arena_reset(&r->a);
		if (!ledger_is_shown(r->ledger, i, &r->a))
			continue;
		fputs(first ? "\n    " : ",\n    ", r->out);
		put_page(r, i, ledger_url(r->ledger, i, &r->a));
		first = false;
	}
	fputs("\n  ]\n", r->out);
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
put_over(struct report_writer *r, const struct llms_edits_outcome *o)
{
	fputs("    \"over\": [", r->out);
	for (size_t i = 0; i < o->nconflicts; i++) {
		const struct llms_conflict *v = &o->conflicts[i];

		arena_reset(&r->a);
		fprintf(r->out, "%s\n      {\"url\": ", i == 0 ? "" : ",");
		put_string(r, v->url);
		put_field(r, "what", v->what);
		put_field(r, "was", v->was);
		put_field(r, "now", v->now);
		put_field(r, "is", v->is);
		fputc('}', r->out);
	}
	fputs(o->nconflicts > 0 ? "\n    ],\n" : "],\n", r->out);
}

/* Why the page of an edit is not in the file. */
static void
put_lost(struct report_writer *r, const struct llms_edit *e)
{
	uint32_t i = ledger_find(r->ledger, e->url);
	const char *title = e->title.is != NULL ? e->title.is : e->title.was;
	enum disposition disposition;

	put_string(r, e->url);
	put_field(r, "title", title);
	if (i == LEDGER_NONE) {
		put_field(
		    r, "reason", "The last crawl did not find this page.");
		return;
	}
	disposition = report_disposition(r, i);
	put_field(r, "reason",
	    disposition == DISPOSITION_LISTED
		? "This page is now listed under another URL."
		: disposition_sentence(disposition));
	put_field(r, "detail", r->ledger->entry[i].detail);
}

static void
put_edits(struct report_writer *r, const struct edits_made *e)
{
	const struct llms_edits_outcome *o = e == NULL ? NULL : &e->outcome;

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
	for (size_t i = 0; i < o->norphaned; i++) {
		arena_reset(&r->a);
		fprintf(r->out, "%s\n      {\"url\": ", i == 0 ? "" : ",");
		put_lost(r, o->orphaned[i]);
		fputc('}', r->out);
	}
	fputs(o->norphaned > 0 ? "\n    ]\n  },\n" : "]\n  },\n", r->out);
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
		"%zu page%s only with JavaScript, which Platen does not run; "
		"%zu of them %s listed by title and description. Pages that "
		"the server renders, or serves prerendered, can be read.",
		n, n == 1 ? " shows its text" : "s show their text",
		facts->shells_listed,
		facts->shells_listed == 1 ? "is" : "are"));
}

enum rc
report_write(FILE *out, const struct described_site *site, size_t limit,
    const struct enrich *model, const struct edits_made *edits)
{
	const struct crawl_facts *facts = site->crawled->facts;
	struct report_writer r = {
	    .out = out,
	    .site = site,
	    .ledger = &site->crawled->ledger,
	    .page = report_pages(site),
	    .edited = edits != NULL && edits->changed,
	};

	if (r.page == NULL)
		return E_INTERNAL;
	arena_init(&r.a);
	fputs("{\n  \"version\": 1,\n", out);
	put_line(&r, "host", site->crawled->host);
	put_line(&r, "origin", site->crawled->origin);
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
	put_pages(&r);
	fputs("}\n", out);
	arena_release(&r.a);
	free(r.page);
	return ferror(out) ? E_INTERNAL : OK;
}
