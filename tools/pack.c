/*
 * pack: the files of static/, compressed for the front servers.
 * usage: pack FOLDER FILE...
 * FILE becomes FOLDER/NAME.gz and FOLDER/NAME.br, as small as they get and
 * the same bytes each time.
 */
#include <brotli/encode.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define MOST (8u << 20) /* bytes of one file */
/* With a gzip header, which has neither name nor time (zlib.h). */
#define GZIP_WINDOW (15 + 16)

static void
die(const char *what, const char *path)
{
	fprintf(stderr, "pack: %s: %s\n", path, what);
	exit(1);
}

static size_t
load(const char *path, unsigned char *to)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL)
		die(strerror(errno), path);
	n = fread(to, 1, MOST, f);
	if (ferror(f) || n == MOST)
		die("cannot be read, or is larger than 8 MB", path);
	fclose(f);
	return n;
}

static void
save(const char *folder, const char *path, const char *end,
    const unsigned char *p, size_t n)
{
	const char *name = strrchr(path, '/');
	char to[4096];
	FILE *f;

	snprintf(to, sizeof(to), "%s/%s%s", folder,
	    name == NULL ? path : name + 1, end);
	f = fopen(to, "wb");
	if (f == NULL || fwrite(p, 1, n, f) != n || fclose(f) != 0)
		die(strerror(errno), to);
}

static size_t
by_gzip(unsigned char *p, size_t n, unsigned char *out, size_t cap)
{
	z_stream z = {
	    .next_in = p,
	    .avail_in = (uInt)n,
	    .next_out = out,
	    .avail_out = (uInt)cap,
	};

	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 9,
		Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflate(&z, Z_FINISH) != Z_STREAM_END)
		die("cannot be compressed", "gzip");
	deflateEnd(&z);
	return z.total_out;
}

static size_t
by_brotli(const unsigned char *p, size_t n, unsigned char *out, size_t cap)
{
	if (!BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW,
		BROTLI_MODE_TEXT, n, p, &cap, out))
		die("cannot be compressed", "brotli");
	return cap;
}

int
main(int argc, char **argv)
{
	unsigned char *in = malloc(MOST), *out = malloc(2 * MOST);
	size_t n;

	if (argc < 3 || in == NULL || out == NULL)
		die("usage: pack FOLDER FILE...", "");
	for (int i = 2; i < argc; i++) {
		n = load(argv[i], in);
		save(argv[1], argv[i], ".gz", out,
		    by_gzip(in, n, out, 2 * MOST));
		save(argv[1], argv[i], ".br", out,
		    by_brotli(in, n, out, 2 * MOST));
	}
	free(in);
	free(out);
	return 0;
}
