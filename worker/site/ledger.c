#include "worker/site/ledger.h"

#include "core/arena.h"
#include "core/log.h"

#include <string.h>

const char *
ledger_url(const struct ledger *l, uint32_t i, struct arena *a)
{
	const struct ledger_entry *e;

	if (i >= l->n)
		BUG("no such entry: %u", (unsigned)i);
	e = &l->entry[i];
	return e->is_whole_url ? arena_strdup(a, e->target)
			       : arena_printf(a, "%s%s", l->origin, e->target);
}

uint32_t
ledger_find(const struct ledger *l, const char *url)
{
	return l->find(l->index, url);
}

bool
ledger_is_shown(const struct ledger *l, uint32_t i, struct arena *scratch)
{
	const struct ledger_entry *e = &l->entry[i];

	return e->disposition != DISPOSITION_TWIN || e->other == LEDGER_NONE ||
	       strcmp(ledger_url(l, i, scratch),
		   ledger_url(l, e->other, scratch)) != 0;
}
