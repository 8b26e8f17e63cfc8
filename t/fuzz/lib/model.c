#include "t/fuzz/lib/model.h"

#include "core/buf.h"
#include "core/conf.h"
#include "core/json.h"
#include "worker/extract/charset.h"
#include "worker/model/chat.h"
#include "worker/model/model_http.h"
#include "worker/model/provider.h"

#include <stdlib.h>
#include <string.h>

#define SMALL_BYTES 64
#define LARGE_BYTES (1u << 20)
#define WAIT_MS 7000
/* A server may be asked again without what it rejected, so often. */
#define CALLS_MAX 6

/* The server: what it answers to every question. */
struct server {
	const char *body;
	size_t len;
	int status;
	bool breaks, waits;
	unsigned seed; /* of the pieces; 0: whole */
	int calls;
	struct buf said; /* what was given to delta */
};

/* Where model_http_run finds it: its caller knows nothing of it. */
static struct server *server;

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* ---- in the place of worker/model/model_http.c
 * --------------------------------- */

static size_t
piece(size_t left)
{
	size_t n;

	if (server->seed == 0)
		return left;
	server->seed = server->seed * 1103515245u + 12345u;
	n = 1 + (server->seed >> 16) % (server->seed & 0x40000000u ? 3 : 50);
	return n < left ? n : left;
}

static void
pour(struct model_http *h)
{
	size_t n;

	for (size_t at = 0; at < server->len; at += n) {
		/* Of its own, so that reading on is seen. */
		char *copy;
		bool more;

		n = piece(server->len - at);
		copy = malloc(n);
		must(copy != NULL);
		memcpy(copy, server->body + at, n);
		more = h->sink(h->ctx, copy, n);
		free(copy);
		if (!more) {
			h->error = MODEL_HTTP_SINK;
			return;
		}
	}
}

void
model_http_run(struct model_http *h, struct arena *a)
{
	must(++server->calls <= CALLS_MAX);
	h->status = server->status;
	h->error = MODEL_HTTP_OK;
	h->error_text = "";
	h->error_body = "";
	h->error_len = 0;
	h->retry_after = server->waits ? "7" : NULL;
	h->retry_after_ms = NULL;
	h->should_retry = server->waits ? "true" : NULL;
	h->request_id = NULL;
	if (h->status == 200) {
		pour(h);
	} else {
		h->error_body = arena_strndup(a, server->body, server->len);
		h->error_len = server->len;
	}
	if (server->breaks && h->error == MODEL_HTTP_OK)
		h->error = MODEL_HTTP_BROKEN;
}

const char *
model_http_why(const struct model_http *h, struct arena *a, const char *name)
{
	return arena_printf(a, "%s: %d.", name, (int)h->error);
}

long
model_retry_ms(const struct model_http *h)
{
	return h->retry_after != NULL ? WAIT_MS : 0;
}

/* ---- the question -------------------------------------------------------- */

static void
heard(void *ctx, const char *p, size_t n)
{
	struct server *s = ctx;

	buf_add(&s->said, p, n);
}

/* sentence: what people read has no line ends and no broken letters. */
static void
sentence(const char *s)
{
	must(s != NULL && s[0] != '\0');
	must(utf8_valid(s, strlen(s)) == strlen(s));
	for (; *s != '\0'; s++)
		must((unsigned char)*s >= ' ');
}

static void
check(const struct chat_answer *c, const struct server *s, size_t max)
{
	must((c->error == CHAT_OK) == (c->why == NULL));
	must(c->error < CHAT_ERROR_MAX && c->finish <= CHAT_LENGTH);
	if (c->why != NULL)
		sentence(c->why);
	must(c->error != CHAT_OK || (c->text.len > 0 && s->status == 200));
	must(c->text.len <= max);
	must(utf8_valid(c->text.data, c->text.len) == c->text.len);
	must(s->said.len == c->text.len &&
	     memcmp(s->said.data, c->text.data, c->text.len) == 0);
	/* A day at most, which may have 25 hours. */
	must(c->after_ms >= 0 && c->after_ms <= 90000000);
	must(c->tokens_in >= -1 && c->tokens_in <= CHAT_TOKENS_MAX);
	must(c->tokens_out >= -1 && c->tokens_out <= CHAT_TOKENS_MAX);
}

static void
ask(const struct provider *provider, struct server *s, unsigned flags,
    struct arena *a, struct chat_answer *answer)
{
	struct conf conf = {
	    .ollama_url = "http://ollama.test:11434",
	    .ollama_model = "m",
	    .ollama_key = "",
	    .ollama_context_tokens = 8192,
	    .gemini_url = "https://gemini.test/v1beta",
	    .gemini_model = "m",
	    .gemini_key = "k",
	    .gemini_context_tokens = 8192,
	    .openai_url = "http://openai.test/v1",
	    .openai_model = "m",
	    .openai_key = "k",
	    .openai_context_tokens = 8192,
	};
	struct chat_request rq = {
	    .conf = &conf,
	    .system = "Be brief.",
	    .prompt = "What is it?",
	    .schema_name = "x",
	    .max_tokens = 100,
	    .max_bytes = flags & MODEL_SMALL ? SMALL_BYTES : LARGE_BYTES,
	    .delta = heard,
	    .ctx = s,
	};

	if (flags & MODEL_SCHEMA)
		rq.schema = json_new(a);
	buf_init(&s->said, LARGE_BYTES);
	chat_init(answer, rq.max_bytes);
	server = s;
	provider->chat(&rq, a, answer);
	server = NULL;
	check(answer, s, rq.max_bytes);
}

static void
same(const struct chat_answer *x, const struct chat_answer *y)
{
	must(x->error == y->error && x->finish == y->finish);
	must((x->why == NULL) == (y->why == NULL));
	must(x->why == NULL || strcmp(x->why, y->why) == 0);
	must(x->text.len == y->text.len);
	must(memcmp(x->text.data, y->text.data, x->text.len) == 0);
	/* A daily quota ends at a time of day, which comes nearer meanwhile. */
	must(x->after_ms == y->after_ms || x->error == CHAT_QUOTA);
	must(x->tokens_in == y->tokens_in && x->tokens_out == y->tokens_out);
}

void
model_fuzz(const struct provider *provider, const uint8_t *data, size_t len)
{
	static const int statuses[] = {200, 200, 200, 200, 200, 200, 200, 200,
	    400, 401, 404, 408, 422, 429, 500, 503};
	struct server s = {0}, whole;
	struct chat_answer x, y;
	struct arena a;

	if (len < 2)
		return;
	arena_init(&a);
	s.body = (const char *)data + 2;
	s.len = len - 2;
	s.status = statuses[data[1] & MODEL_STATUS];
	s.breaks = data[1] & MODEL_BREAKS;
	s.waits = data[1] & MODEL_WAIT;
	whole = s;
	ask(provider, &whole, data[1], &a, &x);
	s.seed = 1 + data[0];
	ask(provider, &s, data[1], &a, &y);
	same(&x, &y);
	chat_release(&x);
	chat_release(&y);
	buf_release(&whole.said);
	buf_release(&s.said);
	arena_release(&a);
}
