#include "worker/crawl/rules/url_trap.h"

#include "core/arena.h"
#include "core/url.h"
#include "worker/crawl/rules/faceted_nav.h"

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

struct count {
	const char *key;
	unsigned n;
};

struct trap {
	struct arena *a;
	void *root;
	struct trap_mix *mix;
};

static int
compare(const void *x, const void *y)
{
	const struct count *a = x, *b = y;

	return strcmp(a->key, b->key);
}

static void
keep(void *node)
{
	(void)node; /* the arena's */
}

static void
destroy(void *arg)
{
	struct trap *t = arg;

	tdestroy(t->root, keep);
}

struct trap *
trap_new(struct arena *a)
{
	struct trap *t = arena_alloc(a, sizeof(*t));

	t->a = a;
	t->mix = trap_mix_new(a);
	arena_defer(a, destroy, t);
	return t;
}

/* count_up: how often key was seen, this time included. */
static unsigned
count_up(struct trap *t, const char *key)
{
	struct count probe = {.key = key};
	struct count **found = tfind(&probe, &t->root, compare);
	struct count *c;

	if (found != NULL)
		return ++(*found)->n;
	c = arena_alloc(t->a, sizeof(*c));
	c->key = arena_strdup(t->a, key);
	c->n = 1;
	tsearch(c, &t->root, compare);
	return 1;
}

/* count_of: how often key was seen. */
static unsigned
count_of(struct trap *t, const char *key)
{
	struct count probe = {.key = key};
	struct count **found = tfind(&probe, &t->root, compare);

	return found == NULL ? 0 : (*found)->n;
}

/* repeats: some part of the path occurs REPEATS times or more. */
static bool
repeats(const char *path, unsigned *parts)
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
names_a_calendar(const char *s)
{
	static const char *const known[] = {"calendar", "kalender",
	    "calendrier", "calendario",
	    "date=", "month=", "year=", "day=", "week=", "tribe-bar-date",
	    "eventdate", NULL};

	for (size_t i = 0; known[i] != NULL; i++)
		if (strcasestr(s, known[i]) != NULL)
			return true;
	return false;
}

/* shape: the target with each number as "#". */
static const char *
shape(struct arena *a, const char *target)
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

/* Keys of the counts of a path's variations: what trap_learn was told. */
static const char *
key_of(struct arena *a, const char *kind, const struct url *u)
{
	return arena_printf(a, "%s%s", kind, u->path);
}

static const char *
says_the_same(struct trap *t, const struct url *u)
{
	struct arena scratch;
	bool tired;

	if (u->query == NULL)
		return NULL;
	arena_init(&scratch);
	tired = count_of(t, key_of(&scratch, "tired ", u)) > 0;
	arena_release(&scratch);
	return !tired ? NULL
		      : arena_printf(t->a,
			    "the variations of %s by its parameters say the "
			    "same",
			    u->path);
}

void
trap_learn(struct trap *t, const struct url *u, bool same)
{
	struct arena scratch;
	unsigned n;

	if (u->query == NULL)
		return;
	arena_init(&scratch);
	n = count_up(t, key_of(&scratch, same ? "same " : "own ", u));
	/* It stays so: the fate of a page hangs on what came before it. */
	if (same && n >= SAME_VARIATIONS &&
	    n >= SAME_SHARE * count_of(t, key_of(&scratch, "own ", u)))
		count_up(t, key_of(&scratch, "tired ", u));
	arena_release(&scratch);
}

static const char *
catches_query(struct trap *t, const struct url *u)
{
	unsigned most;

	if (u->query == NULL)
		return NULL;
	most = count_parameters(u->query) >= MANY_PARAMETERS ? FEW_VARIATIONS
							     : MANY_VARIATIONS;
	if (count_up(t, u->path) <= most)
		return NULL;
	return arena_printf(t->a,
	    "more than %u variations of %s by its parameters", most, u->path);
}

static const char *
catches_calendar(struct trap *t, const struct url *u)
{
	struct arena scratch;
	const char *why = NULL;

	if (!names_a_calendar(u->target))
		return NULL;
	arena_init(&scratch);
	if (count_up(t, arena_printf(&scratch, "#%s",
			    shape(&scratch, u->target))) > CALENDAR_PAGES)
		why = "a calendar of more than 24 pages";
	arena_release(&scratch);
	return why;
}

const char *
trap_catches(struct trap *t, const struct url *u)
{
	const char *why;
	unsigned parts;

	if (strlen(u->target) > TARGET_BYTES)
		return "the address is longer than 1000 characters";
	if (repeats(u->path, &parts))
		return "a part of its path comes back again and again";
	if (parts > PARTS)
		return "its path has more than 14 parts";
	why = catches_calendar(t, u);
	if (why == NULL)
		why = trap_mix_catches(t->mix, u);
	if (why == NULL)
		why = says_the_same(t, u);
	return why != NULL ? why : catches_query(t, u);
}

const char *
trap_tires(struct trap *t, const struct url *u, bool taken)
{
	const char *why = says_the_same(t, u);

	return why != NULL ? why : trap_mix_tires(t->mix, u, taken);
}

const char *
trap_not_page(const struct url *u)
{
	static const char *const known[] = {".7z", ".aac", ".apk", ".atom",
	    ".avi", ".avif", ".bin", ".bmp", ".bz2", ".css", ".csv", ".deb",
	    ".dmg", ".doc", ".docx", ".eot", ".epub", ".exe", ".flac", ".gif",
	    ".gz", ".ico", ".ics", ".iso", ".jar", ".jpeg", ".jpg", ".json",
	    ".m4a", ".m4v", ".mkv", ".mobi", ".mov", ".mp3", ".mp4", ".mpeg",
	    ".mpg", ".msi", ".odp", ".ods", ".odt", ".ogg", ".ogv", ".otf",
	    ".pdf", ".png", ".pps", ".ppt", ".pptx", ".ps", ".rar", ".rpm",
	    ".rss", ".rtf", ".svg", ".svgz", ".swf", ".tar", ".tgz", ".tif",
	    ".tiff", ".torrent", ".ttf", ".txt", ".wasm", ".wav", ".webm",
	    ".webmanifest", ".webp", ".whl", ".wmv", ".woff", ".woff2", ".xls",
	    ".xlsx", ".xml", ".xz", ".zip", ".zst", NULL};
	const char *slash = strrchr(u->path, '/');
	const char *dot = slash == NULL ? NULL : strrchr(slash, '.');

	/* "/wiki/File:Press.jpg" is a page about a picture. */
	if (dot != NULL && strchr(slash, ':') != NULL)
		return NULL;
	for (size_t i = 0; dot != NULL && known[i] != NULL; i++)
		if (strcasecmp(dot, known[i]) == 0)
			return known[i];
	return NULL;
}
