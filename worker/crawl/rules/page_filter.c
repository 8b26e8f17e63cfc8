#include "worker/crawl/rules/page_filter.h"

#include "worker/crawl/rules/pagination.h"
#include "worker/crawl/rules/alternate_view.h"
#include "worker/crawl/visits.h"

#include <string.h>

/*
 * amp_original: the page at /a/b of the one at /a/b/amp, if both have one
 * title: an amplifier's page has its own.
 */
static uint32_t
amp_original(struct frontier *f, const struct page_visit *v)
{
	uint32_t page = FRONTIER_NONE;
	const struct frontier_entry *e;
	const char *target;
	struct arena a;
	struct url u, to;

	arena_init(&a);
	if (url_parse(&a, frontier_url(f, v->entry, &a), &u) == OK &&
	    (target = amp_page_target(&a, &u)) != NULL &&
	    url_resolve(&a, &u, target, &to) == OK)
		page = frontier_find(f, to.text);
	arena_release(&a);
	if (page != FRONTIER_NONE)
		page = frontier_canonical(f, page);
	if (page == FRONTIER_NONE || page == v->entry)
		return FRONTIER_NONE;
	e = frontier_at(f, page);
	if (e->disposition == DISPOSITION_LISTED &&
	    e->title_hash == title_hash(v->doc.title))
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
page_filter_ends(struct visits *vs, const struct page_visit *v)
{
	struct frontier *f = vs->c->frontier;
	struct frontier_entry *e = frontier_at(f, v->entry);
	uint32_t page;

	if (v->entry == vs->front || e->from_sitemap)
		return false;
	if (is_pagination_page(f, v->entry, v->doc.title)) {
		frontier_set_disposition(
		    f, v->entry, DISPOSITION_FURTHER_PAGE, NULL);
	} else if (e->may_be_task &&
		   is_task_page(v->doc.words, shows_code(&v->doc))) {
		frontier_set_disposition(f, v->entry, DISPOSITION_TASK, NULL);
	} else if ((page = amp_original(f, v)) != FRONTIER_NONE) {
		frontier_set_disposition(f, v->entry, DISPOSITION_VIEW, NULL);
		e->other = page;
	} else {
		return false;
	}
	return true;
}

/* describes_itself: without a text, a title and a description of its own. */
static bool
describes_itself(struct visits *vs, const struct page_visit *v)
{
	struct frontier *f = vs->c->frontier;
	const struct doc *d = &v->doc;

	if (*d->title == '\0' || *d->description == '\0' ||
	    d->description_from == DOC_SENTENCE)
		return false;
	return v->entry == vs->front ||
	       frontier_at(f, vs->front)->title_hash != title_hash(d->title);
}

bool
page_filter_needs_javascript(struct visits *vs, const struct page_visit *v)
{
	return (v->doc.flags & DOC_SHELL) != 0 && !describes_itself(vs, v);
}

bool
page_filter_is_empty(struct visits *vs, const struct page_visit *v)
{
	return v->doc.words == 0 && *v->doc.h1 == '\0' &&
	       (v->doc.flags & DOC_SHELL) == 0 && !describes_itself(vs, v);
}

void
page_filter_note_title(struct visits *vs, const struct page_visit *v)
{
	frontier_at(vs->c->frontier, v->entry)->title_hash =
	    title_hash(v->doc.title);
}
