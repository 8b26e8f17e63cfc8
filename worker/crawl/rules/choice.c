/* choice: of several languages and versions of a site, which are listed. */
#include "worker/crawl/rules/language.h"
#include "worker/crawl/rules/version.h"
#include "worker/crawl/visits.h"
#include "worker/site/crawled_site.h"

#include <string.h>

/* keep_listed: pages that are not listed any more leave the site. */
static void
keep_listed(struct visits *vs)
{
	struct site *site = vs->site;
	size_t n = 0;

	if (site == NULL)
		return;
	site->home = SITE_NONE;
	for (size_t i = 0; i < site->npages; i++) {
		uint32_t entry = site->pages[i].entry;

		if (frontier_at(vs->c->frontier, entry)->fate != FATE_LISTED)
			continue;
		if (entry == vs->front)
			site->home = (uint32_t)n;
		site->pages[n++] = site->pages[i];
	}
	site->npages = n;
}

static bool
is_out(struct frontier *f, uint32_t i)
{
	enum fate fate = frontier_at(f, i)->fate;

	return fate == FATE_LANGUAGE || fate == FATE_VERSION;
}

/* revive: what may be listed after all is visited (again). */
static void
revive(struct visits *vs)
{
	struct frontier *f = vs->c->frontier;

	for (uint32_t i = 0; i < frontier_count(f); i++) {
		const struct frontier_entry *e = frontier_at(f, i);

		/* Only a page that is out now said the same. */
		if (e->fate == FATE_SAME_TEXT && is_out(f, e->other))
			frontier_again(f, i);
		if (e->fate == FATE_VERSION &&
		    versions_refuse(vs->versions, e->target) == NULL)
			frontier_again(f, i);
	}
}

/* add_roots: of a version that is left out, the first page is visited. */
static void
add_roots(struct visits *vs)
{
	struct versions_at at = {0};
	const char *root;

	while ((root = versions_next(vs->versions, &at)) != NULL)
		(void)frontier_add(vs->c->frontier,
		    arena_printf(vs->c->a, "%s%s", vs->c->facts.origin, root),
		    FROM_PAGE, 1);
}

static void
weed(struct visits *vs)
{
	struct frontier *f = vs->c->frontier;

	/* A count does not make up pages. */
	if (!vs->c->count)
		add_roots(vs);
	for (uint32_t i = 0; i < frontier_count(f); i++)
		if (frontier_at(f, i)->fate == FATE_LISTED &&
		    visits_refuse(vs, i))
			vs->listed--;
	keep_listed(vs);
	revive(vs);
}

void
visits_choose(struct visits *vs)
{
	bool language = languages_decide(vs->languages);
	bool version = versions_decide(vs->versions);

	if (language || version)
		weed(vs);
}

/* A version all of whose pages lead elsewhere. */
static bool
lists_nothing(void *arg, const char *root)
{
	struct visits *vs = arg;
	struct frontier *f = vs->c->frontier;
	size_t n = strlen(root);

	for (uint32_t i = 0; i < frontier_count(f); i++)
		if (frontier_at(f, i)->fate == FATE_LISTED &&
		    strncmp(frontier_at(f, i)->target, root, n) == 0)
			return false;
	return true;
}

bool
visits_choose_again(struct visits *vs)
{
	if (!versions_drop(vs->versions, lists_nothing, vs))
		return false;
	visits_choose(vs);
	return true;
}

/* ---- one page ---- */

bool
visits_refuse(struct visits *vs, uint32_t entry)
{
	struct frontier *f = vs->c->frontier;
	const struct frontier_entry *e = frontier_at(f, entry);
	enum fate fate = FATE_LANGUAGE;
	const char *name;

	if (entry == vs->front)
		return false;
	name = languages_refuse(vs->languages, e->target, e->lang);
	if (name == NULL && !e->aside) {
		fate = FATE_VERSION;
		name = versions_refuse(vs->versions, e->target);
	}
	if (name != NULL)
		frontier_end(f, entry, fate, name);
	return name != NULL;
}

bool
visits_aside(const struct visits *vs, uint32_t entry)
{
	const struct frontier_entry *e = frontier_at(vs->c->frontier, entry);

	return entry != vs->front &&
	       (e->aside || versions_aside(vs->versions, e->target));
}

void
visits_lead(struct visits *vs, bool aside, uint32_t to)
{
	struct frontier *f = vs->c->frontier;
	struct frontier_entry *e = frontier_at(f, to);

	if (!aside || versions_refuse(vs->versions, e->target) == NULL)
		return;
	e->aside = true;
	if (e->fate == FATE_VERSION)
		frontier_again(f, to);
}

void
visits_heard(void *ctx, const char *target)
{
	struct visits *vs = ctx;

	languages_heard(vs->languages, target);
	versions_note(vs->versions, target);
}

void
visits_declare(struct visits *vs, const char *lang, const char *url)
{
	struct frontier *f = vs->c->frontier;
	uint32_t i = languages_wants(vs->languages, lang)
			 ? frontier_add(f, url, FROM_PAGE, 1)
			 : frontier_find(f, url);

	if (i != FRONTIER_NONE && frontier_at(f, i)->lang == NULL)
		frontier_at(f, i)->lang = languages_declare(
		    vs->languages, lang, frontier_at(f, i)->target);
}

void
visits_note_language(struct visits *vs, const struct visit *v)
{
	const struct doc *d = &v->doc;

	for (size_t i = 0; i < d->nalternates; i++)
		visits_declare(vs, d->alternates[i].lang, d->alternates[i].url);
	languages_note(vs->languages,
	    frontier_at(vs->c->frontier, v->entry)->target, d->lang,
	    v->entry == vs->front);
}
