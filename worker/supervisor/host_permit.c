#include "worker/supervisor/host_permit.h"

#include "core/clock.h"
#include "core/schema/redis_names.h"

#define ANSWERS 6

static const char *
number_text(struct arena *a, long long n)
{
	return arena_printf(a, "%lld", n);
}

static enum rc
ask_redis(struct worker *w, const char *asker, const struct permit_ask *q,
    struct permit *out)
{
	struct arena *a = &w->scratch;
	const char *argv[] = {
	    host_permits_key(a, q->host),
	    asker,
	    number_text(a, q->in_flight),
	    number_text(a, q->want),
	    number_text(a, q->window),
	    number_text(a, q->gap_us),
	    number_text(a, q->delay_ms * 1000LL),
	    q->knows_delay ? "1" : "0",
	    number_text(a, q->good),
	    q->bad ? "1" : "0",
	    number_text(a, q->pause_ms * 1000LL),
	    number_text(a, q->refused_s),
	    number_text(a, q->refusals),
	};
	redisReply *reply;
	long n[ANSWERS];
	enum rc rc;

	rc = redis_script(w->redis, a, SCRIPT_HOST_PERMIT, &reply, 1,
	    sizeof(argv) / sizeof(argv[0]), argv);
	if (rc != OK)
		return rc;
	if (reply->type != REDIS_REPLY_ARRAY || reply->elements != ANSWERS)
		return E_UNAVAILABLE;
	for (int i = 0; i < ANSWERS; i++)
		n[i] = (long)reply->element[i]->integer;
	*out = (struct permit){(int)n[0], (int)n[1], n[2], n[3], n[4], n[5]};
	return OK;
}

void
host_permit(
    struct worker *w, int slot, const struct permit_ask *q, struct permit *out)
{
	const char *asker =
	    arena_printf(&w->scratch, "%s.%d", w->id + UUID_LEN - 12, slot);

	if (worker_redis(w) &&
	    worker_heard(w, ask_redis(w, asker, q, out)) == OK)
		return;
	if (w->permits == NULL)
		w->permits = permits_new();
	permits_ask(w->permits, asker, q, clock_ms() * 1000, out);
}
