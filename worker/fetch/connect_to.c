#include "core/log.h"
#include "worker/fetch/fetch_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

/* part_length: the length of what stands before the next colon outside
 * brackets. */
static size_t
part_length(const char *s)
{
	size_t n = 0;

	if (*s == '[')
		n = strcspn(s, "]");
	return n + strcspn(s + n, ":");
}

bool
fetch_is_routed(const struct fetcher *f, const struct url *u)
{
	for (const struct curl_slist *e = f->connect_to; e != NULL;
	     e = e->next) {
		size_t n = part_length(e->data);
		const char *port = e->data + n + 1;
		bool any_port = *port == ':';

		/* What is left empty fits all. */
		if (n > 0 && (strlen(u->host) != n ||
				 strncasecmp(e->data, u->host, n) != 0))
			continue;
		if (any_port || strtol(port, NULL, 10) == u->port)
			return true;
	}
	return false;
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
