/* encoding: the Accept-Encoding header (RFC 9110, section 12.5.3). */
#ifndef FCGI_ENCODING_H
#define FCGI_ENCODING_H

enum encoding { ENCODING_NONE, ENCODING_GZIP, ENCODING_BROTLI };

/*
 * encoding_choose: the coding that a client likes best of those we have, the
 * smallest of several it likes as much; ENCODING_NONE where it wants none or
 * the header (may be NULL) cannot be understood.
 */
enum encoding encoding_choose(const char *accept);

/* encoding_name: "gzip", "br"; NULL for none. */
const char *encoding_name(enum encoding e);

#endif
