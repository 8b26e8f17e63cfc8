#include "worker/site/counter.h"

#include "core/keyed_hash.h"
#include "core/log.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FIRST_ROOM 1024

struct counter_seen {
	const char *text; /* NULL: free; first: compared as a string */
	uint64_t hash;
	unsigned pages;
};

/* hash_of: of all of the text, for those of one template differ late. */
static uint64_t
hash_of(const struct counter *t, const char *text)
{
	return keyed_hash(&t->secret, text, strlen(text), true);
}

/* counter_place: where the text stands, or would. */
static struct counter_seen *
counter_place(const struct counter *t, const char *text, uint64_t hash)
{
	size_t i = hash & (t->room - 1);

	while (
	    t->seen[i].text != NULL &&
	    (t->seen[i].hash != hash || strcasecmp(t->seen[i].text, text) != 0))
		i = (i + 1) & (t->room - 1);
	return &t->seen[i];
}

static void
counter_grow(struct counter *t)
{
	struct counter more = {.secret = t->secret,
	    .room = t->room == 0 ? FIRST_ROOM : 2 * t->room};

	if (t->room == 0)
		hash_secret_make(&more.secret);
	more.seen = calloc(more.room, sizeof(*more.seen));
	if (more.seen == NULL)
		fatal("out of memory for the texts of a site");
	more.n = t->n;
	for (size_t i = 0; i < t->room; i++)
		if (t->seen[i].text != NULL)
			*counter_place(&more, t->seen[i].text,
			    t->seen[i].hash) = t->seen[i];
	free(t->seen);
	*t = more;
}

void
counter_add(struct counter *t, const char *text)
{
	struct counter_seen *s;
	uint64_t hash;

	if (*text == '\0')
		return;
	if (2 * (t->n + 1) > t->room)
		counter_grow(t);
	hash = hash_of(t, text);
	s = counter_place(t, text, hash);
	if (s->text == NULL) {
		s->text = text;
		s->hash = hash;
		t->n++;
	}
	s->pages++;
}

bool
counter_shared(const struct counter *t, const char *text, unsigned most)
{
	const struct counter_seen *s;

	if (t->n == 0)
		return false;
	s = counter_place(t, text, hash_of(t, text));
	return s->text != NULL && s->pages > most;
}

void
counter_free(struct counter *t)
{
	free(t->seen);
	*t = (struct counter){0};
}
