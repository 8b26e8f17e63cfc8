#include "worker/cache/cache.h"

#include "core/ids.h"
#include "core/log.h"
#include "worker/cache/cache_internal.h"
#include "worker/extract/page_codec.h"

#include "extract_version.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DAY 86400
/* The table begins with room for so many records, and doubles. */
#define TABLE_FIRST 1024

/* ---- records by key ---- */

static void
make_key(const struct cache *c, enum cache_kind kind, const char *key,
    unsigned char out[FILE_KEY])
{
	const char *variant = kind == CACHE_WORDS ? "" : c->variant;
	unsigned char hash[SHA256_BYTES];
	struct buf b;

	buf_init(&b, strlen(key) + strlen(variant) + 2);
	buf_addc(&b, (char)kind);
	buf_add(&b, variant, strlen(variant) + 1);
	buf_adds(&b, key);
	sha256_hash(b.data, b.len, hash);
	buf_release(&b);
	memcpy(out, hash, FILE_KEY);
}

/* cache_slot_index: where the key stands in the table, or would. */
static size_t
cache_slot_index(const struct cache *c, const unsigned char key[FILE_KEY])
{
	size_t i;

	memcpy(&i, key, sizeof(i));
	for (i &= c->room - 1; c->table[i] != NULL; i = (i + 1) & (c->room - 1))
		if (memcmp(c->table[i]->key, key, FILE_KEY) == 0)
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

struct cache_item *
cache_slot(struct cache *c, const unsigned char key[FILE_KEY])
{
	size_t i;

	if (2 * (c->n + 1) > c->room)
		cache_grow(c);
	i = cache_slot_index(c, key);
	if (c->table[i] == NULL) {
		c->table[i] = arena_alloc(c->a, sizeof(*c->table[i]));
		memcpy(c->table[i]->key, key, FILE_KEY);
		c->n++;
	}
	return c->table[i];
}

struct cache_item *
cache_item(struct cache *c, enum cache_kind kind, const char *key)
{
	unsigned char k[FILE_KEY];

	make_key(c, kind, key, k);
	return cache_slot(c, k);
}

const struct cache_item *
cache_find(const struct cache *c, enum cache_kind kind, const char *key)
{
	unsigned char k[FILE_KEY];
	const struct cache_item *item;

	if (!c->earlier)
		return NULL;
	make_key(c, kind, key, k);
	item = c->table[cache_slot_index(c, k)];
	return item != NULL && item->at != 0 && item->kind == (int)kind ? item
									: NULL;
}

/* ---- the earlier file ---- */

static uint32_t
not_after(uint32_t day, uint32_t today)
{
	return day < today ? day : today;
}

static void
take_record(void *ctx, const struct file_record *r, uint64_t at)
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
	item->used_day = not_after(r->used_day, c->today);
	item->read_day = not_after(r->read_day, c->today);
}

/* cache_forget: every record, or only those that another reader made. */
static void
cache_forget(struct cache *c, bool words_too)
{
	for (size_t i = 0; i < c->room; i++)
		if (c->table[i] != NULL &&
		    (words_too || c->table[i]->kind != CACHE_WORDS))
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
	why = file_scan(c->fd, reader, take_record, c);
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
	c->plain = o->text_line_bytes;
	c->path = arena_strdup(a, o->fresh);
	buf_init(&c->scratch, FILE_BODY_MAX);
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
cache_earlier(const struct cache *c)
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
get_string(struct frame_reader *r)
{
	const char *s = frame_gets(r);

	r->failed |= s == NULL;
	return s == NULL ? "" : s;
}

bool
cache_mark(const struct cache *c, const struct cache_item *item,
    struct arena *a, struct cache_mark *out)
{
	char *head = arena_alloc(a, item->head_len + 1);
	struct frame_reader r = {.p = head, .end = head + item->head_len};

	memset(out, 0, sizeof(*out));
	if (!file_bytes(c->fd, head, item->head_len, item->at - item->head_len))
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
	if (in == NULL || !file_bytes(c->fd, in, item->body_len, item->at) ||
	    file_sum(in, item->body_len) != item->body_sum ||
	    (item->packed &&
		!cache_unpack(c, in, item->body_len, out, item->raw_len))) {
		log_warn("cache_record_damaged", "file", c->path);
		return NULL;
	}
	out[item->raw_len] = '\0';
	*len = item->raw_len;
	return out;
}
