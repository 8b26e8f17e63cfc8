#include "worker/llms/unique_titles.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/url.h"
#include "worker/llms/names.h"
#include "worker/site/text_line.h"
#include "worker/llms/described_site.h"
#include "worker/llms/titles.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* More pages than this of one title have no telling headings. */
#define MOST_BY_HEADING 64
/* Longer words of a path are cut in a name in any case. */
#define PATH_WORDS_BYTES 1000

static int
by_name(const void *x, const void *y)
{
	const struct described_page *const *a = x, *const *b = y;
	int c = strcasecmp((*a)->name, (*b)->name);

	return c != 0 ? c : (*a > *b) - (*a < *b);
}

static bool
ends_word(char c)
{
	return c == '\0' || strchr("/-_.?=&", c) != NULL;
}

/* common_start: bytes, to the end of a word, that all n paths begin with. */
static size_t
common_start(struct described_page **pages, size_t n)
{
	const char *first = pages[0]->crawled->path;
	size_t len = strlen(first);
	bool whole = true;

	for (size_t i = 1; i < n; i++)
		for (size_t j = 0; j < len; j++)
			if (pages[i]->crawled->path[j] != first[j])
				len = j;
	for (size_t i = 0; i < n; i++)
		whole &= ends_word(pages[i]->crawled->path[len]);
	while (!whole && len > 0 && !ends_word(first[len - 1]))
		len--;
	return len;
}

/* common_end: bytes, from a "/" on, that all n paths end with. */
static size_t
common_end(struct described_page **pages, size_t n, size_t start)
{
	const char *first = pages[0]->crawled->path;
	size_t total = strlen(first), most = total - start;

	for (size_t j = 1; j < n; j++) {
		const char *path = pages[j]->crawled->path;
		size_t len = strlen(path), same = 0;

		while (same < most && len - same > start + 1 &&
		       path[len - same - 1] == first[total - same - 1])
			same++;
		most = same;
	}
	while (most > 0 && first[total - most] != '/')
		most--;
	return most;
}

/* human_path: each part of it for people, spaces between; a name's worth. */
static const char *
human_path(struct arena *a, const char *s, size_t n)
{
	const char *out;
	struct buf b;

	buf_init(&b, 4 * URL_MAX_BYTES);
	for (size_t i = 0; i < n && b.len < PATH_WORDS_BYTES;) {
		struct arena scratch;
		size_t len = strcspn(s + i, "/?&=");
		const char *part;

		if (len > n - i)
			len = n - i;
		arena_init(&scratch);
		part = text_line_human(&scratch, s + i, len);
		if (*part != '\0' && b.len > 0)
			buf_addc(&b, ' ');
		buf_adds(&b, part);
		arena_release(&scratch);
		i += len + 1;
	}
	out = arena_strndup(a, b.data, b.len);
	buf_release(&b);
	return out;
}

/*
 * without_name: the words of a path less those of the name at its end or
 * start: "Cairo Fonts" of a page called "Fonts" is "Cairo".
 */
static const char *
without_name(struct arena *a, const char *extra, const char *name)
{
	size_t n = strlen(extra), len = strlen(name);

	if (n <= len + 1)
		return extra;
	if (extra[n - len - 1] == ' ' && text_line_same(extra + n - len, name))
		return arena_strndup(a, extra, n - len - 1);
	if (extra[len] == ' ' &&
	    text_line_same(arena_strndup(a, extra, len), name))
		return extra + len + 1;
	return extra;
}

/* tell_apart: "Index" of /genindex-A.html becomes "Index – A". */
static void
tell_apart(struct described_site *site, struct described_page **pages, size_t n)
{
	size_t start = common_start(pages, n);
	size_t end = common_end(pages, n, start);

	for (size_t i = 0; i < n; i++) {
		struct described_page *p = pages[i];
		const char *rest = p->crawled->path + start, *extra;

		/* "/genindex.html" among "/genindex-A.html" has no more. */
		if (*rest == '.')
			continue;
		extra = human_path(site->arena, rest, strlen(rest) - end);
		/* "/genindex-_.html" */
		rest += strspn(rest, "-/?&=");
		if (*extra == '\0')
			extra = text_line_fold(
			    site->arena, arena_strndup(site->arena, rest,
					     strcspn(rest, "./?&=")));

		if (*extra == '\0' || text_line_same(extra, p->name))
			continue;
		extra = without_name(site->arena, extra, p->name);
		p->name = text_line_clip(site->arena,
		    arena_printf(site->arena, "%s – %s", p->name, extra),
		    NAMES_CHARS);
	}
}

/* The h1 may tell pages of one title apart. */
static bool
headings_differ(struct described_page **pages, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (*pages[i]->crawled->h1 == '\0' ||
		    titles_say_nothing(pages[i]->crawled->h1))
			return false;
		for (size_t j = 0; j < i; j++)
			if (text_line_same(
				pages[i]->crawled->h1, pages[j]->crawled->h1))
				return false;
	}
	return true;
}

/* use_headings: false when they do not tell the n pages apart. */
static bool
use_headings(
    struct described_site *site, struct described_page **pages, size_t n)
{
	if (n > MOST_BY_HEADING || !headings_differ(pages, n))
		return false;
	for (size_t i = 0; i < n; i++)
		pages[i]->name = names_tidy(site->arena, pages[i]->crawled->h1);
	return true;
}

static int
by_own_name(const void *x, const void *y)
{
	const struct described_page *const *a = x, *const *b = y;
	int c = strcasecmp((*a)->own_name, (*b)->own_name);

	return c != 0 ? c : (*a > *b) - (*a < *b);
}

/* is_alone_in_section: no other of the n pages is in its section. */
static bool
is_alone_in_section(
    struct described_page **pages, size_t n, const struct described_page *p)
{
	for (size_t i = 0; i < n; i++)
		if (pages[i] != p && pages[i]->section == p->section)
			return false;
	return true;
}

static void
use_section(struct described_site *site, struct described_page **pages,
    size_t n, struct described_page *p)
{
	const struct section *s = &site->sections[p->section];
	const char *name = p->own_name;

	if (p->section >= site->nsections || s->general ||
	    !is_alone_in_section(pages, n, p))
		return;
	if (!text_line_same(s->name, name))
		name = arena_printf(site->arena, "%s – %s", name, s->name);
	if (text_line_length(name) > NAMES_CHARS)
		return;
	for (size_t i = 0; i < n; i++)
		if (pages[i] != p && strcasecmp(pages[i]->name, name) == 0)
			return;
	p->name = name;
}

/*
 * keep_plain: of pages of one name the only one that is to be read, not looked
 * up, has it for itself.
 */
static bool
keep_plain(struct described_site *site, struct described_page **pages, size_t n)
{
	struct described_page *read = NULL;

	for (size_t i = 0; i < n; i++) {
		if (site->sections[pages[i]->section].optional)
			continue;
		if (read != NULL)
			return false;
		read = pages[i];
	}
	for (size_t i = 0; i < n; i++)
		if (pages[i] != read &&
		    strcasecmp(pages[i]->name, pages[i]->own_name) == 0)
			return false;
	if (read != NULL)
		read->name = read->own_name;
	return read != NULL;
}

/* pages_sorted: all pages of the site in that order, in a. */
static struct described_page **
pages_sorted(struct arena *a, struct described_site *site,
    int (*compare)(const void *, const void *))
{
	size_t n = site->crawled->npages;
	struct described_page **sorted = arena_array(a, n + 1, sizeof(*sorted));

	for (size_t i = 0; i < n; i++)
		sorted[i] = &site->pages[i];
	qsort(sorted, n, sizeof(*sorted), compare);
	return sorted;
}

void
unique_titles_by_section(struct described_site *site)
{
	struct arena a;
	struct described_page **sorted;
	size_t end;

	arena_init(&a);
	sorted = pages_sorted(&a, site, by_own_name);
	for (size_t i = 0; i < site->crawled->npages; i = end) {
		for (end = i + 1; end < site->crawled->npages; end++)
			if (strcasecmp(sorted[i]->own_name,
				sorted[end]->own_name) != 0)
				break;
		if (end - i > 1 && keep_plain(site, sorted + i, end - i))
			continue;
		for (size_t k = i;
		     k < end && end - i > 1 && end - i <= MOST_BY_HEADING; k++)
			use_section(site, sorted + i, end - i, sorted[k]);
	}
	arena_release(&a);
}

void
unique_titles(struct described_site *site)
{
	struct arena a;
	struct described_page **sorted;
	size_t end;

	arena_init(&a);
	sorted = pages_sorted(&a, site, by_name);
	for (size_t i = 0; i < site->crawled->npages; i = end) {
		for (end = i + 1; end < site->crawled->npages; end++)
			if (strcasecmp(sorted[i]->name, sorted[end]->name) != 0)
				break;
		if (end - i > 1 && !use_headings(site, sorted + i, end - i))
			tell_apart(site, sorted + i, end - i);
	}
	arena_release(&a);
}
