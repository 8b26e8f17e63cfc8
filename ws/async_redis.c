#include "ws/async_redis.h"

#include "core/clock.h"
#include "core/log.h"
#include "core/schema/redis_names.h"

#include <hiredis/adapters/libev.h>
#include <hiredis/async.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_MIN_S 0.05
#define RETRY_MAX_S 1.0
#define BEAT_S 2.0
/* A connection without an answer for so long is dead. */
#define SILENT_MS 6000
/* Always subscribed: its confirmations are the listener's heartbeat, and it
 * keeps the connection in subscriber mode. */
#define ARGS_MAX 1024

struct redis_call {
	struct async_redis *redis;
	struct redis_call *next; /* of the calls to be refused */
	redis_done *done;        /* NULL once canceled */
	void *arg;
	bool is_script;
	enum script script;
	/* To send it again by EVAL: arguments after the script. */
	int argc;
	char **argv;
};

struct redis_side {
	redisAsyncContext *ac; /* owned by hiredis; NULL when gone */
	bool ready;
	int64_t heard; /* clock_ms() of the last sign of life */
};

struct async_redis {
	struct ev_loop *loop;
	struct arena arena; /* owns where */
	struct redis_where where;
	struct async_redis_listener listener;
	struct redis_side sub, cmd;
	struct ev_timer retry, beat, refuse;
	struct redis_call *refused;
	double retry_s;
	bool up;
	bool dropping; /* inside async_redis_drop: hiredis calls back */
	bool down_logged;
};

static void async_redis_drop(struct async_redis *redis, const char *why);

bool
async_redis_is_up(const struct async_redis *redis)
{
	return redis->up;
}

/* ---- answers ---------------------------------------------------------- */

static void
redis_call_free(struct redis_call *c)
{
	for (int i = 0; i < c->argc; i++)
		free(c->argv[i]);
	free(c->argv);
	free(c);
}

static void
redis_call_finish(struct redis_call *c, redisReply *reply)
{
	if (c->done != NULL)
		c->done(c->arg, reply);
	redis_call_free(c);
}

static bool send_script(struct redis_call *c, bool by_text);

static void
on_answer(redisAsyncContext *ac, void *r, void *arg)
{
	struct redis_call *c = arg;
	redisReply *reply = r;

	(void)ac;
	if (reply != NULL)
		c->redis->cmd.heard = clock_ms();
	if (reply == NULL || reply->type != REDIS_REPLY_ERROR) {
		redis_call_finish(c, reply);
		return;
	}
	if (c->is_script && strncmp(reply->str, "NOSCRIPT", 8) == 0 &&
	    send_script(c, true))
		return;
	log_warn("redis_error", "why", reply->str);
	redis_call_finish(c, NULL);
}

/* A call that cannot be sent is answered from the loop, with nothing. */
static void
redis_call_refuse(struct async_redis *redis, struct redis_call *c)
{
	c->next = redis->refused;
	redis->refused = c;
	if (!ev_is_active(&redis->refuse)) {
		ev_timer_set(&redis->refuse, 0., 0.);
		ev_timer_start(redis->loop, &redis->refuse);
	}
}

static void
on_refuse(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct async_redis *redis = w->data;
	struct redis_call *c = redis->refused, *next;

	(void)loop;
	(void)events;
	redis->refused = NULL;
	for (; c != NULL; c = next) {
		next = c->next;
		redis_call_finish(c, NULL);
	}
}

/* ---- calls -------------------------------------------------------- */

static struct redis_call *
redis_call_new(struct async_redis *redis, redis_done *done, void *arg)
{
	struct redis_call *c = calloc(1, sizeof(*c));

	if (c == NULL)
		fatal("out of memory");
	c->redis = redis;
	c->done = done;
	c->arg = arg;
	return c;
}

struct redis_call *
async_redis_command(struct async_redis *redis, int argc,
    const char *const *argv, redis_done *done, void *arg)
{
	struct redis_call *c = redis_call_new(redis, done, arg);

	if (!redis->up || redisAsyncCommandArgv(redis->cmd.ac, on_answer, c,
			      argc, (const char **)argv, NULL) != REDIS_OK)
		redis_call_refuse(redis, c);
	return c;
}

static bool
send_script(struct redis_call *c, bool by_text)
{
	const struct script_def *def = &script_defs[c->script];
	const char *argv[ARGS_MAX + 2];

	if (!c->redis->up)
		return false;
	argv[0] = by_text ? "EVAL" : "EVALSHA";
	argv[1] = by_text ? def->text : def->sha1;
	for (int i = 0; i < c->argc; i++)
		argv[2 + i] = c->argv[i];
	return redisAsyncCommandArgv(c->redis->cmd.ac, on_answer, c,
		   c->argc + 2, argv, NULL) == REDIS_OK;
}

struct redis_call *
async_redis_script(struct async_redis *redis, enum script s, int nkeys,
    int argc, const char *const *argv, redis_done *done, void *arg)
{
	struct redis_call *c = redis_call_new(redis, done, arg);
	char keys[16];

	if (argc + 1 > ARGS_MAX)
		BUG("script %s with %d arguments", script_defs[s].name, argc);
	c->is_script = true;
	c->script = s;
	c->argv = calloc((size_t)argc + 1, sizeof(*c->argv));
	if (c->argv == NULL)
		fatal("out of memory");
	snprintf(keys, sizeof(keys), "%d", nkeys);
	for (; c->argc < argc + 1; c->argc++) {
		c->argv[c->argc] =
		    strdup(c->argc == 0 ? keys : argv[c->argc - 1]);
		if (c->argv[c->argc] == NULL)
			fatal("out of memory");
	}
	if (!send_script(c, false))
		redis_call_refuse(redis, c);
	return c;
}

void
async_redis_cancel(struct redis_call *call)
{
	if (call != NULL)
		call->done = NULL;
}

/* ---- subscriptions ---------------------------------------------------- */

static void
on_channel_message(redisAsyncContext *ac, void *r, void *arg)
{
	const struct async_redis_listener *l;
	struct async_redis *redis = arg;
	redisReply *reply = r;
	const char *kind, *channel;

	(void)ac;
	if (reply == NULL || reply->type != REDIS_REPLY_ARRAY ||
	    reply->elements != 3 || !redis->up)
		return;
	redis->sub.heard = clock_ms();
	l = &redis->listener;
	kind = reply->element[0]->str;
	channel = reply->element[1]->str;
	if (strcmp(channel, CHANNEL_HEARTBEAT) == 0)
		return;
	if (strcmp(kind, "message") == 0)
		l->message(l->arg, channel, reply->element[2]->str,
		    reply->element[2]->len);
	else if (strcmp(kind, "subscribe") == 0)
		l->subscribed(l->arg, channel);
	else if (strcmp(kind, "unsubscribe") == 0)
		l->unsubscribed(l->arg, channel);
}

void
async_redis_subscribe(struct async_redis *redis, const char *channel)
{
	if (redis->up && redisAsyncCommand(redis->sub.ac, on_channel_message,
			     redis, "SUBSCRIBE %s", channel) != REDIS_OK)
		log_warn("redis_subscribe_failed", "channel", channel);
}

void
async_redis_unsubscribe(struct async_redis *redis, const char *channel)
{
	/* hiredis answers by the callback of the subscription. */
	if (redis->up && redisAsyncCommand(redis->sub.ac, NULL, NULL,
			     "UNSUBSCRIBE %s", channel) != REDIS_OK)
		log_warn("redis_unsubscribe_failed", "channel", channel);
}

/* ---- connections ------------------------------------------------------ */

static struct redis_side *
side_of(struct async_redis *redis, const redisAsyncContext *ac)
{
	return ac == redis->sub.ac   ? &redis->sub
	       : ac == redis->cmd.ac ? &redis->cmd
				     : NULL;
}

static void
mark_up(struct async_redis *redis)
{
	redis->up = true;
	redis->retry_s = RETRY_MIN_S;
	redis->sub.heard = redis->cmd.heard = clock_ms();
	log_info("redis_up");
	redis->down_logged = false;
	async_redis_subscribe(redis, CHANNEL_HEARTBEAT);
	redis->listener.up(redis->listener.arg);
}

static void
on_connect(const redisAsyncContext *ac, int status)
{
	struct async_redis *redis = ac->data;
	struct redis_side *s = side_of(redis, ac);

	if (s == NULL)
		return;
	if (status != REDIS_OK) {
		/* hiredis frees it when we return. */
		s->ac = NULL;
		async_redis_drop(redis, ac->errstr);
		return;
	}
	s->ready = true;
	if (redis->sub.ready && redis->cmd.ready)
		mark_up(redis);
}

static void
on_disconnect(const redisAsyncContext *ac, int status)
{
	struct async_redis *redis = ac->data;
	struct redis_side *s = side_of(redis, ac);

	(void)status;
	if (s == NULL)
		return;
	s->ac = NULL;
	async_redis_drop(redis, ac->err ? ac->errstr : "closed");
}

static void
side_close(struct redis_side *s)
{
	redisAsyncContext *ac = s->ac;

	*s = (struct redis_side){0};
	if (ac != NULL)
		redisAsyncFree(ac);
}

static void
schedule_retry(struct async_redis *redis)
{
	double jitter = 0.75 + 0.5 * drand48();

	ev_timer_stop(redis->loop, &redis->retry);
	ev_timer_set(&redis->retry, redis->retry_s * jitter, 0.);
	ev_timer_start(redis->loop, &redis->retry);
	redis->retry_s =
	    redis->retry_s * 2 > RETRY_MAX_S ? RETRY_MAX_S : redis->retry_s * 2;
}

/* Closes what is left of both connections and tries again later. */
static void
async_redis_drop(struct async_redis *redis, const char *why)
{
	bool was_up = redis->up;

	if (redis->dropping)
		return;
	redis->dropping = true;
	redis->up = false;
	if (!redis->down_logged)
		log_warn("redis_down", "why", why);
	redis->down_logged = true;
	side_close(&redis->sub);
	side_close(&redis->cmd);
	redis->dropping = false;
	schedule_retry(redis);
	if (was_up)
		redis->listener.down(redis->listener.arg);
}

static void
on_authenticated(redisAsyncContext *ac, void *r, void *arg)
{
	redisReply *reply = r;

	(void)ac;
	(void)arg;
	if (reply != NULL && reply->type == REDIS_REPLY_ERROR)
		log_error("redis_refused", "why", reply->str);
}

/* AUTH and SELECT go before anything else on the connection. */
static void
async_redis_authenticate(struct async_redis *redis, redisAsyncContext *ac)
{
	if (redis->where.user != NULL)
		redisAsyncCommand(ac, on_authenticated, NULL, "AUTH %s %s",
		    redis->where.user, redis->where.password);
	else if (redis->where.password != NULL)
		redisAsyncCommand(ac, on_authenticated, NULL, "AUTH %s",
		    redis->where.password);
	if (redis->where.database != 0)
		redisAsyncCommand(ac, on_authenticated, NULL, "SELECT %d",
		    redis->where.database);
}

static bool
side_open(struct async_redis *redis, struct redis_side *s)
{
	redisAsyncContext *ac;

	ac = redis->where.path != NULL
		 ? redisAsyncConnectUnix(redis->where.path)
		 : redisAsyncConnect(redis->where.host, redis->where.port);
	if (ac == NULL)
		fatal("out of memory");
	if (ac->err != 0) {
		if (!redis->down_logged)
			log_warn("redis_down", "why", ac->errstr);
		redis->down_logged = true;
		redisAsyncFree(ac);
		return false;
	}
	s->ac = ac;
	ac->data = redis;
	redisLibevAttach(redis->loop, ac);
	redisAsyncSetConnectCallback(ac, on_connect);
	redisAsyncSetDisconnectCallback(ac, on_disconnect);
	async_redis_authenticate(redis, ac);
	s->heard = clock_ms();
	return true;
}

static void
on_retry(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct async_redis *redis = w->data;

	(void)loop;
	(void)events;
	if (!side_open(redis, &redis->sub) || !side_open(redis, &redis->cmd))
		async_redis_drop(redis, "no connection");
}

static void
on_pong(redisAsyncContext *ac, void *r, void *arg)
{
	struct async_redis *redis = arg;

	(void)ac;
	if (r != NULL)
		redis->cmd.heard = clock_ms();
}

static void
on_beat(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct async_redis *redis = w->data;
	int64_t now = clock_ms();

	(void)loop;
	(void)events;
	if (redis->sub.ac == NULL || redis->cmd.ac == NULL)
		return;
	if (now - redis->sub.heard > SILENT_MS ||
	    now - redis->cmd.heard > SILENT_MS) {
		async_redis_drop(redis, "no sign of life for 6 seconds");
		return;
	}
	if (!redis->up)
		return;
	async_redis_subscribe(redis, CHANNEL_HEARTBEAT);
	redisAsyncCommand(redis->cmd.ac, on_pong, redis, "PING");
}

/* ---- life ------------------------------------------------------------- */

struct async_redis *
async_redis_open(struct ev_loop *loop, const char *url,
    const struct async_redis_listener *listener)
{
	struct async_redis *redis = calloc(1, sizeof(*redis));
	const char *wrong;

	if (redis == NULL)
		fatal("out of memory");
	arena_init(&redis->arena);
	wrong = redis_parse(&redis->arena, url, &redis->where);
	if (wrong != NULL)
		fatal("%s", wrong);
	redis->loop = loop;
	redis->listener = *listener;
	redis->retry_s = RETRY_MIN_S;
	ev_timer_init(&redis->retry, on_retry, 0., 0.);
	ev_timer_init(&redis->beat, on_beat, BEAT_S, BEAT_S);
	ev_timer_init(&redis->refuse, on_refuse, 0., 0.);
	redis->retry.data = redis->beat.data = redis->refuse.data = redis;
	ev_timer_start(loop, &redis->retry);
	ev_timer_start(loop, &redis->beat);
	return redis;
}

void
async_redis_close(struct async_redis *redis)
{
	struct redis_call *next;

	if (redis == NULL)
		return;
	redis->dropping = true; /* nothing is tried again */
	redis->up = false;
	side_close(&redis->sub);
	side_close(&redis->cmd);
	ev_timer_stop(redis->loop, &redis->retry);
	ev_timer_stop(redis->loop, &redis->beat);
	ev_timer_stop(redis->loop, &redis->refuse);
	for (struct redis_call *c = redis->refused; c != NULL; c = next) {
		next = c->next;
		redis_call_free(c);
	}
	arena_release(&redis->arena);
	free(redis);
}
