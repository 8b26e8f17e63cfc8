#include "fcgi/params.h"

#include "core/text.h"

#include <string.h>

static bool
is_control(char c)
{
	return ((unsigned char)c < ' ' && c != '\t' && c != '\n' &&
		   c != '\r') ||
	       c == 0x7f;
}

/* Which one, and where in a text of several lines. */
static const char *
control_fault(struct arena *a, char c, size_t line)
{
	unsigned code = (unsigned char)c;

	if (line == 1)
		return arena_printf(
		    a, "it has a control character (U+%04X)", code);
	return arena_printf(
	    a, "it has a control character (U+%04X) in line %zu", code, line);
}

char *
params_decode(
    struct arena *a, const char *text, size_t len, bool plus, const char **why)
{
	char *out = arena_alloc(a, len + 1), c;
	size_t i, n = 0, line = 1;

	for (i = 0; i < len; i++) {
		c = text[i];
		if (c == '%') {
			if (len - i < 3 || text_hex(text[i + 1]) < 0 ||
			    text_hex(text[i + 2]) < 0) {
				*why = "it has a '%' that no two hexadecimal "
				       "digits follow";
				return NULL;
			}
			c = (char)(text_hex(text[i + 1]) << 4 |
				   text_hex(text[i + 2]));
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		if (is_control(c)) {
			*why = control_fault(a, c, line);
			return NULL;
		}
		line += c == '\n';
		out[n++] = c;
	}
	if (!text_valid(out, n)) {
		*why = "it is not UTF-8 text";
		return NULL;
	}
	return out;
}

enum rc
params_parse(struct arena *a, const char *text, size_t len, struct params *out,
    const char **why)
{
	const char *p = text, *end = text + len, *amp, *eq;
	struct param *v;

	out->v = arena_array(a, PARAMS_MAX, sizeof(*v));
	out->n = 0;
	for (; p < end; p = amp + 1) {
		amp = memchr(p, '&', (size_t)(end - p));
		if (amp == NULL)
			amp = end;
		if (amp == p)
			continue;
		if (out->n == PARAMS_MAX) {
			*why = "it has too many fields";
			return E_INPUT;
		}
		eq = memchr(p, '=', (size_t)(amp - p));
		if (eq == NULL)
			eq = amp;
		v = &out->v[out->n];
		v->name = params_decode(a, p, (size_t)(eq - p), true, why);
		v->value = eq == amp ? ""
				     : params_decode(a, eq + 1,
					   (size_t)(amp - eq - 1), true, why);
		if (v->name != NULL && v->value == NULL)
			*why = arena_printf(a, "the field \"%s\" is wrong: %s",
			    text_excerpt(a, v->name), *why);
		if (v->name == NULL || v->value == NULL)
			return E_INPUT;
		out->n++;
	}
	return OK;
}

const char *
params_get(const struct params *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (strcmp(p->v[i].name, name) == 0)
			return p->v[i].value;
	return NULL;
}

const char *
params_twice(const struct params *p)
{
	size_t i, j;

	for (i = 0; i < p->n; i++)
		for (j = 0; j < i; j++)
			if (strcmp(p->v[i].name, p->v[j].name) == 0)
				return p->v[i].name;
	return NULL;
}

const char *
params_readable(struct arena *a, const char *path, size_t len)
{
	char *out = arena_alloc(a, len + 1), *to = out;
	const char *same = arena_strndup(a, path, len);
	size_t i;
	int c;

	for (i = 0; i < len; i++) {
		*to = path[i];
		if (path[i] == '%' && len - i > 2 &&
		    text_hex(path[i + 1]) >= 8 && text_hex(path[i + 2]) >= 0) {
			c = text_hex(path[i + 1]) << 4 | text_hex(path[i + 2]);
			*to = (char)c;
			i += 2;
		}
		to++;
	}
	if (!text_valid(out, (size_t)(to - out)))
		return same;
	/* What does not survive a line of text may pretend to be another. */
	return strcmp(text_line(a, out, len + 1), out) == 0 ? out : same;
}

const char *
params_escape(struct arena *a, const char *s)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, 3 * strlen(s) + 1), *to = out;

	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') || strchr("-._~", c) != NULL) {
			*to++ = *s;
		} else {
			*to++ = '%';
			*to++ = hex[c >> 4];
			*to++ = hex[c & 15];
		}
	}
	return out;
}
