#include "worker/crawl/revalidation.h"

#include "core/ids.h"
#include "worker/crawl/visits.h"
#include "worker/extract/page_codec.h"

#include <string.h>

void
revalidation_validators(struct crawl *c, enum cache_kind kind, const char *url,
    struct fetch_known *out)
{
	const struct cache_item *item = cache_find(c->cache, kind, url);
	struct cache_validators mark;

	if (item == NULL || cache_is_old(c->cache, item) ||
	    !cache_validators(c->cache, item, &c->validators, &mark))
		return;
	out->etag = mark.etag;
	out->last_modified = mark.last_modified;
}

void
revalidation_mark(
    struct arena *a, const struct fetch_result *r, struct cache_validators *out)
{
	out->etag = arena_strdup(a, r->etag);
	out->last_modified = arena_strdup(a, r->last_modified);
	out->type = arena_strdup(a, r->type);
	out->charset = arena_strdup(a, r->charset);
	out->robots_tag = arena_strdup(a, r->robots_tag);
	sha256_hash(r->body->data, r->body->len, out->hash);
}

/*
 * update_validators: a 304 may carry new validators (RFC 9110, section 15.4.5);
 * false: it does not.
 */
static bool
update_validators(const struct fetch_result *r, struct cache_validators *mark)
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
revalidation_recall(struct crawl *c, enum cache_kind kind,
    const struct fetch_result *r, struct arena *a,
    struct cache_validators *mark, size_t *len)
{
	const struct cache_item *item =
	    cache_find(c->cache, kind, r->final_url);
	char *bytes;

	if (item == NULL || !cache_validators(c->cache, item, a, mark))
		return NULL;
	/*
	 * Many servers send no such header with a 304; one that does and
	 * says something else changed its mind about the page.
	 */
	if (*r->robots_tag != '\0' &&
	    strcmp(r->robots_tag, mark->robots_tag) != 0)
		return NULL;
	bytes = cache_read(c->cache, item, a, len);
	if (bytes == NULL)
		return NULL;
	cache_renew(
	    c->cache, item, update_validators(r, mark) ? mark : NULL, false);
	return bytes;
}

/* is_same_answer: the very bytes came, under the same headers. */
static bool
is_same_answer(
    const struct cache_validators *x, const struct cache_validators *y)
{
	return memcmp(x->hash, y->hash, CACHE_HASH) == 0 &&
	       strcmp(x->type, y->type) == 0 &&
	       strcmp(x->charset, y->charset) == 0 &&
	       strcmp(x->robots_tag, y->robots_tag) == 0;
}

static bool
page_visit_use_record(struct page_visit *v, char *bytes, size_t len)
{
	struct codec_reader r = {.p = bytes, .end = bytes + len};

	if (bytes == NULL || !codec_get_page(&r, &v->a, &v->doc))
		return false;
	v->read = true;
	v->recalled = true;
	v->held_bytes = v->a.used;
	return true;
}

/* page_visit_reuse_unchanged: the server says so. */
static enum revalidation
page_visit_reuse_unchanged(
    struct crawl *c, struct page_visit *v, const struct fetch_result *r)
{
	struct cache_validators mark;
	size_t len = 0;
	char *bytes;

	bytes = revalidation_recall(c, CACHE_PAGE, r, &v->a, &mark, &len);
	if (!page_visit_use_record(v, bytes, len))
		return v->unconditional ? REVALIDATION_NONE
					: REVALIDATION_REFETCH;
	v->status = 200;
	v->type = mark.type;
	return REVALIDATION_REUSED;
}

enum revalidation
revalidation_page(
    struct crawl *c, struct page_visit *v, const struct fetch_result *r)
{
	const struct cache_item *item;
	struct cache_validators old;
	size_t len = 0;
	char *bytes;

	if (r->status == 304)
		return page_visit_reuse_unchanged(c, v, r);
	if (r->status != 200)
		return REVALIDATION_NONE;
	revalidation_mark(&v->a, r, &v->mark);
	item = cache_find(c->cache, CACHE_PAGE, r->final_url);
	if (item == NULL || !cache_validators(c->cache, item, &v->a, &old) ||
	    !is_same_answer(&old, &v->mark))
		return REVALIDATION_NONE;
	bytes = cache_read(c->cache, item, &v->a, &len);
	if (!page_visit_use_record(v, bytes, len))
		return REVALIDATION_NONE;
	cache_renew(
	    c->cache, item, update_validators(r, &old) ? &v->mark : NULL, true);
	return REVALIDATION_REUSED;
}

void
revalidation_store(
    struct crawl *c, struct page_visit *v, const struct html_page *doc)
{
	struct buf b;

	buf_init(&b, CODEC_MAX);
	codec_put_page(&b, doc);
	if (buf_ok(&b))
		cache_put(c->cache, CACHE_PAGE, v->final_url, &v->mark, b.data,
		    b.len);
	buf_release(&b);
}
