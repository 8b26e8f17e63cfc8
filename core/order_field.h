/*
 * order_field: one field of the input of a type, described once.
 *
 * A type lists its fields as rows.  The order form, the check of what was
 * sent (by form or as JSON) and GET /api/v1/types are made from these rows.
 */
#ifndef CORE_ORDER_FIELD_H
#define CORE_ORDER_FIELD_H

#include "core/json.h"

#include <stdbool.h>

struct order_check;

/* What a field holds, and how it is filled in and sent as JSON. */
enum order_kind {
	FIELD_LINE,   /* a text of one line */
	FIELD_TEXT,   /* a text of several lines */
	FIELD_LINES,  /* a list of texts; in a form one a line */
	FIELD_NUMBER, /* a whole number */
	FIELD_CHOICE, /* one of choices, a text */
	FIELD_FLAG,   /* true or false */
	FIELD_MAX
};

/* Strings are static or in the arena of the call that made the row. */
struct order_field {
	const char *name;        /* of the input's member; NULL ends a list */
	const char *alias;       /* another name that programs use; or NULL */
	const char *label;       /* for people: "Length" */
	const char *hint;        /* a sentence */
	const char *placeholder; /* shown while it is empty; or NULL */
	const char *example;     /* of a text, for errors; or NULL */
	const char *missing;     /* of a required text: what to do */
	enum order_kind kind;
	bool required;
	int min;   /* of a number */
	int max;   /* of a number; of a text its characters, 0: not limited */
	int usual; /* of a number, where it is left out */
	/* Of a choice all there are, of a line suggestions; ended by NULL. */
	const char *const *choices;
};

/*
 * order_field_take: checks the member `name` of the input by its row, by kind
 * and range, and puts it into c->input: texts are trimmed, a number that is
 * left out is its usual one, a text "".  false: it is wrong, and c says so.
 * Not for FIELD_LINES, whose items only their type can judge.
 */
bool order_field_take(struct order_check *c, const char *name);

/* order_field_json: a row for programs; the caller owns it. */
struct json_object *order_field_json(const struct order_field *f);

#endif
