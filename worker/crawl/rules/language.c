#include "worker/crawl/rules/language.h"

#include "core/arena.h"
#include "core/json.h"
#include "core/schema/host_count.h"
#include "worker/crawl/rules/version.h"
#include "core/wordlist.h"
#include "worker/crawl/words.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Pages that make a language, and the share that must say the same. */
#define MIN_PAGES 3
#define SAME_NUM 4
#define SAME_DEN 5
/* More languages than this have not been seen on one site. */
#define MAX_LANGUAGES 100
#define CODE_BYTES 12
/* The language is among so many parts of the path. */
#define PARTS 3
/* A home page's language is as good as one with a quarter more pages. */
#define CLOSE_NUM 4
#define CLOSE_DEN 5
/* A wanted language with less than a tenth of the pages is a leaflet. */
#define LEAFLET 10

struct language {
	char code[CODE_BYTES];  /* lower case, "-"; "" for no such part */
	char alias[CODE_BYTES]; /* "en-us" of hreflang under "/en/"; "" */
	unsigned pages;
	unsigned same;      /* of them say that they are in it */
	unsigned addresses; /* that are known */
	unsigned declared;  /* pages that hreflang says are in it */
};

struct languages {
	struct arena *a;
	const char *wanted; /* "" for none */
	struct language known[MAX_LANGUAGES];
	size_t n;
	char front[CODE_BYTES];      /* what the home page says it is in */
	char front_path[CODE_BYTES]; /* and its path */
	const struct language *chosen;
};

struct languages *
languages_new(struct arena *a, const char *languages_wanted)
{
	struct languages *l = arena_alloc(a, sizeof(*l));

	l->a = a;
	l->wanted =
	    languages_wanted == NULL ? "" : arena_strdup(a, languages_wanted);
	return l;
}

/*
 * language_code_fold: n bytes as "de", "pt-br", "zh-hant"; "" when they are
 * none.
 */
static void
language_code_fold(const char *s, size_t n, char out[CODE_BYTES])
{
	*out = '\0';
	if (n < 2 || n >= CODE_BYTES ||
	    !wordlist_has(words_language_codes, s, 2))
		return;
	if (n != 2 && n != 5 && n != 7)
		return;
	if (n > 2 && s[2] != '-' && s[2] != '_')
		return;
	for (size_t i = 0; i < n; i++)
		out[i] = s[i] == '_' ? '-' : (char)tolower((unsigned char)s[i]);
	out[n] = '\0';
}

/* may_precede: a part of a path after which a language may come. */
static bool
may_precede(const char *s, size_t n)
{
	return wordlist_has(words_language_parents, s, n) ||
	       is_version_part(s, n);
}

/* language_code_in_query: "?lang=de". */
static void
language_code_in_query(const char *s, char out[CODE_BYTES])
{
	size_t n;

	while (*out == '\0' && *s != '\0') {
		s++;
		n = wordlist_starts(words_language_parameters, s);
		if (n > 0)
			language_code_fold(s + n, strcspn(s + n, "&"), out);
		s += strcspn(s, "&");
	}
}

/* language_code_of: the language that the target names, "" for none. */
static void
language_code_of(const char *target, char out[CODE_BYTES])
{
	const char *s = target + (*target == '/');

	for (unsigned part = 0; part < PARTS; part++) {
		size_t n = strcspn(s, "/?");

		language_code_fold(s, n, out);
		if (*out != '\0' || s[n] != '/' || !may_precede(s, n))
			break;
		s += n + 1;
	}
	language_code_in_query(target + strcspn(target, "?"), out);
}

static bool
same_primary(const char *code, const char *lang)
{
	return strlen(code) >= 2 && strncasecmp(code, lang, 2) == 0 &&
	       !isalpha((unsigned char)lang[2]);
}

static struct language *
languages_find(struct languages *l, const char *code)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->known[i].code, code) == 0)
			return &l->known[i];
	if (l->n == MAX_LANGUAGES)
		return NULL;
	memcpy(l->known[l->n].code, code, strlen(code) + 1);
	return &l->known[l->n++];
}

void
languages_note_address(struct languages *l, const char *target)
{
	struct language *k;
	char code[CODE_BYTES];

	language_code_of(target, code);
	if ((k = languages_find(l, code)) != NULL)
		k->addresses++;
}

/*
 * languages_of_path: what the target's path calls a language that hreflang
 * calls code:
 * "/en/" and "en-US", "/zh-hant/" and "zh-TW".  Of several such codes under
 * one path only the first is its; NULL for none.
 */
static struct language *
languages_of_path(struct languages *l, const char *target, const char *code)
{
	struct language *k;
	char path[CODE_BYTES];

	language_code_of(target, path);
	if (!same_primary(path, code) || strcmp(path, code) == 0 ||
	    (k = languages_find(l, path)) == NULL)
		return NULL;
	if (*k->alias == '\0')
		memcpy(k->alias, code, strlen(code) + 1);
	return strcmp(k->alias, code) == 0 ? k : NULL;
}

const char *
languages_note_hreflang(
    struct languages *l, const char *lang, const char *target)
{
	struct language *k;
	char code[CODE_BYTES];

	language_code_fold(lang, strlen(lang), code);
	if (*code == '\0')
		return NULL;
	k = languages_of_path(l, target, code);
	if (k == NULL && (k = languages_find(l, code)) == NULL)
		return NULL;
	k->declared++;
	return k->code;
}

/* is_alias: only hreflang calls a language so; paths call it otherwise. */
static bool
is_alias(const struct languages *l, const char *code)
{
	bool alias = false;

	for (size_t i = 0; i < l->n; i++) {
		const struct language *k = &l->known[i];

		if (strcmp(k->code, code) == 0 && k->addresses + k->pages > 0)
			return false;
		alias |= *code != '\0' && strcmp(k->alias, code) == 0;
	}
	return alias;
}

/* is_called: code is the language's own, or its alias. */
static bool
is_called(const struct languages *l, const struct language *k, const char *code)
{
	return strcmp(k->code, code) == 0 ||
	       (strcmp(k->alias, code) == 0 && is_alias(l, code));
}

void
languages_note_home(struct languages *l, const char *target, const char *lang)
{
	language_code_of(target, l->front_path);
	if (strlen(lang) >= 2 && wordlist_has(words_language_codes, lang, 2)) {
		l->front[0] = (char)tolower((unsigned char)lang[0]);
		l->front[1] = (char)tolower((unsigned char)lang[1]);
	}
}

void
languages_note_page(
    struct languages *l, const char *target, const char *lang, bool front)
{
	struct language *k;
	char code[CODE_BYTES];

	language_code_of(target, code);
	if (front)
		languages_note_home(l, target, lang);
	k = languages_find(l, code);
	if (k == NULL)
		return;
	k->pages++;
	/* Pages without such a part are compared with the home page. */
	k->same += *code != '\0' ? same_primary(code, lang)
				 : same_primary(l->front, lang);
}

static bool
is_language_sure(const struct language *k)
{
	return k->declared > 0 ||
	       (k->pages >= MIN_PAGES &&
		   k->same * SAME_DEN >= k->pages * SAME_NUM);
}

static unsigned
language_size(const struct language *k)
{
	return k->declared > k->addresses ? k->declared : k->addresses;
}

static unsigned
languages_largest(const struct languages *l)
{
	unsigned most = 0;

	for (size_t i = 0; i < l->n; i++)
		if (is_language_sure(&l->known[i]) &&
		    language_size(&l->known[i]) > most)
			most = language_size(&l->known[i]);
	return most;
}

/*
 * is_implied_language: pages whose paths name no language, but the home page
 * does.
 */
static bool
is_implied_language(const struct languages *l, const struct language *k)
{
	return *k->code == '\0' && *l->front != '\0' && is_language_sure(k);
}

/*
 * languages_with_tag: a sure language of that tag, with the same region where
 * there is one, else the largest of its kind; NULL when there is none.
 */
static const struct language *
languages_with_tag(const struct languages *l, const char *tag)
{
	const struct language *best = NULL;

	for (size_t i = 0; i < l->n; i++) {
		const struct language *k = &l->known[i];

		if (!is_language_sure(k) || *k->code == '\0' ||
		    !same_primary(tag, k->code))
			continue;
		if (is_called(l, k, tag))
			return k;
		if (best == NULL || language_size(k) > language_size(best))
			best = k;
	}
	for (size_t i = 0; best == NULL && i < l->n; i++)
		if (is_implied_language(l, &l->known[i]) &&
		    same_primary(tag, l->front))
			best = &l->known[i];
	return best;
}

/* next_wanted: the next tag of a list, folded; false at its end. */
static bool
next_wanted(const char **list, char out[CODE_BYTES])
{
	while (**list != '\0') {
		size_t n;

		*list += strspn(*list, ", \t");
		n = strcspn(*list, ", \t");
		language_code_fold(*list, n, out);
		/* Of "zh-Hant-TW" the first two letters are enough. */
		if (*out == '\0' && n > 2 && (*list)[2] == '-')
			language_code_fold(*list, 2, out);
		*list += n;
		if (*out != '\0')
			return true;
	}
	return false;
}

static const struct language *
languages_wanted(const struct languages *l)
{
	const char *list = l->wanted;
	char tag[CODE_BYTES];

	while (next_wanted(&list, tag)) {
		const struct language *k = languages_with_tag(l, tag);

		if (k != NULL &&
		    language_size(k) * LEAFLET >= languages_largest(l))
			return k;
	}
	return NULL;
}

bool
languages_wants(const struct languages *l, const char *lang)
{
	const char *list = l->wanted;
	char tag[CODE_BYTES];

	while (next_wanted(&list, tag))
		if (same_primary(tag, lang))
			return true;
	return false;
}

/* languages_at_home: the home page's language, else English. */
static const struct language *
languages_at_home(struct languages *l)
{
	const struct language *k = NULL;

	if (*l->front_path != '\0')
		return languages_find(l, l->front_path);
	if (*l->front != '\0')
		k = languages_with_tag(l, l->front);
	return k != NULL ? k : languages_with_tag(l, "en");
}

static const struct language *
languages_choose(struct languages *l)
{
	const struct language *best = languages_wanted(l),
			      *k = languages_at_home(l);
	unsigned most = languages_largest(l);

	if (best != NULL)
		return best;
	if (k != NULL && language_size(k) * CLOSE_DEN >= most * CLOSE_NUM)
		return k;
	for (size_t i = 0; i < l->n; i++) {
		k = &l->known[i];
		if (!is_language_sure(k) ||
		    (*k->code == '\0' && !is_implied_language(l, k)))
			continue;
		if (best == NULL || language_size(k) > language_size(best) ||
		    (language_size(k) == language_size(best) &&
			k->pages > best->pages))
			best = k;
	}
	return best;
}

bool
languages_decide(struct languages *l)
{
	size_t sure = 0;

	if (l->chosen != NULL)
		return false;
	for (size_t i = 0; i < l->n; i++) {
		const struct language *k = &l->known[i], *same;

		if (!is_language_sure(k) || is_alias(l, k->code))
			continue;
		/* The same language with and without saying so is one. */
		same =
		    *k->code == '\0' ? languages_with_tag(l, l->front) : NULL;
		sure += *k->code != '\0' ||
			(*l->front != '\0' && (same == NULL || same == k));
	}
	if (sure < 2)
		return false;
	l->chosen = languages_choose(l);
	return l->chosen != NULL;
}

/* is_language_likely: by its addresses alone, where no page was read. */
static bool
is_language_likely(const struct language *k)
{
	return *k->code != '\0' &&
	       (is_language_sure(k) || k->addresses >= MIN_PAGES);
}

struct json_object *
languages_json(const struct languages *l)
{
	struct json_object *list = json_object_new_array();
	bool told[MAX_LANGUAGES] = {false};
	size_t best, n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += is_language_likely(&l->known[i]);
	for (n = n > 1 ? n : 0; n > 0; n--) {
		best = MAX_LANGUAGES;
		for (size_t i = 0; i < l->n; i++)
			if (is_language_likely(&l->known[i]) && !told[i] &&
			    (best == MAX_LANGUAGES ||
				language_size(&l->known[i]) >
				    language_size(&l->known[best])))
				best = i;
		if (best == MAX_LANGUAGES)
			break;
		told[best] = true;
		host_count_put_language(
		    list, &(struct host_count_language){l->known[best].code,
			      language_size(&l->known[best])});
	}
	return list;
}

/* is_chosen: a page in that language, by its path or as declared, is kept. */
static bool
is_chosen(const struct languages *l, const char *code)
{
	const char *chosen = l->chosen->code;

	/* The one that goes without saying is the home page's. */
	if (*chosen == '\0')
		return same_primary(l->front, code);
	if (is_called(l, l->chosen, code))
		return true;
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->known[i].code, code) == 0)
			return is_called(l, &l->known[i], chosen);
	return false;
}

const char *
languages_excluded(
    const struct languages *l, const char *target, const char *declared)
{
	char code[CODE_BYTES];

	if (l->chosen == NULL)
		return NULL;
	language_code_of(target, code);
	if (declared != NULL)
		return is_chosen(l, declared) ? NULL : declared;
	/* Pages that do not say are the home page's, where others do. */
	if (*code == '\0' || strcmp(code, l->chosen->code) == 0 ||
	    (*l->chosen->code != '\0' && is_chosen(l, code)))
		return NULL;
	return arena_strdup(l->a, code);
}
