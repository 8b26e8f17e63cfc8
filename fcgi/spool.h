/*
 * spool: large answers as files, which the front server sends by itself.
 *
 * A slow reader then costs one descriptor of the front server: no thread
 * waits for it, and no memory and no second copy on the disk.  Invariants:
 * the files of the folder together are never larger than the ceiling; a file
 * that has its final name is whole and does not change.  The folder is shared
 * by all threads and processes of one machine; ".lock" orders them.
 *
 * When there is no room, the oldest files are removed first, and files that
 * nobody reads before those that are being read: such a reader is cut off, and
 * can resume with a range.  What was requested a moment ago goes last.
 */
#ifndef FCGI_SPOOL_H
#define FCGI_SPOOL_H

#include "core/rc.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* A file's name: a hash in hex, or one of a single answer. */
#define SPOOL_NAME_MAX 80
/* Begins the names of files that one answer alone has. */
#define SPOOL_ONCE "once-"

struct spool {
	const char *path; /* absolute, borrowed; NULL: it is of no use */
	size_t max;       /* of all files together, bytes */
	size_t floor;     /* so much of the disk stays free, bytes */
	int streams_max;  /* answers that may hold a thread until they are read
			   */
	atomic_int streams;
};

/* Where the bytes of a file come from. */
struct spool_source {
	size_t size;
	/*
	 * The next piece from at on: owned by the source until the next call.
	 * An error ends the copy, and spool_put returns it.
	 */
	enum rc (*read)(void *ctx, size_t at, const char **p, size_t *n);
	void *ctx;
};

/* spool_init: makes the folder where it is missing. */
void spool_init(
    struct spool *s, const char *path, size_t max, size_t floor, int streams);

/* spool_has: a file of this name is there, and stays for some seconds. */
bool spool_has(const struct spool *s, const char *name);

/*
 * spool_put: a file of this name is in the folder, from now or from before,
 * and stays for some seconds.  Takes as long as the copy, and some seconds
 * more where room is to be made.  Errors: E_LIMIT, the disk is nearly full, or
 * another's copy takes too long; E_TOOBIG, larger than the ceiling;
 * E_UNAVAILABLE, the folder cannot be written; else the source's.
 */
enum rc spool_put(const struct spool *s, const char *name,
    const struct spool_source *from) MUST_CHECK;

/*
 * spool_stream: counts one more answer that a thread sends itself; false: there
 * are too many.  spool_streamed: that answer was sent.
 */
bool spool_stream(struct spool *s);
void spool_streamed(struct spool *s);

/*
 * spool_trim: keeps the files of a folder that is not ours (the request bodies
 * of lighttpd) at max bytes together, by emptying the oldest.
 */
void spool_trim(const char *path, size_t max);

#endif
