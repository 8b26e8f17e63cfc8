/* The language models: can each be used as it is configured? */
#include "worker/model/provider.h"

#include "core/order.h"
#include "worker/doctor/doctor.h"

#include <string.h>

/* What to look at, where the sentence does not say it. */
static const char *
provider_advice(const struct doctor *d, const char *name, const char *why)
{
	if (strstr(why, "ollama pull") != NULL)
		return arena_printf(
		    d->arena, "(or set %s.model to one that is there)", name);
	if (strcmp(name, "ollama") == 0)
		return "Look at ollama.url; `ollama serve` starts it.";
	return arena_printf(
	    d->arena, "Look at %s.url, %s.model and %s.key.", name, name, name);
}

void
doctor_provider(const struct doctor *d, const struct provider *p)
{
	const struct order_provider *o = order_provider_find(p->name);
	const char *why;

	if (p->probe == NULL) {
		doctor_report(
		    d, DOCTOR_OK, p->name, "It needs no model and no server.");
		return;
	}
	if (o == NULL || !order_provider_ready(o, d->conf)) {
		doctor_report(d, DOCTOR_OK, p->name,
		    "Not configured, so users can't choose it. Set %s to "
		    "enable it.",
		    o == NULL ? "a row of order_providers" : o->key);
		return;
	}
	why = p->probe(d->conf, d->arena);
	if (why == NULL)
		doctor_report(d, DOCTOR_OK, p->name,
		    "%s answers and has the model \"%s\".", p->label,
		    p->model(d->conf));
	else
		doctor_report(d, DOCTOR_FAIL, p->name, "%s %s", why,
		    provider_advice(d, p->name, why));
}
