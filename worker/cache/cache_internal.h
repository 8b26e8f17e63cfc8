/* cache_parts: what cache.c (the earlier file) and fresh.c share. */
#ifndef WORKER_CACHE_CACHE_INTERNAL_H
#define WORKER_CACHE_CACHE_INTERNAL_H

#include "worker/cache/cache.h"
#include "worker/cache/file.h"

#include <stdio.h>
#include <zlib.h>

struct cache_item {
	unsigned char key[FILE_KEY];
	uint64_t at; /* of its body in the earlier file; 0: not there */
	uint32_t head_len, body_len, raw_len;
	uint32_t body_sum;
	uint32_t used_day, read_day;
	uint8_t kind;
	bool packed;
	bool written; /* it is in the fresh file */
	bool used;    /* it served this run as it is */
};

struct cache {
	struct arena *a;
	unsigned char reader[CACHE_HASH];
	const char *variant;
	uint32_t today, days;
	bool earlier;
	int fd;                    /* the earlier file; -1: none */
	struct cache_item **table; /* by key, open addressing */
	size_t room, n;
	struct buf scratch; /* packed bytes */
	z_stream pack, unpack;

	const char *path; /* the fresh file */
	FILE *fresh;      /* NULL: nothing to write so far, or it failed */
	bool failed;
	bool stale; /* it must be written, if only for the days in it */
	size_t max, plain;
	size_t size;     /* written so far */
	uint32_t nfresh; /* records */
	size_t left_out; /* that did not fit */
};

/* cache_slot, cache_item: the item of a key, made when it is new. */
struct cache_item *cache_slot(
    struct cache *c, const unsigned char key[FILE_KEY]);
struct cache_item *cache_item(
    struct cache *c, enum cache_kind kind, const char *key);

/* cache_abandon: closes and removes it, if it is not complete. */
void cache_abandon(struct cache *c);

#endif
