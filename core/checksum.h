/*
 * checksum: of many bytes, to see that they are the same or were damaged.  It
 * is not cryptographic: two texts with one sum are easily made.
 */
#ifndef CORE_CHECKSUM_H
#define CORE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/*
 * checksum64_add: of n bytes; begin is 0, or the sum of the bytes before them.
 * It is stored in files, so it must not change; for little-endian machines.
 */
uint64_t checksum64_add(uint64_t begin, const void *bytes, size_t n);

#endif
