#include "worker/model/chat.h"

#include <stdarg.h>

static const char *const names[CHAT_ERROR_MAX] = {
    [CHAT_OK] = "ok",
    [CHAT_AGAIN] = "again",
    [CHAT_QUOTA] = "quota",
    [CHAT_TOO_LONG] = "too_long",
    [CHAT_BLOCKED] = "blocked",
    [CHAT_PERMANENT] = "permanent",
    [CHAT_STOPPED] = "stopped",
};

const char *
chat_error_name(enum chat_error e)
{
	return e < CHAT_ERROR_MAX ? names[e] : "unknown";
}

long
chat_tokens(int64_t n)
{
	return n >= 0 && n <= CHAT_TOKENS_MAX ? (long)n : -1;
}

void
chat_init(struct chat_answer *c, size_t max)
{
	*c = (struct chat_answer){.tokens_in = -1, .tokens_out = -1};
	buf_init(&c->text, max);
}

void
chat_release(struct chat_answer *c)
{
	buf_release(&c->text);
}

void
chat_fail(struct chat_answer *c, struct arena *a, enum chat_error error,
    const char *fmt, ...)
{
	va_list ap;

	if (c->error != CHAT_OK)
		return;
	c->error = error;
	va_start(ap, fmt);
	c->why = arena_vprintf(a, fmt, ap);
	va_end(ap);
}

void
chat_text(struct chat_answer *c, const struct chat_request *rq, struct arena *a,
    const char *p, size_t n)
{
	if (c->error != CHAT_OK || n == 0)
		return;
	buf_add(&c->text, p, n);
	if (!buf_ok(&c->text))
		chat_fail(c, a, CHAT_PERMANENT,
		    "The model answered with more than %zu bytes.",
		    c->text.max);
	else if (rq->delta != NULL)
		rq->delta(rq->ctx, p, n);
}
