/*
 * cursor: a position in the events of one account, "epoch-ms-seq".
 *
 * The epoch is made anew when Redis was flushed; ms-seq is the id in the
 * account's stream (core/events.h).  Order has a meaning within one epoch.
 */
#ifndef WS_CURSOR_H
#define WS_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EPOCH_MAX 16
#define CURSOR_MAX 64 /* bytes of the text, with its terminator */

struct cursor {
	char epoch[EPOCH_MAX]; /* [0-9a-z]; "" = no cursor at all */
	uint64_t ms;
	uint64_t seq;
};

/* cursor_parse: false (and no cursor) for anything but the exact form. */
bool cursor_parse(const char *text, struct cursor *out);

/* cursor_parse_id: a stream's "ms-seq"; the epoch is given. */
bool cursor_parse_id(const char *epoch, const char *id, struct cursor *out);

/* cursor_text: "" when there is none. */
const char *cursor_text(const struct cursor *c, char out[CURSOR_MAX]);

/* cursor_id_text: "ms-seq", as XRANGE takes it. */
const char *cursor_id_text(const struct cursor *c, char out[CURSOR_MAX]);

/* cursor_cmp: by ms and seq only; the caller knows the epochs are equal. */
int cursor_cmp(const struct cursor *a, const struct cursor *b);

bool cursor_same_epoch(const struct cursor *a, const struct cursor *b);

static inline bool
cursor_is_set(const struct cursor *c)
{
	return c->epoch[0] != '\0';
}

#endif
