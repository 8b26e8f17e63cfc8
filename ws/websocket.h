/*
 * websocket: a parser of the frames that a client sends (RFC 6455, 5).
 *
 * We parse frames ourselves because libwebsockets 4 accepts unmasked frames,
 * invalid close codes and lengths that are not written shortest, and does not
 * report an empty pong.  The module knows no socket: bytes go in, messages come
 * out.
 */
#ifndef WS_WEBSOCKET_H
#define WS_WEBSOCKET_H

#include "core/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define WEBSOCKET_CONTROL_MAX 125
#define WEBSOCKET_HEADER_MAX \
	14 /* of a client's frame; a server's has no mask */

enum websocket_opcode {
	WEBSOCKET_OP_CONTINUE = 0,
	WEBSOCKET_OP_TEXT = 1,
	WEBSOCKET_OP_BINARY = 2,
	WEBSOCKET_OP_CLOSE = 8,
	WEBSOCKET_OP_PING = 9,
	WEBSOCKET_OP_PONG = 10,
};

enum websocket_event {
	WEBSOCKET_MORE, /* all bytes are used, no frame is complete */
	WEBSOCKET_TEXT, /* message has it, until the next call */
	WEBSOCKET_PING, /* control and ncontrol have what the pong repeats */
	WEBSOCKET_PONG,
	WEBSOCKET_CLOSE, /* code (0: none was given) */
	WEBSOCKET_BAD,   /* close with code and why; nothing more is read */
};

/* The bytes of a character that are still to come, and what the next may be. */
struct websocket_utf8 {
	uint8_t left, low, high;
};

struct websocket {
	size_t max; /* of one message, bytes */
	uint8_t header[WEBSOCKET_HEADER_MAX];
	uint8_t nheader;
	uint8_t mask[4];
	uint8_t op;
	bool fin;
	bool in_frame;      /* its header is complete */
	bool in_message;    /* a text has begun, and has not ended */
	bool message_taken; /* the message was returned */
	bool broken;        /* WEBSOCKET_BAD was said */
	uint64_t left;      /* bytes of the frame's payload to come */
	uint64_t at;        /* those that have come */
	struct websocket_utf8 utf8;
	uint8_t ncontrol;
	uint8_t control[WEBSOCKET_CONTROL_MAX];
	struct buf message; /* owned */
	int code;
	const char *why; /* a literal */
};

void websocket_init(struct websocket *w, size_t max);
void websocket_release(struct websocket *w);

/* websocket_read: of *p up to end, what comes first; *p goes behind it. */
enum websocket_event websocket_read(
    struct websocket *w, const unsigned char **p, const unsigned char *end);

/*
 * websocket_header: of a whole frame of a server's, into the bytes just before
 * its len bytes of payload; how many they are, at most 10.
 */
size_t websocket_header(
    unsigned char *payload, enum websocket_opcode op, size_t len);

#endif
