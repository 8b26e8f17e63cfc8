/* uid: a UUID as its 16 bytes, for tables and sets. */
#ifndef WS_UID_H
#define WS_UID_H

#include "core/ids.h"

#include <stdbool.h>
#include <stdint.h>

struct uid {
	unsigned char b[16];
};

/* uid_parse: false when text is not a UUID. */
bool uid_parse(const char *text, struct uid *out);

/* uid_text: lower case. */
void uid_text(const struct uid *u, char out[UUID_LEN + 1]);

int uid_cmp(const struct uid *a, const struct uid *b);

/* uid_hash: spreads; a UUIDv7 differs most in its last bytes. */
uint32_t uid_hash(const struct uid *u);

#endif
