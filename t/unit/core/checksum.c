#include "core/checksum.h"
#include "t/tap.h"

#include <stdbool.h>
#include <string.h>

/* A bit that goes bad anywhere must be seen, whatever the length. */
static void
sees_every_bit(void)
{
	char text[100];
	bool all = true;

	for (size_t n = 1; n <= sizeof(text); n++) {
		uint64_t good;

		memset(text, 'a', sizeof(text));
		good = checksum64_add(0, text, n);
		for (size_t bit = 0; bit < 8 * n; bit++) {
			text[bit / 8] ^= (char)(1 << bit % 8);
			all &= checksum64_add(0, text, n) != good;
			all &= (uint32_t)checksum64_add(0, text, n) !=
			       (uint32_t)good;
			text[bit / 8] ^= (char)(1 << bit % 8);
		}
	}
	ok(all, "no flipped bit of up to a hundred bytes is missed");
}

int
main(void)
{
	char zeros[80] = {0};
	bool all = true;

	sees_every_bit();
	for (size_t n = 1; n < sizeof(zeros); n++)
		all &= checksum64_add(0, zeros, n) !=
		       checksum64_add(0, zeros, n - 1);
	ok(all, "zeros more are another text");
	ok(checksum64_add(0, "abcdefgh01234567ABCDEFGH89898989", 32) !=
		checksum64_add(0, "01234567abcdefghABCDEFGH89898989", 32),
	    "words that change places are another text");
	ok(checksum64_add(1, "a", 1) != checksum64_add(0, "a", 1),
	    "what is before counts");
	return done();
}
