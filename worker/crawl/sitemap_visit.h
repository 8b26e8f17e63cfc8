/*
 * map: one sitemap on its way through fetcher and parser, and what it says
 * until it is its turn to be taken.
 */
#ifndef WORKER_CRAWL_SITEMAP_VISIT_H
#define WORKER_CRAWL_SITEMAP_VISIT_H

#include "core/buf.h"
#include "worker/cache/cache.h"
#include "worker/crawl/crawl_internal.h"

enum map_state {
	MAP_WAITING,
	MAP_READING,
	MAP_LOST, /* its parser died; what still comes of it is not read */
	MAP_DONE
};

/* A string of a list. */
struct map_item {
	struct map_item *next;
	bool is_index;
	char lang[12];       /* of the page, as declared; "" */
	const char *lastmod; /* as written; "" */
	char text[];         /* the URL, and after it lastmod */
};

struct map {
	struct errand e; /* first */
	enum map_state state;
	const char *url;
	const char *host;
	bool guess; /* nobody named it */
	unsigned depth;
	unsigned tries;
	struct parser *parser; /* that reads it */
	unsigned order;        /* parser_open's id */
	bool opened;
	bool asked; /* its fetch is under way */
	bool bare;  /* asked for without a condition */
	bool whole; /* all of it came, under this mark */
	const char *mark_url;
	struct cache_mark mark;
	struct buf kept; /* its entries, for the next run */
	uint32_t nkept;
	bool only_count; /* there is no room for its pages */
	size_t counted;
	/* What was read, until it is this one's turn. */
	struct arena a;
	struct map_item *first, **last;
	/* How it ended. */
	struct crawl_map result;
};

/* map_new: of the URL; from is the index that names it, or NULL. */
struct map *map_new(
    struct arena *a, const struct url *u, const struct map *from);

/* map_start: asks for it; it is MAP_DONE or MAP_WAITING in the end. */
void map_start(struct crawl *c, struct map *m);

/* map_release: what is in memory of it, but for its result. */
void map_release(struct map *m);

#endif
