#include "worker/llms/describe.h"

#include "core/arena.h"
#include "worker/llms/introduction.h"
#include "worker/llms/link_lists.h"
#include "worker/llms/names.h"
#include "worker/llms/described_site.h"
#include "worker/site/text_line.h"
#include "worker/site/prose.h"
#include "worker/site/counter.h"
#include "worker/llms/titles.h"
#include "worker/site/words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define LINE_CHARS 200
/* Less than this says nothing, code points. */
#define LEAST_CHARS 20
#define LEAST_META_CHARS 10
/* A text that more pages than this have is boilerplate. */
#define SHARED_PAGES 1
#define SHARED_FIRSTS 2
#define SHARED_WORDS 3
/* A form that more descriptions than this have is no sentence of theirs. */
#define SHARED_FORMS 2

/* ---- one line from one page ---- */

/*
 * after_name: a description that begins with the page's own name and a
 * separator goes on after them.
 */
static const char *
after_name(const char *s, const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || strncasecmp(s, name, n) != 0)
		return s;
	for (size_t i = 0; words_name_separators[i] != NULL; i++) {
		size_t len = strlen(words_name_separators[i]);

		if (strncmp(s + n, words_name_separators[i], len) == 0 &&
		    s[n + len] != '\0')
			return s + n + len;
	}
	return s;
}

/* What is known of all pages while one is described. */
struct site_words {
	struct counter descriptions;
	struct counter leads;    /* lines of text and headings */
	struct counter firsts;   /* first sentences of lines of text */
	const char *slogan;      /* title of the home page */
	struct counter headings; /* first headings of pages */
	struct counter forms; /* what descriptions that are no sentences begin
			       with: "class: Kite", "class: String" */
};

/* form_of: the first words of a description that is no sentence; or "". */
static const char *
form_of(struct arena *a, const struct described_page *p)
{
	const char *s = p->crawled->description, *end = s;

	if (p->crawled->description_from == DESCRIPTION_SENTENCE ||
	    prose_ends(s))
		return "";
	for (unsigned words = 0; words < 2 && *end != '\0'; words++) {
		end += strcspn(end, " ");
		end += *end == ' ';
	}
	return *end == '\0' ? "" : arena_strndup(a, s, (size_t)(end - s));
}

/*
 * from_meta: what the page says of itself for others.  forms: even if it is
 * of the form that many pages of the site have.
 */
static const char *
from_meta(struct arena *a, struct site_words *w, const struct described_page *p,
    bool forms)
{
	const char *s = after_name(p->crawled->description, p->name);

	if (p->crawled->description_from == DESCRIPTION_SENTENCE ||
	    !prose_says_more(s, p->name, LEAST_META_CHARS) ||
	    counter_shared(
		&w->descriptions, p->crawled->description, SHARED_PAGES))
		return NULL;
	if (!forms && counter_shared(&w->forms, form_of(a, p), SHARED_FORMS))
		return NULL;
	return text_line_clip(a, s, LINE_CHARS);
}

/* from_lead: the first sentence that stands by itself, or else the first. */
static const char *
from_lead(struct arena *a, struct site_words *w, const struct described_page *p)
{
	const char *line, *s, *second = NULL;

	for (unsigned i = 0;
	     (line = prose_line(a, p->crawled->lead, i)) != NULL; i++) {
		const char *first;

		s = prose_after_name(line, p->name);
		if (s != NULL && prose_says_more(s, p->name, LEAST_META_CHARS))
			return text_line_clip(a, prose_tidy(a, s), LINE_CHARS);
		s = prose_tidy(a, line);
		first = text_line_sentence(a, s);
		if (!prose_sentence(first) ||
		    prose_goes_on(a, first, p->name) ||
		    !prose_says_more(first, p->name, LEAST_CHARS) ||
		    counter_shared(&w->leads, line, SHARED_PAGES) ||
		    counter_shared(&w->firsts, first, SHARED_FIRSTS))
			continue;
		s = text_line_clip(a,
		    text_line_length(first) < 3 * LEAST_CHARS ? s : first,
		    LINE_CHARS);
		if (!prose_leans(first))
			return s;
		if (second == NULL)
			second = s;
	}
	return second;
}

/* What extraction took for a sentence, where the lead had none. */
static const char *
from_extract(
    struct arena *a, struct site_words *w, const struct described_page *p)
{
	const char *s = prose_tidy(a, p->crawled->description);

	if (p->crawled->description_from != DESCRIPTION_SENTENCE ||
	    !prose_says_more(s, p->name, LEAST_CHARS) || prose_aside(s) ||
	    prose_junk(s) || prose_leans(s) || !prose_ends(s) ||
	    prose_goes_on(a, s, p->name) ||
	    counter_shared(
		&w->descriptions, p->crawled->description, SHARED_PAGES))
		return NULL;
	return text_line_clip(a, s, LINE_CHARS);
}

/* from_label: a line that is no sentence, where nothing else is. */
static const char *
from_label(
    struct arena *a, struct site_words *w, const struct described_page *p)
{
	const char *s;

	for (unsigned i = 0; (s = prose_line(a, p->crawled->lead, i)) != NULL;
	     i++) {
		const char *tidy = prose_tidy(a, s);

		if (!(isalnum((unsigned char)*tidy) ||
			(unsigned char)*tidy >= 0x80) ||
		    prose_junk(tidy) || strpbrk(tidy, "(){}[]|;") != NULL)
			continue;
		if (prose_words(tidy) >= 4 && !prose_aside(tidy) &&
		    !prose_leans(tidy) &&
		    !text_line_contains(w->slogan, tidy) &&
		    prose_says_more(tidy, p->name, LEAST_CHARS) &&
		    !prose_goes_on(a, tidy, p->name) &&
		    tidy[strlen(tidy) - 1] != ':' &&
		    !counter_shared(&w->leads, s, SHARED_PAGES))
			return text_line_clip(a, tidy, LINE_CHARS);
	}
	return NULL;
}

/* from_names: another name the page goes by, which no other page has. */
static const char *
from_names(
    struct arena *a, struct site_words *w, const struct described_page *p)
{
	const char *choice[] = {p->crawled->label, p->crawled->h1};

	for (size_t i = 0; i < sizeof(choice) / sizeof(*choice); i++)
		if (*choice[i] != '\0' &&
		    !text_line_contains(p->name, choice[i]) &&
		    !text_line_contains(choice[i], p->name) &&
		    *titles_label(a, choice[i]) != '\0' &&
		    !counter_shared(&w->headings, choice[i], SHARED_PAGES) &&
		    prose_words(choice[i]) > 1)
			return text_line_clip(a, choice[i], LINE_CHARS);
	return NULL;
}

/* from_words: what little text there is, if few other pages have it. */
static const char *
from_words(
    struct arena *a, struct site_words *w, const struct described_page *p)
{
	const char *line, *s;

	for (unsigned i = 0;
	     (line = prose_line(a, p->crawled->lead, i)) != NULL; i++) {
		s = prose_tidy(a, line);
		if (prose_says_more(s, p->name, LEAST_META_CHARS) &&
		    prose_words(s) >= 2 && s[strlen(s) - 1] != ':' &&
		    !prose_aside(s) && !prose_junk(s) && !prose_leans(s) &&
		    strpbrk(s, "{}|\\<>") == NULL &&
		    !text_line_contains(w->slogan, s) &&
		    !counter_shared(&w->leads, line, SHARED_WORDS))
			return text_line_clip(a, s, LINE_CHARS);
	}
	return NULL;
}

/* from_nothing: each line says something; this is the least. */
static const char *
from_nothing(const struct described_page *p)
{
	if (p->crawled->has_code)
		return "Source code.";
	return p->crawled->words == 0 ? "A page without text of its own."
				      : "A page of few words.";
}

/* from_lists: what a page without sentences holds. */
static const char *
from_lists(struct arena *a, const struct described_site *site,
    struct site_words *w, const struct described_page *p)
{
	const char *s;

	if ((s = link_lists_headings(a, &w->leads, p, 2)) == NULL &&
	    (s = link_lists_members(a, site, p, false)) == NULL &&
	    (s = from_label(a, w, p)) == NULL &&
	    (s = link_lists_headings(a, &w->leads, p, 1)) == NULL &&
	    (s = link_lists_items(a, &w->leads, p)) == NULL &&
	    (s = from_names(a, w, p)) == NULL &&
	    (s = from_words(a, w, p)) == NULL &&
	    (s = link_lists_members(a, site, p, true)) == NULL)
		s = link_lists_headings(a, NULL, p, 1);
	return s;
}

static void
describe_page(
    struct described_site *site, struct site_words *w, struct described_page *p)
{
	bool home = site->crawled->home != SITE_NONE &&
		    p == &site->pages[site->crawled->home];
	struct arena a;
	const char *s;

	arena_init(&a);
	if ((s = from_meta(&a, w, p, false)) == NULL &&
	    (s = from_lead(&a, w, p)) == NULL &&
	    (s = from_extract(&a, w, p)) == NULL &&
	    (s = from_meta(&a, w, p, true)) == NULL &&
	    /* Of the home page there is something better: the summary. */
	    !home && (s = from_lists(&a, site, w, p)) == NULL)
		s = from_nothing(p);
	p->line = s == NULL ? "" : text_line_fold(site->arena, s);
	arena_release(&a);
}

/* describe_home: by what it lists, if the site says nothing of itself. */
static void
describe_home(struct described_site *site, struct site_words *w)
{
	struct described_page *p = &site->pages[site->crawled->home];
	struct arena a;
	const char *s;

	if (*p->line != '\0' || *site->summary != '\0')
		return;
	arena_init(&a);
	s = from_lists(&a, site, w, p);
	if (s != NULL)
		p->line = text_line_fold(site->arena, s);
	arena_release(&a);
}

/* links_same: the page has the line of a page that it links to. */
static bool
links_same(const struct described_site *site, const struct described_page *p)
{
	for (uint32_t i = 0; i < p->crawled->nlinks && *p->line != '\0'; i++) {
		uint32_t to =
		    site->crawled->links[p->crawled->links_at + i] & ~SITE_NAV;

		if (to != site->crawled->home &&
		    *site->pages[to].line == *p->line &&
		    strcmp(site->pages[to].line, p->line) == 0)
			return true;
	}
	return false;
}

/* describe_excerpts: a list of posts that begins with one by what it lists. */
static void
describe_excerpts(struct described_site *site)
{
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < site->crawled->npages; i++) {
		struct described_page *p = &site->pages[i];
		const char *s;

		arena_reset(&a);
		if (i != site->crawled->home && links_same(site, p) &&
		    (s = link_lists_members(&a, site, p, false)) != NULL)
			p->line = text_line_fold(site->arena, s);
	}
	arena_release(&a);
}

static void
count_texts(
    struct arena *a, struct site_words *w, const struct described_site *site)
{
	const char *s;

	for (size_t i = 0; i < site->crawled->npages; i++) {
		const struct described_page *p = &site->pages[i];

		counter_add(&w->descriptions, p->crawled->description);
		counter_add(&w->forms, form_of(a, p));
		counter_add(&w->headings, p->crawled->h1);
		for (unsigned j = 0;
		     (s = prose_line(a, p->crawled->lead, j)) != NULL; j++) {
			counter_add(&w->leads, s);
			counter_add(&w->firsts,
			    text_line_sentence(a, prose_tidy(a, s)));
		}
		for (unsigned j = 0;
		     (s = prose_line(a, p->crawled->headings, j)) != NULL; j++)
			counter_add(&w->leads, s);
		for (unsigned j = 0;
		     (s = prose_line(a, p->crawled->items, j)) != NULL; j++)
			counter_add(&w->leads, s);
	}
}

void
describe_site(struct described_site *site)
{
	struct arena a;
	struct site_words w = {.slogan = site->crawled->front.raw_title};

	arena_init(&a);
	names_site(site);
	count_texts(&a, &w, site);
	for (size_t i = 0; i < site->crawled->npages; i++)
		describe_page(site, &w, &site->pages[i]);
	describe_excerpts(site);
	introduction_write(site);
	if (site->crawled->home != SITE_NONE)
		describe_home(site, &w);
	counter_free(&w.descriptions);
	counter_free(&w.leads);
	counter_free(&w.firsts);
	counter_free(&w.headings);
	counter_free(&w.forms);
	arena_release(&a);
}
