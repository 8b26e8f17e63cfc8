#include "core/idn.h"

#include <idn2.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * The alphabets that look alike or are commonly registered (Unicode blocks).
 * A code point in none of them (digits, hyphen, signs) goes with any.
 */
struct script {
	uint32_t from, to;
	const char *name;
};

static const struct script scripts[] = {
    {'A', 'Z', "Latin"},
    {'a', 'z', "Latin"},
    {0xc0, 0x24f, "Latin"},
    {0x250, 0x2af, "Latin"},
    {0x370, 0x3ff, "Greek"},
    {0x400, 0x52f, "Cyrillic"},
    {0x531, 0x58f, "Armenian"},
    {0x591, 0x5f4, "Hebrew"},
    {0x620, 0x65f, "Arabic"},
    {0x66e, 0x6ef, "Arabic"},
    {0x6fa, 0x6ff, "Arabic"},
    {0x750, 0x77f, "Arabic"},
    {0x900, 0x97f, "Devanagari"},
    {0x980, 0x9ff, "Bengali"},
    {0xa00, 0xa7f, "Gurmukhi"},
    {0xa80, 0xaff, "Gujarati"},
    {0xb80, 0xbff, "Tamil"},
    {0xc00, 0xc7f, "Telugu"},
    {0xc80, 0xcff, "Kannada"},
    {0xd00, 0xd7f, "Malayalam"},
    {0xd80, 0xdff, "Sinhala"},
    {0xe00, 0xe7f, "Thai"},
    {0xe80, 0xeff, "Lao"},
    {0x1000, 0x109f, "Burmese"},
    {0x10a0, 0x10ff, "Georgian"},
    {0x1100, 0x11ff, "Korean"},
    {0x1200, 0x137f, "Ethiopic"},
    {0x13a0, 0x13ff, "Cherokee"},
    {0x1780, 0x17ff, "Khmer"},
    {0x1e00, 0x1eff, "Latin"},
    {0x1f00, 0x1fff, "Greek"},
    {0x2c80, 0x2cff, "Coptic"},
    {0x2de0, 0x2dff, "Cyrillic"},
    {0x3040, 0x30ff, "Japanese"},
    {0x3100, 0x312f, "Chinese"},
    {0x3400, 0x4dbf, "Chinese"},
    {0x4e00, 0x9fff, "Chinese"},
    {0xa640, 0xa69f, "Cyrillic"},
    {0xab30, 0xab6f, "Latin"},
    {0xac00, 0xd7a3, "Korean"},
    {0xf900, 0xfaff, "Chinese"},
    {0xff21, 0xff5a, "Latin"},
    {0x20000, 0x3134f, "Chinese"},
};

static const char *
script_of_char(uint32_t c)
{
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if (c >= scripts[i].from && c <= scripts[i].to)
			return scripts[i].name;
	return NULL;
}

/* East Asian names are written with Han, kana or hangul and Latin together. */
static bool
scripts_go_together(const char *a, const char *b)
{
	static const char *const east[] = {
	    "Latin", "Chinese", "Japanese", "Korean"};
	bool in_a = false, in_b = false;

	if (strcmp(a, b) == 0)
		return true;
	for (size_t i = 0; i < sizeof(east) / sizeof(east[0]); i++) {
		in_a |= strcmp(a, east[i]) == 0;
		in_b |= strcmp(b, east[i]) == 0;
	}
	return in_a && in_b;
}

/* The next code point; a bad byte comes back as itself. */
static uint32_t
utf8_next(const unsigned char **p)
{
	const unsigned char *s = *p;
	uint32_t c = s[0];
	int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;

	(*p)++;
	if (more == 0)
		return c;
	c &= 0x3fu >> more;
	for (int i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return s[0];
		c = c << 6 | (s[i] & 0x3fu);
	}
	*p += more;
	return c;
}

bool
idn_mixes_scripts(const char *host, const char **one, const char **two)
{
	const unsigned char *p = (const unsigned char *)host;
	const char *first = NULL;

	while (*p != '\0') {
		uint32_t c = utf8_next(&p);
		const char *s = script_of_char(c);

		/* U+3002 and its like are dots as well. */
		if (c == '.' || c == 0x3002 || c == 0xff0e || c == 0xff61)
			first = NULL;
		if (s == NULL)
			continue;
		if (first != NULL && !scripts_go_together(first, s)) {
			*one = first;
			*two = s;
			return true;
		}
		/* Latin goes with several, the other decides. */
		if (first == NULL || strcmp(first, "Latin") == 0)
			first = s;
	}
	return false;
}

static const char *
idn_fault(int rc)
{
	switch (rc) {
	case IDN2_TOO_BIG_DOMAIN:
		return "is longer than the 253 characters a hostname can have";
	case IDN2_TOO_BIG_LABEL:
		return "has a part of more than 63 characters between two dots";
	case IDN2_ENCODING_ERROR:
	case IDN2_ICONV_FAIL:
		return "is not valid UTF-8 text";
	case IDN2_BIDI:
		return "mixes writing directions in a way hostnames cannot";
	case IDN2_PUNYCODE_BAD_INPUT:
	case IDN2_PUNYCODE_OVERFLOW:
	case IDN2_ALABEL_ROUNDTRIP_FAILED:
		return "contains an invalid \"xn--\" (Punycode) part";
	case IDN2_HYPHEN_STARTEND:
		return "has a part that begins or ends with a hyphen";
	case IDN2_2HYPHEN:
		return "has two hyphens where only \"xn--\" names may";
	case IDN2_LEADING_COMBINING:
		return "has a part that starts with a combining accent";
	default:
		return "has a character that hostnames cannot have";
	}
}

enum rc
idn_to_ascii(
    struct arena *a, const char *host, const char **out, const char **why)
{
	char *ascii = NULL;
	int rc;

	rc = idn2_to_ascii_8z(
	    host, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (rc != IDN2_OK) {
		if (why != NULL)
			*why = idn_fault(rc);
		return E_INPUT;
	}
	*out = arena_strdup(a, ascii);
	idn2_free(ascii);
	return OK;
}

bool
idn_label_is_valid(const char *label)
{
	char *ascii = NULL;
	int rc = idn2_to_ascii_8z(
	    label, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);

	idn2_free(ascii);
	/* Signs such as emoji: in use, though no name should be made so. */
	return rc == IDN2_OK || rc == IDN2_DISALLOWED;
}

const char *
idn_display(struct arena *a, const char *host)
{
	const char *shown = host, *back, *one, *two;
	char *wide = NULL;

	if (strstr(host, "xn--") == NULL)
		return host;
	if (idn2_to_unicode_8z8z(host, &wide, 0) != IDN2_OK)
		return host;
	if (!idn_mixes_scripts(wide, &one, &two) &&
	    idn_to_ascii(a, wide, &back, NULL) == OK && strcmp(back, host) == 0)
		shown = arena_strdup(a, wide);
	idn2_free(wide);
	return shown;
}
