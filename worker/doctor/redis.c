/* Redis: does it answer, and does it keep what it is told? */
#include "core/redis.h"
#include "worker/doctor/doctor.h"

#include <stdlib.h>
#include <string.h>

static void
free_context(void *c)
{
	redisFree(c);
}

static redisContext *
redis_dial(const struct redis_where *w)
{
	const struct timeval wait = {DOCTOR_CONNECT_MS / 1000, 0};
	redisContext *c;

	c = w->path != NULL ? redisConnectUnixWithTimeout(w->path, wait)
			    : redisConnectWithTimeout(w->host, w->port, wait);
	if (c != NULL && c->err == 0)
		redisSetTimeout(c, wait);
	return c;
}

/* The reply's text in the arena; NULL: why says what was wrong. */
static const char *
redis_ask(const struct doctor *d, redisContext *c, const char *why[], int argc,
    const char **argv)
{
	redisReply *reply = redisCommandArgv(c, argc, argv, NULL);
	const char *text = NULL;

	if (reply == NULL)
		*why = c->errstr;
	else if (reply->type == REDIS_REPLY_ERROR)
		*why = arena_strdup(d->arena, reply->str);
	else
		text = arena_strdup(
		    d->arena, reply->str == NULL ? "" : reply->str);
	freeReplyObject(reply);
	return text;
}

/* The value of "name:value" in what INFO says; "" when it is not there. */
static const char *
redis_info_value(const struct doctor *d, const char *text, const char *name)
{
	const char *key = arena_printf(d->arena, "\n%s:", name);
	const char *at = strstr(text, key);

	if (at == NULL)
		return "";
	at += strlen(key);
	return arena_strndup(d->arena, at, strcspn(at, "\r\n"));
}

static void
report_memory(const struct doctor *d, const char *text)
{
	const char *policy = redis_info_value(d, text, "maxmemory_policy");

	if (strcmp(redis_info_value(d, text, "maxmemory"), "0") != 0 &&
	    *policy != '\0' && strcmp(policy, "noeviction") != 0)
		doctor_report(d, DOCTOR_WARN, "redis",
		    "Redis drops keys when its memory is full "
		    "(maxmemory-policy %s), orders among them; they are "
		    "queued anew within seconds. Set noeviction.",
		    policy);
}

static void
report_persistence(const struct doctor *d, const char *text)
{
	bool aof = strcmp(redis_info_value(d, text, "aof_enabled"), "1") == 0;
	bool good = strcmp(redis_info_value(d, text, "aof_last_write_status"),
			"err") != 0 &&
		    strcmp(redis_info_value(d, text, "rdb_last_bgsave_status"),
			"err") != 0;

	if (!good)
		doctor_report(d, DOCTOR_FAIL, "persistence",
		    "Redis cannot write its data to disk. Its own log says "
		    "why; mostly the disk is full.");
	else if (!aof)
		doctor_report(d, DOCTOR_WARN, "persistence",
		    "Redis keeps no append-only file: when it is killed, the "
		    "last minutes of live history are lost and every waiting "
		    "order is queued anew, which loses none. Set appendonly "
		    "yes.");
	else
		doctor_report(d, DOCTOR_OK, "persistence",
		    "Redis keeps an append-only file.");
}

static void
redis_examine(
    const struct doctor *d, redisContext *c, const struct redis_where *w)
{
	const char *why = NULL, *text;

	if (w->user != NULL)
		(void)redis_ask(d, c, &why, 3,
		    (const char *[]){"AUTH", w->user, w->password});
	else if (w->password != NULL)
		(void)redis_ask(
		    d, c, &why, 2, (const char *[]){"AUTH", w->password});
	if (why == NULL)
		(void)redis_ask(d, c, &why, 1, (const char *[]){"PING"});
	if (why != NULL) {
		doctor_report(d, DOCTOR_FAIL, "redis",
		    "Redis refuses us: %s. Check the password in redis.url.",
		    why);
		return;
	}
	text = redis_ask(d, c, &why, 1, (const char *[]){"INFO"});
	doctor_report(d, DOCTOR_OK, "redis", "Redis %s answers.",
	    text == NULL ? "" : redis_info_value(d, text, "redis_version"));
	if (text == NULL) {
		doctor_report(d, DOCTOR_WARN, "persistence",
		    "Redis does not tell how it keeps its data: %s.", why);
		return;
	}
	report_memory(d, text);
	report_persistence(d, text);
}

void
doctor_redis(const struct doctor *d)
{
	const struct conf *conf = d->conf;
	struct redis_where w;
	const char *why = redis_parse(d->arena, conf->redis_url, &w);
	const char *at;
	redisContext *c;

	if (why != NULL) {
		doctor_report(
		    d, DOCTOR_FAIL, "redis", "redis.url is wrong: %s", why);
		return;
	}
	at = w.path != NULL ? w.path
			    : arena_printf(d->arena, "%s:%d", w.host, w.port);
	c = redis_dial(&w);
	if (c == NULL)
		return;
	arena_defer(d->arena, free_context, c);
	if (c->err != 0)
		doctor_report(d, DOCTOR_FAIL, "redis",
		    "Redis at %s does not answer: %s. Orders are taken, but "
		    "nothing starts or moves. %s",
		    at, c->errstr,
		    doctor_start(conf->own_redis,
			"Check redis.url, and that the server runs."));
	else
		redis_examine(d, c, &w);
}
