/* What a WebSocket client sends, whole and in any pieces. */
#include "t/tap.h"
#include "ws/websocket.h"

#define MAX 16384

/* A frame of a client's, its mask 1 2 3 4. */
static size_t
put(unsigned char *out, int first, const void *payload, size_t len)
{
	static const unsigned char mask[4] = {1, 2, 3, 4};
	const unsigned char *p = payload;
	size_t n = 2;

	out[0] = (unsigned char)first;
	out[1] = (unsigned char)(0x80 | (len < 126 ? len : 126));
	if (len >= 126) {
		out[n++] = (unsigned char)(len >> 8);
		out[n++] = (unsigned char)len;
	}
	memcpy(out + n, mask, 4);
	n += 4;
	for (size_t i = 0; i < len; i++)
		out[n + i] = p[i] ^ mask[i & 3];
	return n + len;
}

/* The last that was said of bytes fed so many at a time. */
static enum websocket_event
redis(struct websocket *w, const unsigned char *p, size_t len, size_t step)
{
	enum websocket_event kind = WEBSOCKET_MORE;

	for (size_t i = 0; i < len; i += step) {
		const unsigned char *at = p + i;
		const unsigned char *end =
		    p + (i + step < len ? i + step : len);

		do {
			kind = websocket_read(w, &at, end);
		} while (at < end);
	}
	return kind;
}

static void
reads_in_any_pieces(void)
{
	static const char text[] =
	    "{\"x\":\"gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80\"}";
	unsigned char mem[256];
	size_t n;

	n = put(mem, 0x01, text, 8);
	n += put(mem + n, 0x89, "are you there", 13);
	n += put(mem + n, 0x00, "", 0);
	n += put(mem + n, 0x80, text + 8, sizeof(text) - 9);
	for (size_t step = 1; step <= n; step++) {
		struct websocket w;

		websocket_init(&w, MAX);
		ok(redis(&w, mem, n, step) == WEBSOCKET_TEXT,
		    "a message in pieces of %zu bytes", step);
		is(w.message.data, text, "whole");
		is_int(w.ncontrol, 13, "and the ping between its frames");
		websocket_release(&w);
	}
}

static void
says_one_thing_after_another(void)
{
	unsigned char mem[64];
	const unsigned char *at = mem;
	struct websocket w;
	size_t n;

	n = put(mem, 0x81, "a", 1);
	n += put(mem + n, 0x81, "", 0);
	n += put(mem + n, 0x8a, "", 0);
	n += put(mem + n, 0x81, "bc", 2);
	n += put(mem + n, 0x88, "\x03\xe8", 2);
	websocket_init(&w, MAX);
	is_int(websocket_read(&w, &at, mem + n), WEBSOCKET_TEXT, "a text");
	is(w.message.data, "a", "of one byte");
	is_int(websocket_read(&w, &at, mem + n), WEBSOCKET_TEXT, "another");
	is_int(w.message.len, 0, "of none");
	is_int(websocket_read(&w, &at, mem + n), WEBSOCKET_PONG,
	    "an empty pong is told");
	is_int(websocket_read(&w, &at, mem + n), WEBSOCKET_TEXT, "a third");
	is(w.message.data, "bc", "without what was before");
	is_int(websocket_read(&w, &at, mem + n), WEBSOCKET_CLOSE, "the end");
	is_int(w.code, 1000, "with its code");
	ok(at == mem + n, "and nothing is left");
	websocket_release(&w);
}

static void
knows_utf8(void)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
	    {"\xc2\x80", true},
	    {"\xdf\xbf", true},
	    {"\xe0\xa0\x80", true},
	    {"\xed\x9f\xbf", true},
	    {"\xee\x80\x80", true},
	    {"\xef\xbf\xbf", true},
	    {"\xf0\x90\x80\x80", true},
	    {"\xf4\x8f\xbf\xbf", true},
	    {"\x80", false},
	    {"\xc1\xbf", false},
	    {"\xe0\x9f\xbf", false},
	    {"\xed\xa0\x80", false},
	    {"\xf0\x8f\xbf\xbf", false},
	    {"\xf4\x90\x80\x80", false},
	    {"\xf5\x80\x80\x80", false},
	    {"\xfe", false},
	    {"\xc2", false},
	    {"\xe2\x82", false},
	    {"\xc2z", false},
	    {"\xe2\x82z", false},
	};
	unsigned char mem[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct websocket w;
		size_t n = put(mem, 0x81, cases[i].text, strlen(cases[i].text));

		websocket_init(&w, MAX);
		ok((redis(&w, mem, n, 1)) ==
			(cases[i].good ? WEBSOCKET_TEXT : WEBSOCKET_BAD),
		    "text %zu", i);
		if (!cases[i].good)
			is_int(w.code, 1007, "is closed with 1007");
		websocket_release(&w);
	}
}

static void
takes_as_much_as_it_said(void)
{
	static char text[MAX + 1];
	static unsigned char mem[MAX + 64];
	struct websocket w;

	memset(text, 'x', sizeof(text));
	websocket_init(&w, MAX);
	is_int(redis(&w, mem, put(mem, 0x81, text, MAX), 1000), WEBSOCKET_TEXT,
	    "the ceiling fits");
	is_int(redis(&w, mem, put(mem, 0x81, text, MAX), 1000), WEBSOCKET_TEXT,
	    "again");
	is_int(redis(&w, mem, put(mem, 0x81, text, MAX + 1), 8), WEBSOCKET_BAD,
	    "one more does not");
	is_int(w.code, 1009, "and is closed with 1009");
	is_int(redis(&w, mem, put(mem, 0x81, "{}", 2), 8), WEBSOCKET_BAD,
	    "what follows is not read");
	websocket_release(&w);
}

static void
writes_headers(void)
{
	static const struct {
		size_t len, header;
		const char *bytes;
	} cases[] = {
	    {0, 2, "\x81\x00"},
	    {125, 2, "\x81\x7d"},
	    {126, 4, "\x81\x7e\x00\x7e"},
	    {65535, 4, "\x81\x7e\xff\xff"},
	    {65536, 10, "\x81\x7f\0\0\0\0\0\1\0\0"},
	};
	unsigned char mem[16];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n =
		    websocket_header(mem + 16, WEBSOCKET_OP_TEXT, cases[i].len);

		ok(((long)n) == ((long)cases[i].header),
		    "the header of %zu bytes", cases[i].len);
		ok(memcmp(mem + 16 - n, cases[i].bytes, n) == 0,
		    "as it must be");
	}
}

int
main(void)
{
	reads_in_any_pieces();
	says_one_thing_after_another();
	knows_utf8();
	takes_as_much_as_it_said();
	writes_headers();
	return done();
}
