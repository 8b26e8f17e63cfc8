#include "worker/crawl/rules/version_label.h"

#include "worker/crawl/rules/version.h"
#include "core/wordlist.h"
#include "worker/crawl/words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool
is_version_word(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && strncasecmp(s, word, n) == 0;
}

static bool
version_word_read(const char *s, size_t n, struct version_label *out)
{
	out->form = VERSION_WORD;
	if (is_version_word(s, n, "stable"))
		out->grade = VERSION_STABLE;
	else if (is_version_word(s, n, "current"))
		out->grade = VERSION_CURRENT;
	else if (is_version_word(s, n, "latest"))
		out->grade = VERSION_LATEST;
	else if (is_version_word(s, n, "lts"))
		out->grade = VERSION_LTS;
	else if (wordlist_has(words_development_labels, s, n))
		out->grade = VERSION_DEV;
	else
		return false;
	return true;
}

/*
 * version_prefix_length: the bytes of "v", "version-" and the like before a
 * digit.
 */
static size_t
version_prefix_length(const char *s, size_t n)
{
	for (size_t i = 0; words_version_prefixes[i] != NULL; i++) {
		size_t len = strlen(words_version_prefixes[i]);

		if (len < n &&
		    strncasecmp(s, words_version_prefixes[i], len) == 0 &&
		    isdigit((unsigned char)s[len]))
			return len;
	}
	return 0;
}

/*
 * version_suffix_ok: what may follow the numbers; *early: it is no release yet.
 */
static bool
version_suffix_ok(const char *s, size_t n, bool *early)
{
	size_t len = 0;

	*early = false;
	if (n == 0 || is_version_word(s, n, "-lts"))
		return true;
	if (*s == '-' || *s == '_' || *s == '.')
		s++, n--;
	while (len < n && isalpha((unsigned char)s[len]))
		len++;
	*early = wordlist_has(words_early_suffixes, s, len);
	for (size_t i = len; i < n; i++)
		if (!isdigit((unsigned char)s[i]) && s[i] != '.')
			return false;
	return *early;
}

/*
 * version_numbers_read: "3", "3.11.2", "1.x"; returns the bytes, 0 when it is
 * none.
 */
static size_t
version_numbers_read(
    const char *s, size_t n, struct version_label *out, size_t *parts)
{
	size_t at = 0;

	*parts = 0;
	while (at < n && *parts < VERSION_NUMBERS) {
		size_t from = at;
		unsigned value = 0;

		if (*parts > 0 && (s[at] == 'x' || s[at] == 'X') &&
		    at + 1 == n) {
			out->form = VERSION_MARKED;
			return n;
		}
		for (; at < n && isdigit((unsigned char)s[at]); at++)
			value = value * 10 + (unsigned)(s[at] - '0');
		if (at == from || at - from > 6)
			return from > 0 && at == from ? from - 1 : 0;
		out->number[(*parts)++] = value;
		if (at + 1 >= n || s[at] != '.')
			break;
		at++;
	}
	return at;
}

static bool
version_number_read(const char *s, size_t n, struct version_label *out)
{
	size_t skip = version_prefix_length(s, n), parts, len;
	bool early;

	out->form = skip > 0 ? VERSION_MARKED : VERSION_NONE;
	s += skip;
	n -= skip;
	len = version_numbers_read(s, n, out, &parts);
	if (len == 0 || parts == 0 ||
	    !version_suffix_ok(s + len, n - len, &early))
		return false;
	/* A year, a month, an id. */
	if (parts == 1 && out->form == VERSION_NONE && len == n &&
	    (n > 3 || (*s == '0' && n > 1)))
		return false;
	/* "20240501", "123456": dates and ids with a letter before. */
	if (parts == 1 && out->number[0] > 9999)
		return false;
	if (out->form == VERSION_NONE)
		out->form = len < n     ? VERSION_MARKED
			    : parts > 1 ? VERSION_DOTTED
					: VERSION_BARE;
	out->grade = early ? VERSION_EARLY : VERSION_NUMBER;
	return true;
}

bool
version_label(const char *s, size_t n, struct version_label *out)
{
	*out = (struct version_label){.form = VERSION_NONE};
	for (size_t i = 0; i < VERSION_NUMBERS; i++)
		out->number[i] = UINT32_MAX;
	if (n == 0 || n >= VERSION_BYTES)
		return false;
	return isdigit((unsigned char)*s) || version_prefix_length(s, n) > 0
		   ? version_number_read(s, n, out)
		   : version_word_read(s, n, out);
}

bool
is_version_part(const char *s, size_t n)
{
	struct version_label l;

	return version_label(s, n, &l);
}

int
version_compare(const struct version_label *x, const struct version_label *y)
{
	if (x->grade != y->grade)
		return x->grade < y->grade ? -1 : 1;
	for (size_t i = 0; i < VERSION_NUMBERS; i++)
		if (x->number[i] != y->number[i])
			return x->number[i] < y->number[i] ? -1 : 1;
	return 0;
}
