#include "worker/cache/cache_file.h"

#include "core/checksum.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* A record and its head are mostly smaller than this: one read for both. */
#define AHEAD 4096

bool
cache_file_bytes(int fd, void *to, size_t n, uint64_t at)
{
	char *p = to;

	while (n > 0) {
		ssize_t got = pread(fd, p, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
		at += (uint64_t)got;
	}
	return true;
}

uint32_t
cache_file_crc(const struct cache_file_record *r, const void *head)
{
	uLong crc = crc32(
	    0, (const Bytef *)r, (uInt)offsetof(struct cache_file_record, crc));

	return (uint32_t)crc32(crc, head, r->head_len);
}

uint32_t
cache_file_sum(const void *bytes, size_t n)
{
	return (uint32_t)checksum64_add(0, bytes, n);
}

/* file_record_read: what the one at an offset is; head has room for
 * CACHE_FILE_HEAD_MAX. */
static const char *
file_record_read(
    int fd, uint64_t at, uint64_t size, struct cache_file_record *r, char *head)
{
	char ahead[AHEAD];
	size_t n = size - at < sizeof(ahead) ? size - at : sizeof(ahead);

	if (n < sizeof(*r) || !cache_file_bytes(fd, ahead, n, at))
		return "it is cut off";
	memcpy(r, ahead, sizeof(*r));
	if (r->magic != CACHE_FILE_RECORD && r->magic != CACHE_FILE_END)
		return "a record does not begin as one";
	if (r->head_len > CACHE_FILE_HEAD_MAX ||
	    r->body_len > CACHE_FILE_BODY_MAX ||
	    r->raw_len > CACHE_FILE_BODY_MAX ||
	    (!r->packed && r->raw_len != r->body_len &&
		r->magic == CACHE_FILE_RECORD))
		return "a record has no sane length";
	if (size - at - sizeof(*r) < (uint64_t)r->head_len + r->body_len)
		return "it is cut off";
	if (r->head_len <= n - sizeof(*r))
		memcpy(head, ahead + sizeof(*r), r->head_len);
	else if (!cache_file_bytes(fd, head, r->head_len, at + sizeof(*r)))
		return "it is cut off";
	return cache_file_crc(r, head) == r->crc ? NULL : "a checksum is wrong";
}

static const char *
file_records_read(
    int fd, uint64_t size, char *head, cache_file_record_fn *each, void *ctx)
{
	uint64_t at = CACHE_FILE_HEAD;
	struct cache_file_record r;
	const char *why;
	uint32_t n = 0;

	for (;;) {
		why = file_record_read(fd, at, size, &r, head);
		if (why != NULL)
			return why;
		at += sizeof(r) + r.head_len;
		if (r.magic == CACHE_FILE_END)
			break;
		if (r.kind == 0 || r.kind >= CACHE_KIND_MAX)
			return "a record is of an unknown kind";
		each(ctx, &r, at);
		at += r.body_len;
		n++;
	}
	return r.raw_len == n && at == size ? NULL : "its end is wrong";
}

const char *
cache_file_scan(int fd, unsigned char reader[static CACHE_HASH],
    cache_file_record_fn *each, void *ctx)
{
	char top[CACHE_FILE_HEAD], *head;
	struct stat st;
	const char *why;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return "it is no file";
	if (!cache_file_bytes(fd, top, sizeof(top), 0))
		return "it is cut off";
	if (memcmp(top, CACHE_FILE_MAGIC, sizeof(CACHE_FILE_MAGIC) - 1) != 0)
		return "it is of another version";
	memcpy(reader, top + sizeof(CACHE_FILE_MAGIC) - 1, CACHE_HASH);
	head = malloc(CACHE_FILE_HEAD_MAX);
	if (head == NULL)
		return "there is no memory to read it";
	why = file_records_read(fd, (uint64_t)st.st_size, head, each, ctx);
	free(head);
	return why;
}
