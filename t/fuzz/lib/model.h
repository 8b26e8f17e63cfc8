/*
 * model: what the targets of the providers' streams share: a server of two
 * bytes and a body.
 *
 * The target defines model_http_run in the place of the real one, so all
 * that stands above HTTP is the service's own.
 */
#ifndef T_FUZZ_LIB_MODEL_H
#define T_FUZZ_LIB_MODEL_H

#include <stddef.h>
#include <stdint.h>

struct provider;

/*
 * model_fuzz: one answer, whole and in pieces, must give the same.  The
 * first byte seeds the pieces; the second has the bits below.
 */
void model_fuzz(
    const struct provider *provider, const uint8_t *data, size_t len);

enum {
	MODEL_STATUS = 15, /* which status; half of them are 200 */
	MODEL_BREAKS = 16, /* the connection breaks after the body */
	MODEL_SCHEMA = 32, /* the answer is to be JSON */
	MODEL_SMALL = 64,  /* it may have 64 bytes */
	MODEL_WAIT = 128   /* there is a Retry-After */
};

#endif
