#include "ws/filter.h"

#include "core/log.h"

#include <stdlib.h>
#include <string.h>

/* The first entry not below id. */
static int
entry_lower_bound(const struct filter *f, const struct uuid *id)
{
	int lo = 0, hi = f->n;

	while (lo < hi) {
		int mid = (lo + hi) / 2;

		if (uuid_cmp(&f->v[mid].id, id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static struct filter_entry *
entry_find(const struct filter *f, const struct uuid *id)
{
	int i = entry_lower_bound(f, id);

	return i < f->n && uuid_cmp(&f->v[i].id, id) == 0 ? &f->v[i] : NULL;
}

static bool
entry_add(struct filter *f, const struct uuid *id)
{
	int i = entry_lower_bound(f, id);

	if (i < f->n && uuid_cmp(&f->v[i].id, id) == 0)
		return true;
	if (f->n >= FILTER_MAX)
		return false;
	if (f->n == f->cap) {
		f->cap = f->cap == 0 ? 1 : (uint16_t)(f->cap * 2);
		f->v = realloc(f->v, f->cap * sizeof(*f->v));
		if (f->v == NULL)
			fatal("out of memory");
	}
	memmove(&f->v[i + 1], &f->v[i], (size_t)(f->n - i) * sizeof(*f->v));
	f->v[i] = (struct filter_entry){.id = *id};
	f->n++;
	return true;
}

static void
entry_remove(struct filter *f, const struct uuid *id)
{
	struct filter_entry *e = entry_find(f, id);

	if (e == NULL)
		return;
	f->n--;
	memmove(e, e + 1, (size_t)(&f->v[f->n] - e) * sizeof(*e));
}

void
filter_release(struct filter *f)
{
	free(f->v);
	*f = (struct filter){0};
}

void
filter_none(struct filter *f)
{
	filter_release(f);
}

void
filter_all(struct filter *f)
{
	filter_release(f);
	f->all = true;
}

bool
filter_add(struct filter *f, const struct uuid *id)
{
	if (!f->all)
		return entry_add(f, id);
	entry_remove(f, id);
	return true;
}

bool
filter_remove(struct filter *f, const struct uuid *id)
{
	if (f->all)
		return entry_add(f, id);
	entry_remove(f, id);
	return true;
}

bool
filter_match(const struct filter *f, const struct uuid *id)
{
	return (entry_find(f, id) != NULL) != f->all;
}

void
filter_set_finished(struct filter *f, const struct uuid *id, bool finished)
{
	struct filter_entry *e = f->all ? NULL : entry_find(f, id);

	if (e != NULL)
		e->finished = finished;
}

bool
filter_all_finished(const struct filter *f)
{
	if (f->all)
		return false;
	for (int i = 0; i < f->n; i++)
		if (!f->v[i].finished)
			return false;
	return true;
}
