#include "worker/supervisor/supervisor.h"

#include "core/clock.h"
#include "core/log.h"
#include "worker/supervisor/queue_subscriber.h"
#include "worker/supervisor/claim/generation_claim.h"
#include "worker/supervisor/claim/host_count.h"
#include "core/permit.h"
#include "worker/supervisor/lane.h"
#include "worker/supervisor/lease.h"
#include "worker/supervisor/membership.h"
#include "worker/supervisor/claim/model_probe.h"
#include "worker/supervisor/disk_space.h"
#include "worker/supervisor/sweep.h"
#include "worker/supervisor/workdir.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* The loop turns at least so often, ms. */
#define TURN_MS 500

/* And not more often while it waits for the database. */
#define PATIENCE_MS 50

/* What handing back may take of the time to stop, ms. */
#define RETURN_MS 2000

/* Descriptors before those of the slots. */
enum { FD_SIGNALS, FD_LOCK, FD_BELL, FD_SLOTS };

enum phase {
	PHASE_RUN,   /* claims */
	PHASE_DRAIN, /* lets jobs finish */
	PHASE_RETURN /* stops them and hands them back */
};

struct supervisor {
	struct worker w;
	struct slot_pool slot_pool;
	struct lanes lanes;
	struct membership lock;
	struct queue_subscriber queue_subscriber;
	struct lease lease;
	struct sweep sweep;
	struct disk_space room;
	struct pollfd *fds; /* owned; FD_SLOTS and one for each slot */
	int signals;
	enum phase phase;
	int64_t stop_ms;   /* the phase is over then at the latest */
	int64_t claim_ms;  /* no claim before: something was away */
	int64_t relief_ms; /* and none for the relief slots before */
	bool ready;        /* it was said */
};

/* ---- claims -------------------------------------------------------------- */

/*
 * signals_open: SIGTERM, SIGINT and SIGCHLD come through the descriptor from
 * now on; SIGHUP and SIGPIPE are ignored.  The children must unblock them.
 */
static int
signals_open(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t set;
	int fd;

	sigaction(SIGHUP, &ignore, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		fatal("signalfd: %s", strerror(errno));
	return fd;
}

/* signals_next: the next that came; 0: none. */
static int
signals_next(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return 0;
	return (int)info.ssi_signo;
}

static struct slot *
free_slot(struct supervisor *s, enum slot_kind kind)
{
	for (int i = 0; i < s->slot_pool.n; i++) {
		struct slot *slot = &s->slot_pool.slots[i];

		if (slot->kind == kind && slot_free(slot))
			return slot;
	}
	return NULL;
}

static enum rc
claim_from(struct worker *w, const char *lane, const char *id,
    struct running_job **work)
{
	if (strcmp(lane, LANE_ANALYZE) == 0)
		return host_count_claim(w, id, work);
	if (strcmp(lane, LANE_PROBE) == 0)
		return model_probe_claim(w, id, work);
	return generation_claim(w, lane, id, work);
}

/* Accounts that are passed over. */
struct passed {
	const char **v; /* of the scratch arena */
	int n;
};

/* Takes the next of a lane; E_NOTFOUND when the lane has none. */
static enum rc
claim_next(struct supervisor *s, const char *lane, struct slot *slot,
    const struct passed *over)
{
	struct worker *w = &s->w;
	struct running_job *work = NULL;
	const char *id;
	enum rc rc;

	rc = worker_heard(w, queue_pop_except(w->redis, &w->scratch, lane,
				 over->v, over->n, &id));
	if (rc != OK)
		return rc;
	rc = claim_from(w, lane, id, &work);
	if (rc == OK)
		slot_give(w, slot, work);
	/* Full or stopped: as good as empty, until something changes. */
	if (rc == E_LIMIT)
		return E_NOTFOUND;
	/* Canceled, or taken by another: what stood in the lane was stale. */
	return rc == E_NOTFOUND ? OK : rc;
}

static const struct passed nobody = {NULL, 0};

/* Fills the free slots of one kind; false when something is away. */
static bool
claim_generations(struct supervisor *s)
{
	struct slot *slot;
	struct lane *lane;
	enum rc rc;

	while ((slot = free_slot(s, SLOT_USUAL)) != NULL &&
	       (lane = lanes_pick(&s->lanes, &s->slot_pool)) != NULL) {
		rc = claim_next(s, lane->name, slot, &nobody);
		if (rc == E_NOTFOUND)
			lane->dry = true;
		else if (rc != OK)
			return false;
	}
	return true;
}

static bool
is_long(const struct supervisor *s, const struct running_job *work)
{
	return clock_ms() - work->since_ms >=
	       (int64_t)s->w.conf->worker_relief_seconds * 1000;
}

/* Every usual slot has a job, and has had it for long. */
static bool
is_held_up(const struct supervisor *s)
{
	for (int i = 0; i < s->slot_pool.n; i++) {
		const struct slot *slot = &s->slot_pool.slots[i];

		if (slot->kind == SLOT_USUAL &&
		    (slot->work == NULL || !is_long(s, slot->work)))
			return false;
	}
	return true;
}

static int
free_relief(struct supervisor *s)
{
	int n = 0;

	for (int i = 0; i < s->slot_pool.n; i++)
		n += s->slot_pool.slots[i].kind == SLOT_RELIEF &&
		     slot_free(&s->slot_pool.slots[i]);
	return n;
}

/*
 * Whose orders the next relief slot does not take.  Nobody gets two of them in
 * a row, and the last one is for accounts for which nothing runs here: however
 * many long orders one of them has, others do not wait for them.
 */
static struct passed
passed_over(struct supervisor *s)
{
	bool last = free_relief(s) == 1;
	struct passed p = {
	    .v = arena_array(
		&s->w.scratch, (size_t)s->slot_pool.n, sizeof(*p.v)),
	};

	for (int i = 0; i < s->slot_pool.n; i++) {
		const struct running_job *work = s->slot_pool.slots[i].work;

		if (work != NULL && s->slot_pool.slots[i].kind != SLOT_COUNTS &&
		    (last || !is_long(s, work)))
			p.v[p.n++] = row_text(&work->row, 0, "account_id");
	}
	return p;
}

/* Short orders do not wait behind long ones; false: something is away. */
static bool
claim_relief(struct supervisor *s)
{
	struct slot *slot;
	enum rc rc = OK;

	if (clock_ms() < s->relief_ms || !is_held_up(s))
		return true;
	s->relief_ms = clock_ms() + TURN_MS;
	while ((slot = free_slot(s, SLOT_RELIEF)) != NULL) {
		struct lane *lane = lanes_next(&s->lanes, NULL);
		struct passed over = passed_over(s);

		for (; lane != NULL; lane = lanes_next(&s->lanes, lane)) {
			rc = claim_next(s, lane->name, slot, &over);
			if (rc != E_NOTFOUND)
				break;
		}
		if (lane == NULL || rc != OK)
			return lane == NULL;
		log_info("relief", "lane", lane->name);
	}
	return true;
}

/* The same for the short jobs of the service itself. */
static bool
claim_short(struct supervisor *s, const char *lane, bool *dry)
{
	struct slot *slot;
	enum rc rc;

	while (!*dry && (slot = free_slot(s, SLOT_COUNTS)) != NULL) {
		rc = claim_next(s, lane, slot, &nobody);
		if (rc == E_NOTFOUND)
			*dry = true;
		else if (rc != OK)
			return false;
	}
	return true;
}

/* What was popped and not claimed comes back with the next sweep. */
static void
supervisor_claim(struct supervisor *s)
{
	if (s->phase != PHASE_RUN || !s->w.db_up)
		return;
	if (disk_space_look(&s->room, &s->w)) {
		disk_space_stop(&s->room, &s->w, &s->slot_pool);
		return;
	}
	if (!worker_redis(&s->w) || clock_ms() < s->claim_ms)
		return;
	if (claim_short(s, LANE_PROBE, &s->lanes.probe_dry) &&
	    claim_short(s, LANE_ANALYZE, &s->lanes.analyze_dry) &&
	    claim_generations(s) && claim_relief(s))
		return;
	s->claim_ms = clock_ms() + TURN_MS;
	sweep_whole(&s->sweep, &s->lanes);
}

/* ---- what happens -------------------------------------------------------- */

static void
hear_wake(void *arg, const char *lane)
{
	struct supervisor *s = arg;

	lanes_wake(&s->lanes, lane);
}

/* The database says what of it is true: the heartbeat asks. */
static void
hear_stop(void *arg, const char *id)
{
	struct supervisor *s = arg;

	for (int i = 0; i < s->slot_pool.n; i++) {
		const struct running_job *work = s->slot_pool.slots[i].work;

		if (work != NULL && strcmp(work->id, id) == 0)
			lease_beat_now(&s->lease);
	}
}

static void
hear_bell(struct supervisor *s)
{
	struct queue_subscriber_ear ear = {hear_wake, hear_stop, s};

	queue_subscriber_hear(&s->queue_subscriber, &ear);
}

static void
supervisor_reap(struct supervisor *s)
{
	int status, i;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < s->slot_pool.n; i++)
			if (s->slot_pool.slots[i].pid == pid)
				slot_reaped(
				    &s->w, &s->slot_pool.slots[i], status);
}

static void
hand_back_all(struct supervisor *s)
{
	s->phase = PHASE_RETURN;
	s->w.stopping = true;
	s->stop_ms = clock_ms() + RETURN_MS;
	for (int i = 0; i < s->slot_pool.n; i++)
		slot_stop(&s->slot_pool.slots[i], STOP_BACK);
}

static void
asked_to_stop(struct supervisor *s)
{
	int64_t stop = (int64_t)s->w.conf->worker_stop_seconds * 1000;

	log_info("stopping", "again", s->phase == PHASE_RUN ? NULL : "yes");
	if (s->phase == PHASE_DRAIN)
		hand_back_all(s);
	if (s->phase != PHASE_RUN)
		return;
	s->phase = PHASE_DRAIN;
	s->stop_ms =
	    clock_ms() + (stop > 2 * RETURN_MS ? stop - RETURN_MS : stop / 2);
	for (int i = 0; i < s->slot_pool.n; i++)
		slot_quit(&s->slot_pool.slots[i]);
}

static void
hear_signals(struct supervisor *s)
{
	int sig;

	while ((sig = signals_next(s->signals)) != 0) {
		if (sig == SIGCHLD)
			supervisor_reap(s);
		else
			asked_to_stop(s);
	}
}

/* ---- the loop ------------------------------------------------------------ */

static void
look_after_servers(struct supervisor *s)
{
	struct worker *w = &s->w;
	int times = s->lock.times;

	w->db_up = membership_take(&s->lock, w);
	if (s->lock.times != times) {
		lease_back(&s->lease);
		sweep_whole(&s->sweep, &s->lanes);
	}
	if (queue_subscriber_hang(&s->queue_subscriber))
		sweep_whole(&s->sweep, &s->lanes);
	if (!s->queue_subscriber.hung)
		lease_deaf(&s->lease);
}

static bool
some_slot_waits(struct supervisor *s)
{
	return free_slot(s, SLOT_USUAL) != NULL &&
	       free_slot(s, SLOT_COUNTS) != NULL;
}

static void
say_ready(struct supervisor *s)
{
	if (s->ready || !s->w.db_up || !s->queue_subscriber.hung ||
	    !some_slot_waits(s))
		return;
	s->ready = true;
	log_info("ready", "worker", s->w.id);
	workdir_tidy(&s->w);
}

static void
look_after_slots(struct supervisor *s)
{
	int64_t now = clock_ms();

	for (int i = 0; i < s->slot_pool.n; i++) {
		struct slot *slot = &s->slot_pool.slots[i];

		if (s->phase == PHASE_RUN)
			slot_start(&s->w, slot);
		slot_tick(&s->w, slot, now);
		if (s->phase != PHASE_RUN && slot_free(slot))
			slot_quit(slot);
	}
}

static int64_t
earlier_of(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* What nobody would do in this phase must not be waited for: it would spin. */
static int
supervisor_timeout(struct supervisor *s)
{
	int64_t now = clock_ms(), next = now + TURN_MS;
	bool run = s->phase == PHASE_RUN;

	for (int i = 0; i < s->slot_pool.n; i++)
		next = earlier_of(next, slot_next(&s->slot_pool.slots[i], run));
	if (s->w.db_up)
		next = earlier_of(next, lease_next(&s->lease));
	if (s->w.db_up && run)
		next = earlier_of(next, sweep_next(&s->sweep, &s->w));
	if (!run)
		next = earlier_of(next, s->stop_ms);
	/* What is overdue waits for a server that is away. */
	if ((!s->w.db_up || !worker_redis(&s->w)) && next < now + PATIENCE_MS)
		next = now + PATIENCE_MS;
	return next <= now ? 0 : (int)(next - now);
}

static void
wait_for_events(struct supervisor *s)
{
	struct pollfd *fds = s->fds;
	int i, n;

	fds[FD_SIGNALS] = (struct pollfd){s->signals, POLLIN, 0};
	fds[FD_LOCK] = (struct pollfd){membership_fd(&s->lock), POLLIN, 0};
	fds[FD_BELL] = (struct pollfd){
	    queue_subscriber_fd(&s->queue_subscriber), POLLIN, 0};
	for (i = 0; i < s->slot_pool.n; i++) {
		const struct wire *wire = &s->slot_pool.slots[i].wire;
		short events = wire->out.len > 0 ? POLLIN | POLLOUT : POLLIN;

		fds[FD_SLOTS + i] = (struct pollfd){wire->fd, events, 0};
	}
	n = poll(
	    fds, (nfds_t)(FD_SLOTS + s->slot_pool.n), supervisor_timeout(s));
	if (n < 0 && errno != EINTR)
		BUG("poll: %s", strerror(errno));
	if (n <= 0)
		memset(
		    fds, 0, (size_t)(FD_SLOTS + s->slot_pool.n) * sizeof(*fds));
}

/* Signals first: what ends because of them is to be seen in their light. */
static void
handle_events(struct supervisor *s)
{
	if (s->fds[FD_SIGNALS].revents != 0)
		hear_signals(s);
	if (s->fds[FD_LOCK].revents != 0)
		membership_check(&s->lock);
	if (s->fds[FD_BELL].revents != 0)
		hear_bell(s);
	for (int i = 0; i < s->slot_pool.n; i++) {
		struct slot *slot = &s->slot_pool.slots[i];
		short what = s->fds[FD_SLOTS + i].revents;

		if ((what & POLLOUT) != 0 && wire_flush(&slot->wire) != OK)
			log_debug("slot_gone", "slot", log_num(slot->number));
		if ((what & ~POLLOUT) != 0)
			(void)slot_read(&s->w, slot);
	}
}

/* True once nothing is left to do. */
static bool
supervisor_is_stopped(struct supervisor *s)
{
	int64_t now = clock_ms();

	if (s->phase == PHASE_RUN)
		return false;
	if (s->phase == PHASE_DRAIN && now >= s->stop_ms)
		hand_back_all(s);
	for (int i = 0; i < s->slot_pool.n; i++)
		if (s->slot_pool.slots[i].work != NULL)
			return s->phase == PHASE_RETURN && now >= s->stop_ms;
	return true;
}

static void
supervisor_turn(struct supervisor *s)
{
	wait_for_events(s);
	handle_events(s);
	look_after_servers(s);
	/* Before anything is told: we may have slept past our leases. */
	lease_tick(&s->lease, &s->w, &s->slot_pool);
	look_after_slots(s);
	if (s->phase == PHASE_RUN) {
		sweep_tick(&s->sweep, &s->w, &s->lanes);
		supervisor_claim(s);
	}
	say_ready(s);
	arena_reset(&s->w.scratch);
}

/* While the thread waits for the database. */
static void
supervisor_meanwhile(void *arg)
{
	struct supervisor *s = arg;

	lease_renew(&s->lease, &s->w, &s->slot_pool, &s->lock);
}

static void
supervisor_begin(
    struct supervisor *s, struct conf *conf, const char *const *lanes)
{
	struct worker *w = &s->w;

	memset(s, 0, sizeof(*s));
	w->conf = conf;
	arena_init(&w->scratch);
	uuid_make(w->id);
	w->db = db_open(conf->db_conninfo, "platen_worker", "platen-worker");
	w->redis = redis_open(conf->redis_url, WORKER_REDIS_MS);
	workdir_make(w, conf);
	s->signals = signals_open();
	slot_pool_make(&s->slot_pool, conf->worker_slots,
	    conf->worker_relief_slots, conf->worker_analyze_slots);
	s->fds = calloc((size_t)(FD_SLOTS + s->slot_pool.n), sizeof(*s->fds));
	if (s->fds == NULL)
		fatal("out of memory");
	lanes_init(&s->lanes, lanes);
	w->lanes = &s->lanes;
	membership_init(&s->lock, conf, conf->worker_slots);
	queue_subscriber_init(&s->queue_subscriber, conf->redis_url);
	sweep_init(&s->sweep);
	db_set_wait_callback(w->db, supervisor_meanwhile, s);
}

static void
supervisor_end(struct supervisor *s)
{
	struct worker *w = &s->w;

	db_set_wait_callback(w->db, NULL, NULL);
	slot_pool_release(&s->slot_pool);
	membership_leave(&s->lock, w);
	queue_subscriber_release(&s->queue_subscriber);
	workdir_remove(w);
	db_close(w->db);
	redis_close(w->redis);
	permits_free(w->permits);
	arena_release(&w->scratch);
	close(s->signals);
	free(s->fds);
	log_info("stopped");
}

int
supervisor_run(struct conf *conf, const char *const *lanes)
{
	struct supervisor s;

	supervisor_begin(&s, conf, lanes);
	while (!supervisor_is_stopped(&s))
		supervisor_turn(&s);
	supervisor_end(&s);
	return 0;
}
