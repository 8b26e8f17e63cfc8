/* generation_edit_undo_confirm: GET /generations/{id}/edit/undo, are you sure?
 */
#include "core/text.h"
#include "fcgi/edit.h"
#include "fcgi/request.h"
#include "fcgi/view_confirm.h"

static enum rc
run(struct request *rq)
{
	struct view_confirm v = {.yes = "Undo all my edits", .no = "Cancel"};
	const char *show;
	struct edit e;
	size_t n;
	enum rc rc = edit_load(rq, &e);

	if (rc != OK)
		return rc;
	n = llms_edits_count(&e.old);
	show = arena_printf(rq->arena, "/generations/%s", rq->param.id);
	v.back = arena_printf(rq->arena, "%s/edit", show);
	v.action = arena_printf(rq->arena, "%s/undo", v.back);
	v.heading =
	    arena_printf(rq->arena, "Undo all your edits for %s?", e.hostname);
	view_confirm_start(rq, &v, "Undo edits");
	view_confirm_crumb(&v, "Your files", "/generations");
	view_confirm_crumb(&v, e.hostname, show);
	view_confirm_crumb(&v, "Edit", v.back);
	view_confirm_text(&v, arena_printf(rq->arena,
				  "%s %s permanently deleted, and this file "
				  "becomes the generated one again.",
				  text_number(rq->arena, (long long)n),
				  n == 1 ? "edit is" : "edits are"));
	return view_confirm_reply(rq, &v);
}

const struct page page_generation_edit_undo_confirm = {
    .path = "/generations/{id:uuid}/edit/undo",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
