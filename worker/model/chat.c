#include "worker/model/chat.h"

#include "core/ids.h"

#include <stdarg.h>
#include <string.h>

#define FIRST_WAIT_MS 1000
/* No longer in the middle of a job; a longer one is as good as gone. */
#define LONGEST_WAIT_MS 120000

static const char *const names[CHAT_ERROR_MAX] = {
#define CHAT_ERROR(name, word) word,
#include "worker/model/chat_errors.def"
#undef CHAT_ERROR
};

const char *
chat_error_name(enum chat_error e)
{
	return e < CHAT_ERROR_MAX ? names[e] : "unknown";
}

long
chat_token_count(int64_t n)
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
chat_add_text(struct chat_answer *c, const struct chat_request *rq,
    struct arena *a, const char *p, size_t n)
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

/* Up to a quarter more, so that workers do not come back all at once. */
static long
add_jitter(long ms)
{
	unsigned char b;

	random_bytes(&b, 1);
	return ms + ms * b / 1024;
}

long
chat_retry_wait_ms(const struct chat_answer *c, int tries, int most)
{
	long ms = FIRST_WAIT_MS;

	if (c->error != CHAT_AGAIN || tries >= most ||
	    c->after_ms > LONGEST_WAIT_MS)
		return -1;
	if (c->after_ms > 0)
		return c->after_ms;
	while (--tries > 0 && ms < LONGEST_WAIT_MS)
		ms *= 2;
	return add_jitter(ms < LONGEST_WAIT_MS ? ms : LONGEST_WAIT_MS);
}

/* An answer that held only thoughts gets so many times the room. */
#define THINKERS_ROOM 4

static bool
thought_only(const struct chat_answer *c)
{
	return c->error == CHAT_OK && c->text.len == 0 &&
	       c->finish == CHAT_LENGTH;
}

bool
chat_raise_max_tokens(struct chat_answer *c, struct chat_request *more)
{
	if (!thought_only(c) || c->grown || more->max_tokens <= 0)
		return false;
	more->max_tokens *= THINKERS_ROOM;
	c->grown = true;
	c->finish = CHAT_DONE;
	return true;
}

void
chat_check_empty(struct chat_answer *c, struct arena *a, const char *label)
{
	c->thought = thought_only(c);
	if (c->thought)
		chat_fail(c, a, CHAT_PERMANENT,
		    "%s used its whole token budget on reasoning. Turn "
		    "reasoning off or choose another model.",
		    label);
	else if (c->error == CHAT_OK && c->text.len == 0)
		chat_fail(c, a, CHAT_AGAIN, "%s answered nothing.", label);
}

const char *
chat_label_inside(struct arena *a, const char *label)
{
	return strncmp(label, "The ", 4) == 0
		   ? arena_printf(a, "t%s", label + 1)
		   : label;
}
