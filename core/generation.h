/*
 * generation: the lifecycle of an order, as its owner drives it.
 *
 * PostgreSQL decides; Redis is told after the commit, and when it cannot be
 * told the worker's sweep makes up for it.  The worker's own steps (claim,
 * progress, finish) are in worker/supervisor/claim/generation_claim.h.
 */
#ifndef CORE_GENERATION_H
#define CORE_GENERATION_H

#include "core/arena.h"
#include "core/db.h"
#include "core/events.h"
#include "core/json.h"
#include "core/rc.h"
#include "core/redis.h"
#include "core/status.h"

#include <stdbool.h>

/* What every step needs; borrowed. */
struct lifecycle {
	struct db *db;
	struct redis *redis;
	struct arena *arena;
};

struct order {
	const char *account;       /* uuid */
	const char *type;          /* "llms_txt" */
	const char *provider;      /* "builtin" */
	struct json_object *input; /* validated; borrowed */
	const char *prompt;        /* one line for people */
	const char *hostname;      /* or NULL */
	int price;                 /* credits */
	/*
	 * The claimed idempotency key that it settles in the same
	 * transaction, and the call it was sent to, and the claim; NULL for
	 * none.
	 */
	const char *key;
	const char *call;
	const char *claim;
};

/*
 * generation_create: commits the row as pending, queues it and announces it.
 * rows gets the new row (columns of table generations).  E_CONFLICT: the
 * idempotency key was settled by another call meanwhile.
 */
enum rc generation_create(
    struct lifecycle *l, const struct order *o, struct rows *rows) MUST_CHECK;

/*
 * generation_cancel: E_NOTFOUND for an unknown or foreign id, E_CONFLICT when
 * it is over already.  rows gets the row after it.
 */
enum rc generation_cancel(struct lifecycle *l, const char *account,
    const char *id, struct rows *rows) MUST_CHECK;

/* generation_retry: a failed or canceled one goes back to pending. */
enum rc generation_retry(struct lifecycle *l, const char *account,
    const char *id, struct rows *rows) MUST_CHECK;

/* generation_delete: in any status; a running attempt is stopped. */
enum rc generation_delete(
    struct lifecycle *l, const char *account, const char *id) MUST_CHECK;

/*
 * generation_publish_status: rows of one status after the operator's step,
 * which is committed: they are queued where they wait, removed from their lanes
 * where not, and their events are published.
 */
void generation_publish_status(struct lifecycle *l, const struct rows *rows);

/* generation_publish_deleted: the same for rows that were deleted. */
void generation_publish_deleted(struct lifecycle *l, const struct rows *rows);

/*
 * generation_metadata: processedUrls, totalUrls, stage, message, attempt,
 * revision, prompt, hostname, errorMessage, entriesCount, tokensUsed,
 * resultUrls of a row, in the arena.
 */
struct json_object *generation_metadata(
    struct arena *a, const struct rows *rows, int row);

/*
 * generation_result: column "result" of a row: {"artifacts":[names]} and the
 * facts of its type (a story's title, quality, words, generationTime); NULL
 * before it is complete.
 */
struct json_object *generation_result(
    struct arena *a, const struct rows *rows, int row);

/*
 * generation_item: a row of generation_show or generation_list as the JSON
 * API shows it (spec section 4, "An item").
 */
struct json_object *generation_item(
    struct arena *a, const struct rows *rows, int row);

#endif
