/* llms_txt: a site's llms.txt, llms-full.txt and report.json. */
#include "core/arena.h"
#include "core/buf.h"
#include "core/clock.h"
#include "core/conf.h"
#include "core/log.h"
#include "core/text.h"
#include "worker/cache/cache.h"
#include "worker/crawl/crawl.h"
#include "worker/job/gentype.h"
#include "worker/job/model_use.h"
#include "worker/llms/check.h"
#include "worker/llms/describe.h"
#include "worker/llms/edits.h"
#include "worker/llms/enrich.h"
#include "worker/llms/group.h"
#include "worker/llms/introduction.h"
#include "worker/llms/report.h"
#include "worker/llms/described_site.h"
#include "worker/llms/text_backup.h"
#include "worker/llms/write.h"
#include "worker/model/provider.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PREVIEW_MS 2000
/* A preview may take so much of the time: one in PREVIEW_SHARE. */
#define PREVIEW_SHARE 20
/* Results are written in pieces of so many bytes. */
#define STREAM_BYTES (256U << 10)

#define TEXT_TYPE "text/plain; charset=utf-8"
#define GENERATED "llms.generated.txt" /* before it was mended by hand */
#define JSON_TYPE "application/json"

struct llms_txt_work {
	struct job *job;
	struct crawl_options options;
	struct crawl *crawl;
	struct cache *cache;   /* NULL: nothing is kept */
	struct arena recalled; /* the last answer taken from it */
	const struct provider *provider;
	struct enrich enrich;            /* with a model */
	struct text_backup *builtin;     /* before it; NULL without one */
	struct json_object *given_edits; /* by hand; NULL: none */
	struct edits_made edits;         /* with them */
	struct crawled_site site;
	struct described_site described;
	FILE *texts;
	int64_t preview_at;
};

static enum rc
fail_no_disk_space(struct job *job, const char *what)
{
	return job_fail(job, false, "The worker could not write %s: %s.", what,
	    strerror(errno));
}

static enum rc
save_file(struct job *job, const char *name, const struct buf *b)
{
	if (job_save(job, name, b->data, b->len) != OK)
		return fail_no_disk_space(job, name);
	return OK;
}

/* open_big: path for writing what may be many megabytes, in few calls. */
static FILE *
open_big(struct llms_txt_work *w, const char *path, const char *mode)
{
	struct arena *a = w->job->arena;
	FILE *f = fopen(path, mode);

	if (f != NULL)
		(void)setvbuf(
		    f, arena_alloc(a, STREAM_BYTES), _IOFBF, STREAM_BYTES);
	return f;
}

/* ---- the preview ---- */

/* describe_whole: the words, then the sections, and what they hold. */
static void
describe_whole(struct described_site *site)
{
	describe_site(site);
	group_site(site);
	introduction_overview(site);
}

/* site_copy: the pages so far; their links are not known yet. */
static void
site_copy(
    const struct crawled_site *from, struct arena *a, struct crawled_site *to)
{
	*to = *from;
	to->arena = a;
	to->pages = arena_array(a, from->npages + 1, sizeof(*to->pages));
	memcpy(to->pages, from->pages, from->npages * sizeof(*to->pages));
	for (size_t i = 0; i < to->npages; i++)
		to->pages[i].nlinks = 0;
	to->links = NULL;
	to->nlinks = 0;
}

static void
show_preview(void *arg, struct crawled_site *site)
{
	struct llms_txt_work *w = arg;
	int64_t began = clock_ms(), next;
	struct arena a;
	struct crawled_site now;
	struct described_site described;
	struct buf b;

	if (began < w->preview_at || site->npages == 0)
		return;
	arena_init(&a);
	buf_init(&b, (size_t)w->job->conf->worker_artifact_bytes);
	site_copy(site, &a, &now);
	described_site_init(&described, &a, &now);
	describe_whole(&described);
	write_llms_txt(&b, &described);
	if (buf_ok(&b) && save_file(w->job, "llms.txt", &b) == OK)
		job_artifact(w->job, "llms.txt", TEXT_TYPE,
		    job_path(w->job, "llms.txt"), true);
	buf_release(&b);
	arena_release(&a);
	next = (clock_ms() - began) * PREVIEW_SHARE;
	w->preview_at = clock_ms() + (next > PREVIEW_MS ? next : PREVIEW_MS);
}

/* ---- the results ---- */

/* check_own_file: what is wrong with our own file is a bug, and told as one. */
static enum rc
check_own_file(struct llms_txt_work *w, const struct buf *b)
{
	struct check_report r;
	struct arena a;
	enum rc rc;

	job_progress(w->job, w->job->outcome.processed, w->job->outcome.total,
	    "checking", "Checking llms.txt");
	arena_init(&a);
	rc = check_llms(&a, b->data, b->len, &r);
	if (rc == OK && r.links == w->site.npages) {
		job_entries(w->job, (long)r.links);
	} else {
		const char *what =
		    r.nissues > 0 ? r.issues[0].what : "links are missing";

		log_error("llms_check", "host", w->site.host, "what", what);
		rc = job_fail(w->job, true,
		    "The file generated for %s is not a valid llms.txt (%s). "
		    "This is a bug in Platen; please report it.",
		    w->site.host, what);
	}
	arena_release(&a);
	return rc;
}

/* apply_edits: b with what was edited by hand; the generated file stays beside.
 */
static enum rc
apply_edits(struct llms_txt_work *w, struct buf *b)
{
	struct job *job = w->job;
	struct buf mended;
	enum rc rc = OK;

	buf_init(&mended, (size_t)job->conf->worker_artifact_bytes);
	edits_make(job->arena, w->given_edits, b, &mended, &w->edits);
	if (w->edits.refused != NULL)
		log_warn("edits_refused", "host", w->site.host, "why",
		    w->edits.refused);
	if (w->edits.changed) {
		rc = save_file(job, GENERATED, b);
		buf_clear(b);
		buf_add(b, mended.data, mended.len);
		edits_mirror(&w->described, &w->edits);
		job_entries(job, (long)w->edits.file.nlinks);
	}
	buf_release(&mended);
	return rc;
}

/* A model may cost its own words, never the file. */
static void
write_words(struct llms_txt_work *w, struct buf *b)
{
	const char *what =
	    text_backup_write(w->job->arena, b, &w->described, w->builtin);

	if (what == NULL)
		return;
	log_error("model_words", "host", w->site.host, "what", what);
	w->enrich.described = 0;
	w->enrich.note = arena_printf(w->job->arena,
	    "The model's text made the file invalid (%s), so the standard text "
	    "is used.",
	    what);
}

static enum rc
write_index(struct llms_txt_work *w)
{
	struct buf b;
	enum rc rc;

	job_progress(w->job, w->job->outcome.processed, w->job->outcome.total,
	    "writing", "Writing llms.txt");
	buf_init(&b, (size_t)w->job->conf->worker_artifact_bytes);
	write_words(w, &b);
	if (!buf_ok(&b))
		rc = job_fail(w->job, true,
		    "The llms.txt of %s would be larger than the maximum of %d "
		    "bytes. Try fewer pages.",
		    w->site.host, w->job->conf->worker_artifact_bytes);
	else
		rc = check_own_file(w, &b);
	if (rc == OK && w->given_edits != NULL)
		rc = apply_edits(w, &b);
	if (rc == OK)
		rc = save_file(w->job, "llms.txt", &b);
	buf_release(&b);
	return rc;
}

static enum rc
write_others(struct llms_txt_work *w)
{
	struct job *job = w->job;
	FILE *full = open_big(w, job_path(job, "llms-full.txt"), "we");
	FILE *report = open_big(w, job_path(job, "report.json"), "we");
	enum rc rc = OK;

	if (full == NULL || report == NULL)
		rc = fail_no_disk_space(job, "its results");
	if (rc == OK &&
	    (fflush(w->texts) != 0 || ferror(w->texts) ||
		write_full(full, fileno(w->texts), &w->described) != OK))
		rc = fail_no_disk_space(job, "llms-full.txt");
	if (rc == OK && report_write(report, &w->described, w->options.limit,
			    w->provider->chat == NULL ? NULL : &w->enrich,
			    w->given_edits == NULL ? NULL : &w->edits) != OK)
		rc = fail_no_disk_space(job, "report.json");
	if (full != NULL && fclose(full) != 0 && rc == OK)
		rc = fail_no_disk_space(job, "llms-full.txt");
	if (report != NULL && fclose(report) != 0 && rc == OK)
		rc = fail_no_disk_space(job, "report.json");
	return rc;
}

static void
artifacts_hand_over(struct llms_txt_work *w)
{
	struct job *job = w->job;

	job_artifact(
	    job, "llms.txt", TEXT_TYPE, job_path(job, "llms.txt"), false);
	job_artifact(job, "llms-full.txt", TEXT_TYPE,
	    job_path(job, "llms-full.txt"), false);
	job_artifact(
	    job, "report.json", JSON_TYPE, job_path(job, "report.json"), false);
	if (w->edits.changed)
		job_artifact(
		    job, GENERATED, TEXT_TYPE, job_path(job, GENERATED), false);
}

/* ---- the model ---- */

/* show_file: the file as its words stand now; it is valid at any time. */
static void
show_file(void *arg)
{
	struct llms_txt_work *w = arg;
	struct buf b;

	if (clock_ms() < w->preview_at)
		return;
	w->preview_at = clock_ms() + PREVIEW_MS;
	buf_init(&b, (size_t)w->job->conf->worker_artifact_bytes);
	write_llms_txt(&b, &w->described);
	if (buf_ok(&b) && save_file(w->job, "llms.txt", &b) == OK)
		job_artifact(w->job, "llms.txt", TEXT_TYPE,
		    job_path(w->job, "llms.txt"), true);
	buf_release(&b);
}

static const char *
recall_answer(void *arg, const char *key)
{
	struct llms_txt_work *w = arg;
	const struct cache_item *item;
	const char *json;
	size_t len;

	item =
	    w->cache == NULL ? NULL : cache_find(w->cache, CACHE_ANSWER, key);
	if (item == NULL)
		return NULL;
	arena_reset(&w->recalled);
	json = cache_read(w->cache, item, &w->recalled, &len);
	if (json != NULL)
		cache_renew(w->cache, item, NULL, false);
	return json;
}

static void
keep_answer(void *arg, const char *key, const char *json)
{
	struct llms_txt_work *w = arg;

	if (w->cache != NULL)
		cache_put(
		    w->cache, CACHE_ANSWER, key, NULL, json, strlen(json));
}

/* enrich_file: the whole file is there already; the model improves its lines.
 */
static enum rc
enrich_file(struct llms_txt_work *w)
{
	struct enrich *e = &w->enrich;
	enum rc rc;

	*e = (struct enrich){
	    .job = w->job,
	    .site = &w->described,
	    .provider = w->provider,
	    .texts = fileno(w->texts),
	    .recall = recall_answer,
	    .keep = keep_answer,
	    .improved = show_file,
	    .ctx = w,
	};
	if (fflush(w->texts) != 0)
		return fail_no_disk_space(w->job, "a temporary file");
	w->preview_at = 0;
	show_file(w);
	w->builtin = text_backup_save(&w->described);
	job_passes(w->job, 1);
	rc = enrich_site(e);
	arena_release(&w->recalled);
	job_tokens(w->job, e->tokens);
	return rc;
}

/* ---- the whole ---- */

static void
close_texts(void *arg)
{
	fclose(arg);
}

/* open_texts: a file without a name, gone with the job. */
static enum rc
open_texts(struct llms_txt_work *w)
{
	const char *path = job_path(w->job, "texts");

	w->texts = open_big(w, path, "w+e");
	if (w->texts == NULL)
		return fail_no_disk_space(w->job, "a temporary file");
	(void)unlink(path);
	arena_defer(w->job->arena, close_texts, w->texts);
	return OK;
}

/* open_cache: what an earlier job of the host left, if that is wanted. */
static void
open_cache(struct llms_txt_work *w)
{
	struct job *job = w->job;
	const struct crawl_options *o = &w->options;
	struct cache_options c = {
	    .old = job->given[SOURCE_SITE_CACHE],
	    .fresh = job->cache_new,
	    .reader = arena_printf(job->arena, "%s\n%s\n%zu", o->user_agent,
		o->agent_token, o->page_bytes),
	    .variant = o->accept_language,
	    .max_bytes = (size_t)job->conf->cache_host_bytes,
	    .unpacked_bytes = job->cache_plain,
	    .days = job->conf->cache_days,
	};

	if (job->cache_new != NULL)
		w->cache = cache_open(job->arena, &c);
}

/* log_end: the last sentence; with a cache, what it was good for. */
static void
log_end(struct llms_txt_work *w)
{
	struct job *job = w->job;
	const struct crawl_facts *facts = w->site.facts;
	size_t pages = w->site.npages, changed = 0, shells;
	struct buf b;

	for (size_t i = 0; i < pages; i++)
		changed += !w->site.pages[i].recalled;
	buf_init(&b, 1000);
	buf_printf(&b, "%s page%s listed",
	    text_number(job->arena, (long long)pages), pages == 1 ? "" : "s");
	shells = facts->shells_listed + facts->shells_left_out;
	if (shells > 0)
		buf_printf(&b, ", %s show%s text only with JavaScript",
		    text_number(job->arena, (long long)shells),
		    shells == 1 ? "s" : "");
	/* Pages asked for in another language before are not known in this. */
	if (w->cache != NULL && cache_has_earlier(w->cache) &&
	    changed < pages) {
		buf_printf(&b, ", %s of %s changed",
		    text_number(job->arena, (long long)changed),
		    text_number(job->arena, (long long)pages));
		if (w->provider->chat != NULL && w->enrich.calls == 0)
			buf_adds(&b, ", the model was not asked");
	}
	if (w->edits.outcome.applied > 0)
		buf_printf(&b, ", edited by hand in %zu place%s",
		    w->edits.outcome.applied,
		    w->edits.outcome.applied == 1 ? "" : "s");
	if (w->provider->chat != NULL)
		job->note = w->enrich.note;
	job_progress(
	    job, job->outcome.processed, job->outcome.total, "done", b.data);
	buf_release(&b);
}

static enum rc
crawl_site(struct llms_txt_work *w)
{
	enum rc rc = crawl_open(w->job, &w->options, &w->crawl);

	if (rc == OK) {
		crawl_use_cache(w->crawl, w->cache);
		rc = crawl_start(w->crawl, false);
	}
	if (rc == OK)
		rc = crawl_pages(w->crawl, &w->site, w->texts, show_preview, w);
	crawl_close(w->crawl);
	return rc;
}

static enum rc
find_provider(struct llms_txt_work *w)
{
	const char *name = w->job->provider;

	w->provider = provider_find(name);
	if (w->provider == NULL)
		return job_fail(w->job, true, "Unknown provider '%s'.", name);
	return OK;
}

static enum rc
run(struct job *job)
{
	struct llms_txt_work *w = arena_alloc(job->arena, sizeof(*w));
	enum rc rc;

	w->job = job;
	w->preview_at = clock_ms() + PREVIEW_MS;
	w->given_edits = job_given_json(job, SOURCE_EDITS);
	if ((rc = find_provider(w)) != OK)
		return rc;
	job_passes(job, w->provider->chat != NULL ? 2 : 1);
	if ((rc = crawl_options_read(job, &w->options)) != OK ||
	    (rc = open_texts(w)) != OK)
		return rc;
	open_cache(w);
	if ((rc = crawl_site(w)) != OK)
		return rc;
	described_site_init(&w->described, job->arena, &w->site);
	describe_whole(&w->described);
	if (w->provider->chat != NULL && (rc = enrich_file(w)) != OK)
		return rc;
	if ((rc = write_index(w)) != OK || (rc = write_others(w)) != OK)
		return rc;
	/* Without one the next run costs more, and that is all. */
	if (w->cache != NULL && cache_finish(w->cache) != OK)
		log_warn("cache_not_kept", "host", w->site.host);
	artifacts_hand_over(w);
	log_end(w);
	return OK;
}

static const struct job_file *
llms_txt_gather(struct json_object *input)
{
	static const struct job_file files[] = {
	    {SOURCE_SITE_CACHE, JOB_CACHE_OLD},
	    {SOURCE_EDITS, "edits.json"},
	    {.name = NULL},
	};

	(void)input;
	return files;
}

const struct gentype gentype_llms_txt = {
    .name = "llms_txt",
    .gather = llms_txt_gather,
    .run = run,
};
