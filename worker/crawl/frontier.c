#include "worker/crawl/frontier.h"

#include "core/arena.h"
#include "core/log.h"
#include "core/hash_index.h"
#include "worker/crawl/rules/alternate_view.h"
#include "worker/crawl/rules/path_pattern.h"
#include "worker/crawl/rules/url_trap.h"
#include "worker/crawl/url_rule.h"
#include "worker/site/ledger.h"

#include <stdlib.h>
#include <string.h>

/* In known: a URL that was one too many, and is counted. */
#define BEYOND (FRONTIER_NONE - 1)
/*
 * Steps of comparing the addresses of one site with patterns and robots.txt:
 * some seconds of a processor.  200,000 addresses and 50 usual patterns take
 * a hundredth of them.
 */
#define MAX_JUDGE_STEPS (2ULL << 30)

struct frontier {
	struct arena *a;
	struct frontier_config config;
	struct address_context address;
	struct url_rule_list rules;
	struct frontier_entry *entry; /* n of room */
	size_t n, room;
	uint32_t *order;
	size_t norder, order_room;
	struct hash_index known; /* URLs and keys */
	size_t beyond;
	size_t bytes;         /* of the entries' targets */
	struct arena scratch; /* for one URL at a time */
};

static void
frontier_release(void *arg)
{
	struct frontier *f = arg;

	free(f->entry);
	free(f->order);
	hash_index_release(&f->known);
	arena_release(&f->scratch);
}

static void *
frontier_grow(void *old, size_t n, size_t size)
{
	void *p = reallocarray(old, n, size);

	if (p == NULL)
		fatal("out of memory for the URLs of a site");
	return p;
}

struct frontier *
frontier_new(struct arena *a, const struct frontier_config *config)
{
	struct frontier *f = arena_alloc(a, sizeof(*f));

	f->a = a;
	f->config = *config;
	f->address = (struct address_context){
	    .robots = config->robots,
	    .url_trap = config->url_trap,
	    .max_depth = config->max_depth,
	    .include = path_pattern_compile(a, config->include),
	    .exclude = path_pattern_compile(a, config->exclude),
	};
	url_rule_list_make(&f->rules);
	hash_index_init(&f->known);
	arena_init(&f->scratch);
	arena_defer(a, frontier_release, f);
	return f;
}

/* ---- what is known ---- */

static uint32_t
frontier_lookup(const struct frontier *f, const char *s)
{
	uint32_t i = hash_index_find(&f->known, s, FRONTIER_NONE);

	return i == BEYOND ? FRONTIER_NONE : i;
}

/*
 * frontier_index: s leads to the entry from now on, unless it led to one
 * before.
 */
static void
frontier_index(struct frontier *f, const char *s, uint32_t entry)
{
	hash_index_add(&f->known, s, entry);
}

struct frontier_entry *
frontier_at(struct frontier *f, uint32_t i)
{
	if (i >= f->n)
		BUG("no such entry: %u", (unsigned)i);
	return &f->entry[i];
}

uint32_t
frontier_canonical(struct frontier *f, uint32_t i)
{
	/* Canonical pages may name each other in a circle. */
	for (unsigned hops = 0; hops < 16; hops++) {
		struct frontier_entry *e = frontier_at(f, i);

		/* A page of the past leads to none. */
		if (e->other == FRONTIER_NONE)
			break;
		if (e->disposition != DISPOSITION_TWIN &&
		    e->disposition != DISPOSITION_REDIRECT &&
		    e->disposition != DISPOSITION_CANONICAL &&
		    e->disposition != DISPOSITION_VIEW)
			break;
		i = e->other;
	}
	return i;
}

/*
 * frontier_count_beyond: the URL is one too many; each once, as far as is kept.
 */
static void
frontier_count_beyond(struct frontier *f, const char *key)
{
	if (hash_index_find(&f->known, key, FRONTIER_NONE) == BEYOND)
		return;
	if (f->beyond < f->config.max_entries)
		frontier_index(f, key, BEYOND);
	f->beyond++;
}

/* frontier_new_entry: key is what tells its URL from others. */
static uint32_t
frontier_new_entry(struct frontier *f, const char *target, const char *key)
{
	struct frontier_entry *e;

	f->bytes += strlen(target) + 1;
	if (f->n >= f->config.max_entries || f->bytes > f->config.max_bytes) {
		frontier_count_beyond(f, key);
		return FRONTIER_NONE;
	}
	if (f->n == f->room) {
		f->room = f->room == 0 ? 256 : f->room * 2;
		f->entry = frontier_grow(f->entry, f->room, sizeof(*f->entry));
	}
	e = &f->entry[f->n];
	memset(e, 0, sizeof(*e));
	e->target = arena_strdup(f->a, target);
	e->other = FRONTIER_NONE;
	e->alias = FRONTIER_NONE;
	return (uint32_t)f->n++;
}

static void
frontier_enqueue(struct frontier *f, uint32_t i)
{
	if (f->norder == f->order_room) {
		f->order_room = f->order_room == 0 ? 256 : f->order_room * 2;
		f->order =
		    frontier_grow(f->order, f->order_room, sizeof(*f->order));
	}
	f->order[f->norder++] = i;
	f->entry[i].queued = true;
}

/*
 * frontier_parse_url: as url_parse.  Most addresses are of the site itself, and
 * one that begins as the home page's needs no whole parser.
 */
static enum rc
frontier_parse_url(struct frontier *f, const char *text, struct url *out)
{
	const struct url *home = &f->config.home;
	size_t site = (size_t)(home->target - home->text);

	arena_reset(&f->scratch);
	if (strncmp(text, home->text, site) == 0 && text[site] == '/')
		return url_resolve(&f->scratch, home, text, out);
	return url_parse(&f->scratch, text, out);
}

/* ---- the rules ---- */

const struct url_rule_list *
frontier_rule_list(const struct frontier *f)
{
	return &f->rules;
}

enum disposition
frontier_judge_address(
    struct frontier *f, const struct url *u, const char **detail)
{
	struct url_case c = {
	    .arena = &f->scratch, .url = u, .address = &f->address};
	enum disposition d =
	    url_rule_judge(&f->rules, URL_RULE_ADDRESS, false, &c, NULL);

	*detail = c.detail;
	return d;
}

bool
frontier_is_too_costly(const struct frontier *f)
{
	return f->address.steps > MAX_JUDGE_STEPS;
}

void
frontier_set_disposition(struct frontier *f, uint32_t i,
    enum disposition disposition, const char *detail)
{
	struct frontier_entry *e = frontier_at(f, i);

	e->disposition = (uint8_t)disposition;
	e->detail = detail == NULL ? NULL : arena_strdup(f->a, detail);
}

/* ---- adding ---- */

/* frontier_add_twin: text as an entry of its own, for the ledger. */
static uint32_t
frontier_add_twin(
    struct frontier *f, const char *text, bool whole, uint32_t page)
{
	uint32_t i = frontier_new_entry(f, text, text);

	if (i == FRONTIER_NONE)
		return i;
	f->entry[i].is_whole_url = whole;
	f->entry[i].other = page;
	f->entry[i].disposition = DISPOSITION_TWIN;
	return i;
}

/* frontier_add_unlistable: what a sitemap lists and is no page of the site. */
static void
frontier_add_unlistable(
    struct frontier *f, const char *text, enum disposition disposition)
{
	uint32_t i = frontier_new_entry(f, text, text);

	if (i == FRONTIER_NONE)
		return;
	f->entry[i].is_whole_url = true;
	f->entry[i].disposition = (uint8_t)disposition;
	frontier_index(f, text, i);
}

/*
 * frontier_add_page: *viewed is the target of the page that it shows in another
 * way, where a rule says so.
 */
static uint32_t
frontier_add_page(struct frontier *f, const struct url *u, const char *key,
    enum frontier_source source, unsigned depth, const char **viewed)
{
	struct url_case c = {.arena = &f->scratch,
	    .url = u,
	    .depth = depth,
	    .address = &f->address};
	uint32_t i = frontier_new_entry(f, u->target, key);
	enum disposition d;

	if (i == FRONTIER_NONE)
		return i;
	f->entry[i].depth = (uint16_t)(depth < UINT16_MAX ? depth : UINT16_MAX);
	f->entry[i].from_sitemap = source == FROM_SITEMAP;
	frontier_index(f, key, i);
	d = url_rule_judge(
	    &f->rules, URL_RULE_ADDRESS, source == FROM_LINK, &c, NULL);
	frontier_set_disposition(f, i, d, c.detail);
	*viewed = c.page;
	if (d != DISPOSITION_PENDING)
		return i;
	f->entry[i].may_be_task = source == FROM_LINK && may_be_task_address(u);
	frontier_enqueue(f, i);
	if (f->config.on_new_page != NULL)
		f->config.on_new_page(f->config.ctx, u->target);
	return i;
}

/* is_link_only_rule: the rules that left it out are for links alone. */
static bool
is_link_only_rule(enum disposition disposition)
{
	return disposition == DISPOSITION_TRAP ||
	       disposition == DISPOSITION_TOO_DEEP ||
	       disposition == DISPOSITION_VIEW ||
	       disposition == DISPOSITION_TASK;
}

static const char *
frontier_absolute_url(struct frontier *f, struct arena *a, const char *target)
{
	const struct url *home = &f->config.home;

	return arena_printf(a, "%.*s%s",
	    (int)(strlen(home->text) - strlen(home->target)), home->text,
	    target);
}

/* frontier_note_alias: a page that is known under another address. */
static void
frontier_note_alias(struct frontier *f, const struct url *u, uint32_t page)
{
	const char *ours = frontier_absolute_url(f, &f->scratch, u->target);
	uint32_t twin;

	if (strcmp(f->entry[page].target, u->target) == 0 ||
	    frontier_lookup(f, ours) != FRONTIER_NONE)
		return;
	frontier_index(f, ours, page);
	twin = frontier_add_twin(f, u->target, false, page);
	if (f->entry[page].alias == FRONTIER_NONE)
		f->entry[page].alias = twin;
	/* The address that failed is not the only one. */
	if (f->entry[page].disposition == DISPOSITION_HTTP_ERROR)
		frontier_retry_alias(f, page);
}

/*
 * frontier_add_parsed: text is on the site; source and depth as in
 * frontier_add.  view is filled in for a new page.
 */
static uint32_t
frontier_add_parsed(struct frontier *f, const struct url *u,
    enum frontier_source source, unsigned depth, const char **viewed)
{
	const char *key = url_twin_key(&f->scratch, u);
	uint32_t i = frontier_lookup(f, key);

	if (i == FRONTIER_NONE)
		return frontier_add_page(f, u, key, source, depth, viewed);
	frontier_note_alias(f, u, i);
	if (source == FROM_SITEMAP)
		f->entry[i].from_sitemap = true;
	/* A link was not followed; a sitemap's word is stronger. */
	if (source == FROM_SITEMAP && !f->entry[i].queued &&
	    is_link_only_rule(f->entry[i].disposition)) {
		frontier_set_disposition(f, i, DISPOSITION_PENDING, NULL);
		f->entry[i].other = FRONTIER_NONE;
		frontier_enqueue(f, i);
	}
	return i;
}

/*
 * frontier_note_spelling: what a sitemap wrote must be found in the ledger
 * letter by letter, even where it is not how the page is listed.
 */
static void
frontier_note_spelling(struct frontier *f, const char *text, uint32_t page,
    enum frontier_source source)
{
	const char *ours;

	if (frontier_lookup(f, text) != FRONTIER_NONE)
		return;
	frontier_index(f, text, page);
	ours = frontier_absolute_url(f, &f->scratch, f->entry[page].target);
	if (source == FROM_SITEMAP && strcmp(ours, text) != 0)
		frontier_add_twin(f, text, true, page);
}

/*
 * is_unlistable_entry: a page of another site, or leading there, or no page at
 * all.
 */
static bool
is_unlistable_entry(const struct frontier *f, uint32_t i)
{
	return f->entry[i].disposition == DISPOSITION_OTHER_SITE ||
	       f->entry[i].disposition == DISPOSITION_BAD_ADDRESS;
}

/*
 * frontier_add_viewed_page: the page that a new one is a view of, and that is
 * listed.
 */
static uint32_t
frontier_add_viewed_page(struct frontier *f, const char *target, unsigned depth)
{
	const char *text = frontier_absolute_url(f, f->a, target);

	return frontier_add(f, text, FROM_LINK, depth);
}

uint32_t
frontier_add(struct frontier *f, const char *text, enum frontier_source source,
    unsigned depth)
{
	uint32_t i = frontier_lookup(f, text);
	enum disposition other = DISPOSITION_PENDING;
	const char *viewed = NULL;
	uint32_t page;
	struct url u;

	if (i != FRONTIER_NONE && source != FROM_SITEMAP)
		return is_unlistable_entry(f, i) ? FRONTIER_NONE : i;
	if (frontier_parse_url(f, text, &u) != OK)
		other = DISPOSITION_BAD_ADDRESS;
	else if (!url_same_site(&u, &f->config.home))
		other = DISPOSITION_OTHER_SITE;
	if (other != DISPOSITION_PENDING) {
		if (source == FROM_SITEMAP && i == FRONTIER_NONE)
			frontier_add_unlistable(f, text, other);
		return FRONTIER_NONE;
	}
	i = frontier_add_parsed(f, &u, source, depth, &viewed);
	if (i != FRONTIER_NONE)
		frontier_note_spelling(f, text, i, source);
	if (i != FRONTIER_NONE && viewed != NULL) {
		/* The entries may move while one is added. */
		page = frontier_add_viewed_page(f, viewed, depth);
		f->entry[i].other = page;
	}
	return i;
}

uint32_t
frontier_find(struct frontier *f, const char *text)
{
	uint32_t i = frontier_lookup(f, text);
	struct url u;

	if (i == FRONTIER_NONE && !url_is_off_host(text, &f->config.home) &&
	    frontier_parse_url(f, text, &u) == OK &&
	    url_same_site(&u, &f->config.home))
		i = frontier_lookup(f, url_twin_key(&f->scratch, &u));
	return i == FRONTIER_NONE || is_unlistable_entry(f, i) ? FRONTIER_NONE
							       : i;
}

uint32_t
frontier_move(struct frontier *f, uint32_t i, const char *text)
{
	const char *key, *detail = NULL, *old = f->entry[i].target;
	uint32_t known, left;
	enum disposition disposition;
	struct url u;

	if (frontier_parse_url(f, text, &u) != OK ||
	    !url_same_site(&u, &f->config.home))
		return FRONTIER_NONE;
	key = url_twin_key(&f->scratch, &u);
	known = frontier_lookup(f, key);
	if (known != FRONTIER_NONE && known != i)
		return known;
	if (strcmp(old, u.target) == 0)
		return i;
	left = frontier_new_entry(f, old, old);
	if (left != FRONTIER_NONE) {
		f->entry[left].other = i;
		f->entry[left].disposition =
		    known == i ? DISPOSITION_TWIN : DISPOSITION_REDIRECT;
	}
	f->entry[i].target = arena_strdup(f->a, u.target);
	frontier_index(f, key, i);
	frontier_index(f, frontier_absolute_url(f, &f->scratch, u.target), i);
	disposition = frontier_judge_address(f, &u, &detail);
	if (disposition != DISPOSITION_PENDING)
		frontier_set_disposition(f, i, disposition, detail);
	f->entry[i].may_be_task =
	    !f->entry[i].from_sitemap && may_be_task_address(&u);
	return i;
}

void
frontier_requeue(struct frontier *f, uint32_t i)
{
	frontier_set_disposition(f, i, DISPOSITION_PENDING, NULL);
	frontier_enqueue(f, i);
}

bool
frontier_retry_alias(struct frontier *f, uint32_t i)
{
	struct frontier_entry *e = &f->entry[i];
	const char *failed = e->target;

	if (e->alias == FRONTIER_NONE || e->retried)
		return false;
	e->target = f->entry[e->alias].target;
	f->entry[e->alias].target = failed;
	e->retried = true;
	frontier_requeue(f, i);
	return true;
}

/* ---- what the pages that were visited teach ---- */

/* frontier_parse_linked: the address of a page that only links led to. */
static bool
frontier_parse_linked(
    struct frontier *f, uint32_t i, struct arena *a, struct url *u)
{
	const struct frontier_entry *e = frontier_at(f, i);

	return !e->from_sitemap && !e->is_whole_url && i != 0 &&
	       url_parse(a, frontier_url(f, i, a), u) == OK;
}

bool
frontier_recheck(struct frontier *f, uint32_t i, bool visited)
{
	const struct url_rule *const *rule = f->rules.rule[URL_RULE_ADDRESS];
	enum disposition d = DISPOSITION_PENDING;
	struct arena scratch;
	struct url u;
	struct url_case c = {
	    .arena = &scratch, .url = &u, .address = &f->address};

	arena_init(&scratch);
	if (!frontier_parse_linked(f, i, &scratch, &u))
		rule = NULL;
	for (; rule != NULL && *rule != NULL && d == DISPOSITION_PENDING;
	     rule++)
		if ((*rule)->recheck != NULL)
			d = (*rule)->recheck(&c, visited);
	if (d != DISPOSITION_PENDING)
		frontier_set_disposition(f, i, d, c.detail);
	arena_release(&scratch);
	return d != DISPOSITION_PENDING;
}

void
frontier_learn_duplicate(struct frontier *f, uint32_t i, bool same)
{
	struct arena scratch;
	struct url u;

	arena_init(&scratch);
	if (frontier_parse_linked(f, i, &scratch, &u))
		url_trap_learn(f->config.url_trap, &u, same);
	arena_release(&scratch);
}

/* ---- reading ---- */

const char *
frontier_url(struct frontier *f, uint32_t i, struct arena *a)
{
	const struct frontier_entry *e = frontier_at(f, i);

	return e->is_whole_url ? arena_strdup(a, e->target)
			       : frontier_absolute_url(f, a, e->target);
}

size_t
frontier_count(const struct frontier *f)
{
	return f->n;
}

static uint32_t
ledger_find_entry(const void *index, const char *url)
{
	/* Finding needs the scratch memory of the frontier, and no more. */
	return frontier_find((struct frontier *)(uintptr_t)index, url);
}

void
frontier_ledger(struct frontier *f, struct ledger *out)
{
	const struct url *home = &f->config.home;
	struct ledger_entry *entry =
	    arena_array(f->a, f->n + 1, sizeof(*entry));

	for (size_t i = 0; i < f->n; i++) {
		const struct frontier_entry *e = &f->entry[i];

		entry[i] = (struct ledger_entry){
		    .target = e->target,
		    .detail = e->detail,
		    .lastmod = e->lastmod,
		    .other = e->other,
		    .is_whole_url = e->is_whole_url,
		    .disposition = e->disposition,
		};
	}
	*out = (struct ledger){
	    .origin = arena_strndup(
		f->a, home->text, strlen(home->text) - strlen(home->target)),
	    .entry = entry,
	    .n = f->n,
	    .beyond = f->beyond,
	    .find = ledger_find_entry,
	    .index = f,
	};
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

static unsigned
count_path_parts(const char *target)
{
	unsigned n = 0;

	for (const char *p = target; *p != '\0' && *p != '?'; p++)
		n += *p == '/' && p[1] != '\0' && p[1] != '?';
	return n;
}

/* frontier_entry_compare: as strcmp; 0: alike. */
static int
frontier_entry_compare(
    const struct frontier_entry *a, const struct frontier_entry *b)
{
	unsigned p, q;

	if ((a->nav != 0) != (b->nav != 0))
		return a->nav != 0 ? -1 : 1;
	if (a->linked_from_home != b->linked_from_home)
		return a->linked_from_home ? -1 : 1;
	p = count_path_parts(a->target);
	q = count_path_parts(b->target);
	return (p > q) - (p < q);
}

static int
compare_entries(const void *x, const void *y, void *arg)
{
	const struct frontier *f = arg;
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	int order = frontier_entry_compare(&f->entry[i], &f->entry[j]);

	return order != 0 ? order : (i > j) - (i < j);
}

void
frontier_sort_by_priority(struct frontier *f, size_t from)
{
	if (from < f->norder)
		qsort_r(f->order + from, f->norder - from, sizeof(*f->order),
		    compare_entries, f);
}
