#include "ws/dialect.h"

#include <string.h>

int
dialect_find(const char *name)
{
	for (int i = 0; dialects[i] != NULL; i++)
		if (strcmp(dialects[i]->name, name) == 0)
			return i;
	return -1;
}

int
dialect_find_path(const char *path)
{
	for (int i = 0; dialects[i] != NULL; i++)
		if (strcmp(dialects[i]->path, path) == 0)
			return i;
	return -1;
}
