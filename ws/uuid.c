#include "ws/uuid.h"

#include <stdio.h>
#include <string.h>

static unsigned
hex_digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : ((unsigned)c | 32u) - 'a' + 10u;
}

bool
uuid_from_text(const char *text, struct uuid *out)
{
	int n = 0;

	/* uuid_valid looks at UUID_LEN bytes and no terminator before. */
	if (strlen(text) != UUID_LEN || !uuid_valid(text))
		return false;
	for (const char *p = text; *p != '\0'; p += 2) {
		if (*p == '-')
			p++;
		out->b[n++] =
		    (unsigned char)(hex_digit(p[0]) << 4 | hex_digit(p[1]));
	}
	return true;
}

void
uuid_to_text(const struct uuid *u, char out[UUID_LEN + 1])
{
	static const char hex[] = "0123456789abcdef";
	int n = 0;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[n++] = '-';
		out[n++] = hex[u->b[i] >> 4];
		out[n++] = hex[u->b[i] & 15];
	}
	out[n] = '\0';
}

int
uuid_cmp(const struct uuid *a, const struct uuid *b)
{
	return memcmp(a->b, b->b, sizeof(a->b));
}
