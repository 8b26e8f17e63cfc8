/*
 * sum: a checksum of many bytes, to see that they are the same or went bad.
 * Whoever wants to can make two texts with one sum: it is no proof.
 */
#ifndef CORE_CHECKSUM_H
#define CORE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/*
 * checksum64_add: of n bytes; begun with another sum it is of both texts.  It
 * stands in files: it must stay what it is, on machines that are little-endian.
 */
uint64_t checksum64_add(uint64_t begin, const void *bytes, size_t n);

#endif
