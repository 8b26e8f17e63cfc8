#include "worker/crawl/rules/version.h"

#include "core/arena.h"
#include "core/log.h"
#include "core/hash_index.h"
#include "worker/crawl/options.h"
#include "worker/crawl/rules/version_label.h"
#include "core/wordlist.h"
#include "worker/crawl/words.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The version is among so many parts of the path. */
#define PARTS 4
/* More of either has not been seen on one site. */
#define FAMILIES 200
#define VERSIONS 300
/* Names of pages that are compared; 8 bytes each. */
#define RESTS 200000
/*
 * Pages of the same name that make two versions: where a "v" or a word says
 * that they are some, and where there are numbers alone.
 */
#define SAME_SURE 1
#define SAME_NUMBERS 2
#define SAME_BARE 3
/* Of a version's pages, one in so many must have such a name. */
#define SHARE 4

struct version {
	char name[VERSION_BYTES]; /* as in the path */
	struct version_label label;
	unsigned pages;  /* below its first page */
	unsigned shared; /* of them have a name that another has too */
	bool empty;      /* see versions_drop_empty */
	bool asked;      /* the order names it */
};

/* Versions side by side, under one path. */
struct family {
	const char *base;         /* "/docs/" */
	bool docs;                /* bare numbers are believed here */
	bool barred;              /* a changelog, a list of downloads */
	bool is_named;            /* "v2" or "stable" is among them */
	bool dotted;              /* "3.11" is */
	struct version **version; /* n of them; VERSIONS at most */
	size_t n, room;
	const struct version *kept; /* NULL: none is chosen */
};

struct versions {
	struct arena *a;
	const struct crawl_globs *include;
	struct family family[FAMILIES];
	size_t n;
	struct hash_index rests; /* of a base and a name: index in owner */
	struct version **owner;  /* who had it first; NULL: told already */
	size_t nrests, rests_room;
	bool dirty;
};

/* ---- paths ---- */

/* A target taken apart at one of its parts. */
struct version_match {
	const char *part; /* inside the target */
	size_t n;
	const char *rest; /* what follows it, without a "/" around it */
	size_t nrest;
	struct version_label label;
};

static bool
is_index(const char *s, size_t n)
{
	return n == 0 || wordlist_has(words_index_files, s, n);
}

/*
 * next_version_match: the next part that is a version, after *at; false: none.
 */
static bool
next_version_match(const char *target, const char **at, struct version_match *c)
{
	const char *p = *at, *end = target + strcspn(target, "?");
	unsigned part = 0;

	for (const char *q = target; q < p; q++)
		part += *q == '/';
	while (p < end && *p == '/' && part++ < PARTS) {
		c->part = p + 1;
		c->n = strcspn(c->part, "/?");
		p = c->part + c->n;
		if (!version_label(c->part, c->n, &c->label))
			continue;
		c->rest = p + (p < end);
		c->nrest = (size_t)(end - c->rest);
		if (c->nrest > 0 && c->rest[c->nrest - 1] == '/')
			c->nrest--;
		if (is_index(c->rest, c->nrest))
			c->nrest = 0;
		*at = p;
		return true;
	}
	return false;
}

/* last_path_part: of a base such as "/en/docs/"; *n its bytes. */
static const char *
last_path_part(const char *base, size_t *n)
{
	size_t len = strlen(base);
	const char *end = base + len - 1, *p = end;

	if (len < 2) {
		*n = 0;
		return base;
	}
	while (p[-1] != '/')
		p--;
	*n = (size_t)(end - p);
	return p;
}

static void
family_judge_base(struct family *f)
{
	size_t n;
	const char *part = last_path_part(f->base, &n);

	f->docs = wordlist_has(words_version_bases, part, n);
	f->barred = wordlist_has(words_version_lists, part, n);
}

/* ---- what is known ---- */

static void
versions_release(void *arg)
{
	struct versions *v = arg;

	hash_index_release(&v->rests);
	free(v->owner);
}

struct versions *
versions_new(struct arena *a, const struct crawl_globs *include)
{
	struct versions *v = arena_alloc(a, sizeof(*v));

	v->a = a;
	v->include = include;
	hash_index_init(&v->rests);
	arena_defer(a, versions_release, v);
	return v;
}

static struct family *
versions_find_family(
    const struct versions *v, const char *target, const struct version_match *c)
{
	size_t n = (size_t)(c->part - target);

	for (size_t i = 0; i < v->n; i++) {
		const struct family *f = &v->family[i];

		if (strncmp(f->base, target, n) == 0 && f->base[n] == '\0')
			return (struct family *)f;
	}
	return NULL;
}

static struct version *
family_find_version(const struct family *f, const struct version_match *c)
{
	for (size_t i = 0; i < f->n; i++)
		if (strncmp(f->version[i]->name, c->part, c->n) == 0 &&
		    f->version[i]->name[c->n] == '\0')
			return f->version[i];
	return NULL;
}

static struct family *
versions_add_family(
    struct versions *v, const char *target, const struct version_match *c)
{
	struct family *f;

	if (v->n == FAMILIES)
		return NULL;
	f = &v->family[v->n++];
	f->base = arena_strndup(v->a, target, (size_t)(c->part - target));
	family_judge_base(f);
	return f;
}

/* is_version_ordered: a pattern of the order begins with the version's path. */
static bool
is_version_ordered(
    const struct versions *v, const struct family *f, const char *name)
{
	size_t base = strlen(f->base), n = strlen(name);

	for (size_t i = 0; v->include != NULL && i < v->include->n; i++) {
		const char *p = v->include->pattern[i];

		if (strncmp(p, f->base, base) == 0 &&
		    strncmp(p + base, name, n) == 0 &&
		    strchr("/", p[base + n]) != NULL)
			return true;
	}
	return false;
}

static struct version *
family_add_version(
    struct versions *v, struct family *f, const struct version_match *c)
{
	struct version *new;

	if (f->n == VERSIONS)
		return NULL;
	if (f->n == f->room) {
		struct version **more;

		f->room = f->room == 0 ? 8 : 2 * f->room;
		more = arena_array(v->a, f->room, sizeof(*more));
		if (f->n > 0)
			memcpy(more, f->version, f->n * sizeof(*more));
		f->version = more;
	}
	new = arena_alloc(v->a, sizeof(*new));
	memcpy(new->name, c->part, c->n);
	new->label = c->label;
	new->asked = is_version_ordered(v, f, new->name);
	f->is_named |= new->label.form == VERSION_MARKED ||
		       new->label.form == VERSION_WORD;
	f->dotted |= new->label.form == VERSION_DOTTED;
	v->dirty = true;
	return f->version[f->n++] = new;
}

/* versions_add_owner: the n-th name was first heard of from version. */
static void
versions_add_owner(struct versions *v, struct version *version)
{
	if (v->nrests == v->rests_room) {
		v->rests_room = v->rests_room == 0 ? 256 : 2 * v->rests_room;
		v->owner = reallocarray(
		    v->owner, v->rests_room, sizeof(struct version *));
		if (v->owner == NULL)
			fatal("out of memory for the versions of a site");
	}
	v->owner[v->nrests++] = version;
}

/* versions_note_rest: a page below a version; who else has one of that name? */
static void
versions_note_rest(struct versions *v, const struct family *f,
    struct version *version, const struct version_match *c)
{
	struct arena scratch;
	const char *key;
	uint32_t i;

	arena_init(&scratch);
	key =
	    arena_printf(&scratch, "%s %.*s", f->base, (int)c->nrest, c->rest);
	i = hash_index_find(&v->rests, key, UINT32_MAX);
	if (i == UINT32_MAX && v->nrests < RESTS) {
		hash_index_add(&v->rests, key, (uint32_t)v->nrests);
		versions_add_owner(v, version);
	} else if (i != UINT32_MAX && v->owner[i] != version) {
		version->shared++;
		if (v->owner[i] != NULL)
			v->owner[i]->shared++;
		v->owner[i] = NULL;
		v->dirty = true;
	}
	arena_release(&scratch);
}

void
versions_note_address(struct versions *v, const char *target)
{
	const char *at = target;
	struct version_match c;

	while (next_version_match(target, &at, &c)) {
		struct family *f = versions_find_family(v, target, &c);
		struct version *version = NULL;

		if (f == NULL)
			f = versions_add_family(v, target, &c);
		if (f != NULL && !f->barred)
			version = family_find_version(f, &c);
		if (f != NULL && !f->barred && version == NULL)
			version = family_add_version(v, f, &c);
		if (version == NULL || c.nrest == 0)
			continue;
		version->pages++;
		versions_note_rest(v, f, version, &c);
	}
}

/* ---- the choice ---- */

/* is_version_sure: its pages are called as those of another version are. */
static bool
is_version_sure(const struct family *f, const struct version *v)
{
	unsigned least = f->is_named ? SAME_SURE : SAME_NUMBERS;

	if (v->label.form == VERSION_BARE && !f->is_named && !f->dotted) {
		if (!f->docs)
			return false;
		least = SAME_BARE;
	}
	return v->shared >= least && v->shared * SHARE >= v->pages;
}

static const struct version *
family_choose_version(const struct family *f)
{
	const struct version *best = NULL;
	unsigned sure = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct version *v = f->version[i];

		if (!is_version_sure(f, v))
			continue;
		sure++;
		if (!v->empty && (best == NULL || version_compare(&v->label,
						      &best->label) > 0))
			best = v;
	}
	return sure >= 2 ? best : NULL;
}

bool
versions_decide(struct versions *v)
{
	bool changed = false;

	if (!v->dirty)
		return false;
	v->dirty = false;
	for (size_t i = 0; i < v->n; i++) {
		const struct version *kept =
		    family_choose_version(&v->family[i]);

		if (kept != v->family[i].kept) {
			v->family[i].kept = kept;
			changed = true;
		}
	}
	return changed;
}

/*
 * is_other_version: a version that is not kept whole, in a family where one is.
 */
static bool
is_other_version(const struct family *f, const struct version *v)
{
	if (f->kept == NULL || v == f->kept || v->asked)
		return false;
	if (is_version_sure(f, v))
		return true;
	/* An older one that has little; "dev" may be for developers. */
	return v->label.form != VERSION_WORD && v->label.form != VERSION_BARE &&
	       version_compare(&v->label, &f->kept->label) < 0;
}

/*
 * other_version_of: the version, not kept whole, that the target is of; NULL.
 */
static const struct version *
other_version_of(const struct versions *v, const char *target, bool *first)
{
	const char *at = target;
	struct version_match c;

	while (next_version_match(target, &at, &c)) {
		const struct family *f = versions_find_family(v, target, &c);
		const struct version *version =
		    f == NULL ? NULL : family_find_version(f, &c);

		if (version == NULL || !is_other_version(f, version))
			continue;
		*first = c.nrest == 0 && strchr(target, '?') == NULL;
		return version;
	}
	return NULL;
}

const char *
versions_excluded(const struct versions *v, const char *target)
{
	bool first;
	const struct version *other = other_version_of(v, target, &first);

	return other == NULL || first ? NULL : other->name;
}

bool
versions_is_stub(const struct versions *v, const char *target)
{
	bool first;

	return other_version_of(v, target, &first) != NULL && first;
}

const char *
versions_next_stub(const struct versions *v, struct versions_cursor *at)
{
	for (; at->family < v->n; at->family++, at->version = 0) {
		const struct family *f = &v->family[at->family];

		while (at->version < f->n) {
			const struct version *this = f->version[at->version++];

			if (is_other_version(f, this))
				return arena_printf(
				    v->a, "%s%s/", f->base, this->name);
		}
	}
	return NULL;
}

bool
versions_drop_empty(struct versions *v,
    bool (*is_empty)(void *arg, const char *root), void *arg)
{
	bool dropped = false;

	for (size_t i = 0; i < v->n; i++) {
		struct family *f = &v->family[i];

		for (size_t k = 0; k < f->n; k++) {
			if (f->version[k] != f->kept ||
			    !is_empty(arg, arena_printf(v->a, "%s%s/", f->base,
					       f->kept->name)))
				continue;
			f->version[k]->empty = true;
			v->dirty = dropped = true;
		}
	}
	return dropped;
}
