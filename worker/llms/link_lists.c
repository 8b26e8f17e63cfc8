#include "worker/llms/link_lists.h"

#include "core/arena.h"
#include "core/text.h"
#include "worker/llms/names.h"
#include "worker/site/text_line.h"
#include "worker/site/prose.h"
#include "worker/llms/described_site.h"
#include "worker/site/counter.h"

#include <ctype.h>
#include <string.h>

#define LINE_CHARS 200
/* A heading that more pages than this have is boilerplate. */
#define SHARED_HEADINGS 3
#define HEADINGS 6
/* A page with fewer words than this for each of its links is a list. */
#define WORDS_PER_LINK 40

/* bare_heading: a heading without the sign or the number before it. */
static const char *
bare_heading(const char *s)
{
	const char *start = s;
	size_t len;

	while (*s != '\0') {
		int32_t cp = text_decode(s, strlen(s), &len);

		if (cp != ' ' && !(cp >= 0x2190 && cp <= 0x2bff))
			break;
		s += len;
	}
	len = strspn(s, "0123456789.");
	if (len > 0 && s[len] == ' ' && isalpha((unsigned char)s[len + 1]))
		s += len + 1;
	return *s == '\0' ? start : s;
}

/* A list of names that becomes a sentence. */
struct covers {
	const char *name[HEADINGS];
	size_t n;
	size_t chars;
	bool more; /* there were more */
};

static void
cover_add(struct covers *c, const char *s)
{
	for (size_t j = 0; j < c->n; j++)
		if (text_line_same(c->name[j], s))
			return;
	if (c->n == HEADINGS ||
	    c->chars + text_line_length(s) + 2 > LINE_CHARS - 20) {
		c->more = true;
		return;
	}
	c->chars += text_line_length(s) + 2;
	c->name[c->n++] = s;
}

/* "Covers A, B and C." */
static const char *
cover_sentence(struct arena *a, const char *verb, const struct covers *c)
{
	const char *out = arena_printf(a, "%s ", verb);

	if (c->n == 0)
		return NULL;
	for (size_t i = 0; i < c->n; i++)
		out = arena_printf(a, "%s%s%s", out,
		    i == 0                      ? ""
		    : i + 1 == c->n && !c->more ? " and "
						: ", ",
		    c->name[i]);
	if (c->more)
		return arena_printf(a, "%s and more.", out);
	if (!ispunct((unsigned char)out[strlen(out) - 1]))
		out = arena_printf(a, "%s.", out);
	return out;
}

const char *
link_lists_headings(struct arena *a, const struct counter *shared,
    const struct described_page *p, size_t least)
{
	struct covers c = {.n = 0};
	const char *s;

	for (unsigned i = 0;
	     (s = prose_line(a, p->crawled->headings, i)) != NULL; i++) {
		const char *name = names_tidy(a, bare_heading(s));

		if (text_line_length(name) < 3 || prose_aside(name) ||
		    text_line_same(name, p->name) ||
		    (least == 1 && text_line_contains(name, p->name)) ||
		    (shared != NULL &&
			counter_shared(shared, s, SHARED_HEADINGS)))
			continue;
		cover_add(&c, name);
	}
	return c.n < least ? NULL : cover_sentence(a, "Covers", &c);
}

/* is_part: what all pages link to is no part of any. */
static bool
is_part(const struct described_site *site, uint32_t link)
{
	const struct described_page *to = &site->pages[link & ~SITE_NAV];

	return (link & SITE_NAV) == 0 &&
	       (link & ~SITE_NAV) != site->crawled->home &&
	       (to->crawled->linked < site->crawled->npages / 2 ||
		   site->crawled->npages < 8);
}

const char *
link_lists_members(struct arena *a, const struct described_site *site,
    const struct described_page *p, bool any)
{
	struct covers c = {.n = 0};

	if (!any && p->crawled->words > WORDS_PER_LINK * p->crawled->nlinks)
		return NULL;
	for (uint32_t i = 0; i < p->crawled->nlinks; i++) {
		uint32_t link = site->crawled->links[p->crawled->links_at + i];
		const struct described_page *to =
		    &site->pages[link & ~SITE_NAV];

		if (to != p && is_part(site, link) &&
		    !text_line_same(to->own_name, p->own_name))
			cover_add(&c, names_tidy(a, to->own_name));
	}
	return cover_sentence(a, any ? "Links to" : "Covers", &c);
}

const char *
link_lists_items(struct arena *a, const struct counter *shared,
    const struct described_page *p)
{
	struct covers c = {.n = 0};
	const char *s;

	for (unsigned i = 0; (s = prose_line(a, p->crawled->items, i)) != NULL;
	     i++)
		if (text_line_length(s) >= 2 && !prose_aside(s) &&
		    !text_line_same(s, p->name) &&
		    !counter_shared(shared, s, SHARED_HEADINGS))
			cover_add(&c, names_tidy(a, bare_heading(s)));
	return cover_sentence(a, "Lists", &c);
}
