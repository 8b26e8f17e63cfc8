#include "fcgi/language.h"

#include "core/arena.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define KEPT 5
/* A header with more ranges is no browser's. */
#define RANGES 50
#define TAG_BYTES 20

struct language_range {
	const char *tag;
	size_t n;
	int weight; /* thousandths */
	size_t place;
};

static bool
is_tag(const char *s, size_t n)
{
	size_t letters = 0;

	while (letters < n && isalpha((unsigned char)s[letters]))
		letters++;
	if (letters < 2 || letters > 3 || n > TAG_BYTES ||
	    (letters < n && s[letters] != '-') || s[n - 1] == '-')
		return false;
	for (size_t i = letters; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '-')
			return false;
	return true;
}

/* tag_weight: of what follows a tag, ";q=0.8". */
static int
tag_weight(const char *s, size_t n)
{
	for (size_t i = 0; i + 2 < n; i++)
		if ((s[i] == 'q' || s[i] == 'Q') && s[i + 1] == '=')
			return (int)(strtod(s + i + 2, NULL) * 1000 + 0.5);
	return 1000;
}

static int
range_compare(const void *x, const void *y)
{
	const struct language_range *a = x, *b = y;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return a->place < b->place ? -1 : 1;
}

static size_t
read_ranges(const char *s, struct language_range *out)
{
	size_t n = 0;

	while (*s != '\0' && n < RANGES) {
		size_t whole, tag;

		s += strspn(s, ", \t");
		whole = strcspn(s, ",");
		tag = strcspn(s, ",; \t");
		out[n] = (struct language_range){
		    s, tag, tag_weight(s + tag, whole - tag), n};
		n += tag > 0 && is_tag(s, tag) && out[n].weight > 0;
		s += whole;
	}
	return n;
}

const char *
language_list(struct arena *a, const char *header)
{
	struct language_range ranges[RANGES + 1];
	const char *list = "";
	size_t n;

	if (header == NULL)
		return list;
	n = read_ranges(header, ranges);
	qsort(ranges, n, sizeof(*ranges), range_compare);
	for (size_t i = 0; i < n && i < KEPT; i++)
		list = arena_printf(a, "%s%s%.*s", list, i == 0 ? "" : ",",
		    (int)ranges[i].n, ranges[i].tag);
	return list;
}
