#include "core/ids.h"

#include "core/clock.h"
#include "core/log.h"

#include <ctype.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void
random_bytes(void *p, size_t n)
{
	/* Up to 256 bytes come whole once the system is seeded. */
	if (n > 256 || getrandom(p, n, 0) != (ssize_t)n)
		fatal("getrandom gave no %zu bytes", n);
}

void
uuid_make(char out[UUID_LEN + 1])
{
	unsigned char b[16];
	uint64_t ms = (uint64_t)clock_unix_ms();
	int i, n = 0;

	random_bytes(b, sizeof(b));
	for (i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i));
	b[6] = 0x70 | (b[6] & 0x0f);
	b[8] = 0x80 | (b[8] & 0x3f);
	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[n++] = '-';
		n += snprintf(out + n, 3, "%02x", b[i]);
	}
}

bool
uuid_valid(const char *s)
{
	int i;

	for (i = 0; i < UUID_LEN; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (s[i] != '-')
				return false;
		} else if (!isxdigit((unsigned char)s[i])) {
			return false;
		}
	}
	return s[UUID_LEN] == '\0';
}

long long
uuid_ms(const char *uuid)
{
	char hex[13];

	memcpy(hex, uuid, 8);
	memcpy(hex + 8, uuid + 9, 4);
	hex[12] = '\0';
	return strtoll(hex, NULL, 16);
}

char *
base64url_encode(struct arena *a, const void *p, size_t n)
{
	const unsigned char *in = p;
	uint32_t bits = 0;
	char *out, *to;
	int have = 0;
	size_t i;

	to = out = arena_alloc(a, n * 4 / 3 + 3);
	for (i = 0; i < n; i++) {
		bits = bits << 8 | in[i];
		for (have += 8; have >= 6; have -= 6)
			*to++ = alphabet[bits >> (have - 6) & 63];
	}
	if (have > 0)
		*to++ = alphabet[bits << (6 - have) & 63];
	return out;
}

void
token_make(char out[TOKEN_LEN + 1])
{
	unsigned char b[TOKEN_BYTES];
	struct arena a;

	random_bytes(b, sizeof(b));
	arena_init(&a);
	memcpy(out, base64url_encode(&a, b, sizeof(b)), TOKEN_LEN + 1);
	arena_release(&a);
}

bool
token_valid(const char *s)
{
	return strlen(s) == TOKEN_LEN && strspn(s, alphabet) == TOKEN_LEN;
}

void
sha256_hash(const void *p, size_t n, unsigned char out[SHA256_BYTES])
{
	SHA256(p, n, out);
}

char *
sha256_hex(struct arena *a, const void *p, size_t n)
{
	unsigned char h[SHA256_BYTES];
	char *out;
	int i;

	sha256_hash(p, n, h);
	out = arena_alloc(a, 2 * SHA256_BYTES + 1);
	for (i = 0; i < SHA256_BYTES; i++)
		snprintf(out + 2 * i, 3, "%02x", h[i]);
	return out;
}

bool
same_secret(const char *a, const char *b)
{
	size_t n = strlen(a);

	return n == strlen(b) && CRYPTO_memcmp(a, b, n) == 0;
}
