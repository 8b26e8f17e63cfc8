#include "worker/crawl/explain.h"

#include "worker/crawl/visits.h"
#include "worker/job/job.h"

#include <stdio.h>
#include <string.h>

/* is_final: nothing read later changes it. */
static bool
is_final(enum fate fate)
{
	switch (fate) {
	case FATE_PENDING:
	case FATE_LISTED:    /* until it is clear what else is not kept: */
	case FATE_SAME_TEXT: /* the choice of a language and of a version, */
	case FATE_VERSION:   /* which may fall with any page */
	case FATE_CANONICAL: /* taken back if the other page fails */
	case FATE_HTTP:      /* tried again under another spelling */
		return false;
	default:
		return true;
	}
}

bool
explain_decided(struct explain *e)
{
	uint32_t i;

	if (e->whole || !e->watching)
		return false;
	i = frontier_find(e->crawl->frontier, e->url.text);
	return i != FRONTIER_NONE &&
	       is_final(frontier_at(e->crawl->frontier, i)->fate);
}

/* ---- before the crawl ---- */

static enum rc
read_address(struct explain *e)
{
	if (url_resolve(e->job->arena, &e->crawl->home, e->text, &e->url) != OK)
		return job_fail(e->job, true,
		    "'%s' is no address of a page (http or https).", e->text);
	e->same_site = url_same_site(&e->url, &e->crawl->home);
	return OK;
}

static void
read_rules(struct explain *e)
{
	struct crawl *c = e->crawl;
	uint32_t i = frontier_find(c->frontier, e->url.text);

	e->robots = robots_check(c->robots, e->url.text);
	e->rules = frontier_judge(c->frontier, &e->url, &e->rules_detail);
	e->in_sitemap =
	    i != FRONTIER_NONE && frontier_at(c->frontier, i)->from_sitemap;
}

/* ---- after it ---- */

/* own_entry: the ledger's line about this very address. */
static uint32_t
own_entry(struct frontier *f, const struct url *u)
{
	for (uint32_t i = 0; i < frontier_count(f); i++) {
		const struct frontier_entry *e = frontier_at(f, i);

		if (e->fate != FATE_OTHER_SITE &&
		    strcmp(e->target, e->whole ? u->text : u->target) == 0)
			return i;
	}
	return FRONTIER_NONE;
}

/* read_ledger: as report.json has it. */
static void
read_ledger(struct explain *e)
{
	struct arena *a = e->job->arena;
	struct frontier *f = e->crawl->frontier;
	uint32_t page = frontier_find(f, e->url.text);
	uint32_t own = own_entry(f, &e->url);
	const struct frontier_entry *at;

	e->known = page != FRONTIER_NONE || own != FRONTIER_NONE;
	if (!e->known)
		return;
	/* A spelling that nobody but the asker uses has no line. */
	if (own == FRONTIER_NONE) {
		e->fate = FATE_TWIN;
		e->address = e->url.text;
		e->other = frontier_url(f, page, a);
		e->entry = page;
		return;
	}
	at = frontier_at(f, own);
	e->fate = at->fate;
	e->detail = at->detail;
	e->entry = own;
	e->address = frontier_url(f, own, a);
	if (at->other != FRONTIER_NONE)
		e->other = frontier_url(f, frontier_page(f, at->other), a);
}

/* ---- the whole ---- */

static enum rc
crawl_for(struct explain *e)
{
	/* What the pages say is not needed, only what becomes of them. */
	FILE *texts = fopen("/dev/null", "we");
	enum rc rc;

	if (texts == NULL)
		return job_fail(e->job, false, "/dev/null cannot be opened.");
	e->watching = true;
	rc = crawl_pages(e->crawl, &e->site, texts, NULL, NULL);
	fclose(texts);
	if (rc == E_STOPPED && explain_decided(e))
		return OK;
	/* That no page can be listed is an answer about this one, too. */
	return rc == E_STOPPED || e->crawl->broken ? rc : OK;
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
	if ((rc = read_address(e)) != OK || !e->same_site)
		return rc;
	read_rules(e);
	if (e->robots.allowed)
		rc = visit_alone(c->visits, e->url.text, 0, &e->visit);
	if (rc == OK && e->rules == FATE_PENDING)
		rc = crawl_for(e);
	if (rc != OK)
		return rc;
	if (e->rules != FATE_PENDING) {
		e->fate = e->rules;
		e->detail = e->rules_detail;
	} else {
		read_ledger(e);
	}
	return OK;
}

void
explain_release(struct explain *e)
{
	visit_free(e->visit);
	e->visit = NULL;
}
