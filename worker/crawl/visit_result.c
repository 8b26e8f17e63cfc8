/* take: what becomes of one visited page. */
#include "core/log.h"
#include "worker/fetch/robots.h"
#include "worker/crawl/content_hash.h"
#include "worker/crawl/rules/page_filter.h"
#include "worker/crawl/visits.h"
#include "worker/site/digest.h"
#include "worker/site/outline.h"
#include "worker/site/crawled_site.h"
#include "worker/site/text_line.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* Links kept between pages; 16 MB. */
#define LINKS_MAX (4 << 20)
#define LABEL_CHARS 100
/* What llms-full.txt has of a page beside its text and URL, at most. */
#define TITLE_BYTES 640

/* A text of the site, known by its hash. */
struct said {
	uint64_t hash;
	uint32_t entry;
};

/* ---- what did not become a page ---- */

static bool
is_silent(enum fetch_error e)
{
	return e == FETCH_NO_HOST || e == FETCH_REFUSED ||
	       e == FETCH_UNREACHABLE || e == FETCH_TIMEOUT || e == FETCH_TLS;
}

/* leads_away: a redirect that was not followed. */
static void
leads_away(struct visits *vs, const struct visit *v)
{
	struct frontier *f = vs->c->frontier;
	struct url to;

	if (url_parse(vs->c->a, v->final_url, &to) == OK &&
	    url_same_site(&to, &vs->c->home))
		frontier_end(f, v->entry, FATE_ROBOTS,
		    arena_printf(vs->c->a,
			"it leads to %s, which robots.txt does not allow",
			to.text));
	else
		frontier_end(f, v->entry, FATE_OTHER_SITE,
		    arena_printf(vs->c->a, "it leads to %s", v->final_url));
}

static void
failed_fetch(struct visits *vs, const struct visit *v)
{
	struct frontier *f = vs->c->frontier;

	switch (v->error) {
	case FETCH_REDIRECT_REFUSED:
		leads_away(vs, v);
		break;
	case FETCH_UNWANTED:
		frontier_end(f, v->entry, FATE_NOT_PAGE, v->type);
		break;
	case FETCH_GAVE_UP:
		frontier_end(f, v->entry, FATE_GONE, v->why);
		break;
	case FETCH_TOO_BIG:
		frontier_end(f, v->entry, FATE_TOO_BIG, v->why);
		break;
	default:
		frontier_end(f, v->entry, FATE_FETCH, v->why);
		break;
	}
}

/* failed: there is nothing to read; the fate is set. */
static bool
failed(struct visits *vs, const struct visit *v)
{
	struct frontier *f = vs->c->frontier;

	vs->silent = is_silent(v->error) ? vs->silent + 1 : 0;
	if (v->error != FETCH_OK) {
		failed_fetch(vs, v);
	} else if (v->status != 200) {
		frontier_end(f, v->entry, FATE_HTTP,
		    fetch_status_text(v->status, (char[48]){0}));
		(void)frontier_retry(f, v->entry);
	} else if (v->parse_why != NULL) {
		frontier_end(f, v->entry, FATE_PARSE, v->parse_why);
	} else if (!v->doc.is_html) {
		frontier_end(f, v->entry, FATE_NOT_PAGE, v->type);
	} else {
		return false;
	}
	return true;
}

/* ---- pages that stand for another ---- */

/* stands_for: the page at i is the one to use instead of the entry. */
static bool
stands_for(struct visits *vs, uint32_t entry, uint32_t i, enum fate fate)
{
	struct frontier *f = vs->c->frontier;
	uint32_t page;

	if (i == FRONTIER_NONE)
		return false;
	page = frontier_page(f, i);
	/* A view that leads to no page is not listed, this one may be. */
	if (page == entry || frontier_at(f, page)->fate == FATE_VIEW)
		return false;
	frontier_end(f, entry, fate, NULL);
	frontier_at(f, entry)->other = page;
	if (vs->front == entry)
		vs->front = page;
	return true;
}

/* moved: the redirects that were followed led to another known page. */
static bool
moved(struct visits *vs, const struct visit *v)
{
	struct frontier *f = vs->c->frontier;
	bool aside = visits_aside(vs, v->entry);
	uint32_t i;

	if (strcmp(v->url, v->final_url) == 0)
		return false;
	i = frontier_move(f, v->entry, v->final_url);
	if (i == FRONTIER_NONE) {
		leads_away(vs, v);
		return true;
	}
	visits_lead(vs, aside, i);
	if (i != v->entry)
		return stands_for(vs, v->entry, i, FATE_REDIRECT);
	return frontier_at(f, i)->fate != FATE_PENDING;
}

/* refreshes: the page only sends its readers on. */
static bool
refreshes(struct visits *vs, const struct visit *v)
{
	struct frontier *f = vs->c->frontier;
	unsigned depth = frontier_at(f, v->entry)->depth;
	struct url to;

	if (!visit_leads_on(vs->c->a, v, &to))
		return false;
	if (url_same_site(&to, &vs->c->home))
		return stands_for(vs, v->entry,
		    frontier_add(f, to.text, FROM_PAGE, depth), FATE_REDIRECT);
	frontier_end(f, v->entry, FATE_OTHER_SITE,
	    arena_printf(vs->c->a, "it leads to %s", to.text));
	return true;
}

/*
 * canonical: the page names another of the site.  One that failed is not
 * believed, nor is a template that names the home page for all pages.
 */
static bool
canonical(struct visits *vs, const struct visit *v)
{
	struct frontier *f = vs->c->frontier;
	uint32_t i;
	enum fate fate;

	if (*v->doc.canonical == '\0' || frontier_at(f, v->entry)->keep)
		return false;
	i = frontier_add(
	    f, v->doc.canonical, FROM_PAGE, frontier_at(f, v->entry)->depth);
	if (i == FRONTIER_NONE)
		return false;
	i = frontier_page(f, i);
	fate = frontier_at(f, i)->fate;
	if (fate != FATE_PENDING && fate != FATE_LISTED)
		return false;
	if (i == 0 && vs->home != NULL && vs->home->read &&
	    !plain_same(v->doc.title, vs->home->doc.title))
		return false;
	return stands_for(vs, v->entry, i, FATE_CANONICAL);
}

static int
compare_said(const void *x, const void *y)
{
	const struct said *a = x, *b = y;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

/* repeats: another page has the same title and the same text. */
static bool
repeats(struct visits *vs, const struct visit *v)
{
	struct said *s, **found;
	enum fate first;

	if (v->doc.markdown_len == 0)
		return false;
	s = arena_alloc(vs->c->a, sizeof(*s));
	s->hash = said_sum(v->doc.title, v->doc.markdown, v->doc.markdown_len);
	s->entry = v->entry;
	found = tsearch(s, &vs->said, compare_said);
	if (found == NULL || *found == s)
		return false;
	/* The page that said it first left the list since, or is this one. */
	first = frontier_at(vs->c->frontier, (*found)->entry)->fate;
	if ((*found)->entry == v->entry || first == FATE_LANGUAGE ||
	    first == FATE_VERSION) {
		(*found)->entry = v->entry;
		return false;
	}
	frontier_end(vs->c->frontier, v->entry, FATE_SAME_TEXT, NULL);
	frontier_learn(vs->c->frontier, v->entry, true);
	frontier_at(vs->c->frontier, v->entry)->other = (*found)->entry;
	return true;
}

/* ---- links ---- */

static void
keep_link(struct visits *vs, uint32_t link)
{
	if (vs->nlinks >= LINKS_MAX)
		return;
	if (vs->nlinks == vs->links_room) {
		vs->links_room =
		    vs->links_room == 0 ? 1024 : 2 * vs->links_room;
		vs->links =
		    reallocarray(vs->links, vs->links_room, sizeof(*vs->links));
		if (vs->links == NULL)
			fatal("out of memory for the links of a site");
	}
	vs->links[vs->nlinks++] = link;
}

static void
note_link(struct visits *vs, uint32_t to, const struct doc_link *link)
{
	struct frontier_entry *e = frontier_at(vs->c->frontier, to);

	e->linked++;
	if (e->label == NULL && e->fate == FATE_PENDING && *link->text != '\0')
		e->label = plain_clip(
		    vs->c->a, plain_fold(vs->c->a, link->text), LABEL_CHARS);
	keep_link(vs, to | (link->in_nav ? SITE_NAV : 0));
}

/*
 * find: as frontier_find.  The menus of all pages lead to the same places; as
 * long as the frontier does not grow an address is what it was.
 */
static uint32_t
find(struct visits *vs, const char *url)
{
	struct frontier *f = vs->c->frontier;
	uint64_t h = keyed_hash(&vs->secret, url, strlen(url), false);
	struct spelled *s = &vs->spelled[h % VISITS_SPELLED];

	if (vs->spelled_at != frontier_count(f)) {
		memset(vs->spelled, 0, sizeof(vs->spelled));
		vs->spelled_at = frontier_count(f);
	}
	if (s->hash != h || (s->to != FRONTIER_NONE &&
				frontier_at(f, s->to)->fate == FATE_OTHER_SITE))
		*s = (struct spelled){h, frontier_find(f, url)};
	return s->to;
}

/* take_links: adds them to the frontier, or finds those that are in it. */
static void
take_links(struct visits *vs, const struct visit *v)
{
	struct frontier *f = vs->c->frontier;
	unsigned depth = frontier_at(f, v->entry)->depth + 1U;

	if (v->doc.nofollow)
		return;
	for (size_t i = 0; i < v->doc.nlinks; i++) {
		const struct doc_link *link = &v->doc.links[i];
		uint32_t to;

		if (link->nofollow)
			continue;
		to = vs->c->facts.by_links
			 ? frontier_add(f, link->url, FROM_LINK, depth)
			 : find(vs, link->url);
		if (to != FRONTIER_NONE)
			note_link(vs, to, link);
	}
}

void
visits_home_links(struct visits *vs)
{
	take_links(vs, vs->home);
}

void
visits_rank(struct visits *vs)
{
	struct frontier *f = vs->c->frontier;
	const struct visit *home = vs->home;
	uint32_t place = 0;
	bool any = false;

	if (home == NULL || !home->read)
		return;
	for (size_t i = 0; i < home->doc.nlinks; i++)
		any |= home->doc.links[i].in_nav;
	for (size_t i = 0; i < home->doc.nlinks; i++) {
		const struct doc_link *link = &home->doc.links[i];
		uint32_t to;

		to = frontier_find(f, link->url);
		if (to == FRONTIER_NONE)
			continue;
		frontier_at(f, to)->at_hand = true;
		if ((!any || link->in_nav) && frontier_at(f, to)->nav == 0)
			frontier_at(f, to)->nav = ++place;
	}
}

/* ---- pages ---- */

/*
 * keep_text: the Markdown goes to the file of texts while there is room for
 * it in llms-full.txt, where each page has its title and its URL, too.
 */
static void
keep_text(struct visits *vs, const struct doc *d, struct site_page *p)
{
	p->text_at = vs->text_at;
	/* Every byte of a URL may have to be escaped. */
	vs->heads += TITLE_BYTES + 3 * strlen(p->url);
	if (vs->text_at + vs->heads + d->markdown_len > vs->c->o->text_bytes) {
		vs->c->facts.texts_left_out++;
		return;
	}
	p->text_len = (uint32_t)d->markdown_len;
	vs->text_at += d->markdown_len;
	/* An error stays with the stream and is asked for at the end. */
	(void)fwrite(d->markdown, 1, d->markdown_len, vs->texts);
}

static void
list(struct visits *vs, const struct visit *v, uint32_t links_at)
{
	struct site *site = vs->site;
	struct crawl *c = vs->c;
	struct site_page *p;

	frontier_end(c->frontier, v->entry, FATE_LISTED, NULL);
	frontier_learn(c->frontier, v->entry, false);
	vs->listed++;
	c->facts.shells_listed += (v->doc.flags & DOC_SHELL) != 0;
	visits_note_language(vs, v);
	if (site == NULL) {
		visits_choose(vs);
		return;
	}
	p = &site->pages[site->npages];
	digest_page(c->a, &v->doc, p);
	p->url = frontier_url(c->frontier, v->entry, c->a);
	p->path = frontier_at(c->frontier, v->entry)->target;
	if (frontier_at(c->frontier, v->entry)->label != NULL)
		p->label = frontier_at(c->frontier, v->entry)->label;
	p->links_at = links_at;
	p->nlinks = (uint32_t)vs->nlinks - links_at;
	keep_text(vs, &v->doc, p);
	p->entry = v->entry;
	p->recalled = v->recalled;
	if (v->entry == vs->front)
		site->home = (uint32_t)site->npages;
	site->npages++;
	visits_choose(vs);
}

static void
take_front(struct visits *vs, const struct visit *v)
{
	struct site_page *front;

	if (vs->site == NULL || v->entry != vs->front)
		return;
	front = &vs->site->front;
	digest_page(vs->c->a, &v->doc, front);
	front->outline =
	    outline_note(vs->c->a, v->doc.markdown, v->doc.markdown_len);
	front->url = frontier_url(vs->c->frontier, v->entry, vs->c->a);
	front->path = frontier_at(vs->c->frontier, v->entry)->target;
}

void
visits_take(struct visits *vs, struct visit *v)
{
	struct frontier *f = vs->c->frontier;
	struct frontier_entry *e = frontier_at(f, v->entry);
	enum fate judged = e->fate;
	const char *detail = e->detail;
	uint32_t links_at = (uint32_t)vs->nlinks;

	if (v != vs->home &&
	    (visits_refuse(vs, v->entry) || frontier_tires(f, v->entry, true)))
		return;
	if (failed(vs, v) || moved(vs, v))
		return;
	take_links(vs, v);
	if (v == vs->home)
		visits_rank(vs);
	if (refreshes(vs, v) || canonical(vs, v))
		return;
	take_front(vs, v);
	second_note(vs, v);
	if (judged != FATE_PENDING)
		frontier_end(f, v->entry, judged, detail);
	else if (v->doc.noindex)
		frontier_end(f, v->entry, FATE_NOINDEX, NULL);
	else if (second_needs_script(vs, v))
		frontier_end(f, v->entry, FATE_SCRIPT, NULL);
	else if (second_is_empty(vs, v))
		frontier_end(f, v->entry, FATE_EMPTY, NULL);
	else if (!second_ends(vs, v) && !repeats(vs, v))
		list(vs, v, links_at);
}
