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

static const struct mustache *
find(const struct templates *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (strcmp(template_defs[i].name, name) == 0)
			return t->compiled[i];
	return NULL;
}

static const struct mustache *
find_partial(void *arg, const char *name)
{
	const struct mustache *m = find(arg, name);

	if (m == NULL)
		BUG("no template '%s'", name);
	return m;
}

enum rc
templates_render(const struct templates *t, const char *name,
    struct json_object *model, struct buf *out)
{
	struct mustache_partials partials = {find_partial, (void *)t};
	struct buf why;
	enum rc rc;

	buf_init(&why, WHY_MAX);
	rc = mustache_render(
	    find_partial((void *)t, name), model, &partials, out, &why);
	if (rc != OK)
		log_error("template", "name", name, "why", why.data);
	buf_release(&why);
	return rc;
}
