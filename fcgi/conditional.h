/* conditional: ETags and ranges of a file (RFC 9110, sections 13 and 14). */
#ifndef FCGI_CONDITIONAL_H
#define FCGI_CONDITIONAL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * etag_listed: If-None-Match or If-Match names the strong tag (with its
 * quotes), or is "*".  weak: W/"x" counts as "x" (for If-None-Match).
 */
bool etag_listed(const char *header, const char *tag, bool weak);

enum byte_range {
	RANGE_WHOLE, /* none asked for, or not one we serve: all of it
		      */
	RANGE_PART,  /* first..last, both within the file */
	RANGE_NONE   /* outside the file: 416 */
};

/*
 * range_parse: the Range header (may be NULL) for a file of size bytes.
 * Several ranges, other units and what is malformed are RANGE_WHOLE, as
 * section 14.2 allows.
 */
enum byte_range range_parse(
    const char *header, size_t size, size_t *first, size_t *last);

#endif
