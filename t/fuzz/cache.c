/*
 * A cache's file as a slot in strange hands could leave it: every record that
 * is found is read, and all of them are written on.  Checksums are put right
 * before, or no change would come past them.
 */
#include "t/fuzz/fuzz.h"

#include "core/log.h"
#include "worker/cache/cache.h"
#include "worker/cache/cache_file.h"
#include "worker/extract/page_codec.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* mend: its checksums, and the reader of which the target's cache is. */
static void
mend(uint8_t *data, size_t size, const unsigned char reader[CACHE_HASH])
{
	struct cache_file_record r;
	size_t at = CACHE_FILE_HEAD;

	if (size < CACHE_FILE_HEAD)
		return;
	memcpy(data + CACHE_FILE_HEAD - CACHE_HASH, reader, CACHE_HASH);
	while (size - at >= sizeof(r)) {
		memcpy(&r, data + at, sizeof(r));
		if (size - at - sizeof(r) < (uint64_t)r.head_len + r.body_len)
			return;
		r.body_sum = cache_file_sum(
		    data + at + sizeof(r) + r.head_len, r.body_len);
		r.crc = cache_file_crc(&r, data + at + sizeof(r));
		memcpy(data + at, &r, sizeof(r));
		at += sizeof(r) + r.head_len + r.body_len;
	}
}

struct all {
	int fd;
	size_t bytes;
};

static void
each(void *ctx, const struct cache_file_record *r, uint64_t at)
{
	struct all *all = ctx;
	char c;

	if (r->body_len > 0 &&
	    !cache_file_bytes(all->fd, &c, 1, at + r->body_len - 1))
		abort();
	all->bytes += r->body_len;
}

static void
use(struct cache *c, struct arena *a, enum cache_kind kind, const char *key)
{
	const struct cache_item *item = cache_find(c, kind, key);
	struct codec_reader r;
	struct cache_validators mark;
	struct html_page d;
	size_t len;
	char *bytes;

	if (item == NULL)
		return;
	if (cache_validators(c, item, a, &mark) &&
	    strchr(mark.etag, '\n') != NULL)
		abort();
	bytes = cache_read(c, item, a, &len);
	if (bytes == NULL)
		return;
	if (bytes[len] != '\0')
		abort();
	r = (struct codec_reader){.p = bytes, .end = bytes + len};
	(void)codec_get_page(&r, a, &d);
	cache_renew(c, item, NULL, true);
}

static void
store(const char *path, const uint8_t *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}

/* find_reader: what a cache of ours has in its head. */
static void
find_reader(const struct cache_options *o, unsigned char out[CACHE_HASH])
{
	struct all all = {.bytes = 0};
	struct cache *c;
	struct arena a;

	arena_init(&a);
	c = cache_open(&a, o);
	cache_put(c, CACHE_ANSWER, "question", NULL, "{}", 2);
	all.fd =
	    cache_finish(c) == OK ? open(o->fresh, O_RDONLY | O_CLOEXEC) : -1;
	if (all.fd < 0 || cache_file_scan(all.fd, out, each, &all) != NULL)
		abort();
	close(all.fd);
	arena_release(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char reader[CACHE_HASH];
	struct all all = {.bytes = 0};
	uint8_t *copy = malloc(size + 1);
	char path[64], fresh[64];
	struct cache_options o = {.old = path,
	    .fresh = fresh,
	    .reader = "me",
	    .max_bytes = 1 << 20,
	    .days = 30};
	struct cache *c;
	struct arena a;

	log_init("fuzz", LOG_ERROR);
	snprintf(path, sizeof(path), "/dev/shm/platen-fuzz-%d.old", getpid());
	snprintf(fresh, sizeof(fresh), "/dev/shm/platen-fuzz-%d", getpid());
	(void)unlink(path);
	find_reader(&o, reader);
	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	mend(copy, size, reader);
	store(path, copy, size);
	free(copy);
	all.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (cache_file_scan(all.fd, reader, each, &all) == NULL &&
	    all.bytes > size)
		abort();
	arena_init(&a);
	c = cache_open(&a, &o);
	use(c, &a, CACHE_PAGE, "http://a/");
	use(c, &a, CACHE_ANSWER, "question");
	cache_put(c, CACHE_ANSWER, "more", NULL, "{}", 2);
	if (cache_finish(c) != OK)
		abort();
	arena_release(&a);
	(void)unlink(fresh);
	(void)unlink(path);
	close(all.fd);
	return 0;
}
