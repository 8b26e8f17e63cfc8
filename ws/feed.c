#include "ws/feed.h"

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
/* A connection that answered nothing for so long is dead. */
#define SILENT_MS 6000
/* Always subscribed: its confirmations are the listener's heartbeat, and it
 * keeps the connection in subscriber mode. */
#define WORDS_MAX 1024

struct feed_call {
	struct feed *feed;
	struct feed_call *next; /* of those whose feed is down */
	feed_done *done;        /* NULL once canceled */
	void *arg;
	bool is_script;
	enum script script;
	/* To ask again by EVAL: words after the script's name. */
	int argc;
	char **argv;
};

struct feed_side {
	redisAsyncContext *ac; /* owned by hiredis; NULL when gone */
	bool ready;
	int64_t heard; /* clock_ms() of the last sign of life */
};

struct feed {
	struct ev_loop *loop;
	struct arena arena; /* owns where */
	struct redis_where where;
	struct feed_listener listener;
	struct feed_side sub, cmd;
	struct ev_timer retry, beat, refuse;
	struct feed_call *refused;
	double retry_s;
	bool up;
	bool dropping; /* inside drop(): hiredis calls back */
	bool told_down;
};

static void feed_drop(struct feed *f, const char *why);

bool
feed_is_up(const struct feed *f)
{
	return f->up;
}

/* ---- answers ---------------------------------------------------------- */

static void
call_free(struct feed_call *c)
{
	for (int i = 0; i < c->argc; i++)
		free(c->argv[i]);
	free(c->argv);
	free(c);
}

static void
call_finish(struct feed_call *c, redisReply *reply)
{
	if (c->done != NULL)
		c->done(c->arg, reply);
	call_free(c);
}

static bool send_script(struct feed_call *c, bool by_text);

static void
on_answer(redisAsyncContext *ac, void *r, void *arg)
{
	struct feed_call *c = arg;
	redisReply *reply = r;

	(void)ac;
	if (reply != NULL)
		c->feed->cmd.heard = clock_ms();
	if (reply == NULL || reply->type != REDIS_REPLY_ERROR) {
		call_finish(c, reply);
		return;
	}
	if (c->is_script && strncmp(reply->str, "NOSCRIPT", 8) == 0 &&
	    send_script(c, true))
		return;
	log_warn("redis_error", "why", reply->str);
	call_finish(c, NULL);
}

/* A call that cannot be sent is answered from the loop, with nothing. */
static void
call_refuse(struct feed *f, struct feed_call *c)
{
	c->next = f->refused;
	f->refused = c;
	if (!ev_is_active(&f->refuse)) {
		ev_timer_set(&f->refuse, 0., 0.);
		ev_timer_start(f->loop, &f->refuse);
	}
}

static void
on_refuse(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct feed *f = w->data;
	struct feed_call *c = f->refused, *next;

	(void)loop;
	(void)events;
	f->refused = NULL;
	for (; c != NULL; c = next) {
		next = c->next;
		call_finish(c, NULL);
	}
}

/* ---- questions -------------------------------------------------------- */

static struct feed_call *
call_new(struct feed *f, feed_done *done, void *arg)
{
	struct feed_call *c = calloc(1, sizeof(*c));

	if (c == NULL)
		fatal("out of memory");
	c->feed = f;
	c->done = done;
	c->arg = arg;
	return c;
}

struct feed_call *
feed_command(struct feed *f, int argc, const char *const *argv, feed_done *done,
    void *arg)
{
	struct feed_call *c = call_new(f, done, arg);

	if (!f->up || redisAsyncCommandArgv(f->cmd.ac, on_answer, c, argc,
			  (const char **)argv, NULL) != REDIS_OK)
		call_refuse(f, c);
	return c;
}

static bool
send_script(struct feed_call *c, bool by_text)
{
	const struct script_def *def = &script_defs[c->script];
	const char *argv[WORDS_MAX + 2];

	if (!c->feed->up)
		return false;
	argv[0] = by_text ? "EVAL" : "EVALSHA";
	argv[1] = by_text ? def->text : def->sha1;
	for (int i = 0; i < c->argc; i++)
		argv[2 + i] = c->argv[i];
	return redisAsyncCommandArgv(c->feed->cmd.ac, on_answer, c, c->argc + 2,
		   argv, NULL) == REDIS_OK;
}

struct feed_call *
feed_script(struct feed *f, enum script s, int nkeys, int argc,
    const char *const *argv, feed_done *done, void *arg)
{
	struct feed_call *c = call_new(f, done, arg);
	char keys[16];

	if (argc + 1 > WORDS_MAX)
		BUG("script %s with %d words", script_defs[s].name, argc);
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
		call_refuse(f, c);
	return c;
}

void
feed_cancel(struct feed_call *call)
{
	if (call != NULL)
		call->done = NULL;
}

/* ---- subscriptions ---------------------------------------------------- */

static void
on_push(redisAsyncContext *ac, void *r, void *arg)
{
	const struct feed_listener *l;
	struct feed *f = arg;
	redisReply *reply = r;
	const char *kind, *channel;

	(void)ac;
	if (reply == NULL || reply->type != REDIS_REPLY_ARRAY ||
	    reply->elements != 3 || !f->up)
		return;
	f->sub.heard = clock_ms();
	l = &f->listener;
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
feed_subscribe(struct feed *f, const char *channel)
{
	if (f->up && redisAsyncCommand(f->sub.ac, on_push, f, "SUBSCRIBE %s",
			 channel) != REDIS_OK)
		log_warn("redis_subscribe_failed", "channel", channel);
}

void
feed_unsubscribe(struct feed *f, const char *channel)
{
	/* hiredis answers by the callback of the subscription. */
	if (f->up && redisAsyncCommand(f->sub.ac, NULL, NULL, "UNSUBSCRIBE %s",
			 channel) != REDIS_OK)
		log_warn("redis_unsubscribe_failed", "channel", channel);
}

/* ---- connections ------------------------------------------------------ */

static struct feed_side *
side_of(struct feed *f, const redisAsyncContext *ac)
{
	return ac == f->sub.ac ? &f->sub : ac == f->cmd.ac ? &f->cmd : NULL;
}

static void
came_up(struct feed *f)
{
	f->up = true;
	f->retry_s = RETRY_MIN_S;
	f->sub.heard = f->cmd.heard = clock_ms();
	log_info("redis_up");
	f->told_down = false;
	feed_subscribe(f, CHANNEL_HEARTBEAT);
	f->listener.up(f->listener.arg);
}

static void
on_connect(const redisAsyncContext *ac, int status)
{
	struct feed *f = ac->data;
	struct feed_side *s = side_of(f, ac);

	if (s == NULL)
		return;
	if (status != REDIS_OK) {
		/* hiredis frees it when we return. */
		s->ac = NULL;
		feed_drop(f, ac->errstr);
		return;
	}
	s->ready = true;
	if (f->sub.ready && f->cmd.ready)
		came_up(f);
}

static void
on_disconnect(const redisAsyncContext *ac, int status)
{
	struct feed *f = ac->data;
	struct feed_side *s = side_of(f, ac);

	(void)status;
	if (s == NULL)
		return;
	s->ac = NULL;
	feed_drop(f, ac->err ? ac->errstr : "closed");
}

static void
side_close(struct feed_side *s)
{
	redisAsyncContext *ac = s->ac;

	*s = (struct feed_side){0};
	if (ac != NULL)
		redisAsyncFree(ac);
}

static void
schedule_retry(struct feed *f)
{
	double jitter = 0.75 + 0.5 * drand48();

	ev_timer_stop(f->loop, &f->retry);
	ev_timer_set(&f->retry, f->retry_s * jitter, 0.);
	ev_timer_start(f->loop, &f->retry);
	f->retry_s =
	    f->retry_s * 2 > RETRY_MAX_S ? RETRY_MAX_S : f->retry_s * 2;
}

/* Closes what is left of both connections and tries again later. */
static void
feed_drop(struct feed *f, const char *why)
{
	bool was_up = f->up;

	if (f->dropping)
		return;
	f->dropping = true;
	f->up = false;
	if (!f->told_down)
		log_warn("redis_down", "why", why);
	f->told_down = true;
	side_close(&f->sub);
	side_close(&f->cmd);
	f->dropping = false;
	schedule_retry(f);
	if (was_up)
		f->listener.down(f->listener.arg);
}

static void
on_greeted(redisAsyncContext *ac, void *r, void *arg)
{
	redisReply *reply = r;

	(void)ac;
	(void)arg;
	if (reply != NULL && reply->type == REDIS_REPLY_ERROR)
		log_error("redis_refused", "why", reply->str);
}

/* AUTH and SELECT go before anything else on the connection. */
static void
feed_greet(struct feed *f, redisAsyncContext *ac)
{
	if (f->where.user != NULL)
		redisAsyncCommand(ac, on_greeted, NULL, "AUTH %s %s",
		    f->where.user, f->where.password);
	else if (f->where.password != NULL)
		redisAsyncCommand(
		    ac, on_greeted, NULL, "AUTH %s", f->where.password);
	if (f->where.database != 0)
		redisAsyncCommand(
		    ac, on_greeted, NULL, "SELECT %d", f->where.database);
}

static bool
side_open(struct feed *f, struct feed_side *s)
{
	redisAsyncContext *ac;

	ac = f->where.path != NULL
		 ? redisAsyncConnectUnix(f->where.path)
		 : redisAsyncConnect(f->where.host, f->where.port);
	if (ac == NULL)
		fatal("out of memory");
	if (ac->err != 0) {
		if (!f->told_down)
			log_warn("redis_down", "why", ac->errstr);
		f->told_down = true;
		redisAsyncFree(ac);
		return false;
	}
	s->ac = ac;
	ac->data = f;
	redisLibevAttach(f->loop, ac);
	redisAsyncSetConnectCallback(ac, on_connect);
	redisAsyncSetDisconnectCallback(ac, on_disconnect);
	feed_greet(f, ac);
	s->heard = clock_ms();
	return true;
}

static void
on_retry(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct feed *f = w->data;

	(void)loop;
	(void)events;
	if (!side_open(f, &f->sub) || !side_open(f, &f->cmd))
		feed_drop(f, "no connection");
}

static void
on_pong(redisAsyncContext *ac, void *r, void *arg)
{
	struct feed *f = arg;

	(void)ac;
	if (r != NULL)
		f->cmd.heard = clock_ms();
}

static void
on_beat(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct feed *f = w->data;
	int64_t now = clock_ms();

	(void)loop;
	(void)events;
	if (f->sub.ac == NULL || f->cmd.ac == NULL)
		return;
	if (now - f->sub.heard > SILENT_MS || now - f->cmd.heard > SILENT_MS) {
		feed_drop(f, "no sign of life for 6 seconds");
		return;
	}
	if (!f->up)
		return;
	feed_subscribe(f, CHANNEL_HEARTBEAT);
	redisAsyncCommand(f->cmd.ac, on_pong, f, "PING");
}

/* ---- life ------------------------------------------------------------- */

struct feed *
feed_open(
    struct ev_loop *loop, const char *url, const struct feed_listener *listener)
{
	struct feed *f = calloc(1, sizeof(*f));
	const char *wrong;

	if (f == NULL)
		fatal("out of memory");
	arena_init(&f->arena);
	wrong = redis_parse(&f->arena, url, &f->where);
	if (wrong != NULL)
		fatal("%s", wrong);
	f->loop = loop;
	f->listener = *listener;
	f->retry_s = RETRY_MIN_S;
	ev_timer_init(&f->retry, on_retry, 0., 0.);
	ev_timer_init(&f->beat, on_beat, BEAT_S, BEAT_S);
	ev_timer_init(&f->refuse, on_refuse, 0., 0.);
	f->retry.data = f->beat.data = f->refuse.data = f;
	ev_timer_start(loop, &f->retry);
	ev_timer_start(loop, &f->beat);
	return f;
}

void
feed_close(struct feed *f)
{
	struct feed_call *next;

	if (f == NULL)
		return;
	f->dropping = true; /* nothing is tried again */
	f->up = false;
	side_close(&f->sub);
	side_close(&f->cmd);
	ev_timer_stop(f->loop, &f->retry);
	ev_timer_stop(f->loop, &f->beat);
	ev_timer_stop(f->loop, &f->refuse);
	for (struct feed_call *c = f->refused; c != NULL; c = next) {
		next = c->next;
		call_free(c);
	}
	arena_release(&f->arena);
	free(f);
}
