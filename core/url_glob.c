#include "core/url_glob.h"

#include "core/text.h"

#include <string.h>
#include <strings.h>

#define WORD_BITS 64
/* "**" + "/" are three tokens, and what stands before "*" four. */
#define WORDS_MAX ((URL_MAX_BYTES + 4) / WORD_BITS + 1)

/* What a place of a pattern takes: a byte as it is, or a run. */
enum token {
	NARROW = 256, /* "*" */
	WIDE,         /* "**" */
	SKIP,         /* nothing; the run after it and its "/" may be missing */
};

/*
 * An automaton whose states are bits: state i is reached when the first i
 * tokens took what was read so far.  The words of one set stand side by side.
 */
struct url_glob {
	const char *pattern; /* as given */
	bool query;          /* the query counts, too */
	bool prefix;         /* it has no run */
	bool never;          /* it is too long */
	unsigned char *lead; /* the bytes before the first run; lead_n */
	size_t lead_n;
	size_t n;             /* tokens after the lead: state n is the end */
	size_t here;          /* a state that is an end, too; SIZE_MAX: none */
	size_t words;         /* of one set of states */
	bool ends_wide;       /* whatever follows the last run is taken */
	uint16_t class[256];  /* of a byte: its set in literal */
	uint64_t *literal;    /* states that it leads on from */
	uint64_t *runs, *any; /* states of a run; of one that takes "/" */
	uint64_t *skips;      /* states that skip a run and its "/" */
};

/* ---- taking apart -------------------------------------------------------- */

/* decoded_byte: the byte of an escape at s; -1: it stands for itself. */
static int
decoded_byte(const char *s)
{
	int hi, lo, c;

	if (s[0] != '%' || (hi = text_hex(s[1])) < 0 ||
	    (lo = text_hex(s[2])) < 0)
		return -1;
	c = hi << 4 | lo;
	return c == '\0' || c == '/' ? -1 : c;
}

/* glob_decode: into out, which has room for s; returns the bytes of it. */
static size_t
glob_decode(unsigned char *out, const char *s)
{
	size_t n = 0;

	while (*s != '\0') {
		int c = decoded_byte(s);

		out[n++] = (unsigned char)(c >= 0 ? c : *s);
		s += c >= 0 ? 3 : 1;
	}
	return n;
}

/* "https://host/docs/" as a pattern is "/docs/". */
static const char *
without_site(const char *p)
{
	const char *at;

	if (strncasecmp(p, "http://", 7) != 0 &&
	    strncasecmp(p, "https://", 8) != 0)
		return p;
	at = strstr(p, "://") + 3;
	at += strcspn(at, "/");
	return *at != '\0' ? at : "/";
}

/* tokens_of: each byte and each run of stars; out has room for twice p. */
static size_t
tokens_of(uint16_t *out, const char *p)
{
	size_t n = 0;

	if (*p != '/')
		out[n++] = '/';
	/* "*.pdf" is at any depth. */
	if (*p == '*') {
		out[n++] = WIDE;
		out[n++] = '/';
	}
	while (*p != '\0') {
		size_t stars = strspn(p, "*");
		int c = decoded_byte(p);

		if (stars > 0)
			out[n++] = stars > 1 ? WIDE : NARROW;
		else
			out[n++] = (uint16_t)(c >= 0 ? c : (unsigned char)*p);
		p += stars > 0 ? stars : c >= 0 ? 3 : 1;
	}
	/* An escaped slash is compared as URLs have it. */
	for (size_t i = 0; i + 2 < n; i++)
		if (out[i] == '%' && out[i + 1] == '2' && out[i + 2] == 'f')
			out[i + 2] = 'F';
	return n;
}

/*
 * find_skips: "/" + "**" + "/" is whole segments or none, and two of it are
 * one; out has room for twice n.
 */
static size_t
find_skips(uint16_t *out, const uint16_t *t, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		bool run = t[i] == WIDE;

		if (run && k > 3 && out[k - 1] == '/' && out[k - 3] == SKIP)
			k -= 3;
		if (run && k > 0 && out[k - 1] == '/' && i + 1 < n &&
		    t[i + 1] == '/')
			out[k++] = SKIP;
		out[k++] = t[i];
	}
	return k;
}

/* take_lead: the bytes before the first run, and before an early end. */
static size_t
take_lead(struct arena *a, struct url_glob *g, const uint16_t *t, size_t n)
{
	size_t k = 0;

	g->here = SIZE_MAX;
	if (n > 1 && t[n - 1] == WIDE && t[n - 2] == '/')
		g->here = n - 2;
	while (k < n && k < g->here && t[k] < NARROW)
		k++;
	g->lead = arena_alloc(a, k + 1);
	g->lead_n = k;
	for (size_t i = 0; i < k; i++)
		g->lead[i] = (unsigned char)t[i];
	g->prefix = k == n;
	if (g->here != SIZE_MAX)
		g->here -= k;
	return k;
}

static void
set_bit(uint64_t *set, size_t i)
{
	set[i / WORD_BITS] |= (uint64_t)1 << i % WORD_BITS;
}

static bool
has_bit(const uint64_t *set, size_t i)
{
	return (set[i / WORD_BITS] >> i % WORD_BITS & 1) != 0;
}

/* make_states: of the n tokens that follow the lead. */
static void
make_states(struct arena *a, struct url_glob *g, const uint16_t *t, size_t n)
{
	uint16_t classes = 1; /* the first is of bytes that are not there */

	g->n = n;
	g->words = n / WORD_BITS + 1;
	for (size_t i = 0; i < n; i++)
		if (t[i] < NARROW && g->class[t[i]] == 0)
			g->class[t[i]] = classes++;
	g->literal = arena_array(a, classes * g->words, sizeof(uint64_t));
	g->runs = arena_array(a, g->words, sizeof(uint64_t));
	g->any = arena_array(a, g->words, sizeof(uint64_t));
	g->skips = arena_array(a, g->words, sizeof(uint64_t));
	for (size_t i = 0; i < n; i++) {
		if (t[i] < NARROW) {
			set_bit(g->literal + g->class[t[i]] * g -> words, i);
			continue;
		}
		set_bit(t[i] == SKIP ? g->skips : g->runs, i);
		if (t[i] == WIDE)
			set_bit(g->any, i);
	}
	g->ends_wide = n > 0 && t[n - 1] == WIDE;
}

struct url_glob *
url_glob_new(struct arena *a, const char *pattern)
{
	struct url_glob *g = arena_alloc(a, sizeof(*g));
	const char *p = without_site(pattern);
	size_t n = strlen(p), lead;
	struct arena scratch;
	uint16_t *t, *all;

	g->pattern = pattern;
	g->never = n > URL_MAX_BYTES;
	if (g->never)
		return g;
	g->query = strchr(p, '?') != NULL;
	arena_init(&scratch);
	all = arena_array(&scratch, n + 3, sizeof(*all));
	n = tokens_of(all, p);
	t = arena_array(&scratch, 2 * n, sizeof(*t));
	n = find_skips(t, all, n);
	lead = take_lead(a, g, t, n);
	if (!g->prefix)
		make_states(a, g, t + lead, n - lead);
	arena_release(&scratch);
	return g;
}

/* ---- comparing ----------------------------------------------------------- */

/* add_next: the states one on from those of set that are in mask. */
static void
add_next(uint64_t *set, const uint64_t *mask, size_t words)
{
	uint64_t carry = 0;

	for (size_t i = 0; i < words; i++) {
		uint64_t on = set[i] & mask[i];

		set[i] |= on << 1 | carry;
		carry = on >> (WORD_BITS - 1);
	}
}

/* leave_out: runs may be empty, and a skip takes nothing. */
static void
leave_out(const struct url_glob *g, uint64_t *set)
{
	uint64_t carry = 0;

	for (size_t i = 0; i < g->words; i++) {
		uint64_t on = set[i] & g->skips[i];

		set[i] |= on << 1 | on << 3 | carry;
		carry = on >> (WORD_BITS - 1) | on >> (WORD_BITS - 3);
	}
	add_next(set, g->runs, g->words);
}

/* read_byte: false: no state is left. */
static bool
read_byte(const struct url_glob *g, uint64_t *set, unsigned char c)
{
	const uint64_t *literal = g->literal + g->class[c] * g->words;
	const uint64_t *stay = c == '/' ? g->any : g->runs;
	uint64_t carry = 0, all = 0;

	for (size_t i = 0; i < g->words; i++) {
		uint64_t on = set[i] & literal[i];

		set[i] = on << 1 | carry | (set[i] & stay[i]);
		carry = on >> (WORD_BITS - 1);
		all |= set[i];
	}
	if (all != 0)
		leave_out(g, set);
	return all != 0;
}

static bool
run_states(
    const struct url_glob *g, const unsigned char *t, size_t n, uint64_t *steps)
{
	uint64_t set[WORDS_MAX] = {1};

	leave_out(g, set);
	for (size_t i = 0; i < n; i++) {
		if (g->ends_wide && has_bit(set, g->n))
			return true;
		*steps += g->words;
		if (!read_byte(g, set, t[i]))
			return false;
	}
	return has_bit(set, g->n) ||
	       (g->here != SIZE_MAX && has_bit(set, g->here));
}

bool
url_glob_matches(const struct url_glob *g, const struct url *u, uint64_t *steps)
{
	unsigned char text[URL_MAX_BYTES + 1];
	size_t n;

	*steps += 1;
	if (g->never)
		return false;
	n = glob_decode(text, g->query ? u->target : u->path);
	if (n < g->lead_n || memcmp(text, g->lead, g->lead_n) != 0)
		return false;
	return g->prefix ||
	       run_states(g, text + g->lead_n, n - g->lead_n, steps);
}

const char *
url_glob_pattern(const struct url_glob *g)
{
	return g->pattern;
}
