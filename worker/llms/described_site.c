#include "worker/llms/described_site.h"

#include "core/arena.h"

void
described_site_init(struct described_site *site, struct arena *a,
    const struct crawled_site *crawled)
{
	*site = (struct described_site){
	    .arena = a, .crawled = crawled, .title = "", .summary = ""};
	site->pages = arena_array(a, crawled->npages + 1, sizeof(*site->pages));
	for (size_t i = 0; i < crawled->npages; i++)
		site->pages[i] = (struct described_page){
		    .crawled = &crawled->pages[i],
		    .name = "",
		    .own_name = "",
		    .line = "",
		    .section = SITE_NONE,
		};
}
