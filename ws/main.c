/*
 * platen-live: serves every connection that waits: WebSocket, Server-Sent
 * Events, long-poll, and requests for a count.  One thread, one loop.
 *
 * Redis says what happens (async_redis.c), rooms keep the latest of it
 * (room.c), clients have their positions in rooms (client.c), and transports
 * write to them when their connections take more.
 */
#include "core/clock.h"
#include "core/log.h"
#include "core/privileges.h"
#include "ws/auth.h"
#include "ws/client.h"
#include "ws/host_count_wait.h"
#include "ws/hub.h"
#include "ws/live.h"
#include "ws/server.h"

#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define TICK_S 0.25
#define REPORT_S 60.
/* At a stop, clients have so long to read their last message. */
#define STOP_S 1.5

struct live_process {
	struct live live;
	struct ev_timer tick, report, deadline;
	struct ev_signal term, intr;
};

/* ---- called by Redis -------------------------------------------------- */

static void
on_up(void *arg)
{
	struct live *l = arg;

	hub_up(l->hub);
	host_count_wait_up(l->host_counts);
}

static void
on_down(void *arg)
{
	hub_down(((struct live *)arg)->hub);
}

static void
on_subscribed(void *arg, const char *channel)
{
	hub_subscribed(((struct live *)arg)->hub, channel);
}

static void
on_unsubscribed(void *arg, const char *channel)
{
	hub_unsubscribed(((struct live *)arg)->hub, channel);
}

static void
on_message(void *arg, const char *channel, const char *data, size_t len)
{
	struct live *l = arg;

	l->counters.events++;
	hub_message(l->hub, channel, data, len);
	host_count_wait_message(l->host_counts, channel, data, len);
}

/* ---- timers ----------------------------------------------------------- */

static void
on_tick(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct live *l = w->data;
	int64_t now = clock_ms();
	struct client *next;

	(void)events;
	hub_tick(l->hub, now);
	auth_tick(l->auth, now);
	host_count_wait_tick(l->host_counts, now);
	for (struct client *c = l->clients; c != NULL; c = next) {
		next = c->next;
		client_tick(c, now);
	}
	if (l->stopping && l->clients == NULL)
		ev_break(loop, EVBREAK_ALL);
}

static void
on_report(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct live *l = w->data;
	const struct live_counters *n = &l->counters;

	(void)loop;
	(void)events;
	log_info("counters", "clients", log_num(l->nclients), "rooms",
	    log_num(hub_room_count(l->hub)), "opened",
	    log_num((long long)n->opened), "refused",
	    log_num((long long)n->refused), "events",
	    log_num((long long)n->events), "frames",
	    log_num((long long)n->frames), "messages",
	    log_num((long long)n->messages), "heap_bytes",
	    log_num((long long)mallinfo2().uordblks));
	/* What a crowd that came at once has left goes back to the system. */
	malloc_trim(0);
}

static void
on_deadline(struct ev_loop *loop, struct ev_timer *w, int events)
{
	(void)w;
	(void)events;
	ev_break(loop, EVBREAK_ALL);
}

static void
on_signal(struct ev_loop *loop, struct ev_signal *w, int events)
{
	struct live_process *p = w->data;
	struct live *l = &p->live;
	struct client *next;

	(void)events;
	if (l->stopping)
		return;
	log_info("stopping", "clients", log_num(l->nclients));
	l->stopping = true;
	for (struct client *c = l->clients; c != NULL; c = next) {
		next = c->next;
		c->transport->stop(c);
	}
	host_count_wait_stop(l->host_counts);
	ev_timer_set(&p->deadline, STOP_S, 0.);
	ev_timer_start(loop, &p->deadline);
	/* Check soon and often whether all have left. */
	ev_timer_stop(loop, &p->tick);
	ev_timer_set(&p->tick, 0.1, 0.02);
	ev_timer_start(loop, &p->tick);
}

static void
start_watchers(struct live_process *p)
{
	struct ev_loop *loop = p->live.loop;

	ev_timer_init(&p->tick, on_tick, TICK_S, TICK_S);
	ev_timer_init(&p->report, on_report, REPORT_S, REPORT_S);
	ev_timer_init(&p->deadline, on_deadline, 0., 0.);
	ev_signal_init(&p->term, on_signal, SIGTERM);
	ev_signal_init(&p->intr, on_signal, SIGINT);
	p->tick.data = p->report.data = &p->live;
	p->deadline.data = p->term.data = p->intr.data = p;
	ev_timer_start(loop, &p->tick);
	ev_timer_start(loop, &p->report);
	ev_signal_start(loop, &p->term);
	ev_signal_start(loop, &p->intr);
}

/* ---- life ------------------------------------------------------------- */

/* Each listener takes a descriptor. */
static void
raise_descriptor_limit(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	r.rlim_cur = r.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &r) != 0)
		log_warn("descriptors_not_raised");
}

static void
open_all(struct live_process *p)
{
	struct live *l = &p->live;
	struct async_redis_listener listener = {
	    .arg = l,
	    .up = on_up,
	    .down = on_down,
	    .subscribed = on_subscribed,
	    .unsubscribed = on_unsubscribed,
	    .message = on_message,
	};

	l->loop = ev_loop_new(EVFLAG_AUTO);
	if (l->loop == NULL)
		fatal("no event loop");
	l->hub = hub_new(l->conf.live_client_frames);
	l->auth = auth_new(l);
	l->host_counts = host_count_wait_new(l);
	l->pg = async_pg_open(
	    l->loop, l->conf.db_conninfo, "platen_live", "platen-live");
	l->redis = async_redis_open(l->loop, l->conf.redis_url, &listener);
	hub_set_redis(l->hub, l->redis);
	server_open(l);
	start_watchers(p);
}

static void
close_all(struct live_process *p)
{
	struct live *l = &p->live;

	server_close(l);
	host_count_wait_free(l->host_counts);
	hub_free(l->hub);
	auth_free(l->auth);
	async_redis_close(l->redis);
	async_pg_close(l->pg);
	ev_loop_destroy(l->loop);
	conf_release(&l->conf);
}

int
main(void)
{
	struct live_process p = {0};

	log_init("platen-live", LOG_INFO);
	conf_load(&p.live.conf);
	log_init("platen-live",
	    (enum log_level)log_level_parse(p.live.conf.log_level));
	conf_set_identity(&p.live.conf, "live");
	signal(SIGPIPE, SIG_IGN);
	srand48(clock_unix_ms() ^ getpid());
	raise_descriptor_limit();
	open_all(&p);
	privileges_drop((uid_t)p.live.conf.run_uid);
	log_info("listening", "on", p.live.conf.live_socket);
	ev_run(p.live.loop, 0);
	close_all(&p);
	log_info("stopped");
	return 0;
}
