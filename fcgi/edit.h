/*
 * edit: a completed llms.txt, edited by hand.
 *
 * The edited text replaces the file; the generated one stays beside it as
 * llms.generated.txt.  The changes are kept for the account and the host
 * (core/llms_edits.h) and are applied to the host's next llms.txt.
 */
#ifndef FCGI_EDIT_H
#define FCGI_EDIT_H

#include "core/llms_edits.h"
#include "core/llms_parse.h"
#include "core/rc.h"
#include "fcgi/artifact.h"

#include <stdbool.h>
#include <stddef.h>

struct request;

struct edit {
	const char *hostname;
	struct artifact_file shown; /* llms.txt as it is now */
	struct artifact_file generated;
	bool edited; /* the two differ */
	/* Kept for the host. */
	struct llms_edits old;
	struct json_object *old_json; /* NULL: none */
	const char *old_at;           /* when they were kept, RFC 3339 */
};

/*
 * edit_load: of generation rq->param.id.  E_NOTFOUND; E_CONFLICT, with its
 * sentence: the type cannot be edited, or the generation is not completed.
 */
enum rc edit_load(struct request *rq, struct edit *e) MUST_CHECK;

/*
 * edit_save: replaces e->shown with text.  file is what text was parsed as;
 * E_INPUT: file.issues say what is wrong.  E_CONFLICT: the file was replaced
 * since edit_load.  E_TOOBIG: more edits than web.edits_bytes hold.  On OK,
 * *kept is the number of edits that are kept for the host.
 */
enum rc edit_save(struct request *rq, const struct edit *e, const char *text,
    size_t len, struct llms_file *file, size_t *kept) MUST_CHECK;

/* edit_undo: restores the generated file and deletes the edits of the host. */
enum rc edit_undo(struct request *rq, const struct edit *e) MUST_CHECK;

#endif
