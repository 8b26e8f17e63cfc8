#include "fcgi/compress.h"

#include "fcgi/encoding.h"
#include "fcgi/request.h"

#include <brotli/encode.h>
#include <string.h>
#include <zlib.h>

/* What fits into one packet anyway, bytes. */
#define LEAST 860
/* More than that would keep a thread for seconds. */
#define MOST (16u << 20)
/*
 * A page of 445 kB takes 7 ms either way; it becomes 67 kB by gzip and 54 kB by
 * brotli.
 */
#define GZIP_LEVEL 5
#define BROTLI_QUALITY 5
#define BROTLI_WINDOW 18 /* 256 kB; bits */

/* With a gzip header (zlib.h, deflateInit2). */
#define GZIP_WINDOW (15 + 16)

static bool
is_text(const char *type)
{
	return strncmp(type, "text/", 5) == 0 ||
	       strncmp(type, "application/json", 16) == 0 ||
	       strncmp(type, "application/problem+json", 24) == 0;
}

/* Into cap bytes; 0: it does not get smaller. */
static size_t
gzip_compress(const struct reply *r, unsigned char *out, size_t cap)
{
	z_stream z = {
	    .next_in = (unsigned char *)(uintptr_t)r->body,
	    .avail_in = (uInt)r->len,
	    .next_out = out,
	    .avail_out = (uInt)cap,
	};
	size_t n = 0;

	if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8,
		Z_DEFAULT_STRATEGY) != Z_OK)
		return 0;
	if (deflate(&z, Z_FINISH) == Z_STREAM_END)
		n = z.total_out;
	deflateEnd(&z);
	return n;
}

static size_t
brotli_compress(const struct reply *r, unsigned char *out, size_t cap)
{
	size_t n = cap;

	if (!BrotliEncoderCompress(BROTLI_QUALITY, BROTLI_WINDOW,
		BROTLI_MODE_TEXT, r->len, (const uint8_t *)r->body, &n, out))
		return 0;
	return n;
}

void
compress_reply(struct request *rq)
{
	struct reply *r = &rq->reply;
	enum encoding e;
	char *out;
	size_t n;

	if (r->exact || r->body == NULL || r->type == NULL ||
	    !is_text(r->type) || r->len < LEAST || r->len > MOST)
		return;
	r->varies = true;
	e = encoding_choose(request_header(rq, "HTTP_ACCEPT_ENCODING"));
	if (e == ENCODING_NONE)
		return;
	out = arena_raw(rq->arena, r->len);
	n = e == ENCODING_GZIP
		? gzip_compress(r, (unsigned char *)out, r->len)
		: brotli_compress(r, (unsigned char *)out, r->len);
	if (n == 0)
		return;
	r->body = out;
	r->len = n;
	r->encoding = encoding_name(e);
}
