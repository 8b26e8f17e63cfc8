#include "worker/model/provider.h"

#include <stddef.h>
#include <string.h>

const struct provider *
provider_find(const char *name)
{
	for (size_t i = 0; providers[i] != NULL; i++)
		if (strcmp(providers[i]->name, name) == 0)
			return providers[i];
	return NULL;
}

void
provider_names(const char **names, size_t most)
{
	size_t n = 0;

	for (; n < most && providers[n] != NULL; n++)
		names[n] = providers[n]->name;
	names[n] = NULL;
}
