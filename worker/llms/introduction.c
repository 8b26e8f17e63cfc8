#include "worker/llms/introduction.h"

#include "core/arena.h"
#include "core/buf.h"
#include "worker/site/text_line.h"
#include "worker/site/prose.h"
#include "worker/llms/described_site.h"
#include "worker/llms/write.h"
#include "core/wordlist.h"
#include "worker/site/words.h"

#include <string.h>
#include <strings.h>

#define SUMMARY_CHARS 300
#define INFO_CHARS 600
#define INFO_PARAGRAPHS 2
#define LINE_CHARS 200
/* Parts or pages that a summary names. */
#define NAMED 6
/* Less than this says nothing, code points. */
#define LEAST_META_CHARS 10
#define LEAST_INFO_CHARS 50
#define LEAST_EXCERPT_CHARS 30

/* is_introduction: by its name, the page says what the site is. */
static bool
is_introduction(
    const struct described_site *site, const struct described_page *p)
{
	size_t n;

	if (text_line_is_one_of(p->own_name, words_introductions))
		return true;
	n = wordlist_starts(words_introduction_starts, p->own_name);
	return n > 0 && text_line_contains(site->title, p->own_name + n);
}

/* find_introduction: the nearest to the top that has sentences; or NULL. */
static const struct described_page *
find_introduction(const struct described_site *site, struct arena *a)
{
	const struct described_page *best = NULL;
	size_t depth, least = SIZE_MAX;
	const char *s;

	for (size_t i = 0; i < site->crawled->npages; i++) {
		const struct described_page *p = &site->pages[i];

		if (i == site->crawled->home || !is_introduction(site, p) ||
		    (s = prose_line(a, p->crawled->lead, 0)) == NULL ||
		    !prose_sentence(s) || prose_goes_on(a, s, p->name))
			continue;
		depth = 0;
		for (const char *c = p->crawled->path; *c != '\0'; c++)
			depth += *c == '/';
		if (depth < least) {
			least = depth;
			best = p;
		}
	}
	return best;
}

/* first_sentence: of a lead, in the site's arena; NULL without one. */
static const char *
first_sentence(struct described_site *site, struct arena *a, const char *lead)
{
	const char *s, *rest;

	for (unsigned i = 0; (s = prose_line(a, lead, i)) != NULL; i++) {
		s = prose_tidy(a, s);
		rest = prose_after_name(s, site->title);
		if (prose_sentence(s) && rest == NULL &&
		    !text_line_same(s, site->title) &&
		    !prose_goes_on(a, s, site->title))
			return text_line_clip(site->arena, s, SUMMARY_CHARS);
	}
	return NULL;
}

/* page_with_line: the page, but for the home page, that begins so; SITE_NONE.
 */
static uint32_t
page_with_line(
    const struct described_site *site, struct arena *a, const char *line)
{
	const char *s = text_line_sentence(a, prose_tidy(a, line));

	if (text_line_length(s) < LEAST_EXCERPT_CHARS)
		return SITE_NONE;
	for (uint32_t i = 0; i < site->crawled->npages; i++)
		if (i != site->crawled->home &&
		    strncmp(site->crawled->pages[i].lead, s, strlen(s)) == 0)
			return i;
	return SITE_NONE;
}

/*
 * own_lead: the first paragraphs of the home page, without those that begin
 * the posts it lists: if it has several, or one that ends in "Read more".
 */
static const char *
own_lead(const struct described_site *site, struct arena *a)
{
	const char *lead = site->crawled->front.lead, *s, *out = "";
	uint32_t first = SITE_NONE, of;
	bool lists = false;

	for (unsigned i = 0; (s = prose_line(a, lead, i)) != NULL; i++) {
		of = page_with_line(site, a, s);
		lists |= of != SITE_NONE &&
			 ((first != SITE_NONE && of != first) ||
			     strlen(prose_tidy(a, s)) < strlen(s));
		first = of != SITE_NONE ? of : first;
		if (of == SITE_NONE)
			out = arena_printf(
			    a, "%s%s%s", out, *out == '\0' ? "" : "\n", s);
	}
	return lists ? out : lead;
}

/* of_a_form: pages have descriptions like the home page's: no sentences. */
static bool
of_a_form(const struct described_site *site, const char *s)
{
	size_t n = strcspn(s, " "), alike = 0;

	n += s[n] == ' ' ? 1 + strcspn(s + n + 1, " ") : 0;
	if (prose_ends(s) || s[n] == '\0')
		return false;
	for (size_t i = 0; i < site->crawled->npages; i++)
		alike +=
		    i != site->crawled->home &&
		    strncmp(site->crawled->pages[i].description, s, n) == 0;
	return alike >= 3;
}

/*
 * home_tagline: what the home page's title says beside the site's name: "Acme -
 * Tools for small boats"; "" when it says no more.
 */
static const char *
home_tagline(struct described_site *site)
{
	const char *s = site->crawled->front.raw_title, *again;

	for (size_t i = 0; words_home_separators[i] != NULL; i++) {
		const char *at = strstr(s, words_home_separators[i]), *rest;

		if (at == NULL)
			continue;
		rest = at + strlen(words_home_separators[i]);
		/* Some write the whole twice. */
		again = strstr(rest, words_home_separators[i]);
		if (again != NULL)
			rest = arena_strndup(
			    site->arena, rest, (size_t)(again - rest));
		if (text_line_same(
			arena_strndup(site->arena, s, (size_t)(at - s)),
			site->title) &&
		    prose_words(rest) >= 3)
			return text_line_clip(site->arena, rest, SUMMARY_CHARS);
		if (text_line_same(rest, site->title) &&
		    prose_words(
			arena_strndup(site->arena, s, (size_t)(at - s))) >= 3)
			return arena_strndup(site->arena, s, (size_t)(at - s));
	}
	return "";
}

static const char *
find_summary(struct described_site *site, struct arena *a, const char *lead)
{
	const struct crawled_page *front = &site->crawled->front;
	const struct described_page *other;
	const char *s;

	if (front->description_from != DESCRIPTION_SENTENCE &&
	    !of_a_form(site, front->description) &&
	    prose_says_more(front->description, site->title, LEAST_META_CHARS))
		return text_line_clip(
		    site->arena, front->description, SUMMARY_CHARS);
	if ((s = first_sentence(site, a, lead)) != NULL)
		return s;
	s = front->description;
	if (lead == front->lead &&
	    prose_says_more(s, site->title, LEAST_META_CHARS) &&
	    !prose_aside(s) && prose_ends(s) &&
	    !prose_goes_on(a, s, site->title))
		return text_line_clip(site->arena, s, SUMMARY_CHARS);
	if (lead != front->lead && *(s = home_tagline(site)) != '\0')
		return s;
	other = find_introduction(site, a);
	if (other != NULL &&
	    (s = first_sentence(site, a, other->crawled->lead)) != NULL)
		return s;
	return home_tagline(site);
}

static void
find_info(struct described_site *site, struct arena *a, const char *lead)
{
	const struct described_page *other = find_introduction(site, a);
	const char *s;

	site->info =
	    arena_array(site->arena, INFO_PARAGRAPHS + 1, sizeof(*site->info));
	site->ninfo = 0;
	/* A home page without sentences leaves it to the introduction. */
	if (other != NULL && first_sentence(site, a, lead) == NULL)
		lead = other->crawled->lead;
	for (unsigned i = 0; site->ninfo < INFO_PARAGRAPHS; i++) {
		s = prose_line(a, lead, i);
		if (s == NULL)
			break;
		s = prose_tidy(a, s);
		if (text_line_length(s) < LEAST_INFO_CHARS ||
		    !prose_sentence(s) || prose_goes_on(a, s, site->title) ||
		    s[strlen(s) - 1] == ':' ||
		    text_line_contains(site->summary, s) ||
		    text_line_contains(s, site->summary))
			continue;
		site->info[site->ninfo++] =
		    text_line_clip(site->arena, s, INFO_CHARS);
	}
}

void
introduction_write(struct described_site *site)
{
	struct arena a;
	const char *lead;

	arena_init(&a);
	lead = own_lead(site, &a);
	site->summary = find_summary(site, &a, lead);
	find_info(site, &a, lead);
	arena_release(&a);
}

/* part_end: the section after the last of the same part. */
static size_t
part_end(const struct described_site *site, size_t i, size_t *pages)
{
	const char *part = site->sections[i].part;

	for (*pages = 0; i < site->nsections; i++) {
		if (strcmp(site->sections[i].part, part) != 0)
			break;
		*pages += site->sections[i].npages;
	}
	return i;
}

/* join_names: "A, B and C", of n names; the last is "more" if there are. */
static const char *
join_names(struct arena *a, const char *const *name, size_t n, bool more)
{
	const char *out = "";

	for (size_t i = 0; i < n; i++)
		out = arena_printf(a, "%s%s%s", out,
		    i == 0                ? ""
		    : i + 1 == n && !more ? " and "
					  : ", ",
		    name[i]);
	return more ? arena_printf(a, "%s and more", out) : out;
}

/* contents_line: the parts of the site, or its first pages where it has none.
 */
static const char *
contents_line(struct described_site *site)
{
	const char *name[NAMED], *last = "";
	size_t n = 0;
	bool more = false;

	for (size_t i = 0; i < site->nsections; i++) {
		const struct section *s = &site->sections[i];

		if (s->general || strcmp(s->part, last) == 0)
			continue;
		last = s->part;
		more |= n == NAMED;
		if (n < NAMED)
			name[n++] = s->part;
	}
	for (size_t i = 0; n < 2 && i < site->nsections; i++)
		for (size_t j = 0; j < site->sections[i].npages; j++) {
			uint32_t p = site->sections[i].pages[j];

			if (site->sections[i].optional ||
			    p == site->crawled->home)
				continue;
			more |= n == NAMED;
			if (n < NAMED)
				name[n++] = site->pages[p].name;
		}
	return n == 0 ? NULL : join_names(site->arena, name, n, more);
}

/* sum_up: a summary of what there is, for a home page that says nothing. */
static void
sum_up(struct described_site *site)
{
	struct described_page *home = site->crawled->home == SITE_NONE
					  ? NULL
					  : &site->pages[site->crawled->home];
	const char *s;

	if (*site->summary == '\0' && home != NULL && *home->line != '\0')
		site->summary = home->line;
	if (*site->summary == '\0' && (s = contents_line(site)) != NULL)
		site->summary = arena_printf(site->arena, "Covers %s.", s);
	if (*site->summary == '\0')
		site->summary = arena_printf(site->arena, "One page at %s.",
		    write_host(site->arena, site->crawled->host));
	if (home != NULL && *home->line == '\0')
		home->line =
		    text_line_clip(site->arena, site->summary, LINE_CHARS);
}

void
introduction_overview(struct described_site *site)
{
	struct buf b;
	size_t pages, shown = 0, left = 0, parts = 0;

	sum_up(site);
	if (site->ninfo > 0)
		return;
	for (size_t i = 0; i < site->nsections; i = part_end(site, i, &pages))
		parts += !site->sections[i].optional;
	buf_init(&b, 8 * INFO_CHARS);
	buf_printf(&b, "%zu %s of %s", site->crawled->npages,
	    site->crawled->npages == 1 ? "page" : "pages",
	    write_host(site->arena, site->crawled->host));
	for (size_t i = 0, next; i < site->nsections; i = next) {
		const struct section *s = &site->sections[i];

		next = part_end(site, i, &pages);
		if (s->general || pages == site->crawled->npages || parts < 2)
			continue;
		if (b.len > INFO_CHARS - 100) {
			left++;
			continue;
		}
		buf_printf(&b, "%s%s (%zu)", shown++ == 0 ? ": " : ", ",
		    s->part, pages);
	}
	buf_adds(&b, left > 0 ? " and more." : ".");
	site->info[site->ninfo++] = text_line_fold(site->arena, b.data);
	buf_release(&b);
}
