#include "worker/job/model_use.h"

#include "core/arena.h"

void
job_passes(struct job *job, int n)
{
	job->passes = n;
}

void
job_tokens(struct job *job, long tokens)
{
	job->outcome.tokens = tokens;
}

bool
job_call(struct job *job, const char *provider)
{
	if (job->sink->call == NULL)
		return !job_stopping(job);
	return job->sink->call(job, provider);
}

void
job_later(struct job *job, long ms)
{
	if (ms > job->outcome.after_ms)
		job->outcome.after_ms = ms;
}

void
job_quota(struct job *job, long ms, const char *why)
{
	if (ms <= job->outcome.quota_ms)
		return;
	job->outcome.quota_ms = ms;
	job->outcome.quota = arena_strdup(job->arena, why);
}
