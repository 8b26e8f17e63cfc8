#include "fcgi/route.h"

#include "core/buf.h"
#include "core/ids.h"
#include "core/log.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define FILE_MAX 100 /* bytes of an artifact's name */

static char *
lower_segment(struct arena *a, const char *p, size_t n)
{
	char *s = arena_strndup(a, p, n);
	size_t i;

	for (i = 0; i < n; i++)
		s[i] = (char)tolower((unsigned char)s[i]);
	return s;
}

static bool
is_file(const char *p, size_t n)
{
	size_t i;

	if (n == 0 || n > FILE_MAX || p[0] == '.')
		return false;
	for (i = 0; i < n; i++)
		if (!isalnum((unsigned char)p[i]) &&
		    strchr("._-", p[i]) == NULL)
			return false;
	return true;
}

/* One segment of n bytes against a pattern's; fills v where it is a value. */
static bool
match_segment(struct arena *a, const char *pat, size_t plen, const char *p,
    size_t n, struct route_values *v)
{
	if (pat[0] != '{')
		return plen == n && memcmp(pat, p, n) == 0;
	if (plen == 9 && memcmp(pat, "{id:uuid}", 9) == 0) {
		v->id = lower_segment(a, p, n);
		return uuid_valid(v->id);
	}
	if (plen == 11 && memcmp(pat, "{name:file}", 11) == 0) {
		v->name = arena_strndup(a, p, n);
		return is_file(p, n);
	}
	BUG("no such part of a path: %s", pat);
}

static bool
path_matches(struct arena *a, const char *pattern, const char *path,
    struct route_values *v)
{
	size_t plen, n;

	*v = (struct route_values){NULL, NULL};
	while (*pattern == '/' && *path == '/') {
		plen = strcspn(++pattern, "/");
		n = strcspn(++path, "/");
		if (!match_segment(a, pattern, plen, path, n, v))
			return false;
		pattern += plen;
		path += n;
	}
	return *pattern == '\0' && *path == '\0';
}

enum rc
route_find(struct arena *a, const struct page *const *table, const char *path,
    enum method method, struct route *out)
{
	struct route_values v;

	*out = (struct route){NULL, {NULL, NULL}, 0};
	for (; *table != NULL; table++) {
		if (!path_matches(a, (*table)->path, path, &v))
			continue;
		out->allow |= (*table)->methods;
		if ((*table)->methods & method) {
			out->page = *table;
			out->value = v;
		}
	}
	if (out->page != NULL)
		return OK;
	return out->allow == 0 ? E_NOTFOUND : E_METHOD;
}

const char *
route_allow(struct arena *a, unsigned methods)
{
	static const struct {
		unsigned bit;
		const char *text;
	} words[] = {{GET, "GET, HEAD, "}, {POST, "POST, "}, {PUT, "PUT, "},
	    {DELETE, "DELETE, "}};
	char *s = arena_strdup(a, "");
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (methods & words[i].bit)
			s = arena_printf(a, "%s%s", s, words[i].text);
	return arena_printf(a, "%sOPTIONS", s);
}
