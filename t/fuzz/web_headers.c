/*
 * Headers that are parsed alone: the first byte chooses which, a line feed
 * divides two arguments.
 */
#include "t/fuzz/fuzz.h"

#include "fcgi/conditional.h"
#include "core/cookie.h"
#include "fcgi/csrf.h"
#include "fcgi/encoding.h"
#include "fcgi/params.h"
#include "fcgi/datetime.h"

#include <stdlib.h>
#include <string.h>

static void
check_range(const char *s, const char *size)
{
	size_t first = 0, last = 0, n = strtoul(size, NULL, 10);

	if (range_parse(s, n, &first, &last) == RANGE_PART &&
	    (first > last || last >= n))
		abort();
}

static void
check_date(struct arena *a, const char *s)
{
	const char *out = datetime_parse(a, s, true);

	if (out != NULL && (strlen(out) > 60 || strpbrk(out, "'\"\\;") != NULL))
		abort();
	(void)datetime_text(a, s);
}

static void
check_params(struct arena *a, const char *s)
{
	struct params p, again;
	const char *why = NULL, *text;

	if (params_parse(a, s, strlen(s), &p, &why) != OK) {
		if (why == NULL)
			abort();
		return;
	}
	/* What is escaped comes back the same. */
	for (size_t i = 0; i < p.n; i++) {
		text = arena_printf(a, "v=%s", params_escape(a, p.v[i].value));
		if (params_parse(a, text, strlen(text), &again, &why) != OK ||
		    strcmp(again.v[0].value, p.v[i].value) != 0)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *value;
	struct arena a;
	char *s, *more;

	if (len == 0)
		return 0;
	arena_init(&a);
	s = arena_strndup(&a, (const char *)data + 1, len - 1);
	more = strchr(s, '\n');
	if (more != NULL)
		*more++ = '\0';
	else
		more = s + strlen(s);
	switch (data[0]) {
	case 'c':
		if (cookie_find(&a, s, "sid", &value) == OK && value == NULL)
			abort();
		break;
	case 'r':
		check_range(s, more);
		break;
	case 'e':
		(void)etag_listed(s, "\"abc\"", true);
		(void)etag_listed(s, more, false);
		break;
	case 'o':
		if (csrf_origin(NULL, s, more, false, "") == ORIGIN_OURS &&
		    *s == '\0')
			abort();
		break;
	case 'a':
		if (encoding_choose(s) == ENCODING_BROTLI &&
		    strcasestr(s, "br") == NULL && strchr(s, '*') == NULL)
			abort();
		break;
	case 'd':
		check_date(&a, s);
		break;
	default:
		check_params(&a, s);
		break;
	}
	arena_release(&a);
	return 0;
}
