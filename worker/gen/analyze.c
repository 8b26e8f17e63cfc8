/*
 * analyze: the pages of a host, for the form before an order: how many, under
 * which paths, and how long they would take.
 *
 * Its only results are job_host() calls: the number as it grows, all of them
 * with their paths, and once more with what was measured.
 */
#include "worker/crawl/crawl.h"
#include "worker/crawl/survey.h"
#include "worker/job/gentype.h"
#include "worker/job/job.h"
#include "worker/llms/model_quote.h"
#include "worker/model/provider.h"

#include "core/arena.h"
#include "core/clock.h"
#include "core/conf.h"
#include "core/order.h"
#include "core/schema/host_count.h"

#include <time.h>

/* Counting ends so much before the job's time does, for the measuring, s. */
#define MEASURE_SECONDS 15
#define COUNT_SECONDS 5

static long
seconds_to_count(const struct conf *conf)
{
	long n = conf->worker_count_seconds - MEASURE_SECONDS;

	return n > COUNT_SECONDS ? n : conf->worker_count_seconds;
}

static const char *
time_now(char text[32])
{
	time_t now = (time_t)(clock_unix_ms() / 1000);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return text;
}

static void
put_model(struct job *job, struct json_object *count, const char *provider,
    const struct provider *p, const struct model_quote *q)
{
	host_count_put_model(count, provider,
	    &(struct host_count_model){
		.model = p->model(job->conf),
		.start_ms = q->start_ms,
		.page_ms = q->page_ms,
		.batch = job->conf->model_batch_pages,
		.cut = q->cut,
	    });
}

/* measure_models: each that is set up, while there is time. */
static void
measure_models(struct job *job, const struct survey_sample *sample,
    int64_t until, struct json_object *count)
{
	const struct order_provider *p;

	for (p = order_providers; p->name != NULL; p++) {
		const struct provider *model = provider_find(p->name);
		long left = (long)(until - clock_ms());
		struct model_quote q = {0};

		if (left > job->conf->model_quote_ms)
			left = job->conf->model_quote_ms;
		if (model == NULL || model->chat == NULL || left <= 0 ||
		    !order_provider_ready(p, job->conf))
			continue;
		if (model_quote(job, model, sample->url, sample->doc, left, &q))
			put_model(job, count, p->name, model, &q);
	}
}

/* What a count took, which an order will take, too. */
struct took {
	long start_ms; /* until the first page */
	long count_ms; /* for those it visited */
	int64_t until; /* all is to be over then, monotonic ms */
};

/* measure_quote: adds the quote to the count. */
static enum rc
measure_quote(struct job *job, struct crawl *c, struct json_object *count,
    const struct took *took)
{
	char at[32];
	struct survey_sample sample;
	enum rc rc = survey_sample(c, took->count_ms, &sample);

	if (rc == E_NOTFOUND)
		return OK; /* there are guesses */
	if (rc != OK)
		return rc;
	host_count_put_quote(count, &(struct host_count_quote){
					.at = time_now(at),
					.path = sample.path,
					.start_ms = (double)took->start_ms,
					.page_ms = sample.ms,
				    });
	measure_models(job, &sample, took->until, count);
	return job_stopping(job) ? E_STOPPED : OK;
}

static enum rc
count_urls(struct job *job, struct crawl *c, const char *host)
{
	int64_t began = clock_ms();
	struct took took = {
	    .until = began + job->conf->worker_count_seconds * 1000L};
	struct json_object *count;
	enum rc rc = crawl_start(c, true);
	long urls;

	took.start_ms = (long)(clock_ms() - began);
	if (rc == OK)
		rc = crawl_count(c);
	took.count_ms = (long)(clock_ms() - began) - took.start_ms;
	if (rc != OK)
		return rc;
	count = survey_paths(c, job->arena);
	urls = host_count_urls(count);
	job_host_detail(job, count);
	job_host(job, host, urls, true);
	rc = measure_quote(job, c, count, &took);
	if (rc == OK)
		job_host(job, host, urls, true);
	return rc;
}

static enum rc
run(struct job *job)
{
	struct crawl_options *o = arena_alloc(job->arena, sizeof(*o));
	struct crawl *c = NULL;
	enum rc rc = crawl_options_read(job, o);

	if (rc != OK)
		return rc;
	o->seconds = seconds_to_count(job->conf);
	o->parsers = 1;
	rc = crawl_open(job, o, &c);
	if (rc == OK)
		rc = count_urls(job, c, o->site.name);
	if (c != NULL)
		crawl_close(c);
	return rc;
}

const struct gentype gentype_analyze = {
    .name = "analyze",
    .internal = true,
    .run = run,
};
