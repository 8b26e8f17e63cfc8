#include "core/sentence.h"

#include "core/buf.h"
#include "core/catalog.h"
#include "core/log.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* A conversion of a format, "%-5.1f" or "%2$s". */
struct conversion {
	const char *start, *end;
	unsigned position; /* "%2$s": 2; 0: the next one */
	bool star_width, star_precision;
	enum {
		LENGTH_INT,
		LENGTH_LONG,
		LENGTH_LONG_LONG,
		LENGTH_SIZE,
	} length;
	char type; /* 's', 'd' ...; '%' of "%%"; '\0': none of ours */
};

/* conversion_next: the first conversion from s on; false: there is none. */
static bool
conversion_next(const char *s, struct conversion *c)
{
	unsigned n = 0;

	*c = (struct conversion){.start = strchr(s, '%')};
	if (c->start == NULL)
		return false;
	s = c->start + 1;
	for (const char *p = s; isdigit((unsigned char)*p); p++) {
		n = n * 10 + (unsigned)(*p - '0');
		if (n > SENTENCE_ARGS)
			break;
		if (p[1] == '$') {
			c->position = n;
			s = p + 2;
			break;
		}
	}
	s += strspn(s, "-+ #0");
	c->star_width = *s == '*';
	s += c->star_width ? 1 : strspn(s, "0123456789");
	if (*s == '.') {
		s++;
		c->star_precision = *s == '*';
		s += c->star_precision ? 1 : strspn(s, "0123456789");
	}
	if (strncmp(s, "ll", 2) == 0)
		c->length = LENGTH_LONG_LONG, s += 2;
	else if (*s == 'l')
		c->length = LENGTH_LONG, s++;
	else if (*s == 'z')
		c->length = LENGTH_SIZE, s++;
	c->type = *s;
	c->end = *s == '\0' ? s : s + 1;
	return true;
}

/* sentence_argument: one argument as its conversion makes it. */
static const char *
sentence_argument(struct arena *a, const struct conversion *c, va_list *ap)
{
	const char *fmt =
	    arena_strndup(a, c->start, (size_t)(c->end - c->start));
	int precision;

	if (c->star_width)
		BUG("a width by * in the sentence \"%s\"", c->start);
	switch (c->type) {
	case 's':
		if (!c->star_precision)
			return arena_printf(a, fmt, va_arg(*ap, const char *));
		precision = va_arg(*ap, int);
		return arena_printf(
		    a, fmt, precision, va_arg(*ap, const char *));
	case 'c':
		return arena_printf(a, fmt, va_arg(*ap, int));
	case 'd':
	case 'i':
	case 'u':
	case 'x':
		switch (c->length) {
		case LENGTH_INT:
			return arena_printf(a, fmt, va_arg(*ap, int));
		case LENGTH_LONG:
			return arena_printf(a, fmt, va_arg(*ap, long));
		case LENGTH_LONG_LONG:
			return arena_printf(a, fmt, va_arg(*ap, long long));
		case LENGTH_SIZE:
			return arena_printf(a, fmt, va_arg(*ap, size_t));
		}
		break;
	case 'f':
	case 'g':
		return arena_printf(a, fmt, va_arg(*ap, double));
	}
	BUG("the conversion %s in a sentence", fmt);
}

void
sentence_format(
    struct sentence *s, struct arena *a, const char *fmt, va_list ap)
{
	struct conversion c;
	va_list args;

	*s = (struct sentence){.id = fmt};
	va_copy(args, ap);
	for (const char *p = fmt; conversion_next(p, &c); p = c.end) {
		if (c.type == '%')
			continue;
		if (s->n == SENTENCE_ARGS)
			BUG("more than %d arguments: %s", SENTENCE_ARGS, fmt);
		s->args[s->n++] = sentence_argument(a, &c, &args);
	}
	va_end(args);
	s->text = sentence_text(a, "en", s);
}

const char *
sentence_text(struct arena *a, const char *lang, const struct sentence *s)
{
	const char *p = catalog_text(lang, s->id);
	struct conversion c;
	unsigned next = 0;
	struct buf out;
	char *text;

	buf_init(&out, 4 * SENTENCE_BYTES);
	while (conversion_next(p, &c)) {
		buf_add(&out, p, (size_t)(c.start - p));
		p = c.end;
		if (c.type == '%') {
			buf_addc(&out, '%');
			continue;
		}
		if (c.type == '\0')
			continue;
		if (c.position == 0)
			c.position = ++next;
		if (c.position <= s->n)
			buf_adds(&out, s->args[c.position - 1]);
	}
	buf_adds(&out, p);
	text = buf_ok(&out) ? arena_strndup(a, out.data, out.len)
			    : arena_strdup(a, s->id);
	buf_release(&out);
	return text;
}

struct json_object *
sentence_json(struct arena *a, const struct sentence *s)
{
	struct json_object *o = json_new(a), *args = json_object_new_array();

	json_put_str(o, "id", s->id);
	for (unsigned i = 0; i < s->n; i++)
		json_object_array_add(args, json_object_new_string(s->args[i]));
	json_put(o, "args", args);
	return o;
}

enum rc
sentence_parse(struct arena *a, struct json_object *o, struct sentence *s)
{
	struct json_object *args, *arg;
	size_t bytes;

	*s = (struct sentence){.id = json_str(o, "id", NULL)};
	args = json_sub(o, "args");
	if (s->id == NULL || !json_object_is_type(args, json_type_array) ||
	    json_object_array_length(args) > SENTENCE_ARGS)
		return E_INPUT;
	bytes = strlen(s->id);
	for (; s->n < json_object_array_length(args); s->n++) {
		arg = json_object_array_get_idx(args, s->n);
		if (!json_object_is_type(arg, json_type_string))
			return E_INPUT;
		s->args[s->n] = json_object_get_string(arg);
		bytes += strlen(s->args[s->n]);
	}
	if (bytes > SENTENCE_BYTES)
		return E_INPUT;
	s->text = sentence_text(a, "en", s);
	return OK;
}
