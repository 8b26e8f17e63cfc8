/*
 * tap: the Test Anything Protocol for C units, included by one .c per test.
 *
 * A name says what a user would see broken.  A test ends with
 * "return done();".
 */
#ifndef T_TAP_H
#define T_TAP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_count;
static int tap_failed;

#define ok(cond, ...) tap_ok((cond) ? 1 : 0, __FILE__, __LINE__, __VA_ARGS__)

__attribute__((format(printf, 4, 5), unused)) static int
tap_ok(int good, const char *file, int line, const char *fmt, ...)
{
	__builtin_va_list ap;
	char name[512];

	__builtin_va_start(ap, fmt);
	vsnprintf(name, sizeof(name), fmt, ap);
	__builtin_va_end(ap);
	/* "#" would start a TAP directive. */
	for (char *p = name; *p != '\0'; p++)
		if (*p == '#' || *p == '\n')
			*p = '*';
	printf("%sok %d - %s\n", good ? "" : "not ", ++tap_count, name);
	if (!good) {
		tap_failed++;
		printf("#   at %s:%d\n", file, line);
	}
	fflush(stdout);
	return good;
}

#define is(got, want, name) tap_is((got), (want), (name), __FILE__, __LINE__)

__attribute__((unused)) static int
tap_is(const char *got, const char *want, const char *name, const char *file,
    int line)
{
	int same = got == want ||
		   (got != NULL && want != NULL && strcmp(got, want) == 0);

	tap_ok(same, file, line, "%s", name);
	if (!same) {
		printf("#   got:  %.4000s\n", got ? got : "NULL");
		printf("#   want: %.4000s\n", want ? want : "NULL");
	}
	return same;
}

#define is_int(got, want, name) \
	tap_is_int((got), (want), (name), __FILE__, __LINE__)

__attribute__((unused)) static int
tap_is_int(
    long long got, long long want, const char *name, const char *file, int line)
{
	tap_ok(got == want, file, line, "%s", name);
	if (got != want)
		printf("#   got: %lld, want: %lld\n", got, want);
	return got == want;
}

/*
 * within: it took less than limit, both seconds.  The limit is stretched as
 * PLATEN_TEST_PATIENCE says (t/run.pl); the test stands in t/timed.
 */
#define within(took, limit, ...) \
	tap_within((took), (limit), __FILE__, __LINE__, __VA_ARGS__)

__attribute__((format(printf, 5, 6), unused)) static int
tap_within(
    double took, double limit, const char *file, int line, const char *fmt, ...)
{
	const char *patience = getenv("PLATEN_TEST_PATIENCE");
	__builtin_va_list ap;
	char name[400];

	if (patience != NULL)
		limit *= strtod(patience, NULL);
	__builtin_va_start(ap, fmt);
	vsnprintf(name, sizeof(name), fmt, ap);
	__builtin_va_end(ap);
	return tap_ok(took < limit, file, line, "%s (%.2f s, at most %.2f s)",
	    name, took, limit);
}

__attribute__((unused)) static void
skip(int n, const char *why)
{
	while (n-- > 0)
		printf("ok %d # SKIP %s\n", ++tap_count, why);
}

static int
done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed == 0 ? 0 : 1;
}

#endif
