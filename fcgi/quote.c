#include "fcgi/quote.h"

#include "core/order.h"
#include "core/schema/host_count.h"
#include "fcgi/host_view.h"
#include "fcgi/request.h"
#include "fcgi/queue_position.h"

#include <math.h>

/* Units that tell a lane's time per unit from what it takes anyway. */
#define MANY 1000
/* Before the first page: robots.txt, sitemaps, the home page, seconds. */
#define START_SECONDS 2
/* Where that was measured: to start the job and to write its files. */
#define START_MORE 0.5
/* What no page takes, seconds; a worker's numbers are not trusted. */
#define PAGE_MOST 600

/* seconds_of_ms: within reason. */
static double
seconds_of_ms(double ms)
{
	double s = ms / 1000;

	return s >= 0 && s <= PAGE_MOST ? s : PAGE_MOST;
}

/* quote_guess: from the orders of the provider's lane. */
static void
quote_guess(struct request *rq, const struct ordertype *t,
    const struct order_provider *p, struct quote *q)
{
	q->fixed = queue_position_run_seconds(rq, p->name, t->name, 0);
	q->per_page = (queue_position_run_seconds(rq, p->name, t->name, MANY) -
			  q->fixed) /
		      MANY;
	q->seconds = q->fixed + (double)q->pages * q->per_page;
}

/* add_model: pages go to it in batches, and a longer question takes longer. */
static void
add_model(const struct host_count_model *model, struct quote *q)
{
	double batch = (double)model->batch;
	double start = seconds_of_ms(model->start_ms);
	double page = seconds_of_ms(model->page_ms);
	double n = (double)q->pages;

	if (batch < 1)
		batch = 1;
	if (n > 0 && n < batch)
		batch = n;
	start *= 1 + (batch - 1) / 2;
	q->seconds += ceil(n / batch) * start + n * page;
	q->per_page += start / batch + page;
	q->at_least = model->cut;
}

static const char *
time_ago(struct request *rq, long s)
{
	if (s < 120)
		return "just now";
	if (s < 7200)
		return arena_printf(rq->arena, "%ld minutes ago", s / 60);
	return arena_printf(rq->arena, "%ld hours ago", s / 3600);
}

void
quote_make(struct request *rq, const struct host_view *host,
    const struct ordertype *t, const struct order_provider *p, long n,
    struct quote *out)
{
	struct host_count_quote measured;
	struct host_count_model model;
	bool has_model = host_count_model(host->detail, p->name, &model);

	*out = (struct quote){
	    .pages = n, .credits = order_price(rq->conf, t, p, n)};
	if (!host_count_quote(host->detail, &measured) ||
	    (p->key != NULL && !has_model)) {
		quote_guess(rq, t, p, out);
		return;
	}
	out->measured = true;
	out->where = measured.path;
	out->at = measured.at;
	out->when = time_ago(rq, host->age);
	out->fixed = START_SECONDS;
	if (measured.start_ms >= 0)
		out->fixed = START_MORE + seconds_of_ms(measured.start_ms);
	out->per_page = seconds_of_ms(measured.page_ms);
	out->seconds = out->fixed + (double)n * out->per_page;
	if (has_model)
		add_model(&model, out);
}
