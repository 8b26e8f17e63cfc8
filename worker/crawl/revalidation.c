#include "worker/crawl/revalidation.h"

#include "core/ids.h"
#include "worker/crawl/visits.h"
#include "worker/extract/page_codec.h"

#include <string.h>

void
remember_known(struct crawl *c, enum cache_kind kind, const char *url,
    struct fetch_known *out)
{
	const struct cache_item *item = cache_find(c->cache, kind, url);
	struct cache_mark mark;

	if (item == NULL || cache_is_old(c->cache, item) ||
	    !cache_mark(c->cache, item, &c->known, &mark))
		return;
	out->etag = mark.etag;
	out->last_modified = mark.last_modified;
}

void
remember_mark(
    struct arena *a, const struct fetch_result *r, struct cache_mark *out)
{
	out->etag = arena_strdup(a, r->etag);
	out->last_modified = arena_strdup(a, r->last_modified);
	out->type = arena_strdup(a, r->type);
	out->charset = arena_strdup(a, r->charset);
	out->robots_tag = arena_strdup(a, r->robots_tag);
	sha256(r->body->data, r->body->len, out->hash);
}

/*
 * refresh: a 304 may carry new validators (RFC 9110, section 15.4.5); false:
 * it does not.
 */
static bool
refresh(const struct fetch_result *r, struct cache_mark *mark)
{
	bool tag = *r->etag != '\0' && strcmp(r->etag, mark->etag) != 0;
	bool date = *r->last_modified != '\0' &&
		    strcmp(r->last_modified, mark->last_modified) != 0;

	if (tag)
		mark->etag = r->etag;
	if (date)
		mark->last_modified = r->last_modified;
	return tag || date;
}

char *
remember_again(struct crawl *c, enum cache_kind kind,
    const struct fetch_result *r, struct arena *a, struct cache_mark *mark,
    size_t *len)
{
	const struct cache_item *item =
	    cache_find(c->cache, kind, r->final_url);
	char *bytes;

	if (item == NULL || !cache_mark(c->cache, item, a, mark))
		return NULL;
	/* Many servers send no such header with a 304; one that does and
	 * says something else changed its mind about the page. */
	if (*r->robots_tag != '\0' &&
	    strcmp(r->robots_tag, mark->robots_tag) != 0)
		return NULL;
	bytes = cache_read(c->cache, item, a, len);
	if (bytes == NULL)
		return NULL;
	cache_keep(c->cache, item, refresh(r, mark) ? mark : NULL, false);
	return bytes;
}

/* is_same: the very bytes came, under the same headers. */
static bool
is_same(const struct cache_mark *x, const struct cache_mark *y)
{
	return memcmp(x->hash, y->hash, CACHE_HASH) == 0 &&
	       strcmp(x->type, y->type) == 0 &&
	       strcmp(x->charset, y->charset) == 0 &&
	       strcmp(x->robots_tag, y->robots_tag) == 0;
}

static bool
use(struct visit *v, char *bytes, size_t len)
{
	struct frame_reader r = {.p = bytes, .end = bytes + len};

	if (bytes == NULL || !frame_get_doc(&r, &v->a, &v->doc))
		return false;
	v->read = true;
	v->recalled = true;
	v->held = v->a.used;
	return true;
}

/* unchanged: the server says so. */
static enum recall
unchanged(struct crawl *c, struct visit *v, const struct fetch_result *r)
{
	struct cache_mark mark;
	size_t len = 0;
	char *bytes;

	bytes = remember_again(c, CACHE_PAGE, r, &v->a, &mark, &len);
	if (!use(v, bytes, len))
		return v->bare ? RECALL_NOTHING : RECALL_ASK;
	v->status = 200;
	v->type = mark.type;
	return RECALL_DONE;
}

enum recall
remember_page(struct crawl *c, struct visit *v, const struct fetch_result *r)
{
	const struct cache_item *item;
	struct cache_mark old;
	size_t len = 0;
	char *bytes;

	if (r->status == 304)
		return unchanged(c, v, r);
	if (r->status != 200)
		return RECALL_NOTHING;
	remember_mark(&v->a, r, &v->mark);
	item = cache_find(c->cache, CACHE_PAGE, r->final_url);
	if (item == NULL || !cache_mark(c->cache, item, &v->a, &old) ||
	    !is_same(&old, &v->mark))
		return RECALL_NOTHING;
	bytes = cache_read(c->cache, item, &v->a, &len);
	if (!use(v, bytes, len))
		return RECALL_NOTHING;
	cache_keep(c->cache, item, refresh(r, &old) ? &v->mark : NULL, true);
	return RECALL_DONE;
}

void
remember_doc(struct crawl *c, struct visit *v, const struct doc *doc)
{
	struct buf b;

	buf_init(&b, FRAME_MAX);
	frame_put_doc(&b, doc);
	if (buf_ok(&b))
		cache_put(c->cache, CACHE_PAGE, v->final_url, &v->mark, b.data,
		    b.len);
	buf_release(&b);
}
