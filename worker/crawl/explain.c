#include "worker/crawl/explain.h"

#include "worker/crawl/visits.h"
#include "worker/job/job.h"

#include <stdio.h>
#include <string.h>

/* is_final_disposition: nothing read later changes it. */
static bool
is_final_disposition(enum disposition disposition)
{
	switch (disposition) {
	case DISPOSITION_PENDING:
	case DISPOSITION_LISTED: /* until it is clear what else is not kept: */
	case DISPOSITION_SAME_TEXT:  /* the choice of a language and of a
					version, */
	case DISPOSITION_VERSION:    /* which may fall with any page */
	case DISPOSITION_CANONICAL:  /* taken back if the other page fails */
	case DISPOSITION_HTTP_ERROR: /* tried again under another spelling */
		return false;
	default:
		return true;
	}
}

bool
explain_is_decided(struct explain *e)
{
	uint32_t i;

	if (e->read_whole_site || !e->watching)
		return false;
	i = frontier_find(e->crawl->frontier, e->url.text);
	return i != FRONTIER_NONE &&
	       is_final_disposition(
		   frontier_at(e->crawl->frontier, i)->disposition);
}

/* ---- before the crawl ---- */

static enum rc
explain_read_address(struct explain *e)
{
	if (url_resolve(e->job->arena, &e->crawl->home, e->text, &e->url) != OK)
		return job_fail(e->job, true,
		    "'%s' is not the URL of a page (http or https).", e->text);
	e->same_site = url_same_site(&e->url, &e->crawl->home);
	return OK;
}

static void
explain_read_rules(struct explain *e)
{
	struct crawl *c = e->crawl;
	uint32_t i = frontier_find(c->frontier, e->url.text);

	e->robots = robots_check(c->robots, e->url.text);
	e->rules =
	    frontier_judge_address(c->frontier, &e->url, &e->rules_detail);
	e->in_sitemap =
	    i != FRONTIER_NONE && frontier_at(c->frontier, i)->from_sitemap;
}

/* ---- after it ---- */

/* frontier_find_own: the ledger's line about this very address. */
static uint32_t
frontier_find_own(struct frontier *f, const struct url *u)
{
	for (uint32_t i = 0; i < frontier_count(f); i++) {
		const struct frontier_entry *e = frontier_at(f, i);

		if (e->disposition != DISPOSITION_OTHER_SITE &&
		    strcmp(e->target, e->is_whole_url ? u->text : u->target) ==
			0)
			return i;
	}
	return FRONTIER_NONE;
}

/* explain_read_ledger: as report.json has it. */
static void
explain_read_ledger(struct explain *e)
{
	struct arena *a = e->job->arena;
	struct frontier *f = e->crawl->frontier;
	uint32_t page = frontier_find(f, e->url.text);
	uint32_t own = frontier_find_own(f, &e->url);
	const struct frontier_entry *at;

	e->known = page != FRONTIER_NONE || own != FRONTIER_NONE;
	if (!e->known)
		return;
	/* A spelling that nobody but the asker uses has no line. */
	if (own == FRONTIER_NONE) {
		e->disposition = DISPOSITION_TWIN;
		e->address = e->url.text;
		e->other = frontier_url(f, page, a);
		e->entry = page;
		return;
	}
	at = frontier_at(f, own);
	e->disposition = at->disposition;
	e->detail = at->detail;
	e->entry = own;
	e->address = frontier_url(f, own, a);
	if (at->other != FRONTIER_NONE)
		e->other = frontier_url(f, frontier_canonical(f, at->other), a);
}

/* ---- the whole ---- */

static enum rc
explain_watch_crawl(struct explain *e)
{
	/* What the pages say is not needed, only what becomes of them. */
	FILE *texts = fopen("/dev/null", "we");
	enum rc rc;

	if (texts == NULL)
		return job_fail(e->job, false, "/dev/null cannot be opened.");
	e->watching = true;
	rc = crawl_pages(e->crawl, &e->site, texts, NULL, NULL);
	fclose(texts);
	if (rc == E_STOPPED && explain_is_decided(e))
		return OK;
	/* That no page can be listed is an answer about this one, too. */
	return rc == E_STOPPED || e->crawl->parsers_failed ? rc : OK;
}

enum rc
explain_crawl(struct crawl *c, struct job *job, struct explain *e)
{
	enum rc rc = crawl_start(c, false);

	if (rc != OK)
		return rc;
	e->crawl = c;
	e->job = job;
	e->entry = FRONTIER_NONE;
	if ((rc = explain_read_address(e)) != OK || !e->same_site)
		return rc;
	explain_read_rules(e);
	if (e->robots.allowed)
		rc = page_visit_single(c->visits, e->url.text, 0, &e->visit);
	if (rc == OK && e->rules == DISPOSITION_PENDING)
		rc = explain_watch_crawl(e);
	if (rc != OK)
		return rc;
	if (e->rules != DISPOSITION_PENDING) {
		e->disposition = e->rules;
		e->detail = e->rules_detail;
	} else {
		explain_read_ledger(e);
	}
	return OK;
}

void
explain_release(struct explain *e)
{
	page_visit_free(e->visit);
	e->visit = NULL;
}
