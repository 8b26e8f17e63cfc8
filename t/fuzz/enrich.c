/*
 * A site and what a model answers to each question about it, parted by the
 * record separator (0x1e): the words of the site as in lib/site.h, then the
 * answers; after the last the model is gone.  Whatever they are, the pages
 * stay the pages and the file passes the checker.
 */
#include "t/fuzz/fuzz.h"

#include "core/arena.h"
#include "core/conf.h"
#include "core/log.h"
#include "t/fuzz/lib/site.h"
#include "worker/extract/charset.h"
#include "worker/job/job.h"
#include "worker/llms/enrich.h"
#include "worker/model/chat.h"
#include "worker/model/provider.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RECORD 0x1e

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* What is left of the answers. */
struct answers {
	const char *at, *end;
	size_t asked;
};

static const char *
next_record(const char **at, const char *end, size_t *n)
{
	const char *from = *at, *stop = memchr(from, RECORD, end - from);

	*n = (size_t)((stop == NULL ? end : stop) - from);
	*at = stop == NULL ? end : stop + 1;
	return from;
}

/* ---- the model ----------------------------------------------------------- */

static void
chat(const struct chat_request *rq, struct arena *a, struct chat_answer *answer)
{
	struct enrich *e = rq->ctx;
	struct answers *left = e->ctx;
	const char *text;
	size_t n;

	must(++left->asked < 10000);
	if (left->at == left->end) {
		chat_fail(answer, a, CHAT_PERMANENT, "It is gone.");
		return;
	}
	text = next_record(&left->at, left->end, &n);
	/* As providers see to it; see the targets ndjson and sse. */
	n = strnlen(text, n);
	chat_add_text(answer, rq, a, text, utf8_valid(text, n));
	answer->tokens_in = CHAT_TOKENS_MAX;
	answer->tokens_out = -1;
}

static const char *
model(const struct conf *conf)
{
	(void)conf;
	return "m";
}

static long
context(const struct conf *conf)
{
	(void)conf;
	return 2048;
}

static const struct provider provider = {
    .name = "fuzz",
    .label = "Fuzz",
    .chat = chat,
    .model = model,
    .context = context,
};

/* ---- the job ------------------------------------------------------------- */

static void
progress(struct job *job, const char *stage, const char *message)
{
	must(stage != NULL && message != NULL);
	must(job->outcome.total == 0 ||
	     job->outcome.processed <= job->outcome.total);
}

static bool
stopping(struct job *job)
{
	(void)job;
	return false;
}

static const char *
recall(void *ctx, const char *key)
{
	(void)ctx;
	must(strlen(key) == 64);
	return NULL;
}

static void
keep(void *ctx, const char *key, const char *json)
{
	(void)ctx;
	must(strlen(key) == 64 && json[0] == '{');
}

static void
improved(void *ctx)
{
	(void)ctx;
}

/* The file of texts: each page's words are its description. */
static int
texts(struct crawled_site *site)
{
	int fd = memfd_create("texts", MFD_CLOEXEC);
	uint64_t at = 0;

	must(fd >= 0);
	for (size_t i = 0; i < site->npages; i++) {
		struct crawled_page *p = &site->pages[i];
		size_t n = strlen(p->description);

		must(write(fd, p->description, n) == (ssize_t)n);
		p->text_at = at;
		p->text_len = (uint32_t)n;
		at += n;
	}
	return fd;
}

static void
enrich(struct crawled_site *crawled, struct described_site *site,
    struct answers *left)
{
	static const struct job_sink sink = {
	    .progress = progress, .stopping = stopping};
	struct conf conf = {
	    .model_batch_pages = 3, .model_page_bytes = 300, .model_tries = 2};
	struct job job = {
	    .id = "fuzz", .conf = &conf, .arena = site->arena, .sink = &sink};
	struct enrich e = {.job = &job,
	    .site = site,
	    .provider = &provider,
	    .recall = recall,
	    .keep = keep,
	    .improved = improved,
	    .ctx = left};

	e.texts = texts(crawled);
	must(enrich_site(&e) == OK);
	close(e.texts);
	must(e.described + e.refused <= crawled->npages);
	must(e.calls == left->asked && e.tokens >= 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct answers left = {(const char *)data, (const char *)data + len, 0};
	const char *urls[SITE_FUZZ_PAGES], *words;
	struct crawled_site site;
	struct described_site described;
	struct arena a;
	size_t n, pages;

	/* That the model is gone is no news here. */
	log_init("fuzz", LOG_ERROR);
	words = next_record(&left.at, left.end, &n);
	arena_init(&a);
	site_fuzz(&site, &a, words, n);
	pages = site.npages;
	for (size_t i = 0; i < pages; i++)
		urls[i] = site.pages[i].url;
	if (pages > 0) {
		site_fuzz_ready(&site, &described);
		enrich(&site, &described, &left);
		must(site.npages == pages);
		for (size_t i = 0; i < pages; i++)
			must(site.pages[i].url == urls[i]);
		site_fuzz_check(&described);
	}
	arena_release(&a);
	return 0;
}
