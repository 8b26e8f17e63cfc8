#include "worker/supervisor/worker.h"

#include "core/buf.h"
#include "core/clock.h"
#include "core/events.h"
#include "core/log.h"

/* Redis is left alone after a failure: this, doubled up to that. */
#define REST_MS 250
#define REST_DOUBLINGS 5

#define ARRAY_MAX_BYTES (4 << 20)

bool
worker_redis(const struct worker *w)
{
	return w->redis_misses == 0 || clock_ms() >= w->redis_rest_ms;
}

enum rc
worker_heard(struct worker *w, enum rc rc)
{
	if (rc != E_UNAVAILABLE) {
		w->redis_misses = 0;
		return rc;
	}
	w->redis_rest_ms = clock_ms() + (REST_MS << w->redis_misses);
	if (w->redis_misses < REST_DOUBLINGS)
		w->redis_misses++;
	return rc;
}

enum rc
worker_announce(
    struct worker *w, const struct rows *rows, int row, enum event_kind kind)
{
	const char *id = row_text(rows, row, "id");
	const char *revision = row_text(rows, row, "revision");
	struct event e = {
	    .kind = kind,
	    .generation = id,
	    .account = row_text(rows, row, "account_id"),
	    .type = row_text(rows, row, "type"),
	    .status = row_text(rows, row, "status"),
	    .revision = row_int(rows, row, "revision"),
	};
	enum rc rc;

	if (!worker_redis(w))
		return E_UNAVAILABLE;
	e.metadata = generation_metadata(&w->scratch, rows, row);
	rc = worker_heard(w, events_publish(w->redis, &w->scratch, &e, NULL));
	if (rc == OK)
		rc = db_run(w->db, &w->scratch, NULL, Q_GENERATION_ANNOUNCED,
		    NULL, DB_ARGS(id, revision));
	return rc;
}

void
worker_requeue(struct worker *w, const struct rows *rows, int row)
{
	struct queue_item item = {
	    .id = row_text(rows, row, "id"),
	    .account = row_text(rows, row, "account_id"),
	    .again = true,
	};

	if (worker_redis(w) &&
	    worker_heard(
		w, queue_fill(w->redis, &w->scratch,
		       row_text(rows, row, "provider"), &item, 1, NULL)) == OK)
		return;
	worker_due(w, 0);
}

void
worker_due(struct worker *w, int64_t ms)
{
	int64_t at = clock_ms() + ms;

	if (w->due_ms == 0 || at < w->due_ms)
		w->due_ms = at;
}

const char *
pg_array(struct arena *a, const char *const *v, size_t n)
{
	struct buf b;
	const char *text;
	size_t i;

	buf_init(&b, ARRAY_MAX_BYTES);
	buf_addc(&b, '{');
	for (i = 0; i < n; i++) {
		buf_adds(&b, i == 0 ? "\"" : ",\"");
		for (const char *s = v[i]; *s != '\0'; s++) {
			if (*s == '"' || *s == '\\')
				buf_addc(&b, '\\');
			buf_addc(&b, *s);
		}
		buf_addc(&b, '"');
	}
	buf_addc(&b, '}');
	if (!buf_ok(&b))
		BUG("an array parameter of %zu strings is too long", n);
	text = arena_strdup(a, b.data);
	buf_release(&b);
	return text;
}
