#include "worker/llms/text_backup.h"

#include "core/arena.h"
#include "core/buf.h"
#include "worker/llms/check.h"
#include "worker/llms/described_site.h"
#include "worker/llms/write.h"

#include <string.h>

struct page_words {
	const char *name, *line;
};

struct text_backup {
	struct page_words *pages;
	const char **sections; /* names */
	const char *summary;
	const char **info;
	size_t ninfo;
};

struct text_backup *
text_backup_save(const struct described_site *site)
{
	struct arena *a = site->arena;
	struct text_backup *w = arena_alloc(a, sizeof(*w));

	w->pages = arena_array(a, site->crawled->npages + 1, sizeof(*w->pages));
	for (size_t i = 0; i < site->crawled->npages; i++) {
		w->pages[i].name = site->pages[i].name;
		w->pages[i].line = site->pages[i].line;
	}
	w->sections = arena_array(a, site->nsections + 1, sizeof(*w->sections));
	for (size_t i = 0; i < site->nsections; i++)
		w->sections[i] = site->sections[i].name;
	w->summary = site->summary;
	w->ninfo = site->ninfo;
	w->info = arena_array(a, site->ninfo + 1, sizeof(*w->info));
	for (size_t i = 0; i < site->ninfo; i++)
		w->info[i] = site->info[i];
	return w;
}

void
text_backup_restore(const struct text_backup *w, struct described_site *site)
{
	for (size_t i = 0; i < site->crawled->npages; i++) {
		site->pages[i].name = w->pages[i].name;
		site->pages[i].line = w->pages[i].line;
	}
	for (size_t i = 0; i < site->nsections; i++)
		site->sections[i].name = w->sections[i];
	site->summary = w->summary;
	site->info = w->info;
	site->ninfo = w->ninfo;
}

/* file_fault: why out is not the site's file, whole and valid, in a; or NULL.
 */
static const char *
file_fault(
    struct arena *a, const struct described_site *site, const struct buf *out)
{
	struct check_report r;
	struct arena own;
	const char *what = NULL;

	if (!buf_ok(out))
		return "it was too large";
	arena_init(&own);
	if (check_llms(&own, out->data, out->len, &r) != OK)
		what = arena_strdup(a, r.issues[0].what);
	else if (r.links != site->crawled->npages)
		what = "links were missing";
	arena_release(&own);
	return what;
}

const char *
text_backup_write(struct arena *a, struct buf *out, struct described_site *site,
    const struct text_backup *was)
{
	const char *what;

	write_llms_txt(out, site);
	what = was == NULL ? NULL : file_fault(a, site, out);
	if (what == NULL)
		return NULL;
	text_backup_restore(was, site);
	buf_clear(out);
	write_llms_txt(out, site);
	return what;
}
