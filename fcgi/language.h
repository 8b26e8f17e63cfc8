/* language: what a visitor reads, as the browser says it. */
#ifndef FCGI_LANGUAGE_H
#define FCGI_LANGUAGE_H

struct arena;

/*
 * language_list: an Accept-Language header (RFC 9110, 12.5.4) as the field
 * "language" of an order: "de-AT,de,en", the dearest first, at most five.
 * "" where it is NULL or names none.  In the arena.
 */
const char *language_list(struct arena *a, const char *header);

#endif
