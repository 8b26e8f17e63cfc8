/*
 * check: reads an llms.txt back, as strictly as any of its parsers does.
 *
 * What write_llms makes must pass; what a person wrote by hand is told line
 * by line what is wrong with it.
 */
#ifndef WORKER_LLMS_CHECK_H
#define WORKER_LLMS_CHECK_H

#include "core/rc.h"

#include <stddef.h>

struct arena;

struct check_issue {
	unsigned line;    /* from 1; 0: the file as a whole */
	const char *what; /* a sentence without its full stop */
};

struct check_report {
	const char *title; /* NULL: none was found */
	const char *summary;
	size_t paragraphs; /* of information */
	size_t sections;
	size_t links;
	struct check_issue *issues; /* in the order of lines */
	size_t nissues;             /* kept, at most CHECK_ISSUES */
	size_t found;               /* issues in all */
};

/* Enough to mend a file by; a megabyte of junk does not report every line. */
#define CHECK_ISSUES 1000

/*
 * check_llms: parses n bytes.  OK: nothing is wrong.  E_INPUT: see issues.
 * The report's strings live in a.
 */
MUST_CHECK enum rc check_llms(
    struct arena *a, const void *bytes, size_t n, struct check_report *out);

#endif
