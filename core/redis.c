#include "core/redis.h"

#include "core/clock.h"
#include "core/log.h"
#include "core/text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

/* Between two attempts to connect: to one that refuses, to one that hangs. */
#define RETRY_MS 200
#define HUNG_MS 2000
#define SCRIPT_MAX_WORDS 64

struct redis {
	struct arena arena; /* owns where */
	struct redis_where where;
	redisContext *ctx; /* NULL while there is none */
	int64_t tried_ms;
	int64_t rest_ms; /* after tried_ms */
	int wait_ms;
};

/* %41 is "A", as everywhere in a URL: a password may hold an "@". */
static char *
url_decode(char *s)
{
	char *to = s;

	for (const char *from = s; *from != '\0'; to++) {
		if (*from == '%' && text_hex(from[1]) >= 0 &&
		    text_hex(from[2]) >= 0) {
			*to =
			    (char)(text_hex(from[1]) << 4 | text_hex(from[2]));
			from += 3;
		} else
			*to = *from++;
	}
	*to = '\0';
	return s;
}

/* [user][:password]; without ":" all of it is the password. */
static void
take_user(char *s, struct redis_where *out)
{
	char *colon = strchr(s, ':');

	out->password = url_decode(colon != NULL ? colon + 1 : s);
	if (colon == NULL || colon == s)
		return;
	*colon = '\0';
	out->user = url_decode(s);
}

/* host[:port]; [::1] in brackets. */
static const char *
take_host(char *s, struct redis_where *out)
{
	char *close = *s == '[' ? strchr(s, ']') : NULL;
	char *port = strrchr(close != NULL ? close : s, ':'), *end;
	long n;

	if (port != NULL) {
		*port = '\0';
		n = strtol(port + 1, &end, 10);
		if (*end != '\0' || n < 1 || n > 65535)
			return "redis.url: the port is 1 to 65535";
		out->port = (int)n;
	}
	if (close != NULL) {
		*close = '\0';
		s++;
	}
	out->host = *s != '\0' ? s : "127.0.0.1";
	return NULL;
}

/* unix:/path, or unix://[user][:password]@/path. */
static const char *
take_path(char *rest, struct redis_where *out)
{
	char *at = strstr(rest, "@/");

	if (strncmp(rest, "//", 2) == 0 && at != NULL) {
		*at = '\0';
		take_user(rest + 2, out);
		rest = at + 1;
	}
	out->path = rest;
	return *rest == '/' ? NULL : "redis.url: unix: takes an absolute path";
}

const char *
redis_parse(struct arena *a, const char *url, struct redis_where *out)
{
	char *rest, *at, *p, *end;
	long n;

	*out = (struct redis_where){.port = 6379};
	if (strncmp(url, "unix:", 5) == 0)
		return take_path(arena_strdup(a, url + 5), out);
	if (strncmp(url, "redis://", 8) != 0)
		return "redis.url starts with unix: or redis://";
	rest = arena_strdup(a, url + 8);
	at = strrchr(rest, '@');
	if (at != NULL) {
		*at = '\0';
		take_user(rest, out);
		rest = at + 1;
	}
	p = strchr(rest, '/');
	if (p != NULL) {
		*p = '\0';
		n = strtol(p + 1, &end, 10);
		if (*end != '\0' || n < 0 || n > 1000)
			return "redis.url: the database is a number";
		out->database = (int)n;
	}
	return take_host(rest, out);
}

struct redis *
redis_open(const char *url, int wait_ms)
{
	const char *wrong;
	struct redis *r;

	r = calloc(1, sizeof(*r));
	if (r == NULL)
		fatal("out of memory");
	r->wait_ms = wait_ms;
	arena_init(&r->arena);
	wrong = redis_parse(&r->arena, url, &r->where);
	if (wrong != NULL)
		fatal("%s", wrong);
	return r;
}

void
redis_drop(struct redis *r)
{
	if (r->ctx != NULL)
		redisFree(r->ctx);
	r->ctx = NULL;
}

void
redis_close(struct redis *r)
{
	if (r == NULL)
		return;
	redis_drop(r);
	arena_release(&r->arena);
	free(r);
}

/* AUTH and SELECT, where the url asks for them. */
static bool
redis_greet(struct redis *r)
{
	redisReply *reply;
	bool good = true;

	if (r->where.password != NULL) {
		reply = r->where.user == NULL
			    ? redisCommand(r->ctx, "AUTH %s", r->where.password)
			    : redisCommand(r->ctx, "AUTH %s %s", r->where.user,
				  r->where.password);
		good = reply != NULL && reply->type != REDIS_REPLY_ERROR;
		freeReplyObject(reply);
	}
	if (good && r->where.database != 0) {
		reply = redisCommand(r->ctx, "SELECT %d", r->where.database);
		good = reply != NULL && reply->type != REDIS_REPLY_ERROR;
		freeReplyObject(reply);
	}
	return good;
}

static enum rc
connect_now(struct redis *r)
{
	struct timeval wait = {r->wait_ms / 1000, r->wait_ms % 1000 * 1000};
	int64_t now = clock_ms();

	if (r->ctx != NULL && r->ctx->err == 0)
		return OK;
	redis_drop(r);
	if (r->tried_ms != 0 && now - r->tried_ms < r->rest_ms)
		return E_UNAVAILABLE;
	r->tried_ms = now;
	r->rest_ms = RETRY_MS;
	r->ctx =
	    r->where.path != NULL
		? redisConnectUnixWithTimeout(r->where.path, wait)
		: redisConnectWithTimeout(r->where.host, r->where.port, wait);
	if (r->ctx == NULL || r->ctx->err != 0 ||
	    redisSetTimeout(r->ctx, wait) != REDIS_OK || !redis_greet(r)) {
		log_warn("redis_connect_failed", "why",
		    r->ctx ? r->ctx->errstr : "no memory");
		redis_drop(r);
		if (clock_ms() - now >= r->wait_ms)
			r->rest_ms = HUNG_MS + r->wait_ms;
		return E_UNAVAILABLE;
	}
	r->tried_ms = 0;
	return OK;
}

static void
free_reply(void *reply)
{
	freeReplyObject(reply);
}

/*
 * The connection failed.  One that had gone since the last call is worth
 * another; a server that did not answer in time would only cost as much
 * again.
 */
static bool
is_retryable(struct redis *r)
{
	bool hung = r->ctx->err == REDIS_ERR_IO && errno == EAGAIN;

	log_debug("redis_lost", "why", r->ctx->errstr);
	redis_drop(r);
	if (hung) {
		r->tried_ms = clock_ms();
		r->rest_ms = HUNG_MS;
	}
	return !hung;
}

/* An unknown script is no fault: redis_script() sends it and asks again. */
static enum rc
redis_answered(
    struct arena *a, const char *command, redisReply *got, redisReply **reply)
{
	if (got == NULL)
		return E_UNAVAILABLE;
	arena_defer(a, free_reply, got);
	*reply = got;
	if (got->type != REDIS_REPLY_ERROR)
		return OK;
	if (strncmp(got->str, "NOSCRIPT", 8) != 0)
		log_warn("redis_error", "command", command, "why", got->str);
	return E_UNAVAILABLE;
}

/* redis_do with the words given. */
static enum rc
redis_do_argv(struct redis *r, struct arena *a, redisReply **reply, int argc,
    const char *const *argv)
{
	redisReply *got = NULL;
	int tries;
	enum rc rc;

	*reply = NULL;
	for (tries = 0; tries < 2 && got == NULL; tries++) {
		rc = connect_now(r);
		if (rc != OK)
			return rc;
		got = redisCommandArgv(r->ctx, argc, (const char **)argv, NULL);
		if (got == NULL && !is_retryable(r))
			break;
	}
	return redis_answered(a, argv[0], got, reply);
}

enum rc
redis_do(
    struct redis *r, struct arena *a, redisReply **reply, const char *fmt, ...)
{
	redisReply *got = NULL;
	va_list ap;
	int tries;
	enum rc rc;

	*reply = NULL;
	for (tries = 0; tries < 2 && got == NULL; tries++) {
		rc = connect_now(r);
		if (rc != OK)
			return rc;
		va_start(ap, fmt);
		got = redisvCommand(r->ctx, fmt, ap);
		va_end(ap);
		if (got == NULL && !is_retryable(r))
			break;
	}
	return redis_answered(a, fmt, got, reply);
}

enum rc
redis_script(struct redis *r, struct arena *a, enum script s,
    redisReply **reply, int nkeys, int argc, const char *const *argv)
{
	const char *words[SCRIPT_MAX_WORDS + 3];
	enum rc rc;

	if (argc > SCRIPT_MAX_WORDS)
		BUG("script %s with %d words", script_defs[s].name, argc);
	words[0] = "EVALSHA";
	words[1] = script_defs[s].sha1;
	words[2] = arena_printf(a, "%d", nkeys);
	memcpy(words + 3, argv, (size_t)argc * sizeof(*argv));
	rc = redis_do_argv(r, a, reply, argc + 3, words);
	if (rc == OK || *reply == NULL || (*reply)->type != REDIS_REPLY_ERROR ||
	    strncmp((*reply)->str, "NOSCRIPT", 8) != 0)
		return rc;
	words[0] = "EVAL";
	words[1] = script_defs[s].text;
	return redis_do_argv(r, a, reply, argc + 3, words);
}

redisContext *
redis_context(struct redis *r)
{
	return connect_now(r) == OK ? r->ctx : NULL;
}
