/*
 * cache: what an earlier run learned of a host, kept for the next one.
 *
 * It is one file: pages as they were extracted, sitemaps as they were read,
 * robots.txt, and the answers of language models.  A run reads the earlier
 * file and, if there is anything new, writes a fresh one, so that a run that
 * fails changes nothing.  Texts stay in the file; of each record only its place
 * is in memory (64 bytes).  What the run did not touch moves on into the fresh
 * file while it is young enough and fits.
 *
 * Nothing in it is anyone's own: pages are asked for without credentials and
 * answers are about their text alone.  So the file of a host serves all
 * accounts.
 *
 * A file that is cut, damaged or of another version is ignored with a line
 * in the log; a record that does not hold is as good as none.
 */
#ifndef WORKER_CACHE_CACHE_H
#define WORKER_CACHE_CACHE_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/rc.h"

#include <stdbool.h>
#include <stddef.h>

#define CACHE_HASH 32 /* bytes of a hash of what a server sent */

enum cache_kind {
	CACHE_ANSWER = 1, /* a model's answer; key: of the question */
	CACHE_ROBOTS,     /* robots.txt as sent; key: its URL, as below */
	CACHE_SITEMAP,    /* a sitemap's entries */
	CACHE_PAGE,       /* a page's extract (struct html_page) */
	CACHE_KIND_MAX
};

/* How an answer is known again.  Strings are never NULL; "" is none. */
struct cache_validators {
	const char *etag;
	const char *last_modified;
	const char *type; /* of the Content-Type, lower case */
	const char *charset;
	const char *robots_tag; /* X-Robots-Tag */
	unsigned char hash[CACHE_HASH];
};

struct cache_options {
	const char *old;   /* path of the earlier file; it need not exist */
	const char *fresh; /* path of the one to write; replaced */
	/*
	 * All that decides what a page's bytes become, but for the extractor
	 * itself.  Written by another one, only CACHE_ANSWER count.
	 */
	const char *reader;
	/* Of the requests, such as the language asked for: what is answered
	 * to one is not to the others. */
	const char *variant;
	size_t max_bytes;      /* of the fresh file */
	size_t unpacked_bytes; /* what goes over this is packed: smaller,
				   slower */
	int days; /* a record not used for so long is dropped; one read anew
		     so long ago is not offered to the server again */
};

struct cache;
struct cache_item; /* a record of the earlier file */

/* cache_open: never fails; what cannot be used is not.  Ends with a. */
struct cache *cache_open(struct arena *a, const struct cache_options *o);

/* cache_has_earlier: there was a file that could be used. */
bool cache_has_earlier(const struct cache *c);

/* cache_find: the record of a key in the earlier file; NULL: none. */
const struct cache_item *cache_find(
    const struct cache *c, enum cache_kind kind, const char *key);

/* cache_validators: the record's mark in a; false: it cannot be read. */
bool cache_validators(const struct cache *c, const struct cache_item *item,
    struct arena *a, struct cache_validators *out);

/* cache_is_old: too old to ask the server whether it changed. */
bool cache_is_old(const struct cache *c, const struct cache_item *item);

/*
 * cache_read: the record's bytes, in a, with a NUL behind; NULL when they do
 * not hold.
 */
char *cache_read(struct cache *c, const struct cache_item *item,
    struct arena *a, size_t *len);

/*
 * cache_put: a record of the fresh file.  The first of a key stays.  mark
 * may be NULL.  One that does not fit is left out.
 */
void cache_put(struct cache *c, enum cache_kind kind, const char *key,
    const struct cache_validators *mark, const void *bytes, size_t len);

/*
 * cache_renew: the earlier record still holds, under a new mark (NULL: its
 * own).  sent: all its bytes came again, and are the same.
 */
void cache_renew(struct cache *c, const struct cache_item *item,
    const struct cache_validators *mark, bool sent);

/*
 * cache_finish: completes the fresh file.  There is none if the earlier one
 * says all that is to be said.  E_INTERNAL: it could not be written and is
 * gone.
 */
MUST_CHECK enum rc cache_finish(struct cache *c);

#endif
