/*
 * readyz: GET /readyz, can this front end serve?
 *
 * 503 without the database or with another schema: nothing works then.
 * Without Redis or workers pages and orders still do, so those are warnings.
 */
#include "core/clock.h"
#include "fcgi/request.h"

#include <string.h>

/* A worker that was not heard for so long counts as away (seconds). */
#define WORKER_SECONDS 30

static void
put_check(struct json_object *checks, const char *name, const char *status,
    const char *output)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "status", status);
	if (output != NULL)
		json_put_str(o, "output", output);
	json_put(checks, name, o);
}

static bool
check_database(struct request *rq, struct json_object *checks)
{
	enum rc rc = db_ping(rq->db);
	const char *output = NULL;

	/* Anybody may ask: what the server itself said is for the log. */
	if (rc != OK)
		output = rc == E_CONFLICT
			     ? arena_strdup(rq->arena, db_error_text(rq->db))
			     : "no answer";
	put_check(checks, "database", rc == OK ? "pass" : "fail", output);
	return rc == OK;
}

static bool
check_redis(struct request *rq, struct json_object *checks)
{
	redisReply *reply;
	bool good = redis_do(rq->redis, rq->arena, &reply, "PING") == OK;

	put_check(checks, "redis", good ? "pass" : "warn",
	    good ? NULL : "no answer: progress is not live, new orders wait");
	return good;
}

static bool
check_worker(struct request *rq, struct json_object *checks)
{
	const char *output = "none is running";
	bool good = false;
	struct rows r;

	if (db_one(rq->db, rq->arena, NULL, Q_WORKER_HEARTBEAT, &r, DB_NONE) ==
		OK &&
	    !row_null(&r, 0, "age")) {
		double age = row_double(&r, 0, "age");

		good = age < WORKER_SECONDS;
		output =
		    arena_printf(rq->arena, "last heard %.1f seconds ago", age);
	}
	put_check(checks, "worker", good ? "pass" : "warn", output);
	return good;
}

static enum rc
run(struct request *rq)
{
	const char *verbose = params_get(&rq->query, "verbose");
	struct json_object *o = json_new(rq->arena);
	struct json_object *checks = json_object_new_object();
	bool ready, fine;
	const char *text;

	ready = check_database(rq, checks);
	fine = check_redis(rq, checks);
	fine = ready && check_worker(rq, checks) && fine;
	json_put_str(o, "status", !ready ? "fail" : fine ? "pass" : "warn");
	if (verbose != NULL || !ready)
		json_put(o, "checks", checks);
	else
		json_object_put(checks);
	text = json_text(o);
	return reply_text(
	    rq, ready ? 200 : 503, "application/json", text, strlen(text));
}

const struct page endpoint_readyz = {
    .path = "/readyz",
    .methods = GET,
    .scope = SCOPE_PUBLIC,
    .query = (const char *const[]){"verbose", NULL},
    .run = run,
};
