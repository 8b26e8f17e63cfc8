/*
 * llms_parse: an llms.txt taken apart and checked (llmstxt.org, "Format").
 *
 * Some faults make a file invalid, others are advice (core/llms_issue.def).
 * What we write ourselves must have neither.  One cause gives one message.
 * Time grows with the file's size and no faster.
 */
#ifndef CORE_LLMS_PARSE_H
#define CORE_LLMS_PARSE_H

#include "core/rc.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

/* The section of what a reader in a hurry may skip; always the last. */
#define LLMS_OPTIONAL "Optional"

struct llms_link {
	const char *title;
	const char *url;
	const char *text; /* description, "" where there is none */
	uint32_t section; /* index into llms_file.sections */
};

struct llms_section {
	const char *name;
	uint32_t first; /* its links stand together in llms_file.links ... */
	uint32_t n;     /* ... and are so many */
};

enum llms_level { LLMS_INVALID, LLMS_ADVICE };

enum llms_kind {
#define LLMS_ISSUE(name, level, message, kind) LLMS_##name,
#include "core/llms_issue.def"
#undef LLMS_ISSUE
	LLMS_KIND_MAX
};

struct llms_issue {
	unsigned line;    /* from 1; 0: the file as a whole */
	const char *what; /* a sentence without its full stop */
	enum llms_kind kind;
};

/*
 * Issues of one kind that are kept; the others are only counted.  Of lines
 * that end in CR LF one is kept: they have one cause.
 */
#define LLMS_PER_KIND 10
#define LLMS_ISSUES ((size_t)LLMS_PER_KIND * LLMS_KIND_MAX)

struct llms_file {
	const char *title;   /* NULL: none was found */
	const char *summary; /* the same */
	const char **info;   /* paragraphs; lines of one are parted by LF */
	size_t ninfo;
	struct llms_section *sections;
	size_t nsections;
	struct llms_link *links; /* in the order of the file */
	size_t nlinks;
	struct llms_issue *issues; /* in the order of lines */
	size_t nissues;            /* kept, at most LLMS_ISSUES */
	size_t found;              /* issues in all ... */
	size_t invalid;            /* ... and those that are not just advice */
	size_t dropped[LLMS_KIND_MAX]; /* found, but not kept */
};

enum llms_level llms_issue_level(enum llms_kind kind);

/* llms_issue_kind: what issues of the kind are about, a plural. */
const char *llms_issue_kind(enum llms_kind kind);

/*
 * llms_parse: n bytes, copied into a, where all of out lives.  OK: there is
 * nothing to say.  E_INPUT: see issues, which may be advice alone; what could
 * be read is there all the same.
 */
MUST_CHECK enum rc llms_parse(
    struct arena *a, const void *bytes, size_t n, struct llms_file *out);

/*
 * llms_print: the file in its one form; title and summary are not NULL.
 * Parsing it gives the same file.  Ask buf_ok(out) afterwards.
 */
void llms_print(struct buf *out, const struct llms_file *f);

#endif
