#include "t/fuzz/lib/site.h"

#include "t/llms_markdown.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/url.h"
#include "worker/llms/check.h"
#include "worker/llms/describe.h"
#include "worker/llms/group.h"
#include "worker/llms/introduction.h"
#include "worker/site/text_line.h"
#include "worker/llms/write.h"

#include <stdlib.h>
#include <string.h>

static const char *
next_line(struct arena *a, const char **at, const char *end)
{
	const char *lf = memchr(*at, '\n', end - *at);
	size_t n = (lf == NULL ? end : lf) - *at;
	const char *line = arena_strndup(a, *at, n);

	*at = lf == NULL ? end : lf + 1;
	return text_line_fold(a, line);
}

static void
add_page(struct crawled_site *site, const char *path, const char *title,
    const char *words)
{
	struct crawled_page *p = &site->pages[site->npages];
	const char *key;
	struct url u, v;

	if (url_parse(site->arena,
		arena_printf(site->arena, "https://a.test/%s", path), &u) != OK)
		return;
	/* The crawl joins twins: "(" and "%28" are written alike. */
	key = url_twin_key(site->arena, &u);
	for (size_t i = 0; i < site->npages; i++)
		if (url_parse(site->arena, site->pages[i].url, &v) != OK ||
		    strcmp(url_twin_key(site->arena, &v), key) == 0)
			return;
	*p = site->front;
	p->url = u.text;
	p->path = u.target;
	p->title = title;
	p->description = words;
	p->description_from = DESCRIPTION_META;
	p->lead = words;
	site->npages++;
}

void
site_fuzz(
    struct crawled_site *site, struct arena *a, const char *lines, size_t len)
{
	const char *at = lines, *end = lines + len;

	*site =
	    (struct crawled_site){.host = "a.test", .origin = "https://a.test"};
	site->arena = a;
	site->home = SITE_NONE;
	site->pages = arena_array(a, SITE_FUZZ_PAGES, sizeof(*site->pages));
	site->front = (struct crawled_page){.url = "",
	    .path = "/",
	    .title = "",
	    .raw_title = "",
	    .h1 = "",
	    .site_name = "",
	    .description = "",
	    .lang = "",
	    .headings = "",
	    .label = ""};
	site->front.lead = next_line(a, &at, end);
	while (at < end && site->npages < SITE_FUZZ_PAGES) {
		const char *path = next_line(a, &at, end);
		const char *title = next_line(a, &at, end);

		add_page(site, path, title, next_line(a, &at, end));
	}
}

void
site_fuzz_ready(struct crawled_site *crawled, struct described_site *site)
{
	described_site_init(site, crawled->arena, crawled);
	describe_site(site);
	group_site(site);
	introduction_overview(site);
}

void
site_fuzz_check(const struct described_site *site)
{
	struct check_report r;
	struct arena a;
	struct buf out;

	arena_init(&a);
	buf_init(&out, 16 << 20);
	write_llms_txt(&out, site);
	if (!buf_ok(&out) || check_llms(&a, out.data, out.len, &r) != OK)
		abort();
	if (r.links != site->crawled->npages)
		abort();
	if (llms_markdown(out.data, out.len, "http", r.links) != NULL)
		abort();
	buf_release(&out);
	arena_release(&a);
}
