#include "ws/dialect.h"

#include <string.h>

struct json_object *
dialect_error_json(const struct client_error *c)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "code", c->code);
	json_put_str(o, "message", c->message);
	if (c->generation != NULL)
		json_put_str(o, "generationId", c->generation);
	return o;
}

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
