/*
 * writer: Markdown as it is written, mark by mark.
 *
 * White space is collapsed and deferred, and so are opening marks: they are
 * written before the next visible character, or never.  So "<b> x </b>" gives
 * " **x** ", and an empty element gives nothing.
 */
#ifndef WORKER_EXTRACT_WRITER_H
#define WORKER_EXTRACT_WRITER_H

#include "core/buf.h"
#include "worker/extract/tree.h"

#define WRITER_MARKS 24
#define WRITER_PREFIX 512 /* bytes of "> " and list indentation */

struct writer_mark {
	const char *open;  /* literal: "**" */
	const char *close; /* literal, or the arena's: "](url)" */
	bool written;
	bool once; /* a link: not opened again after a block */
};

struct writer_marks {
	struct writer_mark list[WRITER_MARKS];
	unsigned n;
};

struct writer {
	struct buf out;
	size_t good; /* length of out after the last whole block */

	char prefix[WRITER_PREFIX]; /* at the start of each line */
	size_t prefix_len;
	size_t low;       /* the shortest it was since the last text */
	char marker[16];  /* "- " or "12. ", due at the next text */
	size_t marker_at; /* prefix bytes before it */

	const char *lead; /* "## ", due after the marker and before marks */

	unsigned due;  /* line feeds due: 0, 1 or 2 */
	bool hard;     /* the one due is a <br> */
	bool space;    /* a space is due */
	bool fresh;    /* nothing on this line yet but prefix and marker */
	unsigned flat; /* in a heading or a cell: blocks are spaces */
	bool cell;     /* in a table cell: "|" is escaped */

	struct writer_marks open;
	const char *closed; /* the mark, no link, that ended at closed_at */
	size_t closed_at;
	unsigned links; /* open: brackets in them are escaped */
	uint32_t words;
};

/* writer_init: out holds at most max bytes. */
void writer_init(struct writer *w, size_t max);
void writer_release(struct writer *w);

/* writer_text: words, escaped where Markdown would take them for marks. */
void writer_text(struct writer *w, struct slice s);

/* writer_raw: n bytes as they are, behind what is due. */
void writer_raw(struct writer *w, const char *s, size_t n);

/* writer_escape_last: a backslash before the last byte, if there is room. */
void writer_escape_last(struct writer *w);

/* writer_break: a block ends: n line feeds (1 or 2) before what follows. */
void writer_break(struct writer *w, unsigned n);

/* writer_br: a line break inside a paragraph; two of them end it. */
void writer_br(struct writer *w);

/* writer_line: a line feed and the prefix, at once (fenced code). */
void writer_line(struct writer *w);

/* writer_blank: the same for an empty line: no space at its end. */
void writer_blank(struct writer *w);

/*
 * writer_push: opens a mark; false when too many are open or it is open
 * already: then do not pop.
 */
bool writer_push(
    struct writer *w, const char *open, const char *close, bool once);
void writer_pop(struct writer *w);

/*
 * writer_suspend: no mark from outside reaches into what follows (a cell),
 * until writer_resume.
 */
void writer_suspend(struct writer *w, struct writer_marks *saved);
void writer_resume(struct writer *w, const struct writer_marks *saved);

/* writer_indent: more prefix (and a marker) from here; writer_outdent: less. */
size_t writer_indent(struct writer *w, const char *prefix, const char *marker);
void writer_outdent(struct writer *w, size_t before);

#endif
