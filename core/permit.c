#include "core/permit.h"

#include "core/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As in sql/redis/host_permit.lua, microseconds. */
#define MS 1000LL
#define RENEW_US (500 * MS)  /* who has a share asks again after this */
#define LEASE_US (3000 * MS) /* who was not heard for so long has none */
#define AHEAD_US (500 * MS)  /* starts are given so far ahead */
#define DUE_US (10 * MS)     /* with a delay, so far */
#define TURN_US (1000 * MS)  /* a turn, where there are more than places */
#define POLL_US (100 * MS)   /* who waits for a turn asks again after this */
#define WAIT_US (1000 * MS)  /* longest wait without asking again */
/* Failures of one round of requests are one sign of overload, not many. */
#define CUT_US (1000 * MS)
#define GOOD_MAX 64

#define HOSTS 256
#define ASKERS 320
#define ASKER_BYTES 48

struct asker {
	char name[ASKER_BYTES];
	int grant;     /* in flight at most; 0: it waits for a turn */
	int64_t since; /* when the grant, or the waiting, began */
	int64_t heard;
};

struct permit_host {
	char name[PERMIT_HOST_BYTES];
	int64_t heard;
	int64_t next;   /* no start before */
	int64_t paused; /* nor before this */
	int64_t cut;    /* when the window was last halved */
	int64_t until;  /* the rest that it asked for ends */
	int64_t delay;  /* as its robots.txt said */
	double window;
	int refusals; /* in a row */
	struct asker *askers;
	int n;
};

struct permits {
	struct permit_host *hosts; /* HOSTS of them */
	int n;
};

struct permits *
permits_new(void)
{
	struct permits *p = calloc(1, sizeof(*p));

	if (p == NULL)
		fatal("out of memory");
	return p;
}

void
permits_free(struct permits *p)
{
	if (p == NULL)
		return;
	for (int i = 0; i < p->n; i++)
		free(p->hosts[i].askers);
	free(p->hosts);
	free(p);
}

/* ---- who asks for what --------------------------------------------------- */

static struct permit_host *
permit_host_get(struct permits *p, const struct permit_ask *q)
{
	struct permit_host *h = NULL;

	if (p->hosts == NULL)
		p->hosts = calloc(HOSTS, sizeof(*p->hosts));
	if (p->hosts == NULL)
		fatal("out of memory");
	for (int i = 0; i < p->n; i++)
		if (strcmp(p->hosts[i].name, q->host) == 0)
			return &p->hosts[i];
	if (p->n < HOSTS) {
		h = &p->hosts[p->n++];
	} else {
		h = &p->hosts[0];
		for (int i = 1; i < p->n; i++)
			if (p->hosts[i].heard < h->heard)
				h = &p->hosts[i];
		free(h->askers);
	}
	*h = (struct permit_host){.cut = -CUT_US};
	snprintf(h->name, sizeof(h->name), "%s", q->host);
	h->window = q->window;
	return h;
}

static void
permit_asker_drop(struct permit_host *h, int i)
{
	h->askers[i] = h->askers[--h->n];
}

static struct asker *
permit_asker_get(struct permit_host *h, const char *name, int64_t now)
{
	struct asker *a = NULL, *more;

	for (int i = h->n - 1; i >= 0; i--)
		if (now - h->askers[i].heard > LEASE_US)
			permit_asker_drop(h, i);
	for (int i = 0; i < h->n; i++)
		if (strcmp(h->askers[i].name, name) == 0)
			a = &h->askers[i];
	if (a == NULL) {
		if (h->n == ASKERS)
			permit_asker_drop(h, 0);
		more = reallocarray(
		    h->askers, (size_t)h->n + 1, sizeof(*h->askers));
		if (more == NULL)
			fatal("out of memory");
		h->askers = more;
		a = &h->askers[h->n++];
		*a = (struct asker){.since = now};
		snprintf(a->name, sizeof(a->name), "%s", name);
	}
	a->heard = h->heard = now;
	return a;
}

/* ---- the rules ----------------------------------------------------------- */

static int64_t
later_of(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int
least_of(int a, int b)
{
	return a < b ? a : b;
}

/* permit_record_answers: what the asker has seen of the host since it asked
 * last. */
static void
permit_record_answers(
    struct permit_host *h, const struct permit_ask *q, int64_t now)
{
	int64_t delay = q->delay_ms * MS;

	/* It was asked for its robots.txt just now. */
	if (q->knows_delay && delay > h->delay)
		h->next = later_of(h->next, now + delay);
	if (q->knows_delay)
		h->delay = delay;
	if (q->good > 0)
		h->refusals = 0;
	for (int i = 0; i < q->good && i < GOOD_MAX; i++)
		h->window += 1 / h->window;
	if (h->window > q->window)
		h->window = q->window;
	if (q->bad && now - h->cut >= CUT_US) {
		h->cut = now;
		h->window = h->window / 2 < 1 ? 1 : h->window / 2;
	}
	if (q->refused_s > 0) {
		h->refusals += now >= h->paused;
		h->until = now + q->refused_s * 1000 * MS;
	}
	h->paused = later_of(h->paused, now + q->pause_ms * MS);
}

/* What limits an asker at its host. */
struct permit_limits {
	int limit;    /* in flight, all together */
	int others;   /* in flight, granted to others */
	int earlier;  /* others that wait for a turn for longer */
	int waiting;  /* others that wait */
	int64_t at;   /* the next start */
	int64_t gap;  /* between starts */
	bool delayed; /* the gap is a delay: one at a time */
};

static struct permit_limits
permit_limits_of(const struct permit_host *h, const struct asker *me,
    const struct permit_ask *q, int64_t now)
{
	int64_t delay = q->delay_ms * MS;
	struct permit_limits s = {
	    .at = later_of(now, later_of(h->next, h->paused))};

	if (!q->knows_delay)
		delay = later_of(delay, h->delay);
	s.delayed = delay > 0;
	s.gap = later_of(delay, q->gap_us);
	/* A host that has just refused us is asked for one page, to see.
	 */
	s.limit = s.delayed || h->refusals > 0 ? 1 : (int)h->window;
	for (int i = 0; i < h->n; i++) {
		const struct asker *a = &h->askers[i];

		if (a == me)
			continue;
		s.others += a->grant;
		s.waiting += a->grant == 0;
		s.earlier += a->grant == 0 && a->since < me->since;
	}
	return s;
}

/* permit_grant: how many the asker may have in flight from now on. */
static void
permit_grant(const struct permit_host *h, struct asker *me,
    const struct permit_limits *s, const struct permit_ask *q, int64_t now)
{
	int mine = least_of(
	    s->limit / h->n < 1 ? 1 : s->limit / h->n, s->limit - s->others);
	bool had = me->grant > 0;

	if (!had && (s->limit - s->others - s->earlier < 1 ||
			s->at - now > (s->delayed ? DUE_US : AHEAD_US)))
		mine = 0;
	/* Its turn is over: the others wait for theirs. */
	if (had && s->waiting > 0 && h->n > s->limit &&
	    (s->delayed || now - me->since >= TURN_US))
		mine = 0;
	if (mine < q->in_flight)
		mine = q->in_flight;
	if (had != (mine > 0))
		me->since = now;
	me->grant = mine;
}

/* permit_schedule_starts: the times at which requests may start. */
static void
permit_schedule_starts(struct permit_host *h, const struct asker *me,
    const struct permit_limits *s, const struct permit_ask *q, int64_t now,
    struct permit *out)
{
	int64_t ahead = s->delayed ? DUE_US : AHEAD_US, wait = s->at - now, n;
	bool due = wait <= ahead;
	/* Without a gap an asker with a share starts one when one has ended. */
	bool full = me->grant <= q->in_flight && (me->grant == 0 || s->gap > 0);

	out->share = me->grant;
	out->gap_us = (long)s->gap;
	if (!due || full || q->want == 0) {
		wait = due ? POLL_US : wait - (s->delayed ? 0 : ahead);
		if (wait > WAIT_US)
			wait = WAIT_US;
		out->wait_ms = (long)((wait + MS - 1) / MS);
		return;
	}
	out->wait_ms = (long)((wait + MS - 1) / MS);
	out->starts = PERMIT_ANY;
	if (s->gap == 0)
		return;
	n = s->delayed ? 1 : ((ahead - wait) / s->gap + 1) / h->n;
	n = n < 1 ? 1 : n > q->want ? q->want : n;
	out->starts = (int)n;
	h->next = s->at + n * s->gap;
}

void
permits_ask(struct permits *p, const char *asker, const struct permit_ask *q,
    int64_t now, struct permit *out)
{
	struct permit_host *h = permit_host_get(p, q);
	struct asker *me = permit_asker_get(h, asker, now);
	struct permit_limits s;

	*out = (struct permit){.renew_ms = RENEW_US / MS};
	permit_record_answers(h, q, now);
	if (q->refusals > 0 && h->refusals >= q->refusals && h->until > now) {
		out->gave_up_s = (long)((h->until - now) / (1000 * MS) + 1);
		out->share = q->in_flight;
	}
	if (out->gave_up_s > 0 || (q->want == 0 && q->in_flight == 0)) {
		permit_asker_drop(h, (int)(me - h->askers));
		return;
	}
	s = permit_limits_of(h, me, q, now);
	permit_grant(h, me, &s, q, now);
	permit_schedule_starts(h, me, &s, q, now, out);
}
