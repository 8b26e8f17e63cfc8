#include "core/request_id.h"

#include "core/ids.h"

#include <stdbool.h>
#include <string.h>

static bool
is_plain(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n <= REQUEST_ID_MAX &&
	       strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			 "0123456789._-") == n;
}

static const char *
trace_id(struct arena *a, const char *h)
{
	static const char hex[] = "0123456789abcdef";

	if (h == NULL || strlen(h) < 55 || strspn(h, hex) != 2 ||
	    strncmp(h, "ff", 2) == 0 || h[2] != '-' ||
	    strspn(h + 3, hex) != 32 || h[35] != '-' ||
	    strspn(h + 36, hex) != 16 || h[52] != '-' ||
	    strspn(h + 53, hex) != 2 || strspn(h + 3, "0") >= 32 ||
	    strspn(h + 36, "0") >= 16)
		return NULL;
	return arena_strndup(a, h + 3, 32);
}

const char *
request_id(struct arena *a, const char *given, const char *traceparent)
{
	const char *trace;
	char *made;

	if (given != NULL && is_plain(given))
		return arena_strdup(a, given);
	trace = trace_id(a, traceparent);
	if (trace != NULL)
		return trace;
	made = arena_alloc(a, UUID_LEN + 1);
	uuid_make(made);
	return made;
}
