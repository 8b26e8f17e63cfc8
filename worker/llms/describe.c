#include "worker/llms/describe.h"

#include "core/arena.h"
#include "core/text.h"
#include "worker/llms/introduce.h"
#include "worker/llms/names.h"
#include "worker/llms/site.h"
#include "worker/llms/plain.h"
#include "worker/llms/prose.h"
#include "worker/llms/tally.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define LINE_CHARS 200
/* Less than this says nothing, code points. */
#define LEAST_CHARS 20
#define LEAST_META_CHARS 10
/* A text that more pages than this have is boilerplate; so is a heading. */
#define SHARED_PAGES 1
#define SHARED_HEADINGS 3
#define SHARED_FIRSTS 2
#define HEADINGS 6
/* A form that more descriptions than this have is no sentence of theirs. */
#define SHARED_FORMS 2
/* A page with fewer words than this for each of its links is a list. */
#define WORDS_PER_LINK 40

/* ---- one line from one page ---- */

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

/* What is known of all pages while one is described. */
struct words {
	struct tally descriptions;
	struct tally leads;  /* lines of text and headings */
	struct tally firsts; /* first sentences of lines of text */
	struct tally forms;  /* what descriptions that are no sentences begin
				with: "class: Kite", "class: String" */
};

/* form_of: the first words of a description that is no sentence; or "". */
static const char *
form_of(struct arena *a, const struct site_page *p)
{
	const char *s = p->description, *end = s;

	if (p->description_from == DOC_SENTENCE || prose_ends(s))
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
from_meta(
    struct arena *a, struct words *w, const struct site_page *p, bool forms)
{
	const char *s = after_name(p->description, p->name);

	if (p->description_from == DOC_SENTENCE ||
	    !prose_says_more(s, p->name, LEAST_META_CHARS) ||
	    tally_shared(&w->descriptions, p->description, SHARED_PAGES))
		return NULL;
	if (!forms && tally_shared(&w->forms, form_of(a, p), SHARED_FORMS))
		return NULL;
	return plain_clip(a, s, LINE_CHARS);
}

static const char *
from_lead(struct arena *a, struct words *w, const struct site_page *p)
{
	const char *line, *s;

	for (unsigned i = 0; (line = prose_line(a, p->lead, i)) != NULL; i++) {
		const char *first;

		s = prose_after_name(line, p->name);
		if (s != NULL && prose_says_more(s, p->name, LEAST_META_CHARS))
			return plain_clip(a, prose_tidy(a, s), LINE_CHARS);
		s = prose_tidy(a, line);
		first = plain_sentence(a, s);
		if (!prose_sentence(first) ||
		    prose_goes_on(a, first, p->name) ||
		    !prose_says_more(first, p->name, LEAST_CHARS) ||
		    tally_shared(&w->leads, line, SHARED_PAGES) ||
		    tally_shared(&w->firsts, first, SHARED_FIRSTS))
			continue;
		return plain_clip(a,
		    plain_length(first) < 3 * LEAST_CHARS ? s : first,
		    LINE_CHARS);
	}
	return NULL;
}

/* What extraction took for a sentence, where the lead had none. */
static const char *
from_extract(struct arena *a, struct words *w, const struct site_page *p)
{
	const char *s = prose_tidy(a, p->description);

	if (p->description_from != DOC_SENTENCE ||
	    !prose_says_more(s, p->name, LEAST_CHARS) || prose_aside(s) ||
	    prose_junk(s) || !prose_ends(s) || prose_goes_on(a, s, p->name) ||
	    tally_shared(&w->descriptions, p->description, SHARED_PAGES))
		return NULL;
	return plain_clip(a, s, LINE_CHARS);
}

/* from_label: a line that is no sentence, where nothing else is. */
static const char *
from_label(struct arena *a, struct words *w, const struct site_page *p)
{
	const char *s;

	for (unsigned i = 0; (s = prose_line(a, p->lead, i)) != NULL; i++) {
		const char *tidy = prose_tidy(a, s);

		if (!(isalnum((unsigned char)*tidy) ||
			(unsigned char)*tidy >= 0x80) ||
		    prose_junk(tidy) || strpbrk(tidy, "(){}[]|;") != NULL)
			continue;
		if (prose_words(tidy) >= 4 && !prose_aside(tidy) &&
		    prose_says_more(tidy, p->name, LEAST_CHARS) &&
		    !prose_goes_on(a, tidy, p->name) &&
		    tidy[strlen(tidy) - 1] != ':' &&
		    !tally_shared(&w->leads, s, SHARED_PAGES))
			return plain_clip(a, tidy, LINE_CHARS);
	}
	return NULL;
}

/* bare: a heading without the sign or the number before it. */
static const char *
bare(const char *s)
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
cover(struct covers *c, const char *s)
{
	for (size_t j = 0; j < c->n; j++)
		if (plain_same(c->name[j], s))
			return;
	if (c->n == HEADINGS ||
	    c->chars + plain_length(s) + 2 > LINE_CHARS - 20) {
		c->more = true;
		return;
	}
	c->chars += plain_length(s) + 2;
	c->name[c->n++] = s;
}

/* "Covers A, B and C." */
static const char *
covers(struct arena *a, const struct covers *c)
{
	const char *out = "Covers ";

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

static const char *
from_headings(struct arena *a, struct words *w, const struct site_page *p)
{
	struct covers c = {.n = 0};
	const char *s;

	for (unsigned i = 0; (s = prose_line(a, p->headings, i)) != NULL; i++) {
		const char *name = names_tidy(a, bare(s));

		if (plain_length(name) < 3 || prose_aside(name) ||
		    plain_same(name, p->name) ||
		    tally_shared(&w->leads, s, SHARED_HEADINGS))
			continue;
		cover(&c, name);
	}
	return c.n < 2 ? NULL : covers(a, &c);
}

/* from_members: the pages that a list of others lists. */
static const char *
from_members(
    struct arena *a, const struct site *site, const struct site_page *p)
{
	struct covers c = {.n = 0};

	if (p->words > WORDS_PER_LINK * p->nlinks)
		return NULL;
	for (uint32_t i = 0; i < p->nlinks; i++) {
		uint32_t link = site->links[p->links_at + i];
		const struct site_page *to = &site->pages[link & ~SITE_NAV];

		/* What all pages link to is no part of this one. */
		if ((link & SITE_NAV) == 0 && to != p &&
		    (link & ~SITE_NAV) != site->home &&
		    (to->linked < site->npages / 2 || site->npages < 8))
			cover(&c, names_tidy(a, to->own_name));
	}
	return covers(a, &c);
}

/* Better than nothing: another name the page goes by. */
static const char *
from_names(struct arena *a, const struct site *site, const struct site_page *p)
{
	const char *choice[] = {p->label, p->h1};

	for (size_t i = 0; i < sizeof(choice) / sizeof(*choice); i++)
		if (*choice[i] != '\0' && !plain_contains(p->name, choice[i]) &&
		    !plain_contains(choice[i], p->name) &&
		    prose_words(choice[i]) > 1)
			return plain_clip(a, choice[i], LINE_CHARS);
	/* Each line says something; this is the least. */
	if (plain_same(p->name, site->title))
		return NULL;
	return arena_printf(a, "Part of %s.", site->title);
}

static void
describe_page(struct site *site, struct words *w, struct site_page *p)
{
	struct arena a;
	const char *s;

	arena_init(&a);
	if ((s = from_meta(&a, w, p, false)) == NULL &&
	    (s = from_lead(&a, w, p)) == NULL &&
	    (s = from_extract(&a, w, p)) == NULL &&
	    (s = from_meta(&a, w, p, true)) == NULL &&
	    (s = from_headings(&a, w, p)) == NULL &&
	    (s = from_members(&a, site, p)) == NULL &&
	    (s = from_label(&a, w, p)) == NULL)
		s = from_names(&a, site, p);
	p->line = s == NULL ? "" : plain_fold(site->arena, s);
	arena_release(&a);
}

static void
count_texts(struct arena *a, struct words *w, const struct site *site)
{
	const char *s;

	for (size_t i = 0; i < site->npages; i++) {
		const struct site_page *p = &site->pages[i];

		tally_add(&w->descriptions, p->description);
		tally_add(&w->forms, form_of(a, p));
		for (unsigned j = 0; (s = prose_line(a, p->lead, j)) != NULL;
		     j++) {
			tally_add(&w->leads, s);
			tally_add(
			    &w->firsts, plain_sentence(a, prose_tidy(a, s)));
		}
		for (unsigned j = 0;
		     (s = prose_line(a, p->headings, j)) != NULL; j++)
			tally_add(&w->leads, s);
	}
}

void
describe_site(struct site *site)
{
	struct arena a;
	struct words w = {0};

	arena_init(&a);
	names_site(site);
	count_texts(&a, &w, site);
	for (size_t i = 0; i < site->npages; i++)
		describe_page(site, &w, &site->pages[i]);
	introduce_site(site);
	if (site->home != SITE_NONE && *site->pages[site->home].line == '\0')
		site->pages[site->home].line =
		    plain_clip(site->arena, site->summary, LINE_CHARS);
	tally_free(&w.descriptions);
	tally_free(&w.leads);
	tally_free(&w.firsts);
	tally_free(&w.forms);
	arena_release(&a);
}
