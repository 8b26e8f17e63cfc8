/*
 * check: reads an llms.txt back (core/llms_parse.h) and sums it up.
 */
#ifndef WORKER_LLMS_CHECK_H
#define WORKER_LLMS_CHECK_H

#include "core/llms_parse.h"
#include "core/rc.h"

#include <stddef.h>

struct arena;

struct check_report {
	const char *title; /* NULL: none was found */
	const char *summary;
	size_t paragraphs; /* of information */
	size_t sections;
	size_t links;
	struct llms_issue *issues; /* in the order of lines */
	size_t nissues;            /* kept, at most LLMS_ISSUES */
	size_t found;              /* issues in all ... */
	size_t invalid;            /* ... and those that are not just advice */
	size_t dropped[LLMS_KIND_MAX];
};

/*
 * check_llms: parses n bytes.  OK: there is nothing to say.
 * E_INPUT: see issues; with none invalid, all are advice.
 * The report's strings live in a.
 */
MUST_CHECK enum rc check_llms(
    struct arena *a, const void *bytes, size_t n, struct check_report *out);

#endif
