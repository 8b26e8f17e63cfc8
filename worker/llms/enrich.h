/*
 * enrich: a language model improves the words of a described, grouped site.
 *
 * Pages are shown in batches as "index | path | title | text" and answered
 * by index through a JSON schema: the model can neither invent, lose nor
 * alter a URL.  Each line is kept only when it holds against its own page
 * (grounding.h) and has the form of a title or a sentence; else the builtin
 * line stays.  What a page says is data: it can change its own line at most.
 */
#ifndef WORKER_LLMS_ENRICH_H
#define WORKER_LLMS_ENRICH_H

#include "core/rc.h"

#include <stdbool.h>
#include <stddef.h>

struct job;
struct provider;
struct described_site;

/*
 * Part of every key: a change of the prompts makes old answers worthless, and
 * one of what holds (grounding.h) makes old refusals so.
 */
#define ENRICH_PROMPTS "3"

struct enrich {
	/* In, borrowed. */
	struct job *job;
	struct described_site *site;
	const struct provider *provider; /* with chat */
	int texts; /* descriptor of the file of texts (crawled_page.text_at) */
	/*
	 * Answers of earlier runs by key (64 hex digits): JSON, valid until
	 * the next call, or NULL; and where new ones go.  What was recalled
	 * is not given to keep again.
	 */
	const char *(*recall)(void *ctx, const char *key);
	void (*keep)(void *ctx, const char *key, const char *json);
	/* Called when lines got better: the file can be shown again. */
	void (*improved)(void *ctx);
	void *ctx;

	/* Out. */
	size_t recalled;  /* pages answered by recall, refused ones too */
	size_t described; /* pages whose line is the model's, recalled too */
	size_t refused;   /* pages whose answers did not hold */
	size_t calls;     /* of the model */
	long tokens;      /* in and out, as counted by the provider */
	const char *note; /* why the model stopped helping; NULL: it did not */
};

/*
 * enrich_site: E_STOPPED when the job was; else OK, whatever the model did.
 * Strings live in the site's arena.
 */
enum rc enrich_site(struct enrich *e) MUST_CHECK;

#endif
