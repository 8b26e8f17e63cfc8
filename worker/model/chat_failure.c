#include "worker/model/chat_failure.h"

#include "worker/job/model_use.h"
#include "worker/model/chat.h"

/* A quota that does not say when it is renewed. */
#define QUOTA_MS 3600000

enum rc
job_chat_failed(struct job *job, const struct chat_answer *answer)
{
	bool passes =
	    answer->error == CHAT_AGAIN || answer->error == CHAT_QUOTA;

	if (answer->error == CHAT_STOPPED)
		return E_STOPPED;
	if (answer->error == CHAT_QUOTA)
		job_quota(job,
		    answer->after_ms > 0 ? answer->after_ms : QUOTA_MS,
		    answer->why);
	job_later(job, answer->after_ms);
	return job_fail(job, !passes, "%s", answer->why);
}
