/*
 * model_call: a question's way over HTTP, the same for every provider: time
 * limits from the configuration, the stream's framing, transport errors as
 * sentences.  What the messages mean is the provider's own.
 */
#ifndef WORKER_MODEL_MODEL_CALL_H
#define WORKER_MODEL_MODEL_CALL_H

#include "worker/model/chat.h"
#include "worker/model/model_http.h"
#include "worker/model/message_stream.h"

struct model_call {
	const char *label; /* "Ollama" */
	const char *url;
	const char *const *headers;
	struct json_object *body; /* borrowed; NULL: GET */
	enum message_framing framing;
	/* One JSON message of the stream; may chat_fail. */
	void (*message)(struct model_call *call, struct json_object *o);
	/* Text that is no JSON ("[DONE]"); true: it was known. */
	bool (*mark)(struct model_call *call, const char *text);
	const struct chat_request *rq;
	struct chat_answer *answer;
	struct arena *arena;
	bool ended;  /* set by message or mark: the answer is whole */
	bool over;   /* set by them, too: nothing that matters follows */
	bool closed; /* no more comes: the last message may be half of one */

	struct model_http http; /* what became of it */
};

/*
 * model_call_run: asks and reads the stream.  Afterwards answer->error is set
 * for every failure of the transport or of the framing, and for a stream that
 * came with 200 but never ended; another status is left to the provider
 * (call->http.status, error_body).
 */
void model_call_run(struct model_call *call);

/*
 * model_call_get_json: one small JSON answer of a GET or POST, for probes. NULL
 * when there was none: answer->why says so, or http.status is not 200.
 */
struct json_object *model_call_get_json(struct model_call *call);

/* model_call_error_body: the error body as JSON, or NULL; an array gives its
 * first. */
struct json_object *model_call_error_body(const struct model_call *call);

/*
 * model_call_error_text: the words of an error in o, {"error":"text"} or
 * {"error":{"message":"text"}}, for a person as model_call_display_text; NULL
 * when o has no error.
 */
const char *model_call_error_text(
    const struct model_call *call, struct json_object *o);

/*
 * model_call_url: base, an address of the configuration, and a path that begins
 * with a slash; base may end in one.
 */
const char *model_call_url(struct arena *a, const char *base, const char *path);

/*
 * model_call_require_key: call it before a key or an address is used: if
 * job_call() has not provided them, that is our bug (BUG).
 */
void model_call_require_key(const char *secret);

/*
 * model_call_bearer_headers: the headers with a key as most servers take it;
 * none for "".
 */
const char *const *model_call_bearer_headers(struct arena *a, const char *key);

/* model_call_display_text: a text for a person from an error body, at most 300
 * bytes. */
const char *model_call_display_text(
    const struct model_call *call, const char *s);

#endif
