#include "worker/cache/cache.h"

#include "core/ids.h"
#include "core/log.h"
#include "worker/cache/cache_file.h"
#include "worker/extract/page_codec.h"

#include "extract_version.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define DAY 86400
/* The table begins with room for so many records, and doubles. */
#define TABLE_FIRST 1024
/* Shorter than this is not worth packing, bytes. */
#define PACK_LEAST 200

struct cache_item {
	unsigned char key[CACHE_FILE_KEY];
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
	size_t max, unpacked_bytes;
	size_t size;     /* written so far */
	uint32_t nfresh; /* records */
	size_t left_out; /* that did not fit */
};

/* ---- records by key ---- */

static void
make_key(const struct cache *c, enum cache_kind kind, const char *key,
    unsigned char out[CACHE_FILE_KEY])
{
	const char *variant = kind == CACHE_ANSWER ? "" : c->variant;
	unsigned char hash[SHA256_BYTES];
	struct buf b;

	buf_init(&b, strlen(key) + strlen(variant) + 2);
	buf_addc(&b, (char)kind);
	buf_add(&b, variant, strlen(variant) + 1);
	buf_adds(&b, key);
	sha256_hash(b.data, b.len, hash);
	buf_release(&b);
	memcpy(out, hash, CACHE_FILE_KEY);
}

/* cache_slot_index: where the key stands in the table, or would. */
static size_t
cache_slot_index(const struct cache *c, const unsigned char key[CACHE_FILE_KEY])
{
	size_t i;

	memcpy(&i, key, sizeof(i));
	for (i &= c->room - 1; c->table[i] != NULL; i = (i + 1) & (c->room - 1))
		if (memcmp(c->table[i]->key, key, CACHE_FILE_KEY) == 0)
			break;
	return i;
}

static void
cache_grow(struct cache *c)
{
	struct cache_item **old = c->table;
	size_t room = c->room;

	c->room = room == 0 ? TABLE_FIRST : 2 * room;
	c->table = arena_array(c->a, c->room, sizeof(*c->table));
	for (size_t i = 0; i < room; i++)
		if (old[i] != NULL)
			c->table[cache_slot_index(c, old[i]->key)] = old[i];
}

static struct cache_item *
cache_slot(struct cache *c, const unsigned char key[CACHE_FILE_KEY])
{
	size_t i;

	if (2 * (c->n + 1) > c->room)
		cache_grow(c);
	i = cache_slot_index(c, key);
	if (c->table[i] == NULL) {
		c->table[i] = arena_alloc(c->a, sizeof(*c->table[i]));
		memcpy(c->table[i]->key, key, CACHE_FILE_KEY);
		c->n++;
	}
	return c->table[i];
}

static struct cache_item *
cache_item(struct cache *c, enum cache_kind kind, const char *key)
{
	unsigned char k[CACHE_FILE_KEY];

	make_key(c, kind, key, k);
	return cache_slot(c, k);
}

const struct cache_item *
cache_find(const struct cache *c, enum cache_kind kind, const char *key)
{
	unsigned char k[CACHE_FILE_KEY];
	const struct cache_item *item;

	if (!c->earlier)
		return NULL;
	make_key(c, kind, key, k);
	item = c->table[cache_slot_index(c, k)];
	return item != NULL && item->at != 0 && item->kind == (int)kind ? item
									: NULL;
}

/* cache_abandon: closes and removes the fresh file, unless it is complete. */
static void
cache_abandon(struct cache *c)
{
	if (c->fresh == NULL)
		return;
	fclose(c->fresh);
	c->fresh = NULL;
	(void)unlink(c->path);
}

/* ---- the earlier file ---- */

static uint32_t
is_not_after(uint32_t day, uint32_t today)
{
	return day < today ? day : today;
}

static void
record_accept(void *ctx, const struct cache_file_record *r, uint64_t at)
{
	struct cache *c = ctx;
	struct cache_item *item;

	/* Of two with one key the first counts; we write no second. */
	item = cache_slot(c, r->key);
	if (item->at != 0)
		return;
	item->at = at;
	item->kind = (uint8_t)r->kind;
	item->packed = r->packed != 0;
	item->head_len = r->head_len;
	item->body_len = r->body_len;
	item->raw_len = r->raw_len;
	item->body_sum = r->body_sum;
	item->used_day = is_not_after(r->used_day, c->today);
	item->read_day = is_not_after(r->read_day, c->today);
}

/* cache_forget: every record, or only those that another reader made. */
static void
cache_forget(struct cache *c, bool words_too)
{
	for (size_t i = 0; i < c->room; i++)
		if (c->table[i] != NULL &&
		    (words_too || c->table[i]->kind != CACHE_ANSWER))
			c->table[i]->at = 0;
}

static void
make_reader(const char *reader, unsigned char out[CACHE_HASH])
{
	struct buf b;

	buf_init(&b, strlen(reader) + sizeof(EXTRACT_VERSION));
	buf_adds(&b, EXTRACT_VERSION "\n");
	buf_adds(&b, reader);
	sha256_hash(b.data, b.len, out);
	buf_release(&b);
}

static void
read_old(struct cache *c, const char *path)
{
	unsigned char reader[CACHE_HASH];
	const char *why;

	c->fd =
	    path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (c->fd < 0) {
		if (path != NULL && errno != ENOENT)
			log_warn("cache_unreadable", "file", path, "why",
			    strerror(errno));
		return;
	}
	why = cache_file_scan(c->fd, reader, record_accept, c);
	if (why != NULL) {
		log_warn("cache_ignored", "file", path, "why", why);
		cache_forget(c, true);
		return;
	}
	c->earlier = true;
	if (memcmp(reader, c->reader, CACHE_HASH) != 0) {
		log_info("cache_of_another_version", "file", path);
		cache_forget(c, false);
	}
}

static void
cache_release(void *arg)
{
	struct cache *c = arg;

	cache_abandon(c);
	if (c->fd >= 0)
		close(c->fd);
	buf_release(&c->scratch);
	(void)deflateEnd(&c->pack);
	(void)inflateEnd(&c->unpack);
}

struct cache *
cache_open(struct arena *a, const struct cache_options *o)
{
	struct cache *c = arena_alloc(a, sizeof(*c));

	c->a = a;
	c->today = (uint32_t)(time(NULL) / DAY);
	c->days = (uint32_t)o->days;
	c->variant = o->variant == NULL ? "" : arena_strdup(a, o->variant);
	c->max = o->max_bytes;
	c->unpacked_bytes = o->unpacked_bytes;
	c->path = arena_strdup(a, o->fresh);
	buf_init(&c->scratch, CACHE_FILE_BODY_MAX);
	/* Without zlib's own checksum: there is ours. */
	if (deflateInit2(&c->pack, Z_BEST_SPEED, Z_DEFLATED, -MAX_WBITS,
		MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK ||
	    inflateInit2(&c->unpack, -MAX_WBITS) != Z_OK)
		fatal("out of memory");
	arena_defer(a, cache_release, c);
	make_reader(o->reader, c->reader);
	cache_grow(c);
	read_old(c, o->old);
	return c;
}

bool
cache_has_earlier(const struct cache *c)
{
	return c->earlier;
}

bool
cache_is_old(const struct cache *c, const struct cache_item *item)
{
	return item->read_day + c->days < c->today;
}

/* ---- what a record says ---- */

static const char *
get_string(struct codec_reader *r)
{
	const char *s = codec_gets(r);

	r->failed |= s == NULL;
	return s == NULL ? "" : s;
}

bool
cache_validators(const struct cache *c, const struct cache_item *item,
    struct arena *a, struct cache_validators *out)
{
	char *head = arena_alloc(a, item->head_len + 1);
	struct codec_reader r = {.p = head, .end = head + item->head_len};

	memset(out, 0, sizeof(*out));
	if (!cache_file_bytes(
		c->fd, head, item->head_len, item->at - item->head_len))
		return false;
	out->etag = get_string(&r);
	out->last_modified = get_string(&r);
	out->type = get_string(&r);
	out->charset = get_string(&r);
	out->robots_tag = get_string(&r);
	if (r.failed || r.end - r.p != CACHE_HASH)
		return false;
	memcpy(out->hash, r.p, CACHE_HASH);
	return true;
}

static bool
cache_unpack(struct cache *c, const char *from, size_t n, char *to, size_t want)
{
	z_stream *z = &c->unpack;

	if (inflateReset(z) != Z_OK)
		return false;
	z->next_in = (Bytef *)from;
	z->avail_in = (uInt)n;
	z->next_out = (Bytef *)to;
	z->avail_out = (uInt)want;
	return inflate(z, Z_FINISH) == Z_STREAM_END && z->avail_out == 0;
}

char *
cache_read(struct cache *c, const struct cache_item *item, struct arena *a,
    size_t *len)
{
	char *out = arena_raw(a, (size_t)item->raw_len + 1), *in = out;

	if (item->packed) {
		buf_clear(&c->scratch);
		in = buf_reserve(&c->scratch, item->body_len);
	}
	if (in == NULL ||
	    !cache_file_bytes(c->fd, in, item->body_len, item->at) ||
	    cache_file_sum(in, item->body_len) != item->body_sum ||
	    (item->packed &&
		!cache_unpack(c, in, item->body_len, out, item->raw_len))) {
		log_warn("cache_record_damaged", "file", c->path);
		return NULL;
	}
	out[item->raw_len] = '\0';
	*len = item->raw_len;
	return out;
}

/* ---- the file that is written for the next run ---- */

static void
fresh_put(struct cache *c, const void *p, size_t n)
{
	/* An error stays with the stream and is asked for at the end. */
	(void)fwrite(p, 1, n, c->fresh);
	c->size += n;
}

/* fresh_begin: the fresh file, with the first record; false: there can be none.
 */
static bool
fresh_begin(struct cache *c)
{
	int fd;

	if (c->fresh != NULL || c->failed)
		return !c->failed;
	(void)unlink(c->path);
	fd = open(c->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	c->fresh = fd < 0 ? NULL : fdopen(fd, "w");
	if (c->fresh == NULL) {
		log_warn("cache_unwritable", "file", c->path, "why",
		    strerror(errno));
		if (fd >= 0)
			close(fd);
		c->failed = true;
		return false;
	}
	fresh_put(c, CACHE_FILE_MAGIC, sizeof(CACHE_FILE_MAGIC) - 1);
	fresh_put(c, c->reader, CACHE_HASH);
	return true;
}

/* ---- records ---- */

/* fresh_fits: there is room for it and for the end. */
static bool
fresh_fits(struct cache *c, size_t head, size_t body)
{
	if (!fresh_begin(c))
		return false;
	if (head <= CACHE_FILE_HEAD_MAX &&
	    c->size + head + body + 2 * sizeof(struct cache_file_record) <=
		c->max)
		return true;
	c->left_out++;
	return false;
}

static void
write_record(struct cache *c, struct cache_item *item, const struct buf *head,
    const void *body, const struct cache_item *as)
{
	struct cache_file_record r = {
	    .magic = CACHE_FILE_RECORD,
	    .kind = as->kind,
	    .packed = as->packed,
	    .used_day = as->used_day,
	    .read_day = as->read_day,
	    .head_len = (uint32_t)head->len,
	    .body_len = as->body_len,
	    .raw_len = as->raw_len,
	    .body_sum = as->body_sum,
	};

	memcpy(r.key, item->key, CACHE_FILE_KEY);
	r.crc = cache_file_crc(&r, head->data);
	fresh_put(c, &r, sizeof(r));
	fresh_put(c, head->data, head->len);
	fresh_put(c, body, as->body_len);
	item->written = true;
	c->nfresh++;
}

static void
put_validators(struct buf *b, const struct cache_validators *m)
{
	static const struct cache_validators none = {"", "", "", "", "", {0}};

	if (m == NULL)
		m = &none;
	codec_puts(b, m->etag);
	codec_puts(b, m->last_modified);
	codec_puts(b, m->type);
	codec_puts(b, m->charset);
	codec_puts(b, m->robots_tag);
	buf_add(b, m->hash, CACHE_HASH);
}

/* fresh_pack: deflated into the scratch; false: as it is, it is as well. */
static bool
fresh_pack(struct cache *c, const void *bytes, size_t len)
{
	z_stream *z = &c->pack;
	char *to;

	if (len < PACK_LEAST || c->size + len <= c->unpacked_bytes ||
	    deflateReset(z) != Z_OK)
		return false;
	buf_clear(&c->scratch);
	to = buf_reserve(&c->scratch, len);
	if (to == NULL)
		return false;
	z->next_in = (Bytef *)bytes;
	z->avail_in = (uInt)len;
	z->next_out = (Bytef *)to;
	z->avail_out = (uInt)len;
	if (deflate(z, Z_FINISH) != Z_STREAM_END)
		return false;
	buf_commit(&c->scratch, len - z->avail_out);
	return true;
}

void
cache_put(struct cache *c, enum cache_kind kind, const char *key,
    const struct cache_validators *mark, const void *bytes, size_t len)
{
	struct cache_item *item = cache_item(c, kind, key);
	struct cache_item as = {
	    .kind = (uint8_t)kind,
	    .used_day = c->today,
	    .read_day = c->today,
	    .raw_len = (uint32_t)len,
	};
	const void *body = bytes;
	struct buf head;

	if (item->written || len > CACHE_FILE_BODY_MAX)
		return;
	buf_init(&head, CACHE_FILE_HEAD_MAX);
	put_validators(&head, mark);
	as.packed = fresh_pack(c, bytes, len);
	if (as.packed)
		body = c->scratch.data;
	as.body_len = (uint32_t)(as.packed ? c->scratch.len : len);
	as.body_sum = cache_file_sum(body, as.body_len);
	if (buf_ok(&head) && fresh_fits(c, head.len, as.body_len))
		write_record(c, item, &head, body, &as);
	buf_release(&head);
}

/* fresh_copy: an earlier record as it is; a damaged body is found when read. */
static void
fresh_copy(struct cache *c, struct cache_item *item,
    const struct cache_validators *mark, const struct cache_item *as)
{
	struct buf head;
	char *p, *body;

	if (item->written || item->at == 0)
		return;
	buf_init(&head, CACHE_FILE_HEAD_MAX);
	if (mark != NULL) {
		put_validators(&head, mark);
	} else if ((p = buf_reserve(&head, item->head_len)) != NULL) {
		if (cache_file_bytes(
			c->fd, p, item->head_len, item->at - item->head_len))
			buf_commit(&head, item->head_len);
		else
			head.failed = true;
	}
	buf_clear(&c->scratch);
	body = buf_reserve(&c->scratch, item->body_len);
	if (buf_ok(&head) && body != NULL &&
	    fresh_fits(c, head.len, item->body_len) &&
	    cache_file_bytes(c->fd, body, item->body_len, item->at))
		write_record(c, item, &head, body, as);
	buf_release(&head);
}

/* is_stale: its days are so old that they might expire while it serves. */
static bool
is_stale(const struct cache *c, const struct cache_item *item)
{
	return c->today - item->used_day > c->days / 4;
}

void
cache_renew(struct cache *c, const struct cache_item *which,
    const struct cache_validators *mark, bool sent)
{
	struct cache_item *item = cache_slot(c, which->key), as = *item;

	c->stale |= is_stale(c, item);
	if (mark == NULL && (!sent || item->read_day == c->today)) {
		item->used = true;
		return;
	}
	as.used_day = c->today;
	if (sent)
		as.read_day = c->today;
	fresh_copy(c, item, mark, &as);
}

/* ---- the end ---- */

/* Answers of models cost money, then what was used last counts. */
static int
item_compare_worth(const void *x, const void *y)
{
	const struct cache_item *a = *(struct cache_item *const *)x;
	const struct cache_item *b = *(struct cache_item *const *)y;
	bool words = a->kind == CACHE_ANSWER;

	if (words != (b->kind == CACHE_ANSWER))
		return words ? -1 : 1;
	if (a->used_day != b->used_day)
		return a->used_day > b->used_day ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

/* fresh_keep_rest: what still holds, or was not needed but may be another time.
 */
static void
fresh_keep_rest(struct cache *c)
{
	struct cache_item **rest =
	    arena_array(c->a, c->n + 1, sizeof(struct cache_item *));
	size_t n = 0;

	for (size_t i = 0; i < c->room; i++) {
		struct cache_item *item = c->table[i];

		if (item == NULL || item->at == 0 || item->written)
			continue;
		if (item->used)
			item->used_day = c->today;
		if (item->used_day + c->days >= c->today)
			rest[n++] = item;
	}
	qsort(rest, n, sizeof(*rest), item_compare_worth);
	for (size_t i = 0; i < n; i++)
		fresh_copy(c, rest[i], NULL, rest[i]);
}

static enum rc
fresh_finish(struct cache *c)
{
	struct cache_file_record end = {.magic = CACHE_FILE_END};
	bool bad;

	end.raw_len = c->nfresh;
	end.crc = cache_file_crc(&end, "");
	fresh_put(c, &end, sizeof(end));
	bad = ferror(c->fresh) != 0;
	bad |= fclose(c->fresh) != 0;
	c->fresh = NULL;
	if (!bad)
		return OK;
	log_warn("cache_unwritable", "file", c->path, "why", strerror(errno));
	(void)unlink(c->path);
	return E_INTERNAL;
}

enum rc
cache_finish(struct cache *c)
{
	if (c->failed)
		return E_INTERNAL;
	if (c->fresh == NULL && !c->stale)
		return OK;
	if (!fresh_begin(c))
		return E_INTERNAL;
	fresh_keep_rest(c);
	if (c->left_out > 0)
		log_info("cache_full", "file", c->path, "left_out",
		    log_num((long long)c->left_out));
	return fresh_finish(c);
}
