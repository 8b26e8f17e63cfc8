#include "ws/websocket.h"

#include <string.h>

#define CLOSE_PROTOCOL 1002
#define CLOSE_BINARY 1003
#define CLOSE_NOT_UTF8 1007
#define CLOSE_TOO_LARGE 1009

void
websocket_init(struct websocket *w, size_t max)
{
	memset(w, 0, sizeof(*w));
	w->max = max;
	buf_init(&w->message, max);
}

void
websocket_release(struct websocket *w)
{
	buf_release(&w->message);
}

static enum websocket_event
websocket_error(struct websocket *w, int code, const char *why)
{
	w->broken = true;
	w->code = code;
	w->why = why;
	return WEBSOCKET_BAD;
}

/* ---- UTF-8 (RFC 3629) ------------------------------------------------- */

static bool
utf8_first(struct websocket_utf8 *u, uint8_t c)
{
	u->low = 0x80;
	u->high = 0xbf;
	if (c < 0x80)
		return true;
	if (c < 0xc2 || c > 0xf4)
		return false;
	u->left = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
	/* No longer than needed, no half of a pair, none over U+10FFFF. */
	if (c == 0xe0)
		u->low = 0xa0;
	else if (c == 0xed)
		u->high = 0x9f;
	else if (c == 0xf0)
		u->low = 0x90;
	else if (c == 0xf4)
		u->high = 0x8f;
	return true;
}

static bool
utf8_take(struct websocket_utf8 *u, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (u->left == 0) {
			if (!utf8_first(u, p[i]))
				return false;
			continue;
		}
		if (p[i] < u->low || p[i] > u->high)
			return false;
		u->left--;
		u->low = 0x80;
		u->high = 0xbf;
	}
	return true;
}

/* ---- the header of a frame -------------------------------------------- */

static bool
is_control(int op)
{
	return op >= WEBSOCKET_OP_CLOSE;
}

static size_t
header_size(const struct websocket *w)
{
	int len7;

	if (w->nheader < 2)
		return 2;
	len7 = w->header[1] & 127;
	return 2 + (len7 == 126 ? 2 : len7 == 127 ? 8 : 0) + 4;
}

/* What its first two bytes can say. */
static enum websocket_event
check_first_bytes(struct websocket *w)
{
	int op = w->header[0] & 15, len7 = w->header[1] & 127;
	bool fin = (w->header[0] & 0x80) != 0;

	if ((w->header[0] & 0x70) != 0)
		return websocket_error(
		    w, CLOSE_PROTOCOL, "reserved bits are set");
	if ((op > WEBSOCKET_OP_BINARY && op < WEBSOCKET_OP_CLOSE) ||
	    op > WEBSOCKET_OP_PONG)
		return websocket_error(w, CLOSE_PROTOCOL, "unknown opcode");
	if ((w->header[1] & 0x80) == 0)
		return websocket_error(
		    w, CLOSE_PROTOCOL, "frame is not masked");
	if (is_control(op) && !fin)
		return websocket_error(
		    w, CLOSE_PROTOCOL, "control frame in pieces");
	if (is_control(op) && len7 > WEBSOCKET_CONTROL_MAX)
		return websocket_error(
		    w, CLOSE_PROTOCOL, "control frame is too long");
	if (op == WEBSOCKET_OP_CONTINUE && !w->in_message)
		return websocket_error(
		    w, CLOSE_PROTOCOL, "nothing to continue");
	if ((op == WEBSOCKET_OP_TEXT || op == WEBSOCKET_OP_BINARY) &&
	    w->in_message)
		return websocket_error(
		    w, CLOSE_PROTOCOL, "message inside another");
	if (op == WEBSOCKET_OP_BINARY)
		return websocket_error(w, CLOSE_BINARY, "text only");
	return WEBSOCKET_MORE;
}

static enum websocket_event
begin_frame(struct websocket *w)
{
	int len7 = w->header[1] & 127;
	int bytes = len7 == 126 ? 2 : len7 == 127 ? 8 : 0;

	w->left = bytes == 0 ? (uint64_t)len7 : 0;
	for (int i = 0; i < bytes; i++)
		w->left = w->left << 8 | w->header[2 + i];
	if ((bytes == 2 && w->left < 126) || (bytes == 8 && w->left < 65536) ||
	    w->left >> 63 != 0)
		return websocket_error(
		    w, CLOSE_PROTOCOL, "length is not written shortest");
	memcpy(w->mask, w->header + 2 + bytes, 4);
	w->op = w->header[0] & 15;
	w->fin = (w->header[0] & 0x80) != 0;
	w->in_frame = true;
	w->nheader = 0;
	w->at = 0;
	if (is_control(w->op)) {
		w->ncontrol = 0;
		return WEBSOCKET_MORE;
	}
	w->in_message = true;
	if (w->left > w->max - w->message.len)
		return websocket_error(w, CLOSE_TOO_LARGE, "at most 16 kB");
	return WEBSOCKET_MORE;
}

static enum websocket_event
read_header(
    struct websocket *w, const unsigned char **p, const unsigned char *end)
{
	while (*p < end && w->nheader < header_size(w)) {
		w->header[w->nheader++] = *(*p)++;
		if (w->nheader == 2 && check_first_bytes(w) == WEBSOCKET_BAD)
			return WEBSOCKET_BAD;
	}
	if (w->nheader < 2 || w->nheader < header_size(w))
		return WEBSOCKET_MORE;
	return begin_frame(w);
}

/* ---- its payload ------------------------------------------------------ */

/* The piece of it that is there, unmasked, to where it belongs. */
static enum websocket_event
read_payload(
    struct websocket *w, const unsigned char **p, const unsigned char *end)
{
	unsigned char piece[1024];
	size_t n;

	while (w->left > 0 && *p < end) {
		n = (size_t)(end - *p);
		n = n > sizeof(piece) ? sizeof(piece) : n;
		n = n > w->left ? (size_t)w->left : n;
		for (size_t i = 0; i < n; i++)
			piece[i] = (*p)[i] ^ w->mask[(w->at + i) & 3];
		*p += n;
		w->at += n;
		w->left -= n;
		if (is_control(w->op)) {
			memcpy(w->control + w->ncontrol, piece, n);
			w->ncontrol += (uint8_t)n;
			continue;
		}
		if (!utf8_take(&w->utf8, piece, n))
			return websocket_error(
			    w, CLOSE_NOT_UTF8, "text is not UTF-8");
		buf_add(&w->message, piece, n);
	}
	return WEBSOCKET_MORE;
}

/* RFC 6455, 7.4: those that may be on the wire. */
static bool
code_valid(int code)
{
	if (code >= 3000)
		return code < 5000;
	return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
}

static enum websocket_event
end_close(struct websocket *w)
{
	struct websocket_utf8 u = {0};

	if (w->ncontrol == 1)
		return websocket_error(w, CLOSE_PROTOCOL, "half a close code");
	w->code = w->ncontrol == 0 ? 0 : w->control[0] << 8 | w->control[1];
	if (w->ncontrol > 0 && !code_valid(w->code))
		return websocket_error(
		    w, CLOSE_PROTOCOL, "no code to close with");
	if (w->ncontrol > 2 &&
	    (!utf8_take(&u, w->control + 2, w->ncontrol - 2U) || u.left > 0))
		return websocket_error(
		    w, CLOSE_NOT_UTF8, "reason is not UTF-8");
	return WEBSOCKET_CLOSE;
}

static enum websocket_event
end_frame(struct websocket *w)
{
	w->in_frame = false;
	if (w->op == WEBSOCKET_OP_CLOSE)
		return end_close(w);
	if (w->op == WEBSOCKET_OP_PING)
		return WEBSOCKET_PING;
	if (w->op == WEBSOCKET_OP_PONG)
		return WEBSOCKET_PONG;
	if (!w->fin)
		return WEBSOCKET_MORE;
	if (w->utf8.left > 0)
		return websocket_error(
		    w, CLOSE_NOT_UTF8, "text ends in half a character");
	w->in_message = false;
	w->message_taken = true;
	return WEBSOCKET_TEXT;
}

enum websocket_event
websocket_read(
    struct websocket *w, const unsigned char **p, const unsigned char *end)
{
	enum websocket_event kind = WEBSOCKET_MORE;

	if (w->message_taken)
		buf_release(&w->message);
	w->message_taken = false;
	/* A frame without payload ends where its header does. */
	while (!w->broken && kind == WEBSOCKET_MORE &&
	       (*p < end || (w->in_frame && w->left == 0))) {
		kind = w->in_frame ? read_payload(w, p, end)
				   : read_header(w, p, end);
		if (kind == WEBSOCKET_MORE && w->in_frame && w->left == 0)
			kind = end_frame(w);
	}
	if (w->broken)
		*p = end;
	return w->broken ? WEBSOCKET_BAD : kind;
}

/* ---- a frame of ours -------------------------------------------------- */

size_t
websocket_header(unsigned char *payload, enum websocket_opcode op, size_t len)
{
	int bytes = len < 126 ? 0 : len < 65536 ? 2 : 8;
	unsigned char *p = payload - 2 - bytes;

	p[0] = (unsigned char)(0x80 | op);
	p[1] = (unsigned char)(bytes == 0 ? len : bytes == 2 ? 126 : 127);
	for (int i = 0; i < bytes; i++)
		p[2 + i] =
		    (unsigned char)((uint64_t)len >> 8 * (bytes - 1 - i));
	return 2U + (size_t)bytes;
}
