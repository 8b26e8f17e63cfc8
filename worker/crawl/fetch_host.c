#include "worker/crawl/fetch_host.h"

/* Failures of one round of requests are one sign of overload, not many. */
#define CUT_MS 1000

void
fetch_host_init(
    struct fetch_host *h, const struct fetch_policy *p, const char *name)
{
	*h = (struct fetch_host){.name = name, .delay_ms = p->delay_ms};
	h->tail = &h->queue;
	h->window = p->max_per_host > 2 ? p->max_per_host / 2.0 : 1;
	h->cut = -CUT_MS;
}

int64_t
fetch_host_ready(const struct fetch_host *h, int64_t now)
{
	int64_t at = h->paused;

	if (h->given_up)
		return 0;
	if (h->in_flight >= (size_t)h->window ||
	    (h->delay_ms > 0 && h->in_flight > 0))
		return INT64_MAX;
	if (h->delay_ms > 0 && h->started > 0 && h->started + h->delay_ms > at)
		at = h->started + h->delay_ms;
	return at > now ? at : 0;
}

void
fetch_host_started(struct fetch_host *h, int64_t now)
{
	h->in_flight++;
	h->started = now;
}

void
fetch_host_ended(struct fetch_host *h)
{
	h->in_flight--;
}

void
fetch_host_good(struct fetch_host *h, const struct fetch_policy *p)
{
	h->answered = true;
	h->refusals = 0;
	h->window += 1 / h->window;
	if (h->window > p->max_per_host)
		h->window = p->max_per_host;
}

void
fetch_host_bad(struct fetch_host *h, int64_t now, long wait_ms)
{
	if (now - h->cut >= CUT_MS) {
		h->cut = now;
		h->window = h->window / 2 < 1 ? 1 : h->window / 2;
	}
	if (now + wait_ms > h->paused)
		h->paused = now + wait_ms;
}

void
fetch_host_refused(struct fetch_host *h, const struct fetch_policy *p,
    int64_t now, int64_t seconds)
{
	h->wants_s = seconds;
	h->refusals += now >= h->paused;
	if (p->max_refusals > 0 && h->refusals >= p->max_refusals)
		h->given_up = true;
	fetch_host_bad(h, now, p->max_retry_after_ms);
}
