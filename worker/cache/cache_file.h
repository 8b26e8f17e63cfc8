/*
 * cache_file: the form of a cache's file.
 *
 *   head     CACHE_FILE_MAGIC and the hash of what read the pages, 32 bytes
 *   records  struct cache_file_record, head_len bytes of strings (its mark),
 * body end      a struct cache_file_record with CACHE_FILE_END, raw_len: number
 * of records
 *
 * Numbers are the machine's own; a file from another kind fails its marks.
 */
#ifndef WORKER_CACHE_CACHE_FILE_H
#define WORKER_CACHE_CACHE_FILE_H

#include "core/rc.h"
#include "worker/cache/cache.h"

#include <stdint.h>
#include <sys/types.h>

#define CACHE_FILE_MAGIC "Platen cache 3\n"
#define CACHE_FILE_HEAD (sizeof(CACHE_FILE_MAGIC) - 1 + CACHE_HASH)
#define CACHE_FILE_RECORD 0x52434350u /* "PCCR" */
#define CACHE_FILE_END 0x45434350u    /* "PCCE" */
#define CACHE_FILE_KEY 16

/* No record is larger, bytes; a page's extract is a frame
 * (worker/extract/page_codec.h). */
#define CACHE_FILE_HEAD_MAX (64u << 10)
#define CACHE_FILE_BODY_MAX (64u << 20)

struct cache_file_record {
	uint32_t magic;  /* CACHE_FILE_RECORD or CACHE_FILE_END */
	uint16_t kind;   /* enum cache_kind */
	uint16_t packed; /* the body is deflated (RFC 1951) */
	unsigned char key[CACHE_FILE_KEY];
	uint32_t used_day; /* days since 1970 */
	uint32_t read_day; /* when the whole of it was last sent */
	uint32_t head_len;
	uint32_t body_len; /* in the file */
	uint32_t raw_len;  /* unpacked */
	uint32_t body_sum; /* cache_file_sum */
	uint32_t crc;      /* of all before it, and of the head */
};

/* Called for each record, its body at offset at. */
typedef void cache_file_record_fn(
    void *ctx, const struct cache_file_record *r, uint64_t at);

/*
 * cache_file_scan: all records of an open file.  reader: the hash in its head.
 * NULL when it holds from end to end, else what is wrong with it; records
 * told before that are void.
 */
const char *cache_file_scan(int fd, unsigned char reader[static CACHE_HASH],
    cache_file_record_fn *each, void *ctx);

/* cache_file_crc: what crc must be. */
uint32_t cache_file_crc(const struct cache_file_record *r, const void *head);

/* cache_file_sum: of a body; bytes go bad, nobody forges them. */
uint32_t cache_file_sum(const void *bytes, size_t n);

/* cache_file_bytes: n bytes at an offset; false when they are not there. */
bool cache_file_bytes(int fd, void *to, size_t n, uint64_t at);

#endif
