#include "core/min_heap.h"

void
min_heap_sift(uint64_t *key, size_t n, size_t i)
{
	for (size_t least = i;; i = least) {
		uint64_t moved = key[i];

		for (size_t k = 2 * i + 1; k < n && k <= 2 * i + 2; k++)
			if (key[k] < key[least])
				least = k;
		if (least == i)
			return;
		key[i] = key[least];
		key[least] = moved;
	}
}

void
min_heap_add(uint64_t *key, size_t n, uint64_t one)
{
	while (n > 0 && key[(n - 1) / 2] > one) {
		key[n] = key[(n - 1) / 2];
		n = (n - 1) / 2;
	}
	key[n] = one;
}

void
min_heap_drop(uint64_t *key, size_t n)
{
	key[0] = key[n - 1];
	min_heap_sift(key, n - 1, 0);
}
