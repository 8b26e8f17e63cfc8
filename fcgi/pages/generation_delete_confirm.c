/* generation_delete_confirm: GET /generations/{id}/delete, are you sure? */
#include "fcgi/model.h"
#include "fcgi/request.h"
#include "fcgi/view_confirm.h"

static void
say_what_goes(
    struct request *rq, struct view_confirm *v, struct json_object *item)
{
	const char *what = "This permanently deletes its files and history.";

	if (json_flag(item, "isRunning", false))
		what = arena_printf(
		    rq->arena, "This stops the generation. %s", what);
	view_confirm_text(v, what);
	if (json_str(item, "hostname", NULL) != NULL)
		view_confirm_text(
		    v, arena_printf(rq->arena,
			   "Your edits for %s are kept and reapplied next "
			   "time. To remove them, use \"Undo all my edits\" on "
			   "the edit page.",
			   json_str(item, "name", "")));
}

static enum rc
run(struct request *rq)
{
	struct view_confirm v = {.yes = "Delete", .no = "Cancel"};
	struct json_object *item;
	enum rc rc;

	rc = model_show(rq, NULL, &item);
	if (rc != OK)
		return rc;
	model_view(rq, item);
	v.back = arena_printf(rq->arena, "/generations/%s", rq->param.id);
	v.action = arena_printf(rq->arena, "%s/delete", v.back);
	v.heading =
	    arena_printf(rq->arena, "Delete %s?", json_str(item, "prompt", ""));
	view_confirm_start(rq, &v, "Delete");
	view_confirm_crumb(&v, "Your files", "/generations");
	view_confirm_crumb(&v, json_str(item, "name", ""), v.back);
	say_what_goes(rq, &v, item);
	json_put(v.o, "item", item);
	return view_confirm_reply(rq, &v);
}

const struct page page_generation_delete_confirm = {
    .path = "/generations/{id:uuid}/delete",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
