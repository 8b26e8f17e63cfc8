#include "worker/llms/model_quote.h"

#include "core/arena.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/url.h"
#include "worker/job/model_use.h"
#include "worker/llms/describe.h"
#include "worker/site/digest.h"
#include "worker/llms/enrich.h"
#include "worker/llms/group.h"
#include "worker/llms/described_site.h"
#include "worker/model/chat.h"
#include "worker/model/provider.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What a model says of one page, about, bytes of JSON. */
#define PAGE_BYTES 260

/* The one question: a job, a provider and an enrich of our own around it. */
struct trial {
	struct job job; /* a copy with another sink */
	struct job *real;
	struct provider provider; /* with our chat */
	const struct provider *model;
	int64_t until; /* monotonic ms */
	int64_t asked, first, last;
	size_t bytes;
	unsigned calls;
	enum chat_error error;
};

static bool
is_over(struct job *job)
{
	struct trial *t = job->sink_arg;

	return clock_ms() >= t->until || job_stopping(t->real);
}

static const struct job_sink quiet = {
    .stopping = is_over,
};

/* rq->ctx is the enrich, and its ctx the trial. */
static struct trial *
trial_of(void *ctx)
{
	return ((struct enrich *)ctx)->ctx;
}

static void
first_words_hear(void *ctx, const char *p, size_t n)
{
	struct trial *t = trial_of(ctx);

	(void)p;
	t->last = clock_ms();
	if (t->bytes == 0)
		t->first = t->last;
	t->bytes += n;
}

/* timed_ask: the first question is timed, there is no second one. */
static void
timed_ask(
    const struct chat_request *rq, struct arena *a, struct chat_answer *answer)
{
	struct trial *t = trial_of(rq->ctx);
	struct chat_request timed = *rq;

	if (t->calls++ > 0) {
		chat_fail(answer, a, CHAT_STOPPED, "One question is enough.");
		return;
	}
	timed.delta = first_words_hear;
	if (!job_call(t->real, t->model->name)) {
		chat_fail(answer, a, CHAT_STOPPED, "It was stopped.");
		return;
	}
	t->asked = clock_ms();
	t->model->chat(&timed, a, answer);
	t->last = clock_ms();
	t->error = answer->error;
}

static const char *
recall_nothing(void *ctx, const char *key)
{
	(void)ctx;
	(void)key;
	return NULL;
}

static void
keep_nothing(void *ctx, const char *key, const char *json)
{
	(void)ctx;
	(void)key;
	(void)json;
}

static void
improved_nothing(void *ctx)
{
	(void)ctx;
}

/* make_site: of one page, so that it is asked about as in a whole one. */
static bool
make_site(struct described_site *s, struct arena *a, const char *url,
    const struct html_page *doc)
{
	struct crawled_site *site = arena_alloc(a, sizeof(*site));
	struct crawled_page *p = arena_alloc(a, sizeof(*p));
	struct url u;

	if (url_parse(a, url, &u) != OK)
		return false;
	digest_page(a, doc, p);
	p->url = u.text;
	p->path = u.target;
	p->text_len = (uint32_t)doc->markdown_len;
	*site = (struct crawled_site){.arena = a,
	    .host = u.host,
	    .origin = arena_printf(a, "%s://%s", u.scheme, u.host),
	    .pages = p,
	    .npages = 1,
	    .home = SITE_NONE,
	    .front = *p};
	described_site_init(s, a, site);
	describe_site(s);
	group_site(s);
	return true;
}

static void
run_trial(
    struct trial *t, struct described_site *s, const struct html_page *doc)
{
	struct enrich e = {.job = &t->job,
	    .site = s,
	    .provider = &t->provider,
	    .recall = recall_nothing,
	    .keep = keep_nothing,
	    .improved = improved_nothing,
	    .ctx = t};
	const char *path = job_path(&t->job, "sample");
	FILE *texts = fopen(path, "w+e");

	if (texts == NULL)
		return;
	(void)unlink(path);
	if (fwrite(doc->markdown, 1, doc->markdown_len, texts) ==
		doc->markdown_len &&
	    fflush(texts) == 0) {
		e.texts = fileno(texts);
		/* However it ends, the clock has told. */
		if (enrich_site(&e) != OK)
			log_debug("trial_cut", "provider", t->model->name);
	}
	fclose(texts);
}

static bool
read_clock(const struct trial *t, struct model_quote *out)
{
	double all = (double)(t->last - t->asked);

	if (t->calls == 0 || (t->error != CHAT_OK && t->error != CHAT_STOPPED))
		return false;
	out->cut = t->error == CHAT_STOPPED;
	if (t->bytes == 0) {
		out->start_ms = out->page_ms = all;
		return true;
	}
	out->start_ms = (double)(t->first - t->asked);
	out->page_ms = all - out->start_ms;
	if (out->cut && t->bytes < PAGE_BYTES)
		out->page_ms *= (double)PAGE_BYTES / (double)t->bytes;
	return true;
}

bool
model_quote(struct job *job, const struct provider *provider, const char *url,
    const struct html_page *doc, long max_ms, struct model_quote *out)
{
	struct trial t = {.job = *job,
	    .real = job,
	    .provider = *provider,
	    .model = provider,
	    .until = clock_ms() + max_ms};
	struct arena a;
	struct described_site s;
	bool fine;

	t.job.sink = &quiet;
	t.job.sink_arg = &t;
	t.job.outcome.processed = t.job.outcome.total = 0;
	t.provider.chat = timed_ask;
	arena_init(&a);
	t.job.arena = &a;
	if (make_site(&s, &a, url, doc))
		run_trial(&t, &s, doc);
	fine = read_clock(&t, out) && !job_stopping(job);
	log_info("model_measured", "provider", provider->name, "start_ms",
	    log_num((long long)out->start_ms), "page_ms",
	    log_num((long long)out->page_ms), "error",
	    t.error == CHAT_OK ? NULL : chat_error_name(t.error));
	arena_release(&a);
	return fine;
}
