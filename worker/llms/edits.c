#include "worker/llms/edits.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/json.h"
#include "core/strmap.h"
#include "worker/llms/described_site.h"
#include "worker/llms/write.h"

#include <string.h>

static void
edits_apply(struct arena *a, const struct llms_edits *e,
    const struct buf *generated, struct buf *mended, struct edits_made *made)
{
	struct llms_file *f = arena_alloc(a, sizeof(*f)), result;

	if (llms_parse(a, generated->data, generated->len, f) != OK) {
		made->refused = "The generated file could not be read.";
		return;
	}
	llms_edits_apply(a, f, e, &result, &made->outcome);
	llms_print(mended, &result);
	if (!buf_ok(mended))
		made->refused = "The file would be too large with the edits.";
	else if (result.nlinks == 0)
		made->refused = "The file would be empty.";
	else if (llms_parse(a, mended->data, mended->len, &made->file) != OK)
		made->refused = "The file would not be a valid llms.txt.";
}

void
edits_make(struct arena *a, struct json_object *edits,
    const struct buf *generated, struct buf *mended, struct edits_made *made)
{
	struct llms_edits e;

	memset(made, 0, sizeof(*made));
	if (llms_edits_read(a, edits, &e) != OK) {
		made->refused = "They could not be read.";
		return;
	}
	made->number = llms_edits_count(&e);
	edits_apply(a, &e, generated, mended, made);
	if (made->refused != NULL)
		memset(&made->outcome, 0, sizeof(made->outcome));
	else
		made->changed =
		    mended->len != generated->len ||
		    memcmp(mended->data, generated->data, mended->len) != 0;
}

/* The pages by their addresses as the file has them. */
static void
map_pages(
    struct arena *a, const struct described_site *site, struct strmap *urls)
{
	strmap_init(urls, a, site->crawled->npages, false);
	for (uint32_t i = 0; i < site->crawled->npages; i++)
		(void)strmap_add(
		    urls, write_url(a, site->crawled->pages[i].url), i);
}

/* A section's lines that are pages; a line of the person's own is none. */
static void
mirror_section(struct described_site *site, const struct llms_file *f,
    uint32_t section, const struct strmap *urls)
{
	const struct llms_section *from = &f->sections[section];
	struct section *to = &site->sections[section];
	uint32_t *pages = arena_array(site->arena, from->n + 1, sizeof(*pages));

	*to = (struct section){
	    .name = from->name,
	    .pages = pages,
	    .optional = strcmp(from->name, LLMS_OPTIONAL) == 0,
	};
	for (uint32_t i = from->first; i < from->first + from->n; i++) {
		uint32_t n = strmap_get(urls, f->links[i].url);

		if (n == STRMAP_NONE)
			continue;
		site->pages[n].name = f->links[i].title;
		site->pages[n].line = f->links[i].text;
		site->pages[n].section = section;
		pages[to->npages++] = n;
	}
}

void
edits_mirror(struct described_site *site, const struct edits_made *made)
{
	const struct llms_file *f = &made->file;
	struct strmap urls;

	map_pages(site->arena, site, &urls);
	site->title = f->title;
	site->summary = f->summary;
	site->info = f->info;
	site->ninfo = f->ninfo;
	for (size_t i = 0; i < site->crawled->npages; i++)
		site->pages[i].section = SITE_NONE;
	site->sections =
	    arena_array(site->arena, f->nsections, sizeof(*site->sections));
	site->nsections = f->nsections;
	for (uint32_t i = 0; i < f->nsections; i++)
		mirror_section(site, f, i, &urls);
}
