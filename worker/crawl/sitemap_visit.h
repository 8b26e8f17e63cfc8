/*
 * sitemap_visit: one sitemap on its way through fetcher and parser, and its
 * entries until it is their turn to go into the frontier.
 */
#ifndef WORKER_CRAWL_SITEMAP_VISIT_H
#define WORKER_CRAWL_SITEMAP_VISIT_H

#include "core/buf.h"
#include "worker/cache/cache.h"
#include "worker/crawl/crawl_state.h"

enum sitemap_visit_state {
	SITEMAP_WAITING,
	SITEMAP_READING,
	SITEMAP_LOST, /* its parser died; the rest of the answer is ignored */
	SITEMAP_DONE
};

/* One entry: a page, or a sitemap that an index names. */
struct sitemap_item {
	struct sitemap_item *next;
	bool is_index;
	char lang[12];       /* of the page, as declared; "" */
	const char *lastmod; /* as written; "" */
	char text[];         /* the URL, and after it lastmod */
};

struct sitemap_visit {
	struct crawl_request e; /* first */
	enum sitemap_visit_state state;
	const char *url;
	const char *host;
	bool guess; /* at a usual address; nobody named it */
	unsigned depth;
	unsigned tries;
	struct parser *parser; /* that reads it */
	unsigned order;        /* parser_open's id */
	bool opened;
	bool asked;         /* its fetch is under way */
	bool unconditional; /* requested without validators */
	bool is_complete;   /* all of it came, with this mark */
	const char *mark_url;
	struct cache_validators mark;
	struct buf kept; /* its entries, for the next run */
	uint32_t nkept;
	bool only_count; /* there is no room for its pages */
	size_t counted;
	/* What was read, until it is this one's turn. */
	struct arena a;
	struct sitemap_item *first, **last;
	/* How it ended. */
	struct crawl_sitemap result;
};

/* sitemap_visit_new: from is the index that names it, or NULL. */
struct sitemap_visit *sitemap_visit_new(
    struct arena *a, const struct url *u, const struct sitemap_visit *from);

/*
 * sitemap_visit_start: starts the fetch, after which the state is SITEMAP_DONE,
 * or SITEMAP_WAITING to be started once more.
 */
void sitemap_visit_start(struct crawl *c, struct sitemap_visit *m);

/* sitemap_visit_release: frees the entries; the result stays. */
void sitemap_visit_release(struct sitemap_visit *m);

#endif
