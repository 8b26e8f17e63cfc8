/*
 * result_view: what the page of a generation shows of the result of one type.
 *
 * Each fcgi/result/NAME.c defines one `const struct result_view
 * result_view_NAME`; the build makes the table.  A type without one is shown
 * by its file (struct ordertype, result), its history and its files alone.
 */
#ifndef FCGI_RESULT_VIEW_H
#define FCGI_RESULT_VIEW_H

#include "core/json.h"
#include "core/rc.h"

struct ordertype;
struct request;

struct result_view {
	const struct ordertype *type;
	/*
	 * Adds to the page's model of generation rq->param.id, which has the
	 * item, its facts and its files already.
	 */
	enum rc (*run)(struct request *rq, struct json_object *page);
};

extern const struct result_view *const result_views[]; /* ended by NULL */

/* result_view_put: runs the view of the page's type, if it has one. */
enum rc result_view_put(
    struct request *rq, struct json_object *page) MUST_CHECK;

#endif
