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

/*
 * What an element is to the tree builder and to the writer.  Scope, special,
 * implied, formatting and breaking out are the standard's lists (13.2.4.2,
 * 13.2.4.3, 13.2.6.3, 13.2.6.5), for elements of HTML.
 */
enum tag_kind {
	T_VOID = 1 << 0,    /* never has content */
	T_BLOCK = 1 << 1,   /* starts a new line */
	T_RAW = 1 << 2,     /* content is not markup */
	T_HEAD = 1 << 3,    /* may stand in <head> */
	T_SCOPE = 1 << 4,   /* an end tag inside does not reach past it */
	T_SKIP = 1 << 5,    /* its content is nothing to read */
	T_MEDIA = 1 << 6,   /* shows something without text */
	T_SPECIAL = 1 << 7, /* an unknown end tag does not reach past it */
	T_ENDS_P = 1 << 8,  /* its start tag ends an open <p> */
	T_IMPLIED = 1 << 9, /* its end tag may be left out */
	T_FORMAT = 1 << 10, /* goes on in the next block when not closed */
	T_BREAKS = 1 << 11, /* cannot stand in SVG or MathML: ends them */
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
struct name_tables {
	uint8_t tag[NAME_SLOTS];
	uint8_t attr[NAME_SLOTS];
};

void name_tables_init(struct name_tables *n);

/* name_tables_tag: the element called s (any case); TAG_OTHER when unknown. */
enum tag name_tables_tag(
    const struct name_tables *n, const char *s, size_t len);

/*
 * name_tables_id: the element's enum tag, or for a name we do not know a hash
 * of it that is no enum tag; any case.
 */
uint32_t name_tables_id(const struct name_tables *n, const char *s, size_t len);

/* name_tables_attr: the attribute called s (any case); ATTR_NONE when unknown.
 */
enum attr name_tables_attr(
    const struct name_tables *n, const char *s, size_t len);

extern const uint16_t tag_kinds[TAG_MAX];

/* tag_kind: its enum tag_kind bits. */
static inline unsigned
tag_kind(enum tag t)
{
	return tag_kinds[t];
}

const char *tag_name(enum tag t);

#endif
