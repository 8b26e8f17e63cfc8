#include "worker/tool/tool.h"

#include "core/arena.h"
#include "core/conf.h"
#include "core/json.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const struct tool *
tool_find(const char *name)
{
	for (size_t i = 0; tools[i] != NULL; i++)
		if (strcmp(tools[i]->name, name) == 0)
			return tools[i];
	return NULL;
}

/* is_control: ASCII's, and those of Latin-1 in UTF-8 (U+0080 to U+009F). */
static bool
is_control(const unsigned char *s)
{
	return *s < 0x20 || *s == 0x7f ||
	       (*s == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f);
}

void
tool_print(FILE *out, const char *s)
{
	for (const unsigned char *p = (const unsigned char *)s; *p; p++)
		if (is_control(p))
			fprintf(out, "%%%02X", *p);
		else
			putc(*p, out);
}

static void
tool_complain(const char *fmt, va_list ap)
{
	struct arena a;

	arena_init(&a);
	fputs("platen: ", stderr);
	tool_print(stderr, arena_vprintf(&a, fmt, ap));
	fputc('\n', stderr);
	arena_release(&a);
}

int
tool_misused(const struct tool *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tool_complain(fmt, ap);
	va_end(ap);
	fprintf(stderr, "usage: platen %s\n", t->usage);
	return 2;
}

int
tool_fails(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tool_complain(fmt, ap);
	va_end(ap);
	return 2;
}

void
tool_warn_unknown(void)
{
	const char *names;
	struct arena a;

	arena_init(&a);
	names = conf_unknown(&a);
	if (names != NULL)
		(void)tool_fails("%s: the configuration has no such key, so "
				 "nothing is set by it; `platen config` lists "
				 "all",
		    names);
	arena_release(&a);
}

void
tool_glob(struct json_object *order, const char *key, const char *glob)
{
	struct json_object *list = json_sub(order, key);

	if (list == NULL) {
		list = json_object_new_array();
		json_put(order, key, list);
	}
	json_object_array_add(list, json_object_new_string(glob));
}

bool
tool_limit(struct json_object *order, const char *s)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (end == s || *end != '\0' || n < 1 || n > 1000000)
		return false;
	json_put_num(order, "limit", n);
	return true;
}
