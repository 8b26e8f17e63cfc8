/*
 * diff: what changed from one llms.txt of a site to the next.
 *
 * A completed generation is compared with the last one before it that its
 * account completed for the same host (by the time of completion, whatever
 * was ordered), or with one that was asked for.  Files are compared as they
 * are shown, hand edits included.
 */
#ifndef FCGI_DIFF_H
#define FCGI_DIFF_H

#include "core/json.h"
#include "core/llms_diff.h"
#include "core/rc.h"

#include <stddef.h>

struct request;

struct diff {
	const char *id;
	const char *against;    /* the older one's id */
	const char *against_at; /* when it was completed, RFC 3339 */
	const char *hostname;
	struct llms_file before, after;
	struct llms_diff d;
};

/*
 * diff_load: of rq->param.id with against, or with the previous one where
 * that is NULL.  E_NOTFOUND, E_CONFLICT (not completed), E_INPUT, each with
 * its sentence.
 */
enum rc diff_load(
    struct request *rq, const char *against, struct diff *out) MUST_CHECK;

/*
 * diff_json: as programs and pages get it; of each list at most `limit` from
 * `offset` on.  The caller owns it.
 */
struct json_object *diff_json(
    const struct diff *diff, size_t offset, size_t limit);

/* diff_text: all of it as lines with "+" and "-", in the arena. */
enum rc diff_text(struct request *rq, const struct diff *diff,
    const char **text, size_t *len) MUST_CHECK;

#endif
