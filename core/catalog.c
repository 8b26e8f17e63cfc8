#include "core/catalog.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int
catalog_compare(const void *id, const void *entry)
{
	return strcmp(id, ((const struct catalog_entry *)entry)->id);
}

const char *
catalog_language(const char *list)
{
	while (*list != '\0') {
		size_t n = strcspn(list, ","), main = strcspn(list, ",-");

		for (const struct catalog *c = catalogs; c->lang != NULL; c++)
			if ((strncasecmp(c->lang, list, n) == 0 &&
				c->lang[n] == '\0') ||
			    (strncasecmp(c->lang, list, main) == 0 &&
				c->lang[main] == '\0'))
				return c->lang;
		if (main == 2 && strncasecmp(list, "en", 2) == 0)
			return "en";
		list += n;
		list += *list == ',';
	}
	return "en";
}

const char *
catalog_text(const char *lang, const char *id)
{
	const struct catalog_entry *e = NULL;

	for (const struct catalog *c = catalogs; c->lang != NULL; c++)
		if (strcasecmp(c->lang, lang) == 0)
			e = bsearch(
			    id, c->entries, c->n, sizeof(*e), catalog_compare);
	return e == NULL ? id : e->text;
}
