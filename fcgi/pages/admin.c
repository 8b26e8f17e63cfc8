/* admin: GET /admin, the service as its operator sees it. */
#include "fcgi/admin.h"
#include "fcgi/list.h"
#include "fcgi/params.h"
#include "fcgi/request.h"
#include "fcgi/view.h"

#include <string.h>

/* What the last button did: ?done=WORD&n=NUMBER. */
static const struct {
	const char *word;
	const char *one, *many;
} notes[] = {
    {"removed", "One file was removed.", "generations were removed."},
    {"canceled", "One file was canceled.", "generations were canceled."},
    {"again", "One file is waiting again.", "generations wait again."},
};

static void
put_note(struct request *rq, struct json_object *o)
{
	const char *word = params_get(&rq->query, "done");
	const char *number = params_get(&rq->query, "n");
	long n;

	if (word == NULL || number == NULL ||
	    !number_read(number, 0, ADMIN_BATCH, &n))
		return;
	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if (strcmp(word, notes[i].word) == 0)
			json_put_str(o, "note",
			    n == 1 ? notes[i].one
				   : arena_printf(rq->arena, "%ld %s", n,
					 notes[i].many));
}

static enum rc
run(struct request *rq)
{
	struct json_object *o = view_page(rq, "Administration");
	enum rc rc = admin_model(rq, o);

	if (rc != OK)
		return rc;
	put_note(rq, o);
	return reply_page(rq, "admin", o);
}

const struct page page_admin = {
    .path = "/admin",
    .methods = GET,
    .scope = SCOPE_ADMIN,
    .run = run,
};
