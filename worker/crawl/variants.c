/* variants: of several languages and versions of a site, which are listed. */
#include "worker/crawl/rules/language.h"
#include "worker/crawl/rules/version.h"
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"
#include "worker/site/crawled_site.h"

#include <string.h>

/* site_drop_unlisted: pages that are not listed any more leave the site. */
static void
site_drop_unlisted(struct visits *vs)
{
	struct crawled_site *site = vs->site;
	size_t n = 0;

	if (site == NULL)
		return;
	site->home = SITE_NONE;
	for (size_t i = 0; i < site->npages; i++) {
		uint32_t entry = site->pages[i].entry;

		if (frontier_at(vs->c->frontier, entry)->disposition !=
		    DISPOSITION_LISTED)
			continue;
		if (entry == vs->home_entry)
			site->home = (uint32_t)n;
		site->pages[n++] = site->pages[i];
	}
	site->npages = n;
}

static bool
is_variant_entry(struct frontier *f, uint32_t i)
{
	enum disposition disposition = frontier_at(f, i)->disposition;

	return disposition == DISPOSITION_LANGUAGE ||
	       disposition == DISPOSITION_VERSION;
}

/* visits_requeue_released: what may be listed after all is visited (again). */
static void
visits_requeue_released(struct visits *vs)
{
	struct frontier *f = vs->c->frontier;

	for (uint32_t i = 0; i < frontier_count(f); i++) {
		const struct frontier_entry *e = frontier_at(f, i);

		/* Only a page that is out now said the same. */
		if (e->disposition == DISPOSITION_SAME_TEXT &&
		    is_variant_entry(f, e->other))
			frontier_requeue(f, i);
		if (e->disposition == DISPOSITION_VERSION &&
		    versions_excluded(vs->versions, e->target) == NULL)
			frontier_requeue(f, i);
	}
}

/*
 * visits_add_version_stubs: of a version that is left out, the first page is
 * visited.
 */
static void
visits_add_version_stubs(struct visits *vs)
{
	struct versions_cursor at = {0};
	const char *root;

	while ((root = versions_next_stub(vs->versions, &at)) != NULL)
		(void)frontier_add(vs->c->frontier,
		    arena_printf(vs->c->a, "%s%s", vs->c->facts.origin, root),
		    FROM_PAGE, 1);
}

static void
visits_apply_choice(struct visits *vs)
{
	struct frontier *f = vs->c->frontier;

	/* A count does not make up pages. */
	if (!vs->c->only_count)
		visits_add_version_stubs(vs);
	for (uint32_t i = 0; i < frontier_count(f); i++)
		if (frontier_at(f, i)->disposition == DISPOSITION_LISTED &&
		    visits_exclude_variant(vs, i))
			vs->listed--;
	site_drop_unlisted(vs);
	visits_requeue_released(vs);
}

void
visits_choose_variants(struct visits *vs)
{
	bool language = languages_decide(vs->languages);
	bool version = versions_decide(vs->versions);

	if (language || version)
		visits_apply_choice(vs);
}

/* A version all of whose pages lead elsewhere. */
static bool
lists_no_page(void *arg, const char *root)
{
	struct visits *vs = arg;
	struct frontier *f = vs->c->frontier;
	size_t n = strlen(root);

	for (uint32_t i = 0; i < frontier_count(f); i++)
		if (frontier_at(f, i)->disposition == DISPOSITION_LISTED &&
		    strncmp(frontier_at(f, i)->target, root, n) == 0)
			return false;
	return true;
}

bool
visits_choose_variants_again(struct visits *vs)
{
	if (!versions_drop_empty(vs->versions, lists_no_page, vs))
		return false;
	visits_choose_variants(vs);
	return true;
}

/* ---- one page ---- */

bool
visits_exclude_variant(struct visits *vs, uint32_t entry)
{
	struct url_case c = {.visits = vs, .entry = entry};

	return entry != vs->home_entry &&
	       visits_judge(vs, URL_RULE_VARIANT, &c);
}

bool
visits_is_version_stub(const struct visits *vs, uint32_t entry)
{
	const struct frontier_entry *e = frontier_at(vs->c->frontier, entry);

	return entry != vs->home_entry &&
	       (e->version_stub || versions_is_stub(vs->versions, e->target));
}

void
visits_move_version_stub(struct visits *vs, bool was_stub, uint32_t to)
{
	struct frontier *f = vs->c->frontier;
	struct frontier_entry *e = frontier_at(f, to);

	if (!was_stub || versions_excluded(vs->versions, e->target) == NULL)
		return;
	e->version_stub = true;
	if (e->disposition == DISPOSITION_VERSION)
		frontier_requeue(f, to);
}

void
visits_note_address(void *ctx, const char *target)
{
	struct visits *vs = ctx;

	languages_note_address(vs->languages, target);
	versions_note_address(vs->versions, target);
}

void
visits_note_hreflang(struct visits *vs, const char *lang, const char *url)
{
	struct frontier *f = vs->c->frontier;
	uint32_t i = languages_wants(vs->languages, lang)
			 ? frontier_add(f, url, FROM_PAGE, 1)
			 : frontier_find(f, url);

	if (i != FRONTIER_NONE && frontier_at(f, i)->lang == NULL)
		frontier_at(f, i)->lang = languages_note_hreflang(
		    vs->languages, lang, frontier_at(f, i)->target);
}

void
visits_note_page_language(struct visits *vs, const struct page_visit *v)
{
	const struct html_page *d = &v->doc;

	for (size_t i = 0; i < d->nalternates; i++)
		visits_note_hreflang(
		    vs, d->alternates[i].lang, d->alternates[i].url);
	languages_note_page(vs->languages,
	    frontier_at(vs->c->frontier, v->entry)->target, d->lang,
	    v->entry == vs->home_entry);
}
