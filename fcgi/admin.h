/*
 * admin: what the operator's pages have in common.
 *
 * Their queries see rows of every account; the database wants the account of
 * the transaction to be an administrator's, so each call passes it.
 */
#ifndef FCGI_ADMIN_H
#define FCGI_ADMIN_H

#include "core/db.h"
#include "core/json.h"
#include "core/rc.h"

#include <stdbool.h>

struct request;

/*
 * Generations that one press of a button moves or removes: a request must
 * not take long.  The page says what is left.
 */
#define ADMIN_BATCH 500

/* The lanes: one for each provider, and the one that counts hosts. */
struct admin_lane {
	const char *name;
	const char *label;
	bool orders; /* generations wait in it */
	bool ready;  /* its provider is set up here */
	bool probed; /* there is something to test */
};

/* admin_lane_at: the i-th from 0; false after the last. */
bool admin_lane_at(struct request *rq, int i, struct admin_lane *out);

/* admin_lane_of: E_INPUT, with its sentence, for a lane that is none. */
enum rc admin_lane_of(
    struct request *rq, const char *name, struct admin_lane *out) MUST_CHECK;

/* admin_model: everything that /admin shows, into o. */
enum rc admin_model(struct request *rq, struct json_object *o) MUST_CHECK;

/* admin_field: a field of the form; "" when it is not there. */
const char *admin_field(struct request *rq, const char *name);

/* admin_action: a query that changes statuses, with "operator" in history. */
enum rc admin_action(struct request *rq, enum query q, const char *reason,
    struct rows *rows, struct db_args args) MUST_CHECK;

#endif
