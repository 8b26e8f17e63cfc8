/*
 * analyze: how many pages a host has, for the form before an order.
 *
 * Its only results are job_host() calls, the last one complete.
 */
#include "worker/crawl/crawl.h"
#include "worker/gentype.h"
#include "worker/job.h"

#include "core/arena.h"
#include "core/conf.h"

static enum rc
run(struct job *job)
{
	struct crawl_options *o = arena_alloc(job->arena, sizeof(*o));
	struct crawl *c = NULL;
	enum rc rc = crawl_options_read(job, o);

	if (rc != OK)
		return rc;
	o->seconds = job->conf->worker_count_seconds;
	o->parsers = 1;
	rc = crawl_open(job, o, &c);
	if (rc == OK)
		rc = crawl_start(c, true);
	if (rc == OK)
		rc = crawl_count(c);
	crawl_close(c);
	return rc;
}

const struct gentype gentype_analyze = {
    .name = "analyze",
    .internal = true,
    .run = run,
};
