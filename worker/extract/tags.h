/*
 * tags: the element and attribute names that mean something to us.
 *
 * Names are from the HTML Living Standard; the obsolete ones are there
 * because pages still carry them.  Any other element is TAG_OTHER, any other
 * attribute is not kept.
 */
#ifndef WORKER_EXTRACT_TAGS_H
#define WORKER_EXTRACT_TAGS_H

#include <stddef.h>
#include <stdint.h>

/* tags.def and attrs.def are lists of X(identifier, name[, kinds]). */

/* What an element is to the tree builder and to the writer. */
enum tag_kind {
	T_VOID = 1 << 0,   /* never has content */
	T_BLOCK = 1 << 1,  /* starts a new line; ends an open <p> */
	T_INLINE = 1 << 2, /* formatting that an end tag may cross */
	T_RAW = 1 << 3,    /* content is not markup */
	T_HEAD = 1 << 4,   /* may stand in <head> */
	T_SCOPE = 1 << 5,  /* an end tag inside does not reach past it */
	T_SKIP = 1 << 6,   /* its content is nothing to read */
	T_MEDIA = 1 << 7,  /* shows something without text */
};

enum tag {
	TAG_TEXT,  /* a text node */
	TAG_OTHER, /* an element we have no name for */
#define X(id, name, kinds) TAG_##id,
#include "worker/extract/tags.def"
#undef X
	TAG_MAX
};

enum attr {
	ATTR_NONE,
#define X(id, name) ATTR_##id,
#include "worker/extract/attrs.def"
#undef X
	ATTR_MAX
};

#define NAME_SLOTS 512 /* a power of two, at least twice the names */

/* names: both name tables, hashed; made once per page (microseconds). */
struct names {
	uint8_t tag[NAME_SLOTS];
	uint8_t attr[NAME_SLOTS];
};

void names_init(struct names *n);

/* names_tag: the element called s (any case); TAG_OTHER when unknown. */
enum tag names_tag(const struct names *n, const char *s, size_t len);

/* names_attr: the attribute called s (any case); ATTR_NONE when unknown. */
enum attr names_attr(const struct names *n, const char *s, size_t len);

/* tag_kind: its enum tag_kind bits. */
unsigned tag_kind(enum tag t);

const char *tag_name(enum tag t);

#endif
