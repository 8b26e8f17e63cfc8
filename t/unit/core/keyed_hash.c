/* keyed_hash: no site and no order can choose keys that fall together. */
#include "core/arena.h"
#include "core/keyed_hash.h"
#include "core/strmap.h"
#include "t/cpu.h"
#include "t/tap.h"
#include "core/hash_index.h"
#include "worker/site/counter.h"

#include <stdint.h>
#include <string.h>

/* The first of the paper's own vectors: key 00 01 .. 0f, bytes 00 01 .. */
static void
is_siphash(void)
{
	static const struct {
		size_t n;
		uint64_t want;
	} t[] = {{0, 0x726fdb47dd0e0e31ULL}, {1, 0x74f839c593dc67fdULL},
	    {8, 0x93f5f5799a932462ULL}, {15, 0xa129ca6149be45e5ULL}};
	struct hash_secret s = {{0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL}};
	unsigned char in[15];

	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (unsigned char)i;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		ok(keyed_hash(&s, in, t[i].n, false) == t[i].want,
		    "%zu bytes as in the paper", t[i].n);
	ok(keyed_hash(&s, "ABCdefghIJ\xc3", 11, true) ==
		    keyed_hash(&s, "abcDEFGHij\xc3", 11, true) &&
		keyed_hash(&s, "A", 1, true) != keyed_hash(&s, "A", 1, false) &&
		keyed_hash(&s, "[", 1, true) != keyed_hash(&s, "{", 1, true),
	    "letters alone are folded");
}

/*
 * What a hash that multiplies has, whatever its secret is: a top bit that is
 * turned turns bits that are known, and the next word of the same lane turns
 * them back.  So many pairs of words make 2 to that power of keys with one
 * sum.
 */
#define PAIRS 14
#define KEY_BYTES (64 * ((PAIRS + 3) / 4))

static void
make_key(unsigned char *key, unsigned bits)
{
	memset(key, 0x31, KEY_BYTES);
	key[KEY_BYTES] = '\0';
	for (unsigned i = 0; i < PAIRS; i++) {
		unsigned char *p = key + 64 * (i / 4) + 8 * (i % 4);

		if ((bits >> i & 1) == 0)
			continue;
		p[7] ^= 0x80;
		p[32 + 3] ^= 0x80;
		p[32 + 7] ^= 0x80;
	}
}

static double
fill(void (*add)(void *to, const char *key), void *to, struct arena *a)
{
	unsigned char *keys = arena_alloc(a, (KEY_BYTES + 1) << PAIRS);
	double t0;

	for (unsigned i = 0; i < 1u << PAIRS; i++)
		make_key(keys + (size_t)i * (KEY_BYTES + 1), i);
	t0 = cpu();
	for (unsigned i = 0; i < 1u << PAIRS; i++)
		add(to, (const char *)keys + (size_t)i * (KEY_BYTES + 1));
	return cpu() - t0;
}

static void
to_strmap(void *to, const char *key)
{
	strmap_add(to, key, 1);
}

static void
to_hash_index(void *to, const char *key)
{
	hash_index_add(to, key, 1);
}

static void
to_counter(void *to, const char *key)
{
	counter_add(to, key);
}

static void
takes_hostile_keys(void)
{
	struct strmap m;
	struct hash_index k;
	struct counter t = {0};
	struct arena a;
	double took;

	arena_init(&a);
	strmap_init(&m, &a, 16, false);
	took = fill(to_strmap, &m, &a);
	ok(m.n == 1u << PAIRS && took < 0.5, "strmap: %zu keys in %.3f s", m.n,
	    took);
	hash_index_init(&k);
	took = fill(to_hash_index, &k, &a);
	ok(k.used == 1u << PAIRS && took < 0.5,
	    "hash_index: %zu keys in %.3f s", k.used, took);
	hash_index_release(&k);
	took = fill(to_counter, &t, &a);
	ok(t.seen.n == 1u << PAIRS && took < 0.5,
	    "the texts of a site: %zu in %.3f s", t.seen.n, took);
	counter_free(&t);
	arena_release(&a);
}

int
main(void)
{
	is_siphash();
	takes_hostile_keys();
	return done();
}
