/* ids: UUIDv7 (RFC 9562), random tokens and their hashes. */
#ifndef CORE_IDS_H
#define CORE_IDS_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>

#define UUID_LEN 36    /* without the terminator */
#define TOKEN_BYTES 32 /* of entropy in a session token */
#define TOKEN_LEN 43   /* as base64url without padding */
#define SHA256_BYTES 32

/* uuid_make: a new UUIDv7, lower case. */
void uuid_make(char out[UUID_LEN + 1]);

/* uuid_valid: s is 36 characters of a UUID, in either case. */
bool uuid_valid(const char *s);

/* uuid_ms: the time inside a UUIDv7, ms since 1970. */
long long uuid_ms(const char *uuid);

/* token_make: TOKEN_BYTES from the system, as base64url (RFC 4648, 5). */
void token_make(char out[TOKEN_LEN + 1]);

/* token_valid: TOKEN_LEN characters of base64url. */
bool token_valid(const char *s);

/* random_bytes: from the system's generator; a failure is fatal. */
void random_bytes(void *p, size_t n);

void sha256_hash(const void *p, size_t n, unsigned char out[SHA256_BYTES]);

/* sha256_hex: of the bytes, as 64 lower-case digits in the arena. */
char *sha256_hex(struct arena *a, const void *p, size_t n);

/* base64url: bytes as text without padding, in the arena. */
char *base64url_encode(struct arena *a, const void *p, size_t n);

/* same_secret: equal strings, in a time that does not tell where they differ.
 */
bool same_secret(const char *a, const char *b);

#endif
