#include "worker/job/gentype.h"

#include <stddef.h>
#include <string.h>

const struct gentype *
gentype_find(const char *name)
{
	for (size_t i = 0; gentypes[i] != NULL; i++)
		if (strcmp(gentypes[i]->name, name) == 0)
			return gentypes[i];
	return NULL;
}
