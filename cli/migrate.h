/*
 * migrate: brings the database to the schema this build carries.
 *
 * Migrations are numbered, only go forward, and each is one transaction that
 * also notes it in schema_migrations.  One migrator works at a time (an
 * advisory lock).  A database that is newer than this build, or in which a
 * migration had another text, is refused and left alone.
 */
#ifndef CLI_MIGRATE_H
#define CLI_MIGRATE_H

#include "core/arena.h"
#include "core/conf.h"
#include "core/rc.h"
#include "core/schema.h"

struct migrate_report {
	int from, to;    /* schema versions; to is what was reached */
	const char *why; /* a sentence when it failed; owned by the arena */
};

/*
 * migrate_run: applies what is missing of list (ended by number 0), as the
 * role db.owner.  E_CONFLICT: refused; E_UNAVAILABLE: no server, or
 * another migrator held the lock for too long; E_INTERNAL: a migration failed.
 */
enum rc migrate_run(struct arena *a, const struct conf *c,
    const struct migration *list, struct migrate_report *out) MUST_CHECK;

/* migrate_check: the same questions, without changing anything. */
enum rc migrate_check(struct arena *a, const struct conf *c,
    const struct migration *list, struct migrate_report *out) MUST_CHECK;

#endif
