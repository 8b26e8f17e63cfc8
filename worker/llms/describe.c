#include "worker/llms/describe.h"

#include "core/arena.h"
#include "core/buf.h"
#include "worker/llms/names.h"
#include "worker/llms/site.h"
#include "worker/llms/plain.h"

#include <ctype.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LINE_CHARS 200
#define SUMMARY_CHARS 300
#define INFO_CHARS 600
#define INFO_PARAGRAPHS 2
/* Less than this says nothing, code points. */
#define LEAST_CHARS 20
#define LEAST_META_CHARS 10
#define LEAST_INFO_CHARS 50
/* A text that more pages than this have is boilerplate; so is a heading. */
#define SHARED_PAGES 1
#define SHARED_HEADINGS 3
#define HEADINGS 6

/* How often each text occurs on the site. */
struct tally {
	struct arena *a;
	void *root; /* of struct seen */
};

struct seen {
	const char *text; /* first: compared as a string */
	unsigned pages;
};

static int
compare(const void *x, const void *y)
{
	const struct seen *a = x, *b = y;

	return strcasecmp(a->text, b->text);
}

static void
keep(void *node)
{
	(void)node; /* the arena's */
}

static struct seen *
tally_find(struct tally *t, const char *text)
{
	struct seen probe = {.text = text};
	struct seen **found = tfind(&probe, &t->root, compare);

	return found == NULL ? NULL : *found;
}

static void
tally_add(struct tally *t, const char *text)
{
	struct seen *s = tally_find(t, text);

	if (*text == '\0')
		return;
	if (s == NULL) {
		s = arena_alloc(t->a, sizeof(*s));
		s->text = text;
		tsearch(s, &t->root, compare);
	}
	s->pages++;
}

static bool
is_shared(struct tally *t, const char *text, unsigned most)
{
	struct seen *s = tally_find(t, text);

	return s != NULL && s->pages > most;
}

/* ---- one line from one page ---- */

/* Notes about the text, not the text. */
static bool
is_aside(const char *s)
{
	static const char *const starts[] = {"source code:", "note:", "note ",
	    "warning:", "tip:", "new in version", "changed in version",
	    "deprecated since", "last updated", "last modified",
	    "updated:", "posted on", "published", "written by", "by ",
	    "copyright", "©", "(c) ", "all rights", "skip to", "cookie",
	    "we use cookies", "this site uses", "this website uses",
	    "please enable", "loading", "click here",
	    "author:", "date:", "tags:", "categories:", "table of contents",
	    "on this page", "contents", "availability:", "see also",
	    "you are here", "share this", "advertisement", "javascript is",
	    NULL};

	for (size_t i = 0; starts[i] != NULL; i++)
		if (strncasecmp(s, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static size_t
count_words(const char *s)
{
	size_t n = *s != '\0';

	for (; *s != '\0'; s++)
		n += *s == ' ';
	return n;
}

/* Most of the sentence is in a script that puts no spaces between words. */
static bool
is_dense_script(const char *s)
{
	return plain_length(s) * 2 <= strlen(s) && count_words(s) < 4;
}

/* A stop, before what may close a quotation or a parenthesis. */
static bool
ends_as_sentence(const char *s)
{
	size_t n = strlen(s);

	while (n > 1 && strchr("\"')", s[n - 1]) != NULL)
		n--;
	return strchr(".!?", s[n - 1]) != NULL ||
	       (unsigned char)s[n - 1] >= 0x80;
}

/* is_sentence: s reads as one, not as a label or a command line. */
static bool
is_sentence(const char *s)
{
	if (*s == '\0' || is_aside(s) || !ends_as_sentence(s))
		return false;
	return is_dense_script(s) ||
	       (plain_length(s) >= LEAST_CHARS && count_words(s) >= 5);
}

/*
 * after_name: a description that begins with the page's own name and a
 * separator goes on after them.
 */
static const char *
after_name(const char *s, const char *name)
{
	static const char *const separators[] = {
	    ": ", " - ", " – ", " — ", " | ", NULL};
	size_t n = strlen(name);

	if (n == 0 || strncasecmp(s, name, n) != 0)
		return s;
	for (size_t i = 0; separators[i] != NULL; i++) {
		size_t len = strlen(separators[i]);

		if (strncmp(s + n, separators[i], len) == 0 &&
		    s[n + len] != '\0')
			return s + n + len;
	}
	return s;
}

/* says_more: the text tells something that the name does not. */
static bool
says_more(const char *text, const char *name, size_t least)
{
	return *text != '\0' && !plain_contains(name, text) &&
	       (plain_length(text) >= least || is_dense_script(text));
}

static const char *
from_meta(struct arena *a, struct tally *t, const struct site_page *p)
{
	const char *s = after_name(p->description, p->name);

	if (p->description_from == DOC_SENTENCE ||
	    !says_more(s, p->name, LEAST_META_CHARS) ||
	    is_shared(t, p->description, SHARED_PAGES))
		return NULL;
	return plain_clip(a, s, LINE_CHARS);
}

/* nth_line: line n of a text whose lines end in LF; NULL past the last. */
static const char *
nth_line(struct arena *a, const char *text, unsigned n)
{
	while (n-- > 0 && text != NULL)
		if ((text = strchr(text, '\n')) != NULL)
			text++;
	if (text == NULL || *text == '\0')
		return NULL;
	return arena_strndup(a, text, strcspn(text, "\n"));
}

static const char *
from_lead(struct arena *a, struct tally *t, const struct site_page *p)
{
	const char *s;

	for (unsigned i = 0; (s = nth_line(a, p->lead, i)) != NULL; i++) {
		const char *first = plain_sentence(a, s);

		if (!is_sentence(first) ||
		    !says_more(first, p->name, LEAST_CHARS) ||
		    is_shared(t, s, SHARED_PAGES))
			continue;
		return plain_clip(a,
		    plain_length(first) < 3 * LEAST_CHARS ? s : first,
		    LINE_CHARS);
	}
	return NULL;
}

/* What extraction took for a sentence, where the lead had none. */
static const char *
from_extract(struct arena *a, struct tally *t, const struct site_page *p)
{
	if (!says_more(p->description, p->name, LEAST_CHARS) ||
	    is_aside(p->description) || !ends_as_sentence(p->description) ||
	    is_shared(t, p->description, SHARED_PAGES))
		return NULL;
	return plain_clip(a, p->description, LINE_CHARS);
}

/* usable_headings: those that are the page's own; how many. */
static size_t
usable_headings(struct arena *a, struct tally *t, const struct site_page *p,
    const char *out[HEADINGS])
{
	size_t n = 0, chars = 0;
	const char *s;

	for (unsigned i = 0; (s = nth_line(a, p->headings, i)) != NULL; i++) {
		bool known = n == HEADINGS || plain_length(s) < 3 ||
			     is_aside(s) || plain_same(s, p->name) ||
			     is_shared(t, s, SHARED_HEADINGS);

		for (size_t j = 0; j < n; j++)
			known |= plain_same(out[j], s);
		if (known)
			continue;
		chars += plain_length(s) + 2;
		if (chars > LINE_CHARS - 20)
			break;
		out[n++] = s;
	}
	return n;
}

/* "Covers A, B and C." from the page's headings. */
static const char *
from_headings(struct arena *a, struct tally *t, const struct site_page *p)
{
	const char *heading[HEADINGS], *out = "Covers ";
	size_t n = usable_headings(a, t, p, heading);

	if (n < 2)
		return NULL;
	for (size_t i = 0; i < n; i++)
		out = arena_printf(a, "%s%s%s", out,
		    i == 0       ? ""
		    : i == n - 1 ? " and "
				 : ", ",
		    heading[i]);
	if (!ispunct((unsigned char)out[strlen(out) - 1]))
		out = arena_printf(a, "%s.", out);
	return out;
}

/* Better than nothing: another name the page goes by. */
static const char *
from_names(struct arena *a, const struct site *site, const struct site_page *p)
{
	const char *choice[] = {p->label, p->h1};

	for (size_t i = 0; i < sizeof(choice) / sizeof(*choice); i++)
		if (*choice[i] != '\0' && !plain_contains(p->name, choice[i]) &&
		    !plain_contains(choice[i], p->name) &&
		    count_words(choice[i]) > 1)
			return plain_clip(a, choice[i], LINE_CHARS);
	if (plain_same(p->name, site->title))
		return NULL;
	return arena_printf(a, "Part of %s.", site->title);
}

static void
describe_page(struct site *site, struct tally *descriptions,
    struct tally *leads, struct site_page *p)
{
	struct arena scratch;
	const char *s;

	arena_init(&scratch);
	if ((s = from_meta(&scratch, descriptions, p)) == NULL &&
	    (s = from_lead(&scratch, leads, p)) == NULL &&
	    (s = from_extract(&scratch, descriptions, p)) == NULL &&
	    (s = from_headings(&scratch, leads, p)) == NULL)
		s = from_names(&scratch, site, p);
	p->line = s == NULL ? "" : plain_fold(site->arena, s);
	arena_release(&scratch);
}

/* ---- the site ---- */

static const char *
find_summary(struct site *site, struct arena *a)
{
	const struct site_page *front = &site->front;
	const char *s;

	if (front->description_from != DOC_SENTENCE &&
	    says_more(front->description, site->title, LEAST_META_CHARS))
		return plain_clip(
		    site->arena, front->description, SUMMARY_CHARS);
	for (unsigned i = 0; (s = nth_line(a, front->lead, i)) != NULL; i++)
		if (is_sentence(s) && !plain_same(s, site->title))
			return plain_clip(site->arena, s, SUMMARY_CHARS);
	if (says_more(front->description, site->title, LEAST_META_CHARS) &&
	    !is_aside(front->description))
		return plain_clip(
		    site->arena, front->description, SUMMARY_CHARS);
	return arena_printf(
	    site->arena, "The pages of %s at %s.", site->title, site->host);
}

static void
find_info(struct site *site, struct arena *a)
{
	const char *s;

	site->info =
	    arena_array(site->arena, INFO_PARAGRAPHS + 1, sizeof(*site->info));
	site->ninfo = 0;
	for (unsigned i = 0; site->ninfo < INFO_PARAGRAPHS; i++) {
		s = nth_line(a, site->front.lead, i);
		if (s == NULL)
			break;
		if (plain_length(s) < LEAST_INFO_CHARS || !is_sentence(s) ||
		    plain_contains(site->summary, s) ||
		    plain_contains(s, site->summary))
			continue;
		site->info[site->ninfo++] =
		    plain_clip(site->arena, s, INFO_CHARS);
	}
}

static void
count_texts(
    struct tally *descriptions, struct tally *leads, const struct site *site)
{
	const char *s;

	for (size_t i = 0; i < site->npages; i++) {
		const struct site_page *p = &site->pages[i];

		tally_add(descriptions, p->description);
		for (unsigned j = 0;
		     (s = nth_line(leads->a, p->lead, j)) != NULL; j++)
			tally_add(leads, s);
		for (unsigned j = 0;
		     (s = nth_line(leads->a, p->headings, j)) != NULL; j++)
			tally_add(leads, s);
	}
}

void
describe_site(struct site *site)
{
	struct arena a;
	struct tally descriptions = {.a = &a}, leads = {.a = &a};

	arena_init(&a);
	names_site(site);
	count_texts(&descriptions, &leads, site);
	for (size_t i = 0; i < site->npages; i++)
		describe_page(site, &descriptions, &leads, &site->pages[i]);
	site->summary = find_summary(site, &a);
	if (site->home != SITE_NONE && *site->pages[site->home].line == '\0')
		site->pages[site->home].line =
		    plain_clip(site->arena, site->summary, LINE_CHARS);
	find_info(site, &a);
	tdestroy(descriptions.root, keep);
	tdestroy(leads.root, keep);
	arena_release(&a);
}

/* part_end: the section after the last of the same part. */
static size_t
part_end(const struct site *site, size_t i, size_t *pages)
{
	const char *part = site->sections[i].part;

	for (*pages = 0; i < site->nsections; i++) {
		if (strcmp(site->sections[i].part, part) != 0)
			break;
		*pages += site->sections[i].npages;
	}
	return i;
}

void
describe_overview(struct site *site)
{
	struct buf b;
	size_t pages, shown = 0, left = 0;

	if (site->ninfo > 0)
		return;
	buf_init(&b, 8 * INFO_CHARS);
	buf_printf(&b, "%zu %s of %s", site->npages,
	    site->npages == 1 ? "page" : "pages", site->host);
	for (size_t i = 0, next; i < site->nsections; i = next) {
		const struct site_section *s = &site->sections[i];

		next = part_end(site, i, &pages);
		if (s->general || pages == site->npages)
			continue;
		if (b.len > INFO_CHARS - 100) {
			left++;
			continue;
		}
		buf_printf(&b, "%s%s (%zu)", shown++ == 0 ? ": " : ", ",
		    s->part, pages);
	}
	buf_adds(&b, left > 0 ? " and more." : ".");
	site->info[site->ninfo++] = plain_fold(site->arena, b.data);
	buf_release(&b);
}
