#include "core/checksum.h"

#include <string.h>

#define LANES 4
#define ODD 0x9e3779b97f4a7c15ULL

static inline uint64_t
checksum_step(uint64_t sum, const char *p, size_t n)
{
	uint64_t word = 0;

	memcpy(&word, p, n);
	sum = (sum ^ word) * ODD;
	return sum ^ sum >> 32;
}

uint64_t
checksum64_add(uint64_t begin, const void *bytes, size_t n)
{
	const size_t w = sizeof(uint64_t);
	const char *p = bytes;
	uint64_t sum = begin ^ n;
	uint64_t lane[LANES] = {sum, sum + 1, sum + 2, sum + 3};

	/* A multiplication takes its time; four go on side by side. */
	if (n >= LANES * w) {
		for (; n >= LANES * w; p += LANES * w, n -= LANES * w)
			for (size_t i = 0; i < LANES; i++)
				lane[i] = checksum_step(lane[i], p + i * w, w);
		for (size_t i = 0; i < LANES; i++)
			sum = checksum_step(sum, (const char *)&lane[i], w);
	}
	for (; n >= w; p += w, n -= w)
		sum = checksum_step(sum, p, w);
	return checksum_step(sum, p, n);
}
