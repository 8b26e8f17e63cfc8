#include "worker/crawl/rules/language.h"

#include "core/arena.h"
#include "core/json.h"
#include "worker/crawl/rules/version.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Pages that make a language, and the share that must say the same. */
#define LEAST 3
#define SAME_NUM 4
#define SAME_DEN 5
/* More languages than this have not been seen on one site. */
#define MOST 100
#define CODE_BYTES 12
/* The language is among so many parts of the path. */
#define PARTS 3
/* A home page's language is as good as one with a quarter more pages. */
#define CLOSE_NUM 4
#define CLOSE_DEN 5
/* A wanted language with less than a tenth of the pages is a leaflet. */
#define LEAFLET 10

/* ISO 639-1, two letters each. */
static const char codes[] =
    "aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcydadedvdz"
    "eeeleneoeseteufafffifjfofrfygagdglgngugvhahehihohrhthuhyhziaidieigiiik"
    "ioisitiujajvkakgkikjkkklkmknkokrkskukvkwkylalblglilnloltlulvmgmhmimkml"
    "mnmrmsmtmynanbndnengnlnnnonrnvnyocojomorospapiplpsptqurmrnrorurwsascsd"
    "sesgsiskslsmsnsosqsrssstsusvswtatetgthtitktltntotrtstttwtyugukuruzvevi"
    "vowawoxhyiyozazhzu";

struct language {
	char code[CODE_BYTES];  /* lower case, "-"; "" for no such part */
	char alias[CODE_BYTES]; /* "en-us" of hreflang under "/en/"; "" */
	unsigned pages;
	unsigned same;     /* of them say that they are in it */
	unsigned heard;    /* addresses that are known */
	unsigned declared; /* pages that hreflang says are in it */
};

struct languages {
	struct arena *a;
	const char *wanted; /* "" for none */
	struct language known[MOST];
	size_t n;
	char front[CODE_BYTES];      /* what the home page says it is in */
	char front_path[CODE_BYTES]; /* and its path */
	const struct language *chosen;
};

struct languages *
languages_new(struct arena *a, const char *wanted)
{
	struct languages *l = arena_alloc(a, sizeof(*l));

	l->a = a;
	l->wanted = wanted == NULL ? "" : arena_strdup(a, wanted);
	return l;
}

static bool
is_code(const char *s)
{
	for (const char *c = codes; *c != '\0'; c += 2)
		if (tolower((unsigned char)s[0]) == c[0] &&
		    tolower((unsigned char)s[1]) == c[1])
			return true;
	return false;
}

/* fold: n bytes as "de", "pt-br", "zh-hant"; "" when they are none. */
static void
fold(const char *s, size_t n, char out[CODE_BYTES])
{
	*out = '\0';
	if (n < 2 || n >= CODE_BYTES || !is_code(s))
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
	static const char *const known[] = {"docs", "doc", "documentation",
	    "help", "support", "manual", "manuals", "guide", "guides", "learn",
	    "wiki", "kb", "site", NULL};

	for (size_t i = 0; known[i] != NULL; i++)
		if (strlen(known[i]) == n && strncasecmp(s, known[i], n) == 0)
			return true;
	return version_part(s, n);
}

/* from_query: "?lang=de". */
static void
from_query(const char *s, char out[CODE_BYTES])
{
	static const char *const names[] = {
	    "lang=", "language=", "locale=", "hl=", NULL};

	while (*out == '\0' && *s != '\0') {
		s++;
		for (size_t i = 0; names[i] != NULL; i++) {
			size_t n = strlen(names[i]);

			if (strncasecmp(s, names[i], n) == 0)
				fold(s + n, strcspn(s + n, "&"), out);
		}
		s += strcspn(s, "&");
	}
}

/* code_of: the language that the target names, "" for none. */
static void
code_of(const char *target, char out[CODE_BYTES])
{
	const char *s = target + (*target == '/');

	for (unsigned part = 0; part < PARTS; part++) {
		size_t n = strcspn(s, "/?");

		fold(s, n, out);
		if (*out != '\0' || s[n] != '/' || !may_precede(s, n))
			break;
		s += n + 1;
	}
	from_query(target + strcspn(target, "?"), out);
}

static bool
same_primary(const char *code, const char *lang)
{
	return strlen(code) >= 2 && strncasecmp(code, lang, 2) == 0 &&
	       !isalpha((unsigned char)lang[2]);
}

static struct language *
find(struct languages *l, const char *code)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->known[i].code, code) == 0)
			return &l->known[i];
	if (l->n == MOST)
		return NULL;
	memcpy(l->known[l->n].code, code, strlen(code) + 1);
	return &l->known[l->n++];
}

void
languages_heard(struct languages *l, const char *target)
{
	struct language *k;
	char code[CODE_BYTES];

	code_of(target, code);
	if ((k = find(l, code)) != NULL)
		k->heard++;
}

/*
 * of_path: what the target's path calls a language that hreflang calls code:
 * "/en/" and "en-US", "/zh-hant/" and "zh-TW".  Of several such codes under
 * one path only the first is its; NULL for none.
 */
static struct language *
of_path(struct languages *l, const char *target, const char *code)
{
	struct language *k;
	char path[CODE_BYTES];

	code_of(target, path);
	if (!same_primary(path, code) || strcmp(path, code) == 0 ||
	    (k = find(l, path)) == NULL)
		return NULL;
	if (*k->alias == '\0')
		memcpy(k->alias, code, strlen(code) + 1);
	return strcmp(k->alias, code) == 0 ? k : NULL;
}

const char *
languages_declare(struct languages *l, const char *lang, const char *target)
{
	struct language *k;
	char code[CODE_BYTES];

	fold(lang, strlen(lang), code);
	if (*code == '\0')
		return NULL;
	k = of_path(l, target, code);
	if (k == NULL && (k = find(l, code)) == NULL)
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

		if (strcmp(k->code, code) == 0 && k->heard + k->pages > 0)
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
languages_front(struct languages *l, const char *target, const char *lang)
{
	code_of(target, l->front_path);
	if (strlen(lang) >= 2 && is_code(lang)) {
		l->front[0] = (char)tolower((unsigned char)lang[0]);
		l->front[1] = (char)tolower((unsigned char)lang[1]);
	}
}

void
languages_note(
    struct languages *l, const char *target, const char *lang, bool front)
{
	struct language *k;
	char code[CODE_BYTES];

	code_of(target, code);
	if (front)
		languages_front(l, target, lang);
	k = find(l, code);
	if (k == NULL)
		return;
	k->pages++;
	/* Pages without such a part are compared with the home page. */
	k->same += *code != '\0' ? same_primary(code, lang)
				 : same_primary(l->front, lang);
}

static bool
is_sure(const struct language *k)
{
	return k->declared > 0 ||
	       (k->pages >= LEAST && k->same * SAME_DEN >= k->pages * SAME_NUM);
}

static unsigned
size_of(const struct language *k)
{
	return k->declared > k->heard ? k->declared : k->heard;
}

static unsigned
largest(const struct languages *l)
{
	unsigned most = 0;

	for (size_t i = 0; i < l->n; i++)
		if (is_sure(&l->known[i]) && size_of(&l->known[i]) > most)
			most = size_of(&l->known[i]);
	return most;
}

/* is_unsaid: pages whose paths name no language, but the home page does. */
static bool
is_unsaid(const struct languages *l, const struct language *k)
{
	return *k->code == '\0' && *l->front != '\0' && is_sure(k);
}

/*
 * with: a sure language of that tag, with the same region where there is one,
 * else the largest of its kind; NULL when there is none.
 */
static const struct language *
with(const struct languages *l, const char *tag)
{
	const struct language *best = NULL;

	for (size_t i = 0; i < l->n; i++) {
		const struct language *k = &l->known[i];

		if (!is_sure(k) || *k->code == '\0' ||
		    !same_primary(tag, k->code))
			continue;
		if (is_called(l, k, tag))
			return k;
		if (best == NULL || size_of(k) > size_of(best))
			best = k;
	}
	for (size_t i = 0; best == NULL && i < l->n; i++)
		if (is_unsaid(l, &l->known[i]) && same_primary(tag, l->front))
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
		fold(*list, n, out);
		/* Of "zh-Hant-TW" the first two letters are enough. */
		if (*out == '\0' && n > 2 && (*list)[2] == '-')
			fold(*list, 2, out);
		*list += n;
		if (*out != '\0')
			return true;
	}
	return false;
}

static const struct language *
wanted(const struct languages *l)
{
	const char *list = l->wanted;
	char tag[CODE_BYTES];

	while (next_wanted(&list, tag)) {
		const struct language *k = with(l, tag);

		if (k != NULL && size_of(k) * LEAFLET >= largest(l))
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

/* at_home: the home page's language, else English. */
static const struct language *
at_home(struct languages *l)
{
	const struct language *k = NULL;

	if (*l->front_path != '\0')
		return find(l, l->front_path);
	if (*l->front != '\0')
		k = with(l, l->front);
	return k != NULL ? k : with(l, "en");
}

static const struct language *
choose(struct languages *l)
{
	const struct language *best = wanted(l), *k = at_home(l);
	unsigned most = largest(l);

	if (best != NULL)
		return best;
	if (k != NULL && size_of(k) * CLOSE_DEN >= most * CLOSE_NUM)
		return k;
	for (size_t i = 0; i < l->n; i++) {
		k = &l->known[i];
		if (!is_sure(k) || (*k->code == '\0' && !is_unsaid(l, k)))
			continue;
		if (best == NULL || size_of(k) > size_of(best) ||
		    (size_of(k) == size_of(best) && k->pages > best->pages))
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

		if (!is_sure(k) || is_alias(l, k->code))
			continue;
		/* The same language with and without saying so is one. */
		same = *k->code == '\0' ? with(l, l->front) : NULL;
		sure += *k->code != '\0' ||
			(*l->front != '\0' && (same == NULL || same == k));
	}
	if (sure < 2)
		return false;
	l->chosen = choose(l);
	return l->chosen != NULL;
}

/* seems: by its addresses alone, where no page was read. */
static bool
seems(const struct language *k)
{
	return *k->code != '\0' && (is_sure(k) || k->heard >= LEAST);
}

struct json_object *
languages_json(const struct languages *l)
{
	struct json_object *list = json_object_new_array(), *o;
	bool told[MOST] = {false};
	size_t best, n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += seems(&l->known[i]);
	for (n = n > 1 ? n : 0; n > 0; n--) {
		best = MOST;
		for (size_t i = 0; i < l->n; i++)
			if (seems(&l->known[i]) && !told[i] &&
			    (best == MOST || size_of(&l->known[i]) >
						 size_of(&l->known[best])))
				best = i;
		if (best == MOST)
			break;
		told[best] = true;
		o = json_object_new_object();
		json_put_str(o, "code", l->known[best].code);
		json_put_num(o, "urls", size_of(&l->known[best]));
		json_object_array_add(list, o);
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
languages_refuse(
    const struct languages *l, const char *target, const char *declared)
{
	char code[CODE_BYTES];

	if (l->chosen == NULL)
		return NULL;
	code_of(target, code);
	if (declared != NULL)
		return is_chosen(l, declared) ? NULL : declared;
	/* Pages that do not say are the home page's, where others do. */
	if (*code == '\0' || strcmp(code, l->chosen->code) == 0 ||
	    (*l->chosen->code != '\0' && is_chosen(l, code)))
		return NULL;
	return arena_strdup(l->a, code);
}
