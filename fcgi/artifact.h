/* artifact: the bytes of a result file, for pages and JSON calls. */
#ifndef FCGI_ARTIFACT_H
#define FCGI_ARTIFACT_H

#include "core/rc.h"

#include <stdbool.h>

struct request;

/*
 * artifact_send: replies with rq->param.name of generation rq->param.id: 200,
 * 206, 304, 412 or 416 as the request's conditions say.  as_text: whatever it
 * is, it is shown as plain text.  ?download=1 gives it a name to be saved by.
 */
enum rc artifact_send(struct request *rq, bool as_text) MUST_CHECK;

#endif
