#include "core/cookie.h"

#include <stdbool.h>
#include <string.h>

/* A value may stand in double quotes (RFC 6265, section 4.1.1). */
static const char *
cookie_unquote(struct arena *a, const char *p, size_t n)
{
	if (n >= 2 && p[0] == '"' && p[n - 1] == '"')
		return arena_strndup(a, p + 1, n - 2);
	return arena_strndup(a, p, n);
}

enum rc
cookie_find(
    struct arena *a, const char *header, const char *name, const char **value)
{
	size_t want = strlen(name), n;
	const char *p = header, *found;

	*value = NULL;
	for (; p != NULL && *p != '\0'; p += n + (p[n] == ';')) {
		p += strspn(p, " \t");
		n = strcspn(p, ";");
		if (n <= want || p[want] != '=' || memcmp(p, name, want) != 0)
			continue;
		size_t len = n - want - 1;
		while (len > 0 && strchr(" \t", p[want + len]) != NULL)
			len--;
		found = cookie_unquote(a, p + want + 1, len);
		if (*value != NULL && strcmp(*value, found) != 0)
			return E_CONFLICT;
		*value = found;
	}
	return *value == NULL ? E_NOTFOUND : OK;
}
