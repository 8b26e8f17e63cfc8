#include "worker/supervisor/disk_space.h"

#include "core/clock.h"
#include "core/conf.h"
#include "core/disk.h"
#include "core/log.h"
#include "worker/supervisor/lane.h"

#include <stdio.h>

#define LOOK_MS 1000
/* A lane is parked for so long, and told again before that is over, ms. */
#define PARK_MS 20000
#define AGAIN_MS 10000

bool
disk_space_look(struct disk_space *r, struct worker *w)
{
	int64_t now = clock_ms();
	long long free;
	bool low;

	if (now < r->look_ms)
		return r->low;
	r->look_ms = now + LOOK_MS;
	free = disk_free_megabytes(w->conf->run_var);
	low = free >= 0 && free < w->conf->storage_free_megabytes;
	if (low != r->low)
		log_warn(low ? "disk_low" : "disk_has_room", "megabytes",
		    log_num(free), "path", w->conf->run_var);
	r->low = low;
	return low;
}

static const char *
room_sentence(struct worker *w)
{
	return arena_printf(&w->scratch,
	    "The server's disk is nearly full. Work continues once %d MB are "
	    "free again (storage.free_megabytes). Nothing has been lost.",
	    w->conf->storage_free_megabytes);
}

void
disk_space_stop(
    struct disk_space *r, struct worker *w, struct slot_pool *slot_pool)
{
	int64_t now = clock_ms();
	const struct lanes *l = w->lanes;

	for (int i = 0; i < slot_pool->n; i++)
		if (slot_pool->slots[i].kind != SLOT_COUNTS &&
		    slot_pool->slots[i].work != NULL &&
		    slot_pool->slots[i].running)
			slot_stop(&slot_pool->slots[i], STOP_DISK);
	/* Other machines may have room; with our own database there are none.
	 */
	if (!w->conf->own_db || !w->db_up || now < r->park_ms)
		return;
	r->park_ms = now + AGAIN_MS;
	for (int i = 0; i < l->n; i++)
		if (lane_park(w, l->v[i].name, PARK_MS, room_sentence(w)) != OK)
			log_warn("lane_not_parked", "lane", l->v[i].name);
}

void
disk_space_wait(struct worker *w, struct running_job *work)
{
	running_job_fail(work, false, "%s", room_sentence(w));
	work->outcome.quota_ms = PARK_MS;
	work->outcome.quota = arena_strdup(&work->arena, room_sentence(w));
}
