#include "worker/crawl/language.h"

#include "core/arena.h"

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

/* ISO 639-1, two letters each. */
static const char codes[] =
    "aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcydadedvdz"
    "eeeleneoeseteufafffifjfofrfygagdglgngugvhahehihohrhthuhyhziaidieigiiik"
    "ioisitiujajvkakgkikjkkklkmknkokrkskukvkwkylalblglilnloltlulvmgmhmimkml"
    "mnmrmsmtmynanbndnengnlnnnonrnvnyocojomorospapiplpsptqurmrnrorurwsascsd"
    "sesgsiskslsmsnsosqsrssstsusvswtatetgthtitktltntotrtstttwtyugukuruzvevi"
    "vowawoxhyiyozazhzu";

struct language {
	char code[CODE_BYTES]; /* lower case, "-"; "" for no such part */
	unsigned pages;
	unsigned same; /* of them say that they are in it */
};

struct languages {
	struct arena *a;
	struct language known[MOST];
	size_t n;
	char front[CODE_BYTES];      /* what the home page says it is in */
	char front_path[CODE_BYTES]; /* and its path */
	const struct language *chosen;
};

struct languages *
languages_new(struct arena *a)
{
	struct languages *l = arena_alloc(a, sizeof(*l));

	l->a = a;
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

/* code_of: the language that the path begins with, "" when with none. */
static void
code_of(const char *target, char out[CODE_BYTES])
{
	const char *s = target + (*target == '/');
	size_t n = strcspn(s, "/?");

	*out = '\0';
	if (n < 2 || n >= CODE_BYTES || !is_code(s))
		return;
	/* "de", "pt-br", "zh_Hant". */
	if (n != 2 && n != 5 && n != 7)
		return;
	if (n > 2 && s[2] != '-' && s[2] != '_')
		return;
	for (size_t i = 0; i < n; i++)
		out[i] = s[i] == '_' ? '-' : (char)tolower((unsigned char)s[i]);
	out[n] = '\0';
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
languages_note(
    struct languages *l, const char *target, const char *lang, bool front)
{
	struct language *k;
	char code[CODE_BYTES];

	code_of(target, code);
	if (front) {
		memcpy(l->front_path, code, sizeof(code));
		if (strlen(lang) >= 2 && is_code(lang))
			memcpy(l->front, lang, 2);
	}
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
	return k->pages >= LEAST && k->same * SAME_DEN >= k->pages * SAME_NUM;
}

/* with: the surest language of that primary tag; NULL when there is none. */
static const struct language *
with(const struct languages *l, const char *primary)
{
	for (size_t i = 0; i < l->n; i++)
		if (is_sure(&l->known[i]) && *l->known[i].code != '\0' &&
		    same_primary(primary, l->known[i].code))
			return &l->known[i];
	return NULL;
}

static const struct language *
choose(struct languages *l)
{
	const struct language *best = NULL, *k;

	if (*l->front_path != '\0')
		return find(l, l->front_path);
	if (*l->front != '\0' && (k = with(l, l->front)) != NULL)
		return k;
	/* The home page's language may go without saying in its paths. */
	if (*l->front != '\0' && (k = find(l, "")) != NULL && is_sure(k))
		return k;
	if ((k = with(l, "en")) != NULL)
		return k;
	for (size_t i = 0; i < l->n; i++)
		if (is_sure(&l->known[i]) &&
		    (best == NULL || l->known[i].pages > best->pages))
			best = &l->known[i];
	return best;
}

bool
languages_decide(struct languages *l)
{
	size_t sure = 0;

	if (l->chosen != NULL)
		return false;
	for (size_t i = 0; i < l->n; i++) {
		const struct language *k = &l->known[i];

		/* The same language with and without saying so is one. */
		if (is_sure(k) &&
		    (*k->code != '\0' ||
			(*l->front != '\0' && with(l, l->front) == NULL)))
			sure++;
	}
	if (sure < 2)
		return false;
	l->chosen = choose(l);
	return l->chosen != NULL;
}

const char *
languages_refuse(const struct languages *l, const char *target)
{
	char code[CODE_BYTES];

	if (l->chosen == NULL)
		return NULL;
	code_of(target, code);
	if (*code == '\0' || strcmp(code, l->chosen->code) == 0)
		return NULL;
	return arena_strdup(l->a, code);
}
