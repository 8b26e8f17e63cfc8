/*
 * quote: how fast a language model describes one page, measured.
 *
 * It is asked as it would be for an order, about one page, and given up after
 * a few seconds; what came until then is enough to go by.
 */
#ifndef WORKER_LLMS_MODEL_QUOTE_H
#define WORKER_LLMS_MODEL_QUOTE_H

#include <stdbool.h>

struct html_page;
struct job;
struct provider;

struct model_quote {
	double start_ms; /* until its first word */
	double page_ms;  /* for the words on one page, from the first on */
	bool cut;        /* it was given up: it takes at least that long */
};

/*
 * model_quote: provider has a model; max_ms bounds it.  False: it failed, or
 * the job was stopped; why is in the log.
 */
bool model_quote(struct job *job, const struct provider *provider,
    const char *url, const struct html_page *doc, long max_ms,
    struct model_quote *out);

#endif
