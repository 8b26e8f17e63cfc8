#include "worker/llms/tally.h"

#include "core/arena.h"

#include <search.h>
#include <strings.h>

struct seen {
	const char *text; /* first: compared as a string */
	unsigned pages;
};

static int
compare(const void *x, const void *y)
{
	const struct seen *a = x, *b = y;

	return strcasecmp(a->text, b->text);
}

static void
keep(void *node)
{
	(void)node; /* the arena's */
}

static struct seen *
find(struct tally *t, const char *text)
{
	struct seen probe = {.text = text};
	struct seen **found = tfind(&probe, &t->root, compare);

	return found == NULL ? NULL : *found;
}

void
tally_add(struct tally *t, const char *text)
{
	struct seen *s = find(t, text);

	if (*text == '\0')
		return;
	if (s == NULL) {
		s = arena_alloc(t->a, sizeof(*s));
		s->text = text;
		tsearch(s, &t->root, compare);
	}
	s->pages++;
}

bool
tally_shared(struct tally *t, const char *text, unsigned most)
{
	struct seen *s = find(t, text);

	return s != NULL && s->pages > most;
}

void
tally_free(struct tally *t)
{
	tdestroy(t->root, keep);
	t->root = NULL;
}
