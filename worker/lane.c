#include "worker/lane.h"

#include "core/log.h"
#include "worker/provider.h"

#include <limits.h>
#include <string.h>

void
lanes_init(struct lanes *l)
{
	memset(l, 0, sizeof(*l));
	for (; providers[l->n] != NULL; l->n++) {
		if (l->n == LANES_MAX)
			BUG("more than %d providers", LANES_MAX);
		l->v[l->n].name = providers[l->n]->name;
	}
}

void
lanes_wake(struct lanes *l, const char *name)
{
	if (name == NULL || strcmp(name, LANE_ANALYZE) == 0)
		l->analyze_dry = false;
	for (int i = 0; i < l->n; i++)
		if (name == NULL || strcmp(name, l->v[i].name) == 0)
			l->v[i].dry = false;
}

static int
running(const struct crew *crew, const char *lane)
{
	int n = 0;

	for (int i = 0; i < crew->n; i++) {
		const struct slot *s = &crew->slots[i];

		if (!s->counts && s->work != NULL &&
		    strcmp(s->work->lane, lane) == 0)
			n++;
	}
	return n;
}

struct lane *
lanes_pick(struct lanes *l, const struct crew *crew)
{
	struct lane *best = NULL;
	int fewest = INT_MAX;

	for (int i = 0; i < l->n; i++) {
		struct lane *lane = &l->v[(l->turn + i) % l->n];
		int n;

		if (lane->dry)
			continue;
		n = running(crew, lane->name);
		if (n < fewest) {
			fewest = n;
			best = lane;
		}
	}
	if (l->n > 0)
		l->turn = (l->turn + 1) % l->n;
	return best;
}

const char *
lanes_names(const struct lanes *l, struct arena *a)
{
	const char *names[LANES_MAX];

	for (int i = 0; i < l->n; i++)
		names[i] = l->v[i].name;
	return pg_array(a, names, (size_t)l->n);
}
