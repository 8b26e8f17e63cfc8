#include "fcgi/encoding.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* A coding that the header does not name. */
#define UNNAMED (-1)

/* What the header says of each, in thousandths. */
struct weights {
	int brotli, gzip, identity, others;
};

static bool
is_word(const char *s, size_t n, const char *word)
{
	return n == strlen(word) && strncasecmp(s, word, n) == 0;
}

/* "0.8" of n bytes as 800; 0: it is no weight, so we keep away from it. */
static int
weight_value(const char *s, size_t n)
{
	int v, unit = 100;

	if (n == 0 || n > 5 || (s[0] != '0' && s[0] != '1') ||
	    (n > 1 && s[1] != '.'))
		return 0;
	v = (s[0] - '0') * 1000;
	for (size_t i = 2; i < n; i++, unit /= 10) {
		if (s[i] < '0' || s[i] > '9')
			return 0;
		v += (s[i] - '0') * unit;
	}
	return v <= 1000 ? v : 0;
}

/* Of what follows a coding: "; q=0.8"; other parameters say nothing. */
static int
coding_weight(const char *s, const char *end)
{
	while (s < end) {
		size_t n;

		s += strspn(s, "; \t");
		if (s >= end)
			break;
		n = strcspn(s, ";,");
		if (strncasecmp(s, "q=", 2) == 0)
			return weight_value(s + 2, strcspn(s + 2, ";, \t"));
		s += n;
	}
	return 1000;
}

static void
weights_take(struct weights *w, const char *s, size_t n, int q)
{
	if (is_word(s, n, "br"))
		w->brotli = q;
	else if (is_word(s, n, "gzip") || is_word(s, n, "x-gzip"))
		w->gzip = q;
	else if (is_word(s, n, "identity"))
		w->identity = q;
	else if (is_word(s, n, "*"))
		w->others = q;
}

static struct weights
read_weights(const char *s)
{
	struct weights w = {UNNAMED, UNNAMED, UNNAMED, UNNAMED};

	while (*s != '\0') {
		const char *end;
		size_t n;

		s += strspn(s, ", \t");
		end = s + strcspn(s, ",");
		n = strcspn(s, ",; \t");
		weights_take(&w, s, n, coding_weight(s + n, end));
		s = end;
	}
	if (w.others == UNNAMED)
		w.others = 0;
	if (w.brotli == UNNAMED)
		w.brotli = w.others;
	if (w.gzip == UNNAMED)
		w.gzip = w.others;
	return w;
}

enum encoding
encoding_choose(const char *accept)
{
	struct weights w;

	if (accept == NULL)
		return ENCODING_NONE;
	w = read_weights(accept);
	/* Unnamed it is taken, but after those that are named. */
	if (w.brotli > 0 && w.brotli >= w.gzip && w.brotli >= w.identity)
		return ENCODING_BROTLI;
	if (w.gzip > 0 && w.gzip >= w.identity)
		return ENCODING_GZIP;
	return ENCODING_NONE;
}

const char *
encoding_name(enum encoding e)
{
	static const char *const names[] = {
	    [ENCODING_NONE] = NULL,
	    [ENCODING_GZIP] = "gzip",
	    [ENCODING_BROTLI] = "br",
	};

	return names[e];
}
