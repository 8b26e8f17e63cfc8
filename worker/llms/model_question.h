/*
 * ask: one question to a model, with patience: errors that pass are waited
 * out, the others end it.
 */
#ifndef WORKER_LLMS_MODEL_QUESTION_H
#define WORKER_LLMS_MODEL_QUESTION_H

#include "worker/model/chat.h"

struct enrich;

/*
 * model_question: JSON by schema.  The object in a; NULL on a failure: answer
 * says which (CHAT_OK with NULL: the answer was cut or is no JSON).
 */
struct json_object *model_question(struct enrich *e, struct arena *a,
    const char *system, const char *prompt, struct json_object *schema,
    const char *name, int max_tokens, struct chat_answer *answer);

#endif
