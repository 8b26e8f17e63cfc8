#include "worker/tool.h"

#include <stddef.h>
#include <string.h>

const struct tool *
tool_find(const char *name)
{
	for (size_t i = 0; tools[i] != NULL; i++)
		if (strcmp(tools[i]->name, name) == 0)
			return tools[i];
	return NULL;
}
