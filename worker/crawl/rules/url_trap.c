#include "worker/crawl/rules/url_trap.h"

#include "core/arena.h"
#include "core/url.h"
#include "worker/crawl/rules/faceted_nav.h"
#include "worker/crawl/words.h"

#include <ctype.h>
#include <search.h>
#include <string.h>
#include <strings.h>

/* The longest address worth following, bytes. */
#define TARGET_BYTES 1000
#define PARTS 14
/* The same part so often in one path is a link that nests. */
#define REPEATS 3
/* Variations of one path by its query: with many parameters, with few. */
#define MANY_PARAMETERS 3
#define FEW_VARIATIONS 20
#define MANY_VARIATIONS 500
/*
 * A path is left alone when so many of its variations by parameters said what
 * another page says, and at most one in so many did not.
 */
#define SAME_VARIATIONS 20
#define SAME_SHARE 10
/* Pages of one calendar. */
#define CALENDAR_PAGES 24

struct url_count {
	const char *key;
	unsigned n;
};

struct url_trap {
	struct arena *a;
	void *root;
	struct faceted_nav *faceted_nav;
};

static int
compare_counts(const void *x, const void *y)
{
	const struct url_count *a = x, *b = y;

	return strcmp(a->key, b->key);
}

static void
keep_node(void *node)
{
	(void)node; /* the arena's */
}

static void
url_trap_release(void *arg)
{
	struct url_trap *t = arg;

	tdestroy(t->root, keep_node);
}

struct url_trap *
url_trap_new(struct arena *a)
{
	struct url_trap *t = arena_alloc(a, sizeof(*t));

	t->a = a;
	t->faceted_nav = faceted_nav_new(a);
	arena_defer(a, url_trap_release, t);
	return t;
}

/* url_trap_count_up: how often key was seen, this time included. */
static unsigned
url_trap_count_up(struct url_trap *t, const char *key)
{
	struct url_count probe = {.key = key};
	struct url_count **found = tfind(&probe, &t->root, compare_counts);
	struct url_count *c;

	if (found != NULL)
		return ++(*found)->n;
	c = arena_alloc(t->a, sizeof(*c));
	c->key = arena_strdup(t->a, key);
	c->n = 1;
	tsearch(c, &t->root, compare_counts);
	return 1;
}

/* url_trap_count_of: how often key was seen. */
static unsigned
url_trap_count_of(struct url_trap *t, const char *key)
{
	struct url_count probe = {.key = key};
	struct url_count **found = tfind(&probe, &t->root, compare_counts);

	return found == NULL ? 0 : (*found)->n;
}

/* has_repeated_part: some part of the path occurs REPEATS times or more. */
static bool
has_repeated_part(const char *path, unsigned *parts)
{
	const char *part[PARTS + 1];
	size_t len[PARTS + 1];
	unsigned n = 0;

	for (const char *p = path; *p != '\0' && n <= PARTS;) {
		p += strspn(p, "/");
		if (*p == '\0')
			break;
		part[n] = p;
		len[n] = strcspn(p, "/");
		p += len[n++];
	}
	*parts = n;
	for (unsigned i = 0; i < n; i++) {
		unsigned same = 0;

		for (unsigned j = i; j < n; j++)
			same += len[i] == len[j] &&
				memcmp(part[i], part[j], len[i]) == 0;
		if (same >= REPEATS)
			return true;
	}
	return false;
}

static unsigned
count_parameters(const char *query)
{
	unsigned n = 1;

	for (; *query != '\0'; query++)
		n += *query == '&';
	return n;
}

static bool
is_calendar_address(const char *s)
{
	for (size_t i = 0; words_calendar_signs[i] != NULL; i++)
		if (strcasestr(s, words_calendar_signs[i]) != NULL)
			return true;
	return false;
}

/* address_shape: the target with each number as "#". */
static const char *
address_shape(struct arena *a, const char *target)
{
	char *out = arena_strdup(a, target);
	char *to = out;

	for (const char *p = out; *p != '\0';) {
		if (isdigit((unsigned char)*p)) {
			while (isdigit((unsigned char)*p))
				p++;
			*to++ = '#';
		} else {
			*to++ = *p++;
		}
	}
	*to = '\0';
	return out;
}

/* Keys of the counts of a path's variations: what url_trap_learn was told. */
static const char *
variation_key(struct arena *a, const char *kind, const struct url *u)
{
	return arena_printf(a, "%s%s", kind, u->path);
}

static const char *
url_trap_check_duplicates(struct url_trap *t, const struct url *u)
{
	struct arena scratch;
	bool tired;

	if (u->query == NULL)
		return NULL;
	arena_init(&scratch);
	tired = url_trap_count_of(t, variation_key(&scratch, "tired ", u)) > 0;
	arena_release(&scratch);
	return !tired ? NULL
		      : arena_printf(t->a,
			    "the variations of %s by its parameters say the "
			    "same",
			    u->path);
}

void
url_trap_learn(struct url_trap *t, const struct url *u, bool same)
{
	struct arena scratch;
	unsigned n;

	if (u->query == NULL)
		return;
	arena_init(&scratch);
	n = url_trap_count_up(
	    t, variation_key(&scratch, same ? "same " : "own ", u));
	/*
	 * It stays so: the disposition of a page hangs on what came before it.
	 */
	if (same && n >= SAME_VARIATIONS &&
	    n >= SAME_SHARE *
		     url_trap_count_of(t, variation_key(&scratch, "own ", u)))
		url_trap_count_up(t, variation_key(&scratch, "tired ", u));
	arena_release(&scratch);
}

static const char *
url_trap_check_query(struct url_trap *t, const struct url *u)
{
	unsigned most;

	if (u->query == NULL)
		return NULL;
	most = count_parameters(u->query) >= MANY_PARAMETERS ? FEW_VARIATIONS
							     : MANY_VARIATIONS;
	if (url_trap_count_up(t, u->path) <= most)
		return NULL;
	return arena_printf(t->a,
	    "more than %u variations of %s by its parameters", most, u->path);
}

static const char *
url_trap_check_calendar(struct url_trap *t, const struct url *u)
{
	struct arena scratch;
	const char *why = NULL;

	if (!is_calendar_address(u->target))
		return NULL;
	arena_init(&scratch);
	if (url_trap_count_up(t, arena_printf(&scratch, "#%s",
				     address_shape(&scratch, u->target))) >
	    CALENDAR_PAGES)
		why = "a calendar of more than 24 pages";
	arena_release(&scratch);
	return why;
}

const char *
url_trap_check(struct url_trap *t, const struct url *u)
{
	const char *why;
	unsigned parts;

	if (strlen(u->target) > TARGET_BYTES)
		return "the address is longer than 1000 characters";
	if (has_repeated_part(u->path, &parts))
		return "a part of its path comes back again and again";
	if (parts > PARTS)
		return "its path has more than 14 parts";
	why = url_trap_check_calendar(t, u);
	if (why == NULL)
		why = faceted_nav_check(t->faceted_nav, u);
	if (why == NULL)
		why = url_trap_check_duplicates(t, u);
	return why != NULL ? why : url_trap_check_query(t, u);
}

const char *
url_trap_recheck(struct url_trap *t, const struct url *u, bool visited)
{
	const char *why = url_trap_check_duplicates(t, u);

	return why != NULL ? why
			   : faceted_nav_recheck(t->faceted_nav, u, visited);
}
