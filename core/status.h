/*
 * status: the statuses of a generation, one table of them.
 *
 * The database keeps them as the enum generation_status; which may follow
 * which is the trigger's to say (sql/migrations/0001-foundation.sql).
 */
#ifndef CORE_STATUS_H
#define CORE_STATUS_H

#include <stdbool.h>

enum generation_status {
	STATUS_PENDING_PAYMENT,
	STATUS_PENDING,
	STATUS_PROCESSING,
	STATUS_COMPLETED,
	STATUS_FAILED,
	STATUS_CANCELED,
	STATUS_MAX
};

struct status_traits {
	const char *name;  /* as in the API and the database */
	const char *label; /* for people: "Waiting" */
	bool final;        /* nothing comes after it by itself */
	bool repeatable;   /* its owner may try again */
};

/* status_parse: STATUS_MAX for a word that is none of them. */
enum generation_status status_parse(const char *name);

/* status_traits_of: NULL for a word that is none of them. */
const struct status_traits *status_traits_of(const char *name);

/* status_name: "pending" ... */
const char *status_name(enum generation_status s);

/* status_is: name is that status. */
bool status_is(const char *name, enum generation_status s);

/* status_is_final: completed, failed or canceled. */
bool status_is_final(const char *name);

/* status_valid: one of the table. */
bool status_valid(const char *name);

#endif
