/*
 * enrich_question: questions to a model about a site: their form, the room for
 * them, what is kept of the answers, and patience.
 */
#ifndef WORKER_LLMS_ENRICH_QUESTION_H
#define WORKER_LLMS_ENRICH_QUESTION_H

#include "core/arena.h"
#include "core/json.h"
#include "worker/llms/enrich.h"
#include "worker/model/chat.h"

#define ENRICH_PROMPT_BYTES (4U << 20)
/* What an answer takes beside its pages, tokens. */
#define ENRICH_ANSWER_TOKENS 200
/* Kept for a question whose answers do not hold: it is not asked again. */
#define ENRICH_REFUSED "{}"
/* Bytes of text that make a token, at the least. */
#define ENRICH_TOKEN_BYTES 3

/* enrich_field: on one line, without the mark between fields. */
const char *enrich_field(struct arena *a, const char *s, size_t max);

/* enrich_words: how many, in a text of one line. */
size_t enrich_words(const char *s);

/* enrich_wordy: s is more words than marks, also as a paragraph. */
bool enrich_wordy(struct arena *a, const char *s);

/*
 * enrich_sentence: s has the form of a description, a summary or the like, of
 * at most so many code points.
 */
bool enrich_sentence(struct arena *a, const char *s, size_t most);

/*
 * enrich_repeats: some words of line in a row are the other page's, and
 * neither in what is shown of its own page nor in that page's text.
 */
bool enrich_repeats(struct arena *a, const char *line, const char *other,
    const char *own, const char *text);

/* enrich_json: NULL when text is none. */
struct json_object *enrich_json(struct arena *a, const char *text);

/* enrich_is_refused: o is what ENRICH_REFUSED reads as. */
bool enrich_is_refused(struct json_object *o);

/* enrich_gone: notes why the model ended; true: because the job did. */
bool enrich_gone(struct enrich *e, const struct chat_answer *answer);

/* enrich_room: what of the context is left for a question, bytes. */
size_t enrich_room(const struct enrich *e, size_t rules, size_t answer_tokens);

/* enrich_key: of the answer to what is shown, 64 hex digits in a. */
const char *enrich_key(struct enrich *e, struct arena *a, const char *shown);

/*
 * enrich_keep_refused: the question is not asked again.  With limited, not
 * before the model's context is another: it did not fit.
 */
void enrich_keep_refused(
    struct enrich *e, struct arena *a, const char *key, bool limited);

/* enrich_recall: what was kept for key, or for it and this context; or NULL. */
const char *enrich_recall(struct enrich *e, struct arena *a, const char *key);

/* One question about the site, with its own cache. */
struct enrich_question {
	const char *name; /* of the schema; part of the key */
	const char *rules, *schema;
	const char *shown;
};

/*
 * enrich_ask: out is the answer in a, NULL when none holds or the model is
 * gone.  E_STOPPED: the job is.
 */
MUST_CHECK enum rc enrich_ask(struct enrich *e, struct arena *a,
    const struct enrich_question *q, struct json_object **out);

/*
 * model_question: asks with patience: errors that pass are waited out, the
 * others end it.  The answer is JSON by schema: the object in a; NULL on a
 * failure: answer says which (CHAT_OK with NULL: the answer was cut or is no
 * JSON).
 */
struct json_object *model_question(struct enrich *e, struct arena *a,
    const char *system, const char *prompt, struct json_object *schema,
    const char *name, int max_tokens, struct chat_answer *answer);

#endif
