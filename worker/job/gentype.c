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

const struct job_file *
gentype_gather(const struct gentype *type, struct json_object *input)
{
	static const struct job_file nothing[] = {{.name = NULL}};

	if (type == NULL || type->gather == NULL)
		return nothing;
	return type->gather(input);
}
