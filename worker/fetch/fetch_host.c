#include "worker/fetch/fetch_transfer.h"

/* An answer that did not come for so long was lost, ms. */
#define ANSWER_MS 5000
/* A share is given back when there was nothing to do for so long, ms. */
#define IDLE_MS 200
/* A longer Retry-After is taken for this, s. */
#define REFUSED_MAX_S 86400

void
fetch_host_init(
    struct fetch_host *h, const struct fetch_policy *p, const char *name)
{
	*h = (struct fetch_host){.name = name};
	h->tail = &h->queue;
	h->told = (struct permit_ask){
	    .host = name,
	    .window = p->max_per_host,
	    .delay_ms = p->delay_ms,
	    .refusals = p->max_refusals,
	};
}

int64_t
fetch_host_ready(const struct fetch_host *h, int64_t now)
{
	int64_t at = h->next_us / 1000 + (h->next_us % 1000 != 0);

	if (h->given_up)
		return 0;
	if (h->in_flight >= h->permit.share || h->permit.starts == 0)
		return INT64_MAX;
	if (h->paused > at)
		at = h->paused;
	return at > now ? at : 0;
}

/* Nothing is left to do: true when that is to be told now. */
static bool
host_leaves(struct fetch_host *h, int64_t now, int64_t *wake)
{
	if (h->permit.share == 0 && !h->told.bad && !h->told.knows_delay)
		return false;
	if (h->idle == 0)
		h->idle = now;
	if (now - h->idle >= IDLE_MS)
		return true;
	if (h->idle + IDLE_MS < *wake)
		*wake = h->idle + IDLE_MS;
	return false;
}

bool
fetch_host_asks(struct fetch_host *h, const struct fetch_policy *p, int want,
    int64_t now, int64_t *wake)
{
	bool idle = want == 0 && h->in_flight == 0;

	if (!idle)
		h->idle = 0;
	if (h->given_up || (h->asked != 0 && now - h->asked < ANSWER_MS))
		return false;
	if (idle) {
		if (!host_leaves(h, now, wake))
			return false;
	} else if (now < h->ask && !h->told.bad) {
		if (h->ask < *wake)
			*wake = h->ask;
		return false;
	}
	h->asked = now;
	h->told.in_flight = h->in_flight;
	h->told.want = want;
	h->told.gap_us = h->own ? p->own_gap_us : p->gap_us;
	return true;
}

void
fetch_host_permit(struct fetch_host *h, const struct permit *p, int64_t now)
{
	int64_t first = (now + p->wait_ms) * 1000;
	bool none = p->starts == 0 && h->queue != NULL;

	h->asked = 0;
	h->permit = *p;
	h->full = h->in_flight >= p->share;
	h->ask = now + (none ? p->wait_ms : p->renew_ms);
	if (p->starts > 0 && first > h->next_us)
		h->next_us = first;
	if (p->gave_up_s > 0)
		h->given_up = true;
}

void
fetch_host_started(struct fetch_host *h, int64_t now)
{
	int64_t us = now * 1000;

	h->in_flight++;
	if (h->permit.starts < PERMIT_ANY && --h->permit.starts == 0)
		h->ask = now;
	h->next_us = (us > h->next_us ? us : h->next_us) + h->permit.gap_us;
}

void
fetch_host_ended(struct fetch_host *h, int64_t now)
{
	h->in_flight--;
	if (h->full)
		h->ask = now;
	h->full = false;
}

void
fetch_host_good(struct fetch_host *h)
{
	h->answered = true;
	h->told.good++;
}

void
fetch_host_bad(struct fetch_host *h, int64_t now, long wait_ms)
{
	h->told.bad = true;
	if (wait_ms > h->told.pause_ms)
		h->told.pause_ms = wait_ms;
	if (now + wait_ms > h->paused)
		h->paused = now + wait_ms;
}

void
fetch_host_refused(struct fetch_host *h, const struct fetch_policy *p,
    int64_t now, int64_t seconds)
{
	h->told.refused_s =
	    (long)(seconds < REFUSED_MAX_S ? seconds : REFUSED_MAX_S);
	fetch_host_bad(h, now, p->max_retry_after_ms);
}
