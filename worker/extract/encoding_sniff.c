#include "worker/extract/encoding_sniff.h"

#include <stdbool.h>
#include <string.h>

#define SAMPLE 65536 /* bytes looked at; enough for any page with text */

/* What a page's high bytes are if it is in one double-byte encoding. */
struct pair_count {
	size_t chars;  /* double bytes read */
	size_t common; /* of these, the ones its language is made of */
	size_t bad;    /* what cannot be */
};

struct sniff_candidate {
	const char *name;
	/* Is a the first of two bytes; is b a second; is ab common? */
	bool (*lead)(unsigned a);
	bool (*trail)(unsigned b);
	bool (*common)(unsigned a, unsigned b);
};

static bool
is_between(unsigned x, unsigned lo, unsigned hi)
{
	return x >= lo && x <= hi;
}

static bool
sjis_lead(unsigned a)
{
	return is_between(a, 0x81, 0x9f) || is_between(a, 0xe0, 0xfc);
}

static bool
sjis_trail(unsigned b)
{
	return is_between(b, 0x40, 0x7e) || is_between(b, 0x80, 0xfc);
}

/* Kana, the comma and the full stop, and level-1 kanji at half weight. */
static bool
sjis_common(unsigned a, unsigned b)
{
	return (a == 0x82 && is_between(b, 0x9f, 0xf1)) ||
	       (a == 0x83 && is_between(b, 0x40, 0x96)) ||
	       (a == 0x81 && is_between(b, 0x41, 0x5b)) ||
	       is_between(a, 0x88, 0x97);
}

static bool
euc_byte(unsigned a)
{
	return is_between(a, 0xa1, 0xfe);
}

static bool
eucjp_common(unsigned a, unsigned b)
{
	return (a == 0xa4 && is_between(b, 0xa1, 0xf3)) ||
	       (a == 0xa5 && is_between(b, 0xa1, 0xf6)) ||
	       (a == 0xa1 && b < 0xbd);
}

/* Hangul in use; a few of the symbols. */
static bool
euckr_common(unsigned a, unsigned b)
{
	(void)b;
	return is_between(a, 0xb0, 0xc8);
}

static bool
gbk_lead(unsigned a)
{
	return is_between(a, 0x81, 0xfe);
}

static bool
gbk_trail(unsigned b)
{
	return is_between(b, 0x40, 0x7e) || is_between(b, 0x80, 0xfe) ||
	       is_between(b, 0x30, 0x39);
}

/* Level-1 hanzi and full-width punctuation. */
static bool
gbk_common(unsigned a, unsigned b)
{
	return (is_between(a, 0xb0, 0xd7) && b >= 0xa1) ||
	       (a == 0xa3 && b >= 0xa1) ||
	       (a == 0xa1 && is_between(b, 0xa2, 0xbf));
}

static bool
big5_trail(unsigned b)
{
	return is_between(b, 0x40, 0x7e) || is_between(b, 0xa1, 0xfe);
}

static bool
big5_common(unsigned a, unsigned b)
{
	(void)b;
	return is_between(a, 0xa4, 0xc6) || a == 0xa1;
}

static const struct sniff_candidate candidates[] = {
    {"Shift_JIS", sjis_lead, sjis_trail, sjis_common},
    {"EUC-JP", euc_byte, euc_byte, eucjp_common},
    {"EUC-KR", gbk_lead, gbk_trail, euckr_common},
    {"GB18030", gbk_lead, gbk_trail, gbk_common},
    {"Big5", gbk_lead, big5_trail, big5_common},
};

static struct pair_count
count_pairs(const struct sniff_candidate *c, const unsigned char *s, size_t len)
{
	struct pair_count t = {0, 0, 0};

	for (size_t i = 0; i + 1 < len; i++) {
		if (s[i] < 0x80)
			continue;
		if (!c->lead(s[i]) || !c->trail(s[i + 1])) {
			t.bad++;
			continue;
		}
		t.chars++;
		if (c->common(s[i], s[i + 1]))
			t.common++;
		i++;
	}
	return t;
}

/*
 * is_hangul: Korean and Chinese share the lead bytes 0xb0 to 0xc8; Chinese has
 * as many above, where Korean has the rare hanja.
 */
static bool
is_hangul(const unsigned char *s, size_t len)
{
	size_t low = 0, high = 0;

	for (size_t i = 0; i + 1 < len; i++) {
		if (s[i] < 0x80)
			continue;
		low += is_between(s[i], 0xb0, 0xc8);
		high += s[i] > 0xc8;
		i++;
	}
	return low > high * 10;
}

/* trails_low: Big5 has half of its second bytes below 0x7f, GBK hardly any. */
static bool
trails_low(const unsigned char *s, size_t len)
{
	size_t low = 0, all = 0;

	for (size_t i = 0; i + 1 < len; i++) {
		if (s[i] < 0x80)
			continue;
		low += s[i + 1] < 0x7f;
		all++;
		i++;
	}
	return low * 5 > all;
}

static const char *
double_byte(const unsigned char *s, size_t len)
{
	const char *best = NULL;
	double most = 0.6; /* less than this is no text in that language */

	for (size_t i = 0; i < sizeof(candidates) / sizeof(*candidates); i++) {
		struct pair_count t = count_pairs(&candidates[i], s, len);
		double share;

		if (t.chars < 4 || t.bad * 50 > t.chars)
			continue;
		share = (double)t.common / (double)t.chars;
		if (strcmp(candidates[i].name, "EUC-KR") == 0 &&
		    !is_hangul(s, len))
			continue;
		if (strcmp(candidates[i].name, "Big5") == 0 &&
		    !trails_low(s, len))
			continue;
		if (share > most) {
			best = candidates[i].name;
			most = share;
		}
	}
	return best;
}

/* single_byte: Cyrillic comes in words, Latin accents one at a time. */
static const char *
single_byte(const unsigned char *s, size_t len)
{
	size_t high = 0, runs = 0, win = 0, koi = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] < 0x80)
			continue;
		high++;
		if (i == 0 || s[i - 1] < 0x80)
			runs++;
		win += s[i] >= 0xe0;
		koi += is_between(s[i], 0xc0, 0xdf);
	}
	if (runs == 0 || high < runs * 5 / 2)
		return "windows-1252";
	return koi > win * 2 ? "KOI8-R" : "windows-1251";
}

const char *
encoding_sniff(const char *bytes, size_t len)
{
	const unsigned char *s = (const unsigned char *)bytes;
	const char *name;

	if (len > SAMPLE) {
		/* Start where the text is: menus and scripts come first. */
		size_t skip = 0;

		while (skip < len - SAMPLE && s[skip] < 0x80)
			skip++;
		s += skip;
		len = SAMPLE;
	}
	name = double_byte(s, len);
	return name != NULL ? name : single_byte(s, len);
}
