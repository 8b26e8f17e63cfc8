/*
 * probe: can a provider be used as it is configured?  Asked by the operator;
 * the failure's sentence is the answer.
 */
#include "worker/job/gentype.h"
#include "worker/job/model_use.h"
#include "worker/model/redact.h"
#include "worker/model/provider.h"

#include <stddef.h>

static enum rc
run(struct job *job)
{
	/* What it is about is its name: see
	 * worker/supervisor/claim/model_probe.c. */
	const struct provider *p = provider_find(job->id);
	const char *why;

	if (p == NULL)
		return job_fail(job, true,
		    "This worker does not know the provider \"%s\". It is "
		    "running a different version from the rest of the service.",
		    job->id);
	/* With the leave comes the key. */
	if (!job_call(job, p->name))
		return E_STOPPED;
	why = p->probe == NULL ? NULL : p->probe(job->conf, job->arena);
	if (why == NULL)
		return OK;
	return job_fail(
	    job, true, "%s", redact_secrets(job->arena, job->conf, why));
}

const struct gentype gentype_probe = {
    .name = "probe",
    .internal = true,
    .run = run,
};
