/*
 * message: what a slot and its supervisor tell each other over the wire, each
 * kind with its writer and its reader.
 *
 * A slot works on what strangers serve, so the supervisor takes nothing from it
 * on trust: slot_message_parse lets through only what is in range, of a sane
 * length and, for file names, without a path.
 */
#ifndef WORKER_JOB_MESSAGE_H
#define WORKER_JOB_MESSAGE_H

#include "core/arena.h"
#include "core/json.h"
#include "core/rc.h"
#include "core/permit.h"
#include "worker/job/outcome.h"

#include <stdbool.h>

enum message_kind {
#define MESSAGE(name, word) MESSAGE_##name,
#include "worker/job/messages.def"
#undef MESSAGE
	MESSAGE_MAX
};

struct slot_message {
	enum message_kind what;
	long processed, total;
	const char *stage, *message;
	const char *name, *mime;
	const char *file; /* in the job's directory, no slash in it */
	bool partial;
	const char *hostname;
	long urls;
	bool complete;
	struct json_object *detail; /* of the host; NULL: nothing new */
	struct job_outcome outcome;
	struct permit_ask permit;
};

/* slot_message_json: as it goes over the wire; owned by the arena. */
struct json_object *slot_message_json(
    struct arena *a, const struct slot_message *r);

/* slot_message_parse: strings are borrowed from o.  E_INPUT: it is none. */
enum rc slot_message_parse(
    struct json_object *o, struct slot_message *r) MUST_CHECK;

/* What a slot that said "call" is told. */
struct call_permit {
	long wait_ms; /* then it may */
	bool again;   /* then it is to ask again */
	/* Configuration of the provider that is secret; NULL: none. */
	struct json_object *secrets;
};

struct json_object *call_permit_json(
    struct arena *a, const struct call_permit *l);

/* call_permit_parse: E_INPUT: it is something else. */
enum rc call_permit_parse(
    struct json_object *o, struct call_permit *l) MUST_CHECK;

/* permit_json: the answer to MESSAGE_PERMIT for a host. */
struct json_object *permit_json(
    struct arena *a, const char *host, const struct permit *p);

/* permit_parse: host is borrowed from o.  E_INPUT: it is something else. */
enum rc permit_parse(
    struct json_object *o, const char **host, struct permit *p) MUST_CHECK;

/* What a slot is given. */
struct assignment {
	const char *id; /* UUID */
	const char *type;
	const char *provider;
	int attempt;
	struct json_object *input;
};

struct json_object *assignment_json(
    struct arena *a, const struct assignment *j);
enum rc assignment_parse(
    struct json_object *o, struct assignment *j) MUST_CHECK;

#endif
