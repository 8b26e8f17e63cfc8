/*
 * A small described site in memory and a provider whose model is a function
 * of the test; included by units.
 */
#include "core/arena.h"
#include "core/buf.h"
#include "core/conf.h"
#include "core/json.h"
#include "core/log.h"
#include "core/strmap.h"
#include "t/tap.h"
#include "worker/extract/page_reader.h"
#include "worker/job/job.h"
#include "worker/llms/check.h"
#include "worker/llms/describe.h"
#include "worker/site/digest.h"
#include "worker/llms/enrich.h"
#include "worker/llms/group.h"
#include "worker/llms/introduction.h"
#include "worker/llms/described_site.h"
#include "worker/llms/text_backup.h"
#include "worker/llms/write.h"
#include "worker/model/chat.h"
#include "worker/model/provider.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct bed {
	struct arena a;
	struct crawled_site site;
	struct described_site described;
	struct enrich e;
	struct conf conf;
	struct job job;
	/*
	 * The answer to a question of this name; NULL: CHAT_TOO_LONG, THOUGHTS:
	 * nothing but thoughts.
	 */
	const char *(*say)(struct bed *b, const char *name, const char *shown);
	const char *words; /* for say */
	struct strmap kept;
	const char *answers[100];
	size_t nkept;
	long context;
};

#define THOUGHTS ""

/* ---- the model ---- */

static struct bed *bed; /* of the provider, whose functions know no more */

static void
chat(const struct chat_request *rq, struct arena *a, struct chat_answer *answer)
{
	const char *text = bed->say(bed, rq->schema_name, rq->prompt);

	if (text == NULL)
		chat_fail(answer, a, CHAT_TOO_LONG, "It is too long.");
	else
		chat_add_text(answer, rq, a, text, strlen(text));
	if (text != NULL && strcmp(text, THOUGHTS) == 0)
		answer->finish = CHAT_LENGTH;
	chat_check_empty(answer, a, "Fake");
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
	return bed->context;
}

static const struct provider provider = {
    .name = "fake",
    .label = "Fake",
    .chat = chat,
    .model = model,
    .context = context,
};

/* ---- the job ---- */

static void
progress(struct job *job, const char *stage, const char *message)
{
	(void)job;
	(void)stage;
	(void)message;
}

static bool
stopping(struct job *job)
{
	(void)job;
	return false;
}

static const struct job_sink sink = {
    .progress = progress, .stopping = stopping};

static const char *
recall(void *ctx, const char *key)
{
	struct bed *b = ctx;
	uint32_t i = strmap_get(&b->kept, key);

	return i == STRMAP_NONE ? NULL : b->answers[i];
}

static void
keep(void *ctx, const char *key, const char *json)
{
	struct bed *b = ctx;

	if (b->nkept < 100 &&
	    strmap_add(&b->kept, arena_strdup(&b->a, key), (uint32_t)b->nkept))
		b->answers[b->nkept++] = arena_strdup(&b->a, json);
}

static void
improved(void *ctx)
{
	(void)ctx;
}

/* ---- the site ---- */

static void
start(struct bed *b)
{
	static const struct html_page silent = {.title = "",
	    .raw_title = "",
	    .h1 = "",
	    .og_title = "",
	    .site_name = "",
	    .description = "",
	    .lang = "",
	    .markdown = ""};

	memset(b, 0, sizeof(*b));
	arena_init(&b->a);
	strmap_init(&b->kept, &b->a, 100, false);
	b->context = 4096;
	b->site.arena = &b->a;
	b->site.host = "acme.test";
	b->site.origin = "https://acme.test";
	b->site.home = SITE_NONE;
	b->site.pages = arena_array(&b->a, 100, sizeof(*b->site.pages));
	digest_page(&b->a, &silent, &b->site.front);
	b->e.texts = memfd_create("texts", MFD_CLOEXEC);
	bed = b;
}

static void
page(struct bed *b, const char *path, const char *title, const char *markdown)
{
	struct crawled_page *p = &b->site.pages[b->site.npages];
	struct html_page d = {.title = title,
	    .raw_title = title,
	    .h1 = "",
	    .og_title = "",
	    .site_name = "",
	    .description = "",
	    .lang = "",
	    .markdown = markdown,
	    .markdown_len = strlen(markdown)};
	uint64_t at = (uint64_t)lseek(b->e.texts, 0, SEEK_END);

	digest_page(&b->a, &d, p);
	p->path = path;
	p->url = arena_printf(&b->a, "https://acme.test%s", path);
	p->text_at = at;
	p->text_len = (uint32_t)d.markdown_len;
	(void)!write(b->e.texts, markdown, d.markdown_len);
	if (strcmp(path, "/") == 0) {
		b->site.front = *p;
		b->site.home = (uint32_t)b->site.npages;
	}
	b->site.npages++;
}

/* Six pages about a press; what /b says is up to the test. */
static void
press(struct bed *b, const char *title, const char *text)
{
	start(b);
	page(b, "/", "Acme",
	    "# Acme\n\nAcme builds the platen press for printers who set "
	    "their own type by hand. The press of model 1 prints a sheet of "
	    "paper.\n");
	page(b, "/guide/ink", "Ink for the press",
	    "Ink dries on paper within a day when the room is warm.\n");
	page(b, "/guide/paper", "Paper for the press",
	    "Paper comes in many weights, and the press takes them all.\n");
	page(b, "/guide/b", title, text);
	page(b, "/shop/type", "Type for the press",
	    "Type of lead is sold by the pound and lasts for years.\n");
	page(b, "/shop/roller", "Roller for the press",
	    "A roller of rubber is sold in pairs and lasts for months.\n");
	described_site_init(&b->described, &b->a, &b->site);
	describe_site(&b->described);
	group_site(&b->described);
	introduction_overview(&b->described);
}

static void
run(struct bed *b)
{
	int texts = b->e.texts;

	b->conf.model_batch_pages = 10;
	b->conf.model_page_bytes = 600;
	b->conf.model_tries = 1;
	b->job = (struct job){
	    .id = "t", .conf = &b->conf, .arena = &b->a, .sink = &sink};
	b->e = (struct enrich){.job = &b->job,
	    .site = &b->described,
	    .provider = &provider,
	    .texts = texts,
	    .recall = recall,
	    .keep = keep,
	    .improved = improved,
	    .ctx = b};
	is_int(enrich_site(&b->e), OK, "the model was asked");
}

static void
end(struct bed *b)
{
	close(b->e.texts);
	arena_release(&b->a);
}

static const char *
file(struct bed *b)
{
	struct buf out;
	const char *text;

	buf_init(&out, 1 << 20);
	write_llms_txt(&out, &b->described);
	text = arena_strdup(&b->a, out.data);
	buf_release(&out);
	return text;
}

static bool
is_valid(struct bed *b, const char *text)
{
	struct check_report r;
	enum rc rc = check_llms(&b->a, text, strlen(text), &r);

	for (size_t i = 0; i < r.nissues; i++)
		printf("# line %u: %s\n", r.issues[i].line, r.issues[i].what);
	return rc == OK && r.links == b->site.npages;
}
