/*
 * chat: one question to a language model and its answer, whoever it is.
 *
 * A provider (worker/provider/NAME.c) puts the question into its own wire
 * format, reads the answer's stream and sorts its errors into these classes.
 * Nothing here retries: the caller knows what a wait is worth.
 */
#ifndef WORKER_MODEL_CHAT_H
#define WORKER_MODEL_CHAT_H

#include "core/arena.h"
#include "core/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conf;
struct json_object;

struct chat_request {
	const struct conf *conf;    /* addresses, keys, models, time limits */
	const char *system;         /* instructions */
	const char *prompt;         /* what it is about */
	struct json_object *schema; /* JSON Schema of the answer; NULL: text */
	const char *schema_name;    /* [A-Za-z0-9_-]{1,64}, with schema */
	int max_tokens;             /* of the answer; 0: the model's own */
	int temperature_milli;      /* 0 to 2000 */
	size_t max_bytes;           /* of the answer */
	/* The answer as it arrives; may be NULL. */
	void (*delta)(void *ctx, const char *p, size_t n);
	/* True: give up at once; may be NULL.  Asked ten times a second. */
	bool (*stopping)(void *ctx);
	void *ctx;
};

enum chat_error {
#define CHAT_ERROR(name, word) CHAT_##name,
#include "worker/model/chat_errors.def"
#undef CHAT_ERROR
	CHAT_ERROR_MAX
};

enum chat_finish {
	CHAT_DONE,   /* the model came to its end */
	CHAT_LENGTH, /* cut at the token limit: JSON in it is broken */
};

struct chat_answer {
	struct buf text; /* owned; chat_release */
	enum chat_error error;
	enum chat_finish finish;
	const char *why; /* a sentence, with an error; in the arena */
	long after_ms;   /* CHAT_AGAIN, CHAT_QUOTA: not before; 0 unknown */
	long tokens_in;  /* as the provider counts; -1 unknown */
	long tokens_out;
	const char *request; /* the provider's id of the call, for logs; NULL */
	bool grown;          /* see chat_raise_max_tokens */
	bool thought;        /* it failed for it held nothing but thoughts */
};

/* chat_init: an empty answer that takes max bytes of text. */
void chat_init(struct chat_answer *c, size_t max);
void chat_release(struct chat_answer *c);

/* chat_fail: notes the first error; later ones change nothing. */
void chat_fail(struct chat_answer *c, struct arena *a, enum chat_error error,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* chat_add_text: adds to the text and tells delta; over the limit: an error. */
void chat_add_text(struct chat_answer *c, const struct chat_request *rq,
    struct arena *a, const char *p, size_t n);

/* A count above this is no count. */
#define CHAT_TOKENS_MAX 1000000000

/*
 * chat_token_count: a provider's count of tokens as it may be added up; -1 when
 * it cannot be one.
 */
long chat_token_count(int64_t n);

/*
 * chat_retry_wait_ms: ms to wait before asking again after so many tries (1 and
 * more) that all failed: what the provider asked for, else a second, doubled
 * each time, with jitter.  -1: it is not worth it, the answer's error is no
 * CHAT_AGAIN, most tries are made, or the wait would be over two minutes.
 */
long chat_retry_wait_ms(const struct chat_answer *c, int tries, int most);

/*
 * chat_raise_max_tokens: whether the answer was cut before its first word, by a
 * model that thought all its tokens away: then more->max_tokens is raised for
 * another try, once, and the answer is as new.
 */
bool chat_raise_max_tokens(struct chat_answer *c, struct chat_request *more);

/*
 * chat_check_empty: an answer without a word is an error, whose it is.  Of
 * thoughts alone it is CHAT_PERMANENT with thought set: asked for less, the
 * model may come to its answer.
 */
void chat_check_empty(
    struct chat_answer *c, struct arena *a, const char *label);

/* chat_label_inside: a provider's label inside a sentence ("the model's ...").
 */
const char *chat_label_inside(struct arena *a, const char *label);

/* chat_error_name: as a word for logs. */
const char *chat_error_name(enum chat_error e);

#endif
