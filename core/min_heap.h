/* heap: numbers of which the smallest comes first, in an array. */
#ifndef CORE_MIN_HEAP_H
#define CORE_MIN_HEAP_H

#include <stddef.h>
#include <stdint.h>

/* min_heap_sift: the i-th of n goes down to where no smaller one is below it.
 */
void min_heap_sift(uint64_t *key, size_t n, size_t i);
/* min_heap_add: one more than the n it holds; there is room. */
void min_heap_add(uint64_t *key, size_t n, uint64_t one);
/* min_heap_drop: takes the first of n out. */
void min_heap_drop(uint64_t *key, size_t n);

#endif
