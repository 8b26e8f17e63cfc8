#include "core/log.h"
#include "worker/crawl/fetch_parts.h"

#include <string.h>

/* Parts between the colons outside of brackets; ports are numbers or empty. */
static bool
is_entry(const char *s)
{
	int parts = 1, depth = 0;

	for (const char *p = s; *p != '\0'; p++) {
		bool port = parts == 2 || parts == 4;

		if (*p == '[')
			depth++;
		else if (*p == ']')
			depth--;
		else if (*p == ':' && depth == 0)
			parts++;
		else if (port && (*p < '0' || *p > '9'))
			return false;
		if (depth < 0 || depth > 1)
			return false;
	}
	return parts == 4 && depth == 0;
}

enum rc
fetch_connect_to(struct fetcher *f, const char *list, const char **why)
{
	static const char separators[] = ", \t\r\n";
	struct curl_slist *more;
	char *entry;
	size_t n;

	for (list += strspn(list, separators); *list != '\0';
	     list += strspn(list, separators)) {
		n = strcspn(list, separators);
		entry = arena_strndup(&f->a, list, n);
		list += n;
		if (!is_entry(entry)) {
			*why = "An entry is not host:port:address:port, for "
			       "example example.org:443:10.0.0.1:8443.";
			return E_INPUT;
		}
		more = curl_slist_append(f->connect_to, entry);
		if (more == NULL)
			fatal("out of memory");
		f->connect_to = more;
	}
	return OK;
}
