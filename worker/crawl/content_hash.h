/*
 * content_hash: a hash of what a page says, to find pages that repeat another.
 */
#ifndef WORKER_CRAWL_CONTENT_HASH_H
#define WORKER_CRAWL_CONTENT_HASH_H

#include <stddef.h>
#include <stdint.h>

/*
 * content_hash: of the title and n bytes of Markdown, without the parameters of
 * links: they may be those of the page itself, a session's or where a visitor
 * came from.  Reads every byte once: the slot that calls it has no CPU limit.
 */
uint64_t content_hash(const char *title, const char *md, size_t n);

#endif
