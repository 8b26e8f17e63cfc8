#include "worker/crawl/frontier.h"

#include "core/arena.h"
#include "core/log.h"
#include "worker/crawl/frontier_rules.h"
#include "worker/crawl/hash_index.h"

#include <stdlib.h>
#include <string.h>

/* In known: a URL that was one too many, and is counted. */
#define BEYOND (FRONTIER_NONE - 1)
/*
 * Steps of comparing the addresses of one site with patterns and robots.txt:
 * some seconds of a processor.  200,000 addresses and 50 usual patterns take
 * a hundredth of them.
 */
#define JUDGE_STEPS (2ULL << 30)

struct frontier {
	struct arena *a;
	struct frontier_rules rules;
	struct address_rules judge;   /* rules */
	struct frontier_entry *entry; /* n of room */
	size_t n, room;
	uint32_t *order;
	size_t norder, order_room;
	struct known known; /* URLs and keys */
	size_t beyond;
	size_t bytes;         /* of the entries' targets */
	struct arena scratch; /* for one URL at a time */
};

static void
release(void *arg)
{
	struct frontier *f = arg;

	free(f->entry);
	free(f->order);
	known_release(&f->known);
	arena_release(&f->scratch);
}

static void *
more(void *old, size_t n, size_t size)
{
	void *p = reallocarray(old, n, size);

	if (p == NULL)
		fatal("out of memory for the URLs of a site");
	return p;
}

struct frontier *
frontier_new(struct arena *a, const struct frontier_rules *rules)
{
	struct frontier *f = arena_alloc(a, sizeof(*f));

	f->a = a;
	f->rules = *rules;
	rules_init(&f->judge, a, &f->rules);
	known_init(&f->known);
	arena_init(&f->scratch);
	arena_defer(a, release, f);
	return f;
}

/* ---- what is known ---- */

static uint32_t
lookup(const struct frontier *f, const char *s)
{
	uint32_t i = known_find(&f->known, s, FRONTIER_NONE);

	return i == BEYOND ? FRONTIER_NONE : i;
}

/* learn: s leads to the entry from now on, unless it led to one before. */
static void
learn(struct frontier *f, const char *s, uint32_t entry)
{
	known_add(&f->known, s, entry);
}

struct frontier_entry *
frontier_at(struct frontier *f, uint32_t i)
{
	if (i >= f->n)
		BUG("no such entry: %u", (unsigned)i);
	return &f->entry[i];
}

uint32_t
frontier_page(struct frontier *f, uint32_t i)
{
	/* Canonical pages may name each other in a circle. */
	for (unsigned hops = 0; hops < 16; hops++) {
		struct frontier_entry *e = frontier_at(f, i);

		/* A page of the past leads to none. */
		if (e->other == FRONTIER_NONE)
			break;
		if (e->fate != FATE_TWIN && e->fate != FATE_REDIRECT &&
		    e->fate != FATE_CANONICAL && e->fate != FATE_VIEW)
			break;
		i = e->other;
	}
	return i;
}

/* count_beyond: the URL is one too many; each once, as far as is kept. */
static void
count_beyond(struct frontier *f, const char *key)
{
	if (known_find(&f->known, key, FRONTIER_NONE) == BEYOND)
		return;
	if (f->beyond < f->rules.most)
		learn(f, key, BEYOND);
	f->beyond++;
}

/* new_entry: key is what tells its URL from others. */
static uint32_t
new_entry(struct frontier *f, const char *target, const char *key)
{
	struct frontier_entry *e;

	f->bytes += strlen(target) + 1;
	if (f->n >= f->rules.most || f->bytes > f->rules.most_bytes) {
		count_beyond(f, key);
		return FRONTIER_NONE;
	}
	if (f->n == f->room) {
		f->room = f->room == 0 ? 256 : f->room * 2;
		f->entry = more(f->entry, f->room, sizeof(*f->entry));
	}
	e = &f->entry[f->n];
	memset(e, 0, sizeof(*e));
	e->target = arena_strdup(f->a, target);
	e->other = FRONTIER_NONE;
	e->spare = FRONTIER_NONE;
	return (uint32_t)f->n++;
}

static void
enqueue(struct frontier *f, uint32_t i)
{
	if (f->norder == f->order_room) {
		f->order_room = f->order_room == 0 ? 256 : f->order_room * 2;
		f->order = more(f->order, f->order_room, sizeof(*f->order));
	}
	f->order[f->norder++] = i;
	f->entry[i].queued = true;
}

/*
 * parse: as url_parse.  Most addresses are of the site itself, and one that
 * begins as the home page's needs no whole parser.
 */
static enum rc
parse(struct frontier *f, const char *text, struct url *out)
{
	const struct url *home = &f->rules.home;
	size_t site = (size_t)(home->target - home->text);

	arena_reset(&f->scratch);
	if (strncmp(text, home->text, site) == 0 && text[site] == '/')
		return url_resolve(&f->scratch, home, text, out);
	return url_parse(&f->scratch, text, out);
}

/* ---- the rules ---- */

enum fate
frontier_judge(struct frontier *f, const struct url *u, const char **detail)
{
	return rules_judge(&f->judge, u, detail);
}

bool
frontier_is_worn(const struct frontier *f)
{
	return f->judge.steps > JUDGE_STEPS;
}

void
frontier_end(struct frontier *f, uint32_t i, enum fate fate, const char *detail)
{
	struct frontier_entry *e = frontier_at(f, i);

	e->fate = (uint8_t)fate;
	e->detail = detail == NULL ? NULL : arena_strdup(f->a, detail);
}

/* ---- adding ---- */

/* add_twin: text as an entry of its own, for the ledger. */
static uint32_t
add_twin(struct frontier *f, const char *text, bool whole, uint32_t page)
{
	uint32_t i = new_entry(f, text, text);

	if (i == FRONTIER_NONE)
		return i;
	f->entry[i].whole = whole;
	f->entry[i].other = page;
	f->entry[i].fate = FATE_TWIN;
	return i;
}

/* add_other: what a sitemap lists and is no page of the site. */
static void
add_other(struct frontier *f, const char *text, enum fate fate)
{
	uint32_t i = new_entry(f, text, text);

	if (i == FRONTIER_NONE)
		return;
	f->entry[i].whole = true;
	f->entry[i].fate = (uint8_t)fate;
	learn(f, text, i);
}

/* add_page: view is filled in. */
static uint32_t
add_page(struct frontier *f, const struct url *u, const char *key,
    enum frontier_source source, unsigned depth, struct view *view)
{
	uint32_t i = new_entry(f, u->target, key);

	if (i == FRONTIER_NONE)
		return i;
	f->entry[i].depth = (uint16_t)(depth < UINT16_MAX ? depth : UINT16_MAX);
	f->entry[i].from_sitemap = source == FROM_SITEMAP;
	learn(f, key, i);
	rules_judge_new(&f->judge, &f->scratch, u, source, depth, view);
	frontier_end(f, i, view->fate, view->why);
	if (view->fate != FATE_PENDING)
		return i;
	f->entry[i].task = source == FROM_LINK && view_may_be_task(u);
	enqueue(f, i);
	if (f->rules.heard != NULL)
		f->rules.heard(f->rules.ctx, u->target);
	return i;
}

/* is_weak: the rules that left it out are for links alone. */
static bool
is_weak(enum fate fate)
{
	return fate == FATE_TRAP || fate == FATE_DEPTH || fate == FATE_VIEW ||
	       fate == FATE_TASK;
}

static const char *
whole_url(struct frontier *f, struct arena *a, const char *target)
{
	const struct url *home = &f->rules.home;

	return arena_printf(a, "%.*s%s",
	    (int)(strlen(home->text) - strlen(home->target)), home->text,
	    target);
}

/* note_spelling: a page that is known under another address. */
static void
note_spelling(struct frontier *f, const struct url *u, uint32_t page)
{
	const char *ours = whole_url(f, &f->scratch, u->target);
	uint32_t twin;

	if (strcmp(f->entry[page].target, u->target) == 0 ||
	    lookup(f, ours) != FRONTIER_NONE)
		return;
	learn(f, ours, page);
	twin = add_twin(f, u->target, false, page);
	if (f->entry[page].spare == FRONTIER_NONE)
		f->entry[page].spare = twin;
	/* The address that failed is not the only one. */
	if (f->entry[page].fate == FATE_HTTP)
		frontier_retry(f, page);
}

/*
 * add_parsed: text is on the site; source and depth as in frontier_add.  view
 * is filled in for a new page.
 */
static uint32_t
add_parsed(struct frontier *f, const struct url *u, enum frontier_source source,
    unsigned depth, struct view *view)
{
	const char *key = url_twin_key(&f->scratch, u);
	uint32_t i = lookup(f, key);

	if (i == FRONTIER_NONE)
		return add_page(f, u, key, source, depth, view);
	note_spelling(f, u, i);
	if (source == FROM_SITEMAP)
		f->entry[i].from_sitemap = true;
	/* A link was not followed; a sitemap's word is stronger. */
	if (source == FROM_SITEMAP && !f->entry[i].queued &&
	    is_weak(f->entry[i].fate)) {
		frontier_end(f, i, FATE_PENDING, NULL);
		f->entry[i].other = FRONTIER_NONE;
		enqueue(f, i);
	}
	return i;
}

/* note_text: what a sitemap wrote must be found in the ledger letter by
 * letter, even where it is not how the page is listed. */
static void
note_text(struct frontier *f, const char *text, uint32_t page,
    enum frontier_source source)
{
	const char *ours;

	if (lookup(f, text) != FRONTIER_NONE)
		return;
	learn(f, text, page);
	ours = whole_url(f, &f->scratch, f->entry[page].target);
	if (source == FROM_SITEMAP && strcmp(ours, text) != 0)
		add_twin(f, text, true, page);
}

/* is_other: a page of another site, or leading there, or no page at all. */
static bool
is_other(const struct frontier *f, uint32_t i)
{
	return f->entry[i].fate == FATE_OTHER_SITE ||
	       f->entry[i].fate == FATE_ADDRESS;
}

/* add_viewed: the page that a new one is a view of, and that is listed. */
static uint32_t
add_viewed(struct frontier *f, const char *target, unsigned depth)
{
	const char *text = whole_url(f, f->a, target);

	return frontier_add(f, text, FROM_LINK, depth);
}

uint32_t
frontier_add(struct frontier *f, const char *text, enum frontier_source source,
    unsigned depth)
{
	uint32_t i = lookup(f, text);
	enum fate other = FATE_PENDING;
	struct view view = {.page = NULL};
	uint32_t page;
	struct url u;

	if (i != FRONTIER_NONE && source != FROM_SITEMAP)
		return is_other(f, i) ? FRONTIER_NONE : i;
	if (parse(f, text, &u) != OK)
		other = FATE_ADDRESS;
	else if (!url_same_site(&u, &f->rules.home))
		other = FATE_OTHER_SITE;
	if (other != FATE_PENDING) {
		if (source == FROM_SITEMAP && i == FRONTIER_NONE)
			add_other(f, text, other);
		return FRONTIER_NONE;
	}
	i = add_parsed(f, &u, source, depth, &view);
	if (i != FRONTIER_NONE)
		note_text(f, text, i, source);
	if (i != FRONTIER_NONE && view.page != NULL) {
		/* The entries may move while one is added. */
		page = add_viewed(f, view.page, depth);
		f->entry[i].other = page;
	}
	return i;
}

uint32_t
frontier_find(struct frontier *f, const char *text)
{
	uint32_t i = lookup(f, text);
	struct url u;

	if (i == FRONTIER_NONE && !url_elsewhere(text, &f->rules.home) &&
	    parse(f, text, &u) == OK && url_same_site(&u, &f->rules.home))
		i = lookup(f, url_twin_key(&f->scratch, &u));
	return i == FRONTIER_NONE || is_other(f, i) ? FRONTIER_NONE : i;
}

uint32_t
frontier_move(struct frontier *f, uint32_t i, const char *text)
{
	const char *key, *detail = NULL, *old = f->entry[i].target;
	uint32_t known, left;
	enum fate fate;
	struct url u;

	if (parse(f, text, &u) != OK || !url_same_site(&u, &f->rules.home))
		return FRONTIER_NONE;
	key = url_twin_key(&f->scratch, &u);
	known = lookup(f, key);
	if (known != FRONTIER_NONE && known != i)
		return known;
	if (strcmp(old, u.target) == 0)
		return i;
	left = new_entry(f, old, old);
	if (left != FRONTIER_NONE) {
		f->entry[left].other = i;
		f->entry[left].fate = known == i ? FATE_TWIN : FATE_REDIRECT;
	}
	f->entry[i].target = arena_strdup(f->a, u.target);
	learn(f, key, i);
	learn(f, whole_url(f, &f->scratch, u.target), i);
	fate = frontier_judge(f, &u, &detail);
	if (fate != FATE_PENDING)
		frontier_end(f, i, fate, detail);
	f->entry[i].task = !f->entry[i].from_sitemap && view_may_be_task(&u);
	return i;
}

void
frontier_again(struct frontier *f, uint32_t i)
{
	frontier_end(f, i, FATE_PENDING, NULL);
	enqueue(f, i);
}

bool
frontier_retry(struct frontier *f, uint32_t i)
{
	struct frontier_entry *e = &f->entry[i];
	const char *failed = e->target;

	if (e->spare == FRONTIER_NONE || e->retried)
		return false;
	e->target = f->entry[e->spare].target;
	f->entry[e->spare].target = failed;
	e->retried = true;
	frontier_again(f, i);
	return true;
}

/* ---- reading ---- */

const char *
frontier_url(struct frontier *f, uint32_t i, struct arena *a)
{
	const struct frontier_entry *e = frontier_at(f, i);

	return e->whole ? arena_strdup(a, e->target)
			: whole_url(f, a, e->target);
}

struct trap *
frontier_trap(const struct frontier *f)
{
	return f->rules.trap;
}

size_t
frontier_count(const struct frontier *f)
{
	return f->n;
}

size_t
frontier_beyond(const struct frontier *f)
{
	return f->beyond;
}

size_t
frontier_queued(const struct frontier *f)
{
	return f->norder;
}

uint32_t
frontier_order(const struct frontier *f, size_t n)
{
	if (n >= f->norder)
		BUG("no such page in the order: %zu", n);
	return f->order[n];
}

static int
prefer(const void *x, const void *y, void *arg)
{
	const struct frontier *f = arg;
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	int order = rules_prefer(&f->entry[i], &f->entry[j]);

	return order != 0 ? order : (i > j) - (i < j);
}

void
frontier_prefer(struct frontier *f, size_t from)
{
	if (from < f->norder)
		qsort_r(f->order + from, f->norder - from, sizeof(*f->order),
		    prefer, f);
}
