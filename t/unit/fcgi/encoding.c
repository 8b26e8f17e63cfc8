/* Which coding a client gets: what it asks for, and never what it refuses. */
#include "fcgi/encoding.h"

#include "t/tap.h"

#include <stddef.h>

static const struct {
	const char *accept;
	enum encoding want;
} cases[] = {
    {NULL, ENCODING_NONE},
    {"", ENCODING_NONE},
    {"gzip", ENCODING_GZIP},
    {"br", ENCODING_BROTLI},
    {"gzip, deflate, br, zstd", ENCODING_BROTLI},
    {"br;q=0.5,gzip;q=0.501", ENCODING_GZIP},
    {"gzip;q=0", ENCODING_NONE},
    {"gzip;q=0.000", ENCODING_NONE},
    {"*", ENCODING_BROTLI},
    {"*;q=0.1, br;q=0", ENCODING_GZIP},
    {"*;q=0", ENCODING_NONE},
    {"identity", ENCODING_NONE},
    {"identity;q=0, *", ENCODING_BROTLI},
    {"identity, gzip;q=0.9", ENCODING_NONE},
    {"identity;q=0.5, gzip;q=0.9", ENCODING_GZIP},
    {"GZip", ENCODING_GZIP},
    {"\tgzip ; Q=1.000 ,", ENCODING_GZIP},
    {"gzip;level=9;q=0", ENCODING_NONE},
    {"gzip;q=1.001", ENCODING_NONE},
    {"gzip;q=-1", ENCODING_NONE},
    {"gzip;q=", ENCODING_NONE},
    {"gzip;q=.5", ENCODING_NONE},
    {"gzip;q=0.12345", ENCODING_NONE},
    {"gzip;", ENCODING_GZIP},
    {"x-gzip", ENCODING_GZIP},
    {"gzipper, brotli", ENCODING_NONE},
    {", ;q=1, ;;", ENCODING_NONE},
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_int(encoding_choose(cases[i].accept), cases[i].want,
		    cases[i].accept == NULL ? "(none)" : cases[i].accept);
	return done();
}
