/* version_label: one part of a path as a version: "3.11", "v2", "stable". */
#ifndef WORKER_CRAWL_RULES_VERSION_LABEL_H
#define WORKER_CRAWL_RULES_VERSION_LABEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VERSION_NUMBERS 4
#define VERSION_BYTES 32 /* with the NUL */

enum version_form {
	VERSION_NONE,
	VERSION_BARE,   /* "3", which may be anything */
	VERSION_DOTTED, /* "3.11" */
	VERSION_MARKED, /* "v3", "1.x", "release-2", "2.0rc1" */
	VERSION_WORD    /* "stable", "dev" */
};

/* How good it is: the best is kept. */
enum version_grade {
	VERSION_DEV,   /* "dev", "main", "nightly" */
	VERSION_EARLY, /* "2.0rc1" */
	VERSION_NUMBER,
	VERSION_LTS,
	VERSION_LATEST,
	VERSION_CURRENT,
	VERSION_STABLE
};

struct version_label {
	enum version_form form;
	enum version_grade grade;
	uint32_t number[VERSION_NUMBERS]; /* UINT32_MAX after the last: "3" is
					     any 3.x */
};

/*
 * version_label: takes n bytes of a path apart; false: they are no version.
 * A bare number is one up to three digits, unless it begins with a zero.
 */
bool version_label(const char *s, size_t n, struct version_label *out);

/* version_compare: as qsort's; the greater one is the better to keep. */
int version_compare(
    const struct version_label *x, const struct version_label *y);

#endif
