/* api_call: what JSON calls have in common. */
#ifndef FCGI_API_CALL_H
#define FCGI_API_CALL_H

#include "core/db.h"
#include "core/json.h"
#include "core/order.h"
#include "core/rc.h"

struct request;

/*
 * The shapes of one generation: /api/v1, the short names, and a job of
 * POST /api/generate, which comes without an envelope.
 */
enum api_call_shape { SHAPE_FULL, SHAPE_SHORT, SHAPE_JOB };

/*
 * The type of the short names /api/generate, /api/job and /api/story, which
 * are about one type (core/type/story.c).
 */
extern const struct ordertype ordertype_story;

/* api_call_bare: replies with o as it is; takes over the caller's reference. */
enum rc api_call_bare(
    struct request *rq, int status, struct json_object *o) MUST_CHECK;

/*
 * api_call_item: adds processedUrls and totalUrls for the short names; returns
 * the item.
 */
struct json_object *api_call_item(
    struct json_object *item, enum api_call_shape shape);

/* api_call_list: GET of the list, in either shape; replies. */
enum rc api_call_list(struct request *rq, enum api_call_shape shape) MUST_CHECK;

/* api_call_show: GET of one; replies. */
enum rc api_call_show(struct request *rq, enum api_call_shape shape) MUST_CHECK;

/* api_call_delete: DELETE of one; replies 204. */
enum rc api_call_delete(struct request *rq) MUST_CHECK;

/* api_call_diff: GET of one's comparison with an earlier one; replies. */
enum rc api_call_diff(struct request *rq) MUST_CHECK;

/*
 * api_call_order: checks, places and answers 202 with the generation and its
 * wait; honours Idempotency-Key.  c has given and at set; type NULL is
 * missing.
 */
enum rc api_call_order(struct request *rq, struct order_check *c,
    const char *type, const char *provider,
    enum api_call_shape shape) MUST_CHECK;

/*
 * api_call_members: E_INPUT that names each member of body that is not in known
 * (ended by NULL).
 */
enum rc api_call_members(struct request *rq, struct json_object *body,
    const char *const *known) MUST_CHECK;

/*
 * api_call_no_members: for a call that takes no input: its body, of whatever
 * type, is blank, an empty object or null.  E_TYPE, E_INPUT.
 */
enum rc api_call_no_members(struct request *rq) MUST_CHECK;

/*
 * api_call_text_member: a member that must be a text, or NULL where it is left
 * out; E_INPUT when it is something else.
 */
enum rc api_call_text_member(struct request *rq, struct json_object *body,
    const char *name, const char **out) MUST_CHECK;

#endif
