#include "fcgi/template.h"

#include "core/buf.h"
#include "core/log.h"
#include "core/mustache.h"

#include <stdlib.h>
#include <string.h>

#define WHY_MAX 500

struct templates {
	size_t n;
	struct mustache **compiled; /* in the order of template_defs */
};

static size_t
count_defs(void)
{
	size_t n = 0;

	while (template_defs[n].name != NULL)
		n++;
	return n;
}

struct templates *
templates_load(void)
{
	struct templates *t;
	struct buf why;
	size_t i;

	t = calloc(1, sizeof(*t));
	if (t == NULL)
		fatal("out of memory");
	t->n = count_defs();
	t->compiled = calloc(t->n + 1, sizeof(*t->compiled));
	if (t->compiled == NULL)
		fatal("out of memory");
	buf_init(&why, WHY_MAX);
	for (i = 0; i < t->n; i++) {
		const struct template_def *d = &template_defs[i];

		if (mustache_compile(
			d->text, strlen(d->text), &t->compiled[i], &why) != OK)
			fatal("templates/%s.html: %s", d->name, why.data);
	}
	buf_release(&why);
	return t;
}

void
templates_free(struct templates *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		mustache_free(t->compiled[i]);
	free(t->compiled);
	free(t);
}

/* A rendering: partials are of the page's language. */
struct template_scope {
	const struct templates *templates;
	const char *lang;
};

/* template_find: in that language, or in English where that is all there is. */
static const struct mustache *
template_find(void *arg, const char *name)
{
	const struct template_scope *scope = arg;
	const struct mustache *english = NULL;

	for (size_t i = 0; i < scope->templates->n; i++) {
		const struct template_def *d = &template_defs[i];

		if (strcmp(d->name, name) != 0)
			continue;
		if (strcmp(d->lang, scope->lang) == 0)
			return scope->templates->compiled[i];
		if (strcmp(d->lang, "en") == 0)
			english = scope->templates->compiled[i];
	}
	if (english == NULL)
		BUG("no template '%s'", name);
	return english;
}

enum rc
templates_render(const struct templates *t, const char *lang, const char *name,
    struct json_object *model, struct buf *out)
{
	struct template_scope scope = {t, lang};
	struct mustache_partials partials = {template_find, &scope};
	struct buf why;
	enum rc rc;

	buf_init(&why, WHY_MAX);
	rc = mustache_render(
	    template_find(&scope, name), model, &partials, out, &why);
	if (rc != OK)
		log_error("template", "name", name, "why", why.data);
	buf_release(&why);
	return rc;
}
