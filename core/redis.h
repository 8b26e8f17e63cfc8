/*
 * redis: one blocking Redis connection and the scripts of sql/redis/.
 *
 * Redis is disposable: every error here is E_UNAVAILABLE, the next call
 * connects again, and no caller may lose work by it.  Not safe for two
 * threads at once.
 */
#ifndef CORE_REDIS_H
#define CORE_REDIS_H

#include "core/arena.h"
#include "core/rc.h"

#include "scripts.h"

#include <hiredis/hiredis.h>

struct redis;

/* What sql/redis/ became. */
struct script_def {
	const char *name;
	const char *sha1;
	const char *text;
};
extern const struct script_def script_defs[];

/* Where Redis is, as redis.url says. */
struct redis_where {
	const char *path; /* unix socket, or NULL */
	const char *host;
	int port;
	const char *user;     /* NULL: the default one */
	const char *password; /* or NULL */
	int database;
};

/*
 * redis_parse: unix:/path, unix://[user]:password@/path or
 * redis://[[user]:password@]host[:port][/db], where user and password may hold
 * %XX and an IPv6 address stands in brackets.  NULL,
 * or a sentence for a person.  Strings in the arena.
 */
const char *redis_parse(
    struct arena *a, const char *url, struct redis_where *out);

/*
 * redis_open: a connection to be, which waits wait_ms for an answer; fatal
 * when the url cannot be read.  A server that let us wait is left alone for
 * some seconds.
 */
struct redis *redis_open(const char *url, int wait_ms);
void redis_close(struct redis *r);

/*
 * redis_do: one command, hiredis' format (%s, %b).  The reply is owned by
 * the arena.  An error reply is E_UNAVAILABLE and logged.
 */
enum rc redis_do(struct redis *r, struct arena *a, redisReply **reply,
    const char *fmt, ...) MUST_CHECK;

/*
 * redis_script: EVALSHA, or EVAL where the server does not know it yet.
 * argv are nkeys keys, then the arguments.
 */
enum rc redis_script(struct redis *r, struct arena *a, enum script s,
    redisReply **reply, int nkeys, int argc,
    const char *const *argv) MUST_CHECK;

/* redis_context: the raw connection, connected, for subscriptions; or NULL. */
redisContext *redis_context(struct redis *r);

/* redis_drop: closes the connection; the next call connects again. */
void redis_drop(struct redis *r);

#endif
