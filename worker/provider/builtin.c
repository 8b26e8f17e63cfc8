/*
 * builtin: no model at all.  What pages say of themselves has been put in
 * place before any provider is asked (worker/llms/describe.h), so there is
 * nothing left to do.
 */
#include "worker/provider.h"

static enum rc
describe(struct job *job, struct site *site)
{
	(void)job;
	(void)site;
	return OK;
}

const struct provider provider_builtin = {
    .name = "builtin",
    .label = "Built in",
    .describe = describe,
};
