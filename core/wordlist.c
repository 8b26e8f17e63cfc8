#include "core/wordlist.h"

#include <string.h>
#include <strings.h>

bool
wordlist_has(const char *const *list, const char *s, size_t n)
{
	for (; *list != NULL; list++)
		if (strlen(*list) == n && strncasecmp(s, *list, n) == 0)
			return true;
	return false;
}

size_t
wordlist_starts(const char *const *list, const char *s)
{
	for (; *list != NULL; list++) {
		size_t len = strlen(*list);

		if (strncasecmp(s, *list, len) == 0)
			return len;
	}
	return 0;
}

bool
wordlist_begins(const char *const *list, const char *s, size_t n)
{
	for (; *list != NULL; list++) {
		size_t len = strlen(*list);

		if (n >= len && strncasecmp(s, *list, len) == 0)
			return true;
	}
	return false;
}

size_t
wordlist_ends(const char *const *list, const char *s, size_t n)
{
	for (; *list != NULL; list++) {
		size_t len = strlen(*list);

		if (n > len && strncasecmp(s + n - len, *list, len) == 0)
			return len;
	}
	return 0;
}

bool
wordlist_within(const char *const *list, const char *s)
{
	for (; *list != NULL; list++)
		if (strstr(s, *list) != NULL)
			return true;
	return false;
}
