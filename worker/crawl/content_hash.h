/* said: what a page says, as one number, to see that two say the same. */
#ifndef WORKER_CRAWL_CONTENT_HASH_H
#define WORKER_CRAWL_CONTENT_HASH_H

#include <stddef.h>
#include <stdint.h>

/*
 * said_sum: of the title and n bytes of Markdown, without the parameters of
 * links: they may be those of the page itself, a session's or where a visitor
 * came from.  Reads every byte once: the slot that calls it has no CPU limit.
 */
uint64_t said_sum(const char *title, const char *md, size_t n);

#endif
