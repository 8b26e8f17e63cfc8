#include "worker/model/message_stream.h"

#include <string.h>

void
message_stream_init(struct message_stream *s, enum message_framing kind,
    size_t max, message_stream_fn *message, void *ctx)
{
	s->kind = kind;
	s->message = message;
	s->ctx = ctx;
	s->has_data = false;
	s->after_cr = false;
	s->first = true;
	s->failed = false;
	buf_init(&s->line, max);
	buf_init(&s->data, max);
}

void
message_stream_release(struct message_stream *s)
{
	buf_release(&s->line);
	buf_release(&s->data);
}

static bool
message_stream_deliver(struct message_stream *s, const char *text, size_t n)
{
	if (!s->message(s->ctx, text, n))
		s->failed = true;
	return !s->failed;
}

static bool
sse_dispatch(struct message_stream *s)
{
	bool good = true;

	if (s->has_data)
		good = message_stream_deliver(s, s->data.data, s->data.len);
	s->has_data = false;
	buf_clear(&s->data);
	return good;
}

/* One line of an event stream; only "data" matters to model APIs. */
static bool
sse_line(struct message_stream *s, const char *p, size_t n)
{
	if (n == 0)
		return sse_dispatch(s);
	if (n < 4 || memcmp(p, "data", 4) != 0 || (n > 4 && p[4] != ':'))
		return true;
	p += n > 4 ? 5 : 4;
	n -= n > 4 ? 5 : 4;
	if (n > 0 && *p == ' ') {
		p++;
		n--;
	}
	if (s->has_data)
		buf_addc(&s->data, '\n');
	s->has_data = true;
	buf_add(&s->data, p, n);
	if (!buf_ok(&s->data))
		s->failed = true;
	return !s->failed;
}

static bool
ndjson_line(struct message_stream *s, const char *p, size_t n)
{
	size_t blank = strspn(p, " \t");

	return blank >= n || message_stream_deliver(s, p, n);
}

/* The line that is complete now. */
static bool
end_line(struct message_stream *s)
{
	const char *p = s->line.data;
	size_t n = s->line.len;
	bool good;

	if (s->first && n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		p += 3;
		n -= 3;
	}
	s->first = false;
	good =
	    s->kind == FRAMING_SSE ? sse_line(s, p, n) : ndjson_line(s, p, n);
	buf_clear(&s->line);
	return good;
}

bool
message_stream_feed(struct message_stream *s, const char *p, size_t n)
{
	const char *end = p + n, *stop;

	if (s->kind == FRAMING_WHOLE && !s->failed) {
		buf_add(&s->line, p, n);
		s->failed = !buf_ok(&s->line);
		return !s->failed;
	}
	while (p < end && !s->failed) {
		if (s->after_cr && *p == '\n') {
			s->after_cr = false;
			p++;
			continue;
		}
		s->after_cr = false;
		for (stop = p; stop < end && *stop != '\n' && *stop != '\r';)
			stop++;
		buf_add(&s->line, p, (size_t)(stop - p));
		if (!buf_ok(&s->line)) {
			s->failed = true;
			break;
		}
		p = stop;
		if (p == end)
			break;
		s->after_cr = *p++ == '\r';
		if (!end_line(s))
			break;
	}
	return !s->failed;
}

bool
message_stream_end(struct message_stream *s)
{
	if (!s->failed && s->line.len > 0)
		(void)end_line(s);
	if (!s->failed && s->kind == FRAMING_SSE)
		(void)sse_dispatch(s);
	return !s->failed;
}
