/* artifact: the bytes of a result file, for pages and JSON calls. */
#ifndef FCGI_ARTIFACT_H
#define FCGI_ARTIFACT_H

#include "core/rc.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct request;

struct artifact_file {
	const char *bytes; /* ended by a NUL that does not count */
	size_t len;
	const char *sha256; /* hex */
	const char *etag;   /* with its quotes */
};

/*
 * artifact_read: a whole file, in the request's arena.  E_NOTFOUND, with its
 * sentence: there is none, or it is someone else's.
 */
enum rc artifact_read(struct request *rq, const char *id, const char *name,
    struct artifact_file *out) MUST_CHECK;

/* artifact_etag: the strong tag of a file with this hash (hex). */
const char *artifact_etag(struct arena *a, const char *sha256);

/*
 * artifact_send: replies with rq->param.name of generation rq->param.id: 200,
 * 206, 304, 412 or 416 as the request's conditions say.  as_text: whatever it
 * is, it is shown as plain text.  ?download=1 gives it a name to be saved by.
 */
enum rc artifact_send(struct request *rq, bool as_text) MUST_CHECK;

#endif
