/*
 * lane: N orders of 100 accounts through one lane of the queue, by one
 * connection, as platen-web and platen-worker do it.
 * usage: lane REDIS-SOCKET N        prints seconds to add, seconds to claim
 */
#include "core/ids.h"
#include "core/log.h"
#include "core/queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void
must(enum rc rc)
{
	if (rc != OK)
		fatal("the queue said %d", (int)rc);
}

int
main(int argc, char **argv)
{
	char accounts[100][UUID_LEN + 1], id[UUID_LEN + 1];
	double start, added, claimed;
	struct arena a;
	struct redis *r;
	const char *got;
	int n;

	if (argc != 3)
		return 2;
	log_init("lane", LOG_WARN);
	arena_init(&a);
	r = redis_open(arena_printf(&a, "unix:%s", argv[1]), 5000);
	n = atoi(argv[2]);
	for (int i = 0; i < 100; i++)
		uuid_make(accounts[i]);
	start = now();
	for (int i = 0; i < n; i++) {
		uuid_make(id);
		must(queue_push(r, &a, "bench", id, accounts[i % 100], NULL));
		arena_reset(&a);
	}
	added = now();
	for (int i = 0; i < n; i++) {
		must(queue_pop(r, &a, "bench", &got));
		arena_reset(&a);
	}
	claimed = now();
	printf("%.6f %.6f\n", added - start, claimed - added);
	redis_close(r);
	arena_release(&a);
	return 0;
}
