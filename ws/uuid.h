/* uuid: a UUID as its 16 bytes, for comparing and sets. */
#ifndef WS_UUID_H
#define WS_UUID_H

#include "core/ids.h"

#include <stdbool.h>
#include <stdint.h>

struct uuid {
	unsigned char b[16];
};

/* uuid_from_text: false when text is not a UUID. */
bool uuid_from_text(const char *text, struct uuid *out);

/* uuid_to_text: lower case. */
void uuid_to_text(const struct uuid *u, char out[UUID_LEN + 1]);

int uuid_cmp(const struct uuid *a, const struct uuid *b);

#endif
