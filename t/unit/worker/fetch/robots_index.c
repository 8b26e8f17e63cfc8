/* robots_index: the rule that decides is found whatever else is in the file,
 * and no file of rules makes judging an address take long. */
#include "core/log.h"
#include "t/cpu.h"
#include "t/tap.h"
#include "worker/fetch/robots.h"
#include "worker/fetch/robots_index.h"

#include <stdlib.h>
#include <string.h>

#define FILE_BYTES (500 * 1024)

static unsigned
random_below(unsigned n)
{
	static uint64_t state = 20250601;

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(state >> 33) % n;
}

static size_t
random_text(char *out, const char *letters, unsigned most)
{
	size_t n = random_below(most + 1), k = strlen(letters);

	for (size_t i = 0; i < n; i++)
		out[i] = letters[random_below((unsigned)k)];
	out[n] = '\0';
	return n;
}

/* one_file: random rules, and whether a walk over all of them agrees. */
static bool
one_file(struct arena *a)
{
	size_t n = random_below(30);
	struct robots_rule *r = arena_array(a, n + 1, sizeof(*r));
	struct robots_index *x;
	char s[40], t[40];
	bool agrees = true;

	for (size_t i = 0; i < n; i++) {
		s[0] = '/';
		r[i].line = (int)i;
		r[i].allow = random_below(2) == 0;
		robots_rule_compile(
		    a, &r[i], s, 1 + random_text(s + 1, "ab/*$", 8));
	}
	if (n > 1)
		qsort(r, n, sizeof(*r), robots_rule_compare);
	x = robots_index_new(a, r, n);
	for (int k = 0; k < 20; k++) {
		const struct robots_rule *want = NULL;
		uint64_t steps = 0;
		size_t len;

		t[0] = '/';
		len = 1 + random_text(t + 1, "ab/$", 12);
		for (size_t i = 0; i < n && want == NULL; i++)
			if (robots_rule_matches(&r[i], t, len, &steps))
				want = &r[i];
		agrees &= robots_index_find(x, t, len).rule == want;
	}
	return agrees;
}

static void
agrees_with_a_walk(void)
{
	bool agrees = true;

	for (int i = 0; i < 3000; i++) {
		struct arena a;

		arena_init(&a);
		agrees &= one_file(&a);
		arena_release(&a);
	}
	ok(agrees, "3,000 files of random rules: the first that fits decides");
}

/* A file of 500 KiB, each line made by one of these; i is its number. */
static int
line_stars(char *at, size_t max, int i)
{
	return snprintf(at, max, "Disallow: /*a*a*a*a*a*%da*b\n", i);
}

static int
line_short(char *at, size_t max, int i)
{
	return snprintf(
	    at, max, "Disallow:*%ca*%c\n", 'a' + i % 26, 'a' + i / 26 % 26);
}

static int
line_same(char *at, size_t max, int i)
{
	(void)i;
	return snprintf(at, max, "Disallow: /*a*b*a\n");
}

static int
line_deeper(char *at, size_t max, int i)
{
	size_t n = (size_t)i % 1000;

	if (max < n + 20)
		return snprintf(at, max, "#\n");
	memcpy(at, "Allow: /", 8);
	memset(at + 8, 'a', n);
	memcpy(at + 8 + n, "*z\n", 4);
	return (int)n + 11;
}

static int
line_plain(char *at, size_t max, int i)
{
	return snprintf(at, max, "Disallow: /a/%d/\n", i);
}

static int
line_usual(char *at, size_t max, int i)
{
	return snprintf(at, max, "Disallow: /*?*filter%d=\n", i);
}

static const char *
file_of(struct arena *a, int (*line)(char *, size_t, int))
{
	char *text = arena_alloc(a, FILE_BYTES + 2000), *at = text;

	at += snprintf(at, FILE_BYTES, "User-agent: *\n");
	for (int i = 0; at - text < FILE_BYTES - 1100; i++)
		at += line(at, 1100, i);
	return text;
}

/* judged: seconds of processor time for one URL; *most steps. */
static double
judged(struct arena *a, int (*line)(char *, size_t, int), const char *url,
    uint64_t *steps, bool *unsure)
{
	const char *text = file_of(a, line);
	struct robots *r =
	    robots_parse(a, text, strlen(text), "platen", ROBOTS_BYTES);
	struct robots_verdict v = {0};
	double t0 = cpu();

	for (int i = 0; i < 10; i++)
		v = robots_check(r, url);
	*steps = v.steps;
	*unsure = v.unsure;
	if (v.unsure && (v.allowed || v.rule == NULL))
		BUG("what is not known is allowed");
	return (cpu() - t0) / 10;
}

static void
is_quick(void)
{
	static const struct {
		const char *name;
		int (*line)(char *, size_t, int);
	} files[] = {{"stars", line_stars}, {"short rules", line_short},
	    {"one rule again and again", line_same},
	    {"rules that begin with each other", line_deeper},
	    {"plain rules", line_plain}, {"usual rules", line_usual}};
	char *aaa, *mixed;
	struct arena a;
	bool unsure;

	arena_init(&a);
	aaa = arena_alloc(&a, 4000);
	memset(aaa, 'a', 3991);
	aaa[0] = '/';
	mixed = arena_alloc(&a, 4000);
	for (int i = 0; i < 3990; i++)
		mixed[i] = i == 0 ? '/' : (char)('a' + random_below(26));
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		uint64_t one, two;
		double s = judged(&a, files[i].line, aaa, &one, &unsure);
		double t = judged(&a, files[i].line, mixed, &two, &unsure);

		ok(one < 2 * ROBOTS_STEPS && two < 2 * ROBOTS_STEPS &&
			s < 0.02 && t < 0.02,
		    "500 KiB of %s: %.6f and %.6f s a URL", files[i].name, s,
		    t);
	}
	ok(judged(&a, line_plain, "/a/777/b", &(uint64_t){0}, &unsure) <
		    0.001 &&
		!unsure,
	    "a plain file is judged at once");
	ok(judged(&a, line_usual, "/shop/chairs?sort=price&page=2",
	       &(uint64_t){0}, &unsure) < 0.002 &&
		!unsure,
	    "so is one of 18,000 rules about parameters");
	arena_release(&a);
}

int
main(void)
{
	agrees_with_a_walk();
	is_quick();
	return done();
}
