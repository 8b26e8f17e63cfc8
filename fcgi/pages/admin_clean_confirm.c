/* admin_clean_confirm: GET /admin/clean?what=, are you sure? */
#include "core/text.h"
#include "fcgi/admin.h"
#include "fcgi/admin_clean.h"
#include "fcgi/request.h"
#include "fcgi/view_confirm.h"

static void
say_what_goes(struct request *rq, const struct admin_clean *c, int64_t n,
    struct view_confirm *v)
{
	if (c->cancels)
		view_confirm_text(
		    v, arena_printf(rq->arena,
			   "They are waiting in the queue %s. Their owners "
			   "will see them as canceled and can retry them.",
			   c->lane_label));
	else
		view_confirm_text(v,
		    arena_printf(rq->arena,
			"%sTheir files and their history are deleted, for "
			"their owners, too. This cannot be undone.",
			c->days == 0 ? ""
				     : arena_printf(rq->arena,
					   "They finished at least %s %s ago. ",
					   text_number(rq->arena, c->days),
					   c->days == 1 ? "day" : "days")));
	if (n > ADMIN_BATCH)
		view_confirm_text(v,
		    arena_printf(rq->arena,
			"Up to %s are removed at a time. Repeat for the rest.",
			text_number(rq->arena, ADMIN_BATCH)));
}

static const char *
clean_heading(struct request *rq, const struct admin_clean *c, int64_t n)
{
	return arena_printf(rq->arena, "%s %s %s %s?",
	    c->cancels ? "Cancel" : "Remove", text_number(rq->arena, n),
	    c->what, n == 1 ? "generation" : "generations");
}

static void
put_fields(
    struct request *rq, const struct admin_clean *c, struct view_confirm *v)
{
	view_confirm_field(v, "what", c->what);
	if (c->lane != NULL)
		view_confirm_field(v, "lane", c->lane);
	view_confirm_field(v, "days", arena_printf(rq->arena, "%ld", c->days));
}

static enum rc
run(struct request *rq)
{
	struct view_confirm v = {.no = "Cancel", .back = "/admin"};
	struct admin_clean c;
	struct rows r;
	int64_t n;
	enum rc rc;

	rc = admin_clean_read(rq, &rq->query, &c);
	if (rc == OK)
		rc = db_one(rq->db, rq->arena, rq->session.account,
		    Q_ADMIN_COUNT, &r,
		    DB_ARGS(c.cancels ? "pending" : c.what, c.lane,
			db_int(rq->arena, c.days)));
	if (rc != OK)
		return rc;
	n = row_int(&r, 0, "n");
	v.heading = clean_heading(rq, &c, n);
	view_confirm_start(rq, &v, "Clean up");
	view_confirm_crumb(&v, "Administration", "/admin");
	if (n == 0) {
		v.heading = "Nothing to remove";
		v.no = "Back";
		view_confirm_text(&v, "No generations match.");
	} else {
		v.action = "/admin/clean";
		v.yes = c.cancels ? "Cancel them" : "Remove them";
		say_what_goes(rq, &c, n, &v);
		put_fields(rq, &c, &v);
	}
	return view_confirm_reply(rq, &v);
}

const struct page page_admin_clean_confirm = {
    .path = "/admin/clean",
    .methods = GET,
    .scope = SCOPE_ADMIN,
    .run = run,
};
