/* fresh: the file that is written for the next run. */
#include "core/log.h"
#include "worker/cache/cache_internal.h"
#include "worker/extract/page_codec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Shorter than this is not worth packing, bytes. */
#define PACK_LEAST 200

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
	fresh_put(c, FILE_MAGIC, sizeof(FILE_MAGIC) - 1);
	fresh_put(c, c->reader, CACHE_HASH);
	return true;
}

void
cache_abandon(struct cache *c)
{
	if (c->fresh == NULL)
		return;
	fclose(c->fresh);
	c->fresh = NULL;
	(void)unlink(c->path);
}

/* ---- records ---- */

/* fresh_fits: there is room for it and for the end. */
static bool
fresh_fits(struct cache *c, size_t head, size_t body)
{
	if (!fresh_begin(c))
		return false;
	if (head <= FILE_HEAD_MAX &&
	    c->size + head + body + 2 * sizeof(struct file_record) <= c->max)
		return true;
	c->left_out++;
	return false;
}

static void
write_record(struct cache *c, struct cache_item *item, const struct buf *head,
    const void *body, const struct cache_item *as)
{
	struct file_record r = {
	    .magic = FILE_RECORD,
	    .kind = as->kind,
	    .packed = as->packed,
	    .used_day = as->used_day,
	    .read_day = as->read_day,
	    .head_len = (uint32_t)head->len,
	    .body_len = as->body_len,
	    .raw_len = as->raw_len,
	    .body_sum = as->body_sum,
	};

	memcpy(r.key, item->key, FILE_KEY);
	r.crc = file_crc(&r, head->data);
	fresh_put(c, &r, sizeof(r));
	fresh_put(c, head->data, head->len);
	fresh_put(c, body, as->body_len);
	item->written = true;
	c->nfresh++;
}

static void
put_mark(struct buf *b, const struct cache_mark *m)
{
	static const struct cache_mark none = {"", "", "", "", "", {0}};

	if (m == NULL)
		m = &none;
	frame_puts(b, m->etag);
	frame_puts(b, m->last_modified);
	frame_puts(b, m->type);
	frame_puts(b, m->charset);
	frame_puts(b, m->robots_tag);
	buf_add(b, m->hash, CACHE_HASH);
}

/* fresh_pack: deflated into the scratch; false: as it is, it is as well. */
static bool
fresh_pack(struct cache *c, const void *bytes, size_t len)
{
	z_stream *z = &c->pack;
	char *to;

	if (len < PACK_LEAST || c->size + len <= c->plain ||
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
    const struct cache_mark *mark, const void *bytes, size_t len)
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

	if (item->written || len > FILE_BODY_MAX)
		return;
	buf_init(&head, FILE_HEAD_MAX);
	put_mark(&head, mark);
	as.packed = fresh_pack(c, bytes, len);
	if (as.packed)
		body = c->scratch.data;
	as.body_len = (uint32_t)(as.packed ? c->scratch.len : len);
	as.body_sum = file_sum(body, as.body_len);
	if (buf_ok(&head) && fresh_fits(c, head.len, as.body_len))
		write_record(c, item, &head, body, &as);
	buf_release(&head);
}

/* fresh_copy: an earlier record as it is; a damaged body is found when read. */
static void
fresh_copy(struct cache *c, struct cache_item *item,
    const struct cache_mark *mark, const struct cache_item *as)
{
	struct buf head;
	char *p, *body;

	if (item->written || item->at == 0)
		return;
	buf_init(&head, FILE_HEAD_MAX);
	if (mark != NULL) {
		put_mark(&head, mark);
	} else if ((p = buf_reserve(&head, item->head_len)) != NULL) {
		if (file_bytes(
			c->fd, p, item->head_len, item->at - item->head_len))
			buf_commit(&head, item->head_len);
		else
			head.failed = true;
	}
	buf_clear(&c->scratch);
	body = buf_reserve(&c->scratch, item->body_len);
	if (buf_ok(&head) && body != NULL &&
	    fresh_fits(c, head.len, item->body_len) &&
	    file_bytes(c->fd, body, item->body_len, item->at))
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
cache_keep(struct cache *c, const struct cache_item *which,
    const struct cache_mark *mark, bool sent)
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
by_worth(const void *x, const void *y)
{
	const struct cache_item *a = *(struct cache_item *const *)x;
	const struct cache_item *b = *(struct cache_item *const *)y;
	bool words = a->kind == CACHE_WORDS;

	if (words != (b->kind == CACHE_WORDS))
		return words ? -1 : 1;
	if (a->used_day != b->used_day)
		return a->used_day > b->used_day ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

/* keep_rest: what still holds, or was not needed but may be another time. */
static void
keep_rest(struct cache *c)
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
	qsort(rest, n, sizeof(*rest), by_worth);
	for (size_t i = 0; i < n; i++)
		fresh_copy(c, rest[i], NULL, rest[i]);
}

static enum rc
fresh_finish(struct cache *c)
{
	struct file_record end = {.magic = FILE_END};
	bool bad;

	end.raw_len = c->nfresh;
	end.crc = file_crc(&end, "");
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
cache_end(struct cache *c)
{
	if (c->failed)
		return E_INTERNAL;
	if (c->fresh == NULL && !c->stale)
		return OK;
	if (!fresh_begin(c))
		return E_INTERNAL;
	keep_rest(c);
	if (c->left_out > 0)
		log_info("cache_full", "file", c->path, "left_out",
		    log_num((long long)c->left_out));
	return fresh_finish(c);
}
