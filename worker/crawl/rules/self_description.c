#include "worker/crawl/rules/self_description.h"

#include "worker/crawl/rules/pagination.h"
#include "worker/crawl/visits.h"

bool
describes_itself(const struct visits *vs, const struct page_visit *v)
{
	struct frontier *f = vs->c->frontier;
	const struct html_page *d = &v->doc;

	if (*d->title == '\0' || *d->description == '\0' ||
	    d->description_from == DESCRIPTION_SENTENCE)
		return false;
	return v->entry == vs->home_entry ||
	       frontier_at(f, vs->home_entry)->title_hash !=
		   title_hash(d->title);
}
