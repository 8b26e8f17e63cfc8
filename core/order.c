#include "core/order.h"

#include "core/log.h"
#include "core/text.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>

const struct order_provider order_providers[] = {
    {
	.name = "builtin",
	.label = "Standard (no AI)",
	.about = "No AI model is used. Titles and descriptions come from the "
		 "pages themselves.",
	.start = 2,
	.per_unit = 0.02,
    },
    {
	.name = "ollama",
	.label = "Free (Ollama)",
	.about = "A language model running on this server improves titles, "
		 "descriptions and sections. Nothing is sent elsewhere.",
	.model = "Written by a language model running on this server. Nothing "
		 "is sent elsewhere.",
	.can = CAN_CHAT,
	.start = 10,
	.per_unit = 2,
	.key = "ollama.model",
    },
    {
	.name = "gemini",
	.label = "Fast (Gemini)",
	.about = "Google Gemini improves titles, descriptions and sections. "
		 "Page text is sent to Google.",
	.model = "Written by Google Gemini. Your prompt is sent to Google.",
	.can = CAN_CHAT,
	.start = 5,
	.per_unit = 0.2,
	.key = "gemini.key",
    },
    {
	.name = "openai",
	.label = "OpenAI-compatible",
	.about = "The language model configured for this server improves "
		 "titles, descriptions and sections. Page text is sent to it.",
	.model = "Written by the language model configured for this server. "
		 "Your prompt is sent to it.",
	.can = CAN_CHAT,
	.start = 5,
	.per_unit = 0.3,
	.key = "openai.model",
    },
    {.name = NULL},
};

bool
order_provider_ready(const struct order_provider *p, const struct conf *conf)
{
	return p->key == NULL || *conf_text(conf, p->key) != '\0';
}

bool
order_provider_fits(const struct order_provider *p, const struct ordertype *t,
    const struct conf *conf)
{
	return order_provider_ready(p, conf) && (t->needs & ~p->can) == 0;
}

const struct order_provider *
order_provider_first(const struct ordertype *t, const struct conf *conf)
{
	const struct order_provider *p;

	for (p = order_providers; p->name != NULL; p++)
		if (order_provider_fits(p, t, conf))
			return p;
	return NULL;
}

const char order_no_model[] =
    "This type needs a language model, and this server has none. An "
    "administrator can add one by setting ollama.model, gemini.key or "
    "openai.model.";

/* Types of the service that this build cannot make, for filters. */
static const char *const other_types[] = {
    "chat", "flashcards", "image", "product_card", "video"};

const struct ordertype *
order_type_default(void)
{
	const struct ordertype *const *t = ordertypes;

	while (*t != NULL && !(*t)->is_default)
		t++;
	if (*t == NULL)
		BUG("no type of generation is the default");
	return *t;
}

const struct ordertype *
order_type(const char *name)
{
	const struct ordertype *const *t;

	for (t = ordertypes; *t != NULL; t++)
		if (strcmp((*t)->name, name) == 0)
			return *t;
	return NULL;
}

const struct order_provider *
order_provider_find(const char *name)
{
	const struct order_provider *p;

	for (p = order_providers; p->name != NULL; p++)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

bool
order_type_valid(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(other_types) / sizeof(other_types[0]); i++)
		if (strcmp(other_types[i], name) == 0)
			return true;
	return order_type(name) != NULL;
}

static void
add_error(struct order_check *c, const char *pointer, const char *detail)
{
	if (c->n < ORDER_ERRORS_MAX)
		c->errors[c->n++] = (struct order_error){pointer, detail};
	else
		c->more++;
}

void
order_wrong(struct order_check *c, const char *field, const char *fmt, ...)
{
	const char *detail;
	va_list ap;

	va_start(ap, fmt);
	detail = arena_vprintf(c->a, fmt, ap);
	va_end(ap);
	add_error(c, arena_printf(c->a, "%s/%s", c->at, field), detail);
}

const char *
order_names_text(struct arena *a, const char *const *names)
{
	const char *s = *names;

	for (names++; s != NULL && *names != NULL; names++)
		s = arena_printf(
		    a, "%s%s%s", s, names[1] == NULL ? " and " : ", ", *names);
	return s;
}

/* field_names: those that programs may send, aliases too, ended by NULL. */
static const char *const *
field_names(struct arena *a, const struct order_field *f)
{
	const char **names;
	size_t n = 0;

	while (f[n].name != NULL)
		n++;
	names = arena_array(a, 2 * n + 1, sizeof(*names));
	for (n = 0; f->name != NULL; f++) {
		names[n++] = f->name;
		if (f->alias != NULL)
			names[n++] = f->alias;
	}
	names[n] = NULL;
	return names;
}

static void
check_members(struct order_check *c, const struct ordertype *t)
{
	const char *const *names = field_names(c->a, c->fields), *const * f;

	json_object_object_foreach(c->given, key, v)
	{
		(void)v;
		for (f = names; *f != NULL; f++)
			if (strcmp(*f, key) == 0)
				break;
		if (*f != NULL)
			continue;
		/* Sentences that are not shown would take memory. */
		if (c->n == ORDER_ERRORS_MAX)
			c->more++;
		else
			order_wrong(c, text_pointer(c->a, key),
			    "Unknown field \"%s\". The type %s has %s.",
			    text_excerpt(c->a, key), t->name,
			    order_names_text(c->a, names));
	}
}

/* capability_label: the first of some capabilities, in words. */
static const char *
capability_label(unsigned missing)
{
	if (missing & CAN_CHAT)
		return "language model";
	if (missing & CAN_VISION)
		return "model that reads images";
	if (missing & CAN_IMAGE)
		return "model that makes images";
	return "model that makes videos";
}

static const struct order_provider *
check_provider(
    struct order_check *c, const struct ordertype *t, const char *name)
{
	const struct order_provider *p = NULL, *first;

	if (t == NULL)
		return NULL;
	first = order_provider_first(t, c->conf);
	if (name != NULL)
		p = order_provider_find(name);
	if (first == NULL)
		add_error(c, "#/provider", order_no_model);
	else if (name == NULL)
		return first;
	else if (p != NULL && (t->needs & ~p->can) != 0)
		add_error(c, "#/provider",
		    arena_printf(c->a,
			"The provider \"%s\" has no %s, and an "
			"order of type %s takes one. Take \"%s\".",
			name, capability_label(t->needs & ~p->can), t->name,
			first->name));
	else if (p == NULL || !order_provider_ready(p, c->conf))
		add_error(c, "#/provider",
		    arena_printf(c->a, "Unknown provider \"%s\". Use \"%s\".",
			text_excerpt(c->a, name), first->name));
	return p;
}

static const struct ordertype *
check_type(struct order_check *c, const char *name)
{
	const struct ordertype *t = name == NULL ? NULL : order_type(name);

	if (name == NULL)
		add_error(c, "#/type",
		    arena_printf(c->a,
			"The type is missing, for example \"%s\".",
			order_type_default()->name));
	else if (t == NULL)
		add_error(c, "#/type",
		    arena_printf(c->a, "Unknown type \"%s\". Use \"%s\".",
			text_excerpt(c->a, name), order_type_default()->name));
	return t;
}

int
order_unit_price(const struct conf *conf, const struct ordertype *t,
    const struct order_provider *p)
{
	char key[128];

	snprintf(key, sizeof(key), "price.%s.%s", t->name, p->name);
	return conf_int(conf, key);
}

int
order_price(const struct conf *conf, const struct ordertype *t,
    const struct order_provider *p, long units)
{
	int one = order_unit_price(conf, t, p);

	if (one != 0 && units > INT_MAX / one)
		return INT_MAX;
	return (int)units * one;
}

enum rc
order_check(struct order_check *c, const char *type, const char *provider,
    struct order *out)
{
	const struct ordertype *t = check_type(c, type);
	const struct order_provider *p = check_provider(c, t, provider);

	c->input = json_new(c->a);
	if (t != NULL) {
		c->fields = t->fields(c->a, c->conf);
		c->unit = t->unit;
		check_members(c, t);
		t->check(c);
	}
	if (c->n > 0 || t == NULL || p == NULL)
		return E_INPUT;
	*out = (struct order){
	    .type = t->name,
	    .provider = p->name,
	    .input = c->input,
	    .prompt = c->prompt,
	    .hostname = c->hostname,
	    .price = order_price(c->conf, t, p, c->units),
	};
	return OK;
}
