#include "worker/job/wire.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES 65536

void
wire_open(struct wire *w, int fd)
{
	w->fd = fd;
	buf_init(&w->in, WIRE_LINE_MAX + READ_BYTES);
	buf_init(&w->out, 2 * (size_t)WIRE_LINE_MAX);
}

void
wire_close(struct wire *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
	buf_release(&w->in);
	buf_release(&w->out);
}

enum rc
wire_flush(struct wire *w)
{
	ssize_t n;

	while (w->out.len > 0) {
		n = send(w->fd, w->out.data, w->out.len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return OK;
		if (n < 0)
			return E_UNAVAILABLE;
		buf_drop(&w->out, (size_t)n);
	}
	return OK;
}

enum rc
wire_send(struct wire *w, struct json_object *o)
{
	const char *text = json_text(o);

	if (w->fd < 0)
		return E_UNAVAILABLE;
	buf_add(&w->out, text, strlen(text));
	buf_addc(&w->out, '\n');
	if (!buf_ok(&w->out))
		return E_UNAVAILABLE;
	return wire_flush(w);
}

enum rc
wire_put(struct wire *w, struct json_object *o)
{
	enum rc rc;

	rc = wire_send(w, o);
	while (rc == OK && w->out.len > 0) {
		struct pollfd p = {.fd = w->fd, .events = POLLOUT};

		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			return E_UNAVAILABLE;
		rc = wire_flush(w);
	}
	return rc;
}

enum rc
wire_fill(struct wire *w)
{
	char *to;
	ssize_t n;

	to = buf_reserve(&w->in, READ_BYTES);
	if (to == NULL)
		return E_TOOBIG;
	n = read(w->fd, to, READ_BYTES);
	if (n > 0) {
		buf_commit(&w->in, (size_t)n);
		return OK;
	}
	if (n < 0 && errno == EINTR)
		return E_STOPPED;
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return E_NOTFOUND;
	return E_UNAVAILABLE;
}

enum rc
wire_take(struct wire *w, struct arena *a, struct json_object **o)
{
	const char *end, *why;
	size_t len;

	end = memchr(w->in.data, '\n', w->in.len);
	if (end == NULL)
		return w->in.len > WIRE_LINE_MAX ? E_TOOBIG : E_NOTFOUND;
	len = (size_t)(end - w->in.data);
	*o = json_parse(a, w->in.data, len, &why);
	buf_drop(&w->in, len + 1);
	return json_object_is_type(*o, json_type_object) ? OK : E_INPUT;
}
