/*
 * report_json: report.json of an llms.txt, as a worker writes it and
 * platen-web reads it.
 *
 * It is one object.  Its head (counts, reasons, model, edits, ...) is small;
 * its last member, "pages", has an entry for each page that was found and may
 * be 100 MB.  So a reader is fed with pieces: it keeps the head, and one entry
 * at a time.
 */
#ifndef CORE_SCHEMA_REPORT_JSON_H
#define CORE_SCHEMA_REPORT_JSON_H

#include "core/buf.h"
#include "core/rc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct arena;
struct json_object;

/* One entry of "pages"; strings are UTF-8 of one line. */
struct report_page {
	const char *url;
	const char *disposition; /* "listed"; the member "fate" */
	const char *lastmod;     /* or NULL */
	/* Of a page that is left out. */
	const char *reason; /* a sentence; NULL: the page is listed */
	const char *detail; /* or NULL */
	const char *other;  /* the page it is a copy of, or NULL */
	/* Of a page that is listed. */
	const char *section;
	const char *title;
};

/* report_page_write: the entry as JSON, on one line without its end. */
void report_page_write(FILE *out, const struct report_page *p);

/* report_page_read: strings are borrowed from o; disposition is never NULL. */
void report_page_read(struct json_object *o, struct report_page *out);

/* What the head has on one reason why pages were left out. */
struct report_reason {
	const char *disposition;
	const char *sentence;
	long pages;
};

/* Where a reader is. */
enum report_stage { REPORT_HEAD, REPORT_PAGES, REPORT_END };

struct report_reader {
	enum report_stage stage;
	/* The head without its pages; NULL until the first of them. */
	struct json_object *head;
	struct arena *a; /* the head lives in it */

	/* Of each page; false: no more is wanted, and the stage is the end. */
	bool (*page)(void *arg, const struct report_page *p);
	void *arg;

	/* For the reader alone. */
	struct buf text; /* of the head, or of an entry */
	size_t key;      /* where the last string of the head began */
	size_t key_end;
	int depth;
	bool in_string, escaped;
};

/* report_reader_init: sets all but page and arg; release when done. */
void report_reader_init(struct report_reader *r, struct arena *a);
void report_reader_release(struct report_reader *r);

/*
 * report_reader_feed: the next n bytes.  E_INPUT: it is no report, or its head
 * or an entry is larger than any that is written.
 */
enum rc report_reader_feed(
    struct report_reader *r, const char *p, size_t n) MUST_CHECK;

/* report_left_out: pages in no file; report_listed: in the file. */
long report_left_out(struct json_object *head);
long report_listed(struct json_object *head);

/* report_reason: the i-th reason, the most frequent first; false: no more. */
bool report_reason(
    struct json_object *head, size_t i, struct report_reason *out);

#endif
