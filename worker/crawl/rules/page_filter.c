#include "worker/crawl/rules/page_filter.h"

#include "worker/crawl/rules/pagination.h"
#include "worker/crawl/rules/alternate_view.h"
#include "worker/crawl/visits.h"

#include <string.h>

/*
 * amp_of: the page at /a/b of the one at /a/b/amp, if both have one title: an
 * amplifier's page has its own.
 */
static uint32_t
amp_of(struct frontier *f, const struct visit *v)
{
	uint32_t page = FRONTIER_NONE;
	const struct frontier_entry *e;
	const char *target;
	struct arena a;
	struct url u, to;

	arena_init(&a);
	if (url_parse(&a, frontier_url(f, v->entry, &a), &u) == OK &&
	    (target = view_amp(&a, &u)) != NULL &&
	    url_resolve(&a, &u, target, &to) == OK)
		page = frontier_find(f, to.text);
	arena_release(&a);
	if (page != FRONTIER_NONE)
		page = frontier_page(f, page);
	if (page == FRONTIER_NONE || page == v->entry)
		return FRONTIER_NONE;
	e = frontier_at(f, page);
	if (e->fate == FATE_LISTED && e->said == paged_said(v->doc.title))
		return page;
	return FRONTIER_NONE;
}

/* shows_code: in blocks, as what tells of a command does. */
static bool
shows_code(const struct doc *d)
{
	return memmem(d->markdown, d->markdown_len, "```", 3) != NULL;
}

bool
second_ends(struct visits *vs, const struct visit *v)
{
	struct frontier *f = vs->c->frontier;
	struct frontier_entry *e = frontier_at(f, v->entry);
	uint32_t page;

	if (v->entry == vs->front || e->from_sitemap)
		return false;
	if (paged_further(f, v->entry, v->doc.title)) {
		frontier_end(f, v->entry, FATE_FURTHER, NULL);
	} else if (e->task && view_is_task(v->doc.words, shows_code(&v->doc))) {
		frontier_end(f, v->entry, FATE_TASK, NULL);
	} else if ((page = amp_of(f, v)) != FRONTIER_NONE) {
		frontier_end(f, v->entry, FATE_VIEW, NULL);
		e->other = page;
	} else {
		return false;
	}
	return true;
}

/* says_itself: without a text, a title and a description of its own. */
static bool
says_itself(struct visits *vs, const struct visit *v)
{
	struct frontier *f = vs->c->frontier;
	const struct doc *d = &v->doc;

	if (*d->title == '\0' || *d->description == '\0' ||
	    d->description_from == DOC_SENTENCE)
		return false;
	return v->entry == vs->front ||
	       frontier_at(f, vs->front)->said != paged_said(d->title);
}

bool
second_needs_script(struct visits *vs, const struct visit *v)
{
	return (v->doc.flags & DOC_SHELL) != 0 && !says_itself(vs, v);
}

bool
second_is_empty(struct visits *vs, const struct visit *v)
{
	return v->doc.words == 0 && *v->doc.h1 == '\0' &&
	       (v->doc.flags & DOC_SHELL) == 0 && !says_itself(vs, v);
}

void
second_note(struct visits *vs, const struct visit *v)
{
	frontier_at(vs->c->frontier, v->entry)->said = paged_said(v->doc.title);
}
