/*
 * enrich_parts: what enrich.c (the pages) and enrich_head.c (title, summary,
 * sections) share.
 */
#ifndef WORKER_LLMS_ENRICH_PARTS_H
#define WORKER_LLMS_ENRICH_PARTS_H

#include "core/arena.h"
#include "core/json.h"
#include "worker/llms/enrich.h"

struct chat_answer;

#define ENRICH_PROMPT_BYTES (4U << 20)
/* What an answer takes beside its pages, tokens. */
#define ENRICH_ANSWER_TOKENS 200
/* Kept for a question whose answers do not hold: it is not asked again. */
#define ENRICH_REFUSED "{}"

/* enrich_field: on one line, without the mark between fields. */
const char *enrich_field(struct arena *a, const char *s, size_t max);

/* enrich_words: how many, in a text of one line. */
size_t enrich_words(const char *s);

/* enrich_sentence: s has the form of a description. */
bool enrich_sentence(const char *s);

/* enrich_json: NULL when text is none. */
struct json_object *enrich_json(struct arena *a, const char *text);

/* enrich_is_refused: o is what ENRICH_REFUSED reads as. */
bool enrich_is_refused(struct json_object *o);

/* enrich_gone: notes why the model ended; true: because the job did. */
bool enrich_gone(struct enrich *e, const struct chat_answer *answer);

/*
 * enrich_head: the site's summary, information and names of sections.
 * scratch is reset.  E_STOPPED as enrich_site.
 */
MUST_CHECK enum rc enrich_head(struct enrich *e, struct arena *scratch);

#endif
