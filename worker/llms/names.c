#include "worker/llms/names.h"

#include "core/arena.h"
#include "worker/llms/described_site.h"
#include "worker/site/text_line.h"
#include "worker/llms/titles.h"
#include "worker/llms/unique_titles.h"
#include "worker/llms/write.h"
#include "core/wordlist.h"
#include "worker/site/words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A piece of a title is the site's when at least so many pages have it, and
 * this share of them: one in SITE_SHARE. */
#define SITE_PAGES 3
#define SITE_SHARE 3

enum title_side { SIDE_END, SIDE_START };

/*
 * cut_at: where the piece on that side of s begins (its end) or ends (its
 * start): the rest and the separator's length go out.  NULL: s is one piece.
 */
static const char *
cut_at(const char *s, enum title_side side, size_t *sep)
{
	const char *best = NULL;
	size_t n = strlen(s);

	/* "Kite (Acme API)" */
	if (side == SIDE_END && n > 0 && s[n - 1] == ')') {
		while (n > 1 && strncmp(s + n - 1, " (", 2) != 0)
			n--;
		*sep = 2;
		return n > 1 ? s + n - 1 : NULL;
	}
	for (size_t i = 0; words_site_separators[i] != NULL; i++) {
		const char *p = strstr(s, words_site_separators[i]);

		while (p != NULL) {
			bool better = best == NULL ||
				      (side == SIDE_END ? p > best : p < best);

			if (better && p != s) {
				best = p;
				*sep = strlen(words_site_separators[i]);
			}
			p = side == SIDE_END
				? strstr(p + 1, words_site_separators[i])
				: NULL;
		}
	}
	return best;
}

/* title_piece_remove: the page's name without its piece on that side. */
static void
title_piece_remove(
    struct described_site *site, struct described_page *p, enum title_side side)
{
	size_t sep = 0;
	const char *at = cut_at(p->name, side, &sep);

	p->name = side == SIDE_START
		      ? arena_strdup(site->arena, at + sep)
		      : arena_strndup(site->arena, p->name, at - p->name);
}

/* title_piece: the piece of s on that side, in a; NULL when s is one piece. */
static const char *
title_piece(struct arena *a, const char *s, enum title_side side)
{
	size_t sep = 0;
	const char *at = cut_at(s, side, &sep);

	if (at == NULL)
		return NULL;
	if (side == SIDE_START)
		at = arena_strndup(a, s, at - s);
	else /* "(Acme API)" is "Acme API". */
		at = arena_strndup(a, at + sep,
		    strlen(at + sep) - (strncmp(at, " (", 2) == 0));
	return titles_broken(at) ? NULL : at;
}

static int
piece_compare(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* most_common: the string that occurs most, and how often. */
static const char *
most_common(const char **strings, size_t n, size_t *times)
{
	const char *best = NULL;
	size_t run = 0;

	*times = 0;
	if (n > 0)
		qsort(strings, n, sizeof(*strings), piece_compare);
	for (size_t i = 0; i < n; i++) {
		run = i > 0 && strcmp(strings[i], strings[i - 1]) == 0 ? run + 1
								       : 1;
		if (run > *times) {
			*times = run;
			best = strings[i];
		}
	}
	return best;
}

static bool
is_of_the_site(const struct described_site *site, size_t times)
{
	return times >= SITE_PAGES &&
	       times * SITE_SHARE >= site->crawled->npages;
}

/* strip_shared_piece: takes the piece that most names share on that side off
 * them. */
static const char *
strip_shared_piece(
    struct described_site *site, struct arena *a, enum title_side side)
{
	const char **found =
	    arena_array(a, site->crawled->npages, sizeof(*found));
	const char *common, *mine;
	size_t n = 0, times;

	for (size_t i = 0; i < site->crawled->npages; i++)
		if ((mine = title_piece(a, site->pages[i].name, side)) != NULL)
			found[n++] = mine;
	common = most_common(found, n, &times);
	if (common == NULL || !is_of_the_site(site, times))
		return NULL;
	for (size_t i = 0; i < site->crawled->npages; i++) {
		struct described_page *p = &site->pages[i];

		mine = title_piece(a, p->name, side);
		if (mine != NULL && strcmp(mine, common) == 0)
			title_piece_remove(site, p, side);
	}
	return arena_strdup(site->arena, common);
}

/*
 * strip_title: takes the site's own title off names that begin or end with
 * it, however few they are.
 */
static void
strip_title(struct described_site *site)
{
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < site->crawled->npages * 2; i++) {
		struct described_page *p = &site->pages[i / 2];
		enum title_side side = i % 2 == 0 ? SIDE_END : SIDE_START;
		const char *mine = title_piece(&a, p->name, side);

		if (mine != NULL && text_line_same(mine, site->title))
			title_piece_remove(site, p, side);
	}
	arena_release(&a);
}

const char *
names_tidy(struct arena *a, const char *s)
{
	char *out = arena_strdup(a, s);
	size_t n = strlen(out);

	for (size_t i = 0; words_title_ends[i] != NULL; i++) {
		size_t len = strlen(words_title_ends[i]);

		/* "C#", "F#" and "A#" are names. */
		if (*words_title_ends[i] == '#' && n > 1 && out[n - 2] != ' ')
			continue;
		if (n <= len || strcmp(out + n - len, words_title_ends[i]) != 0)
			continue;
		n -= len;
		out[n] = '\0';
		i = (size_t)-1;
	}
	/* A heading that is a sentence. */
	if (n > 2 && out[n - 1] == '.' && islower((unsigned char)out[n - 2]) &&
	    strchr(out, '.') == out + n - 1 && strchr(out, ' ') != NULL)
		out[n - 1] = '\0';
	return text_line_clip(a, out, NAMES_CHARS);
}

/* Letters of appendices come after the numbers of chapters. */
#define APPENDIX 100

/*
 * read_number: the bytes of "3. ", "B.2. " or "Chapter 3. " that a title
 * begins with, 0 without one; the chapter's number, and whether there are
 * more.
 */
static size_t
read_number(const char *s, unsigned *chapter, bool *more)
{
	size_t i = 0, word, n = 0;

	while (strncmp(s, words_chapter_words[i],
		   strlen(words_chapter_words[i])) != 0)
		i++;
	word = strlen(words_chapter_words[i]);
	s += word;
	*chapter = 0;
	/* "C. elegans" is no number. */
	if (*s >= 'A' && *s <= 'Z' && s[1] == '.' &&
	    (word > 0 || isdigit((unsigned char)s[2])))
		*chapter = APPENDIX + (unsigned)(s[n++] - 'A');
	/* "Part VII. ", whose chapters have numbers of their own. */
	if (word > 0 && n == 0 && strspn(s, "IVXLC") > 0)
		n = strspn(s, "IVXLC");
	while (n < 3 && *chapter < APPENDIX && isdigit((unsigned char)s[n]))
		*chapter = *chapter * 10 + (unsigned)(s[n++] - '0');
	*more = s[n] == '.' && isdigit((unsigned char)s[n + 1]);
	n += strspn(s + n, "0123456789.");
	if (n < 2 || s[n - 1] != '.' || s[n] != ' ' || s[n + 1] == '\0')
		return 0;
	if (*chapter >= SITE_CHAPTERS)
		*chapter = 0;
	return word + n + 1;
}

static void
read_chapter(struct described_page *p)
{
	const char *choice[] = {p->name, p->crawled->raw_title, p->crawled->h1};
	unsigned chapter;
	bool more;

	p->chapter = 0;
	for (size_t i = 0; i < sizeof(choice) / sizeof(*choice); i++) {
		if (read_number(choice[i], &chapter, &more) == 0)
			continue;
		p->chapter = (uint8_t)chapter;
		p->is_chapter = !more;
		return;
	}
}

static size_t
number_len(const char *s)
{
	unsigned chapter;
	bool more;

	return read_number(s, &chapter, &more);
}

/* bare_number: the bytes of "12 " or "4.3 " that a title begins with; 0. */
static size_t
bare_number(const char *s)
{
	size_t n = strspn(s, "0123456789.");

	return n > 0 && n <= 8 && isdigit((unsigned char)*s) && s[n] == ' ' &&
		       isupper((unsigned char)s[n + 1])
		   ? n + 1
		   : 0;
}

/*
 * strip_bare: "12 Signals" is a chapter's where a third of the pages is called
 * so and the first three have these numbers; "7 ways to cook" is none.
 */
static void
strip_bare(struct described_site *site)
{
	size_t numbered = 0, seen[4] = {0};

	for (size_t i = 0; i < site->crawled->npages; i++) {
		const char *s = site->pages[i].name;

		if (bare_number(s) == 0)
			continue;
		numbered++;
		if (*s >= '1' && *s <= '3' && strchr(". ", s[1]) != NULL)
			seen[*s - '0']++;
	}
	if (!is_of_the_site(site, numbered) || seen[1] == 0 || seen[2] == 0 ||
	    seen[3] == 0)
		return;
	for (size_t i = 0; i < site->crawled->npages; i++)
		site->pages[i].name += bare_number(site->pages[i].name);
}

/* strip_numbers: chapters are in their order without their numbers. */
static void
strip_numbers(struct described_site *site)
{
	size_t numbered = 0;

	strip_bare(site);

	for (size_t i = 0; i < site->crawled->npages; i++) {
		read_chapter(&site->pages[i]);
		numbered += number_len(site->pages[i].name) > 0;
	}
	for (size_t i = 0; i < site->crawled->npages && numbered >= SITE_PAGES;
	     i++)
		site->pages[i].name += number_len(site->pages[i].name);
}

/* ---- the site's own title ---- */

/* site_name: what most pages, or the home page, call the site; or NULL. */
static const char *
site_name(struct described_site *site, struct arena *a)
{
	const char **found =
	    arena_array(a, site->crawled->npages + 1, sizeof(*found));
	const char *common;
	size_t n = 0, times;

	if (*site->crawled->front.site_name != '\0' &&
	    !titles_broken(site->crawled->front.site_name))
		return site->crawled->front.site_name;
	for (size_t i = 0; i < site->crawled->npages; i++)
		if (*site->crawled->pages[i].site_name != '\0' &&
		    !titles_broken(site->crawled->pages[i].site_name))
			found[n++] = site->crawled->pages[i].site_name;
	common = most_common(found, n, &times);
	return common != NULL && is_of_the_site(site, times) ? common : NULL;
}

/* without_section: "git(1)" is git, in the first part of the manual. */
static const char *
without_section(struct arena *a, const char *s)
{
	size_t n = strlen(s);

	if (n > 3 && s[n - 1] == ')' && isdigit((unsigned char)s[n - 2]) &&
	    s[n - 3] == '(' && s[n - 4] != ' ')
		return arena_strndup(a, s, n - 3);
	return s;
}

/* "Acme Home Page" and "Welcome to Acme" are Acme. */
static const char *
without_welcome(struct arena *a, const char *s)
{
	size_t n = strlen(s), len;

	if ((len = wordlist_ends(words_home_ends, s, n)) > 0)
		return arena_strndup(a, s, n - len);
	len = wordlist_starts(words_home_starts, s);
	if (len > 0 && n > len)
		return arena_strdup(a, s + len);
	return without_section(a, s);
}

static const char *
site_title(struct described_site *site, struct arena *a, const char *stripped)
{
	const char *choice[] = {site_name(site, a), stripped,
	    site->crawled->front.title, site->crawled->front.h1};

	for (size_t i = 0; i < sizeof(choice) / sizeof(*choice); i++)
		if (choice[i] != NULL && *choice[i] != '\0' &&
		    !titles_say_nothing(choice[i]) &&
		    !text_line_is_one_of(choice[i], words_home_titles))
			return names_tidy(site->arena,
			    without_welcome(site->arena, choice[i]));
	return write_host(site->arena, site->crawled->host);
}

/* without_archives: a list of a blog's posts by what they are about. */
static const char *
without_archives(struct arena *a, const char *s)
{
	size_t n = strlen(s), len = strlen(" Archives");

	if (n > len && strcmp(s + n - len, " Archives") == 0)
		return arena_strndup(a, s, n - len);
	return s;
}

/* settle_name: the name of a page, but for telling it apart from others. */
static void
settle_name(struct described_site *site, size_t i)
{
	struct described_page *p = &site->pages[i];
	bool home = i == site->crawled->home;

	p->name =
	    without_archives(site->arena, names_tidy(site->arena, p->name));
	if (home &&
	    (titles_say_nothing(p->name) ||
		text_line_is_one_of(p->name, words_home_titles) ||
		text_line_contains(site->title, p->name) ||
		/* What stands beside the site's name is its slogan. */
		text_line_contains(site->crawled->front.title, site->title)))
		p->name = site->title;
	else if (titles_say_nothing(p->name))
		p->name = names_tidy(site->arena, titles_second(site, p));
	p->own_name = p->name;
}

/*
 * is_better: what was cut off many names is the site's own name rather than
 * what was cut before it.  What they begin with may be a part of the site, if
 * the home page does not know it.
 */
static bool
is_better(const struct described_site *site, const char *cut,
    enum title_side side, const char *before)
{
	bool known = text_line_contains(site->crawled->front.raw_title, cut) ||
		     text_line_contains(site->crawled->front.title, cut) ||
		     text_line_contains(site->crawled->front.h1, cut);

	if (before != NULL &&
	    text_line_contains(site->crawled->front.raw_title, before))
		return known;
	return known || side == SIDE_END ||
	       (site->crawled->home == SITE_NONE &&
		   *site->crawled->front.title == '\0');
}

void
names_site(struct described_site *site)
{
	const char *stripped = NULL, *cut;
	enum title_side side;
	struct arena a;

	arena_init(&a);
	titles_first(site);
	for (unsigned turn = 0; turn < 3; turn++) {
		side = SIDE_END;
		cut = strip_shared_piece(site, &a, side);
		if (cut == NULL)
			cut = strip_shared_piece(site, &a, side = SIDE_START);
		if (cut == NULL)
			break;
		if (is_better(site, cut, side, stripped))
			stripped = cut;
	}
	site->title = site_title(site, &a, stripped);
	strip_title(site);
	strip_numbers(site);
	for (size_t i = 0; i < site->crawled->npages; i++)
		settle_name(site, i);
	unique_titles(site);
	arena_release(&a);
}
