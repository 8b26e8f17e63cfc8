/* visit_result: what becomes of one visited page. */
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
struct content_hash_entry {
	uint64_t hash;
	uint32_t entry;
};

/* ---- what did not become a page ---- */

static bool
is_unanswered(enum fetch_error e)
{
	return e == FETCH_NO_HOST || e == FETCH_REFUSED ||
	       e == FETCH_UNREACHABLE || e == FETCH_TIMEOUT || e == FETCH_TLS;
}

/* visit_leads_away: a redirect that was not followed. */
static void
visit_leads_away(struct visits *vs, const struct page_visit *v)
{
	struct frontier *f = vs->c->frontier;
	struct url to;

	if (url_parse(vs->c->a, v->final_url, &to) == OK &&
	    url_same_site(&to, &vs->c->home))
		frontier_set_disposition(f, v->entry, DISPOSITION_ROBOTS,
		    arena_printf(vs->c->a,
			"it leads to %s, which robots.txt does not allow",
			to.text));
	else
		frontier_set_disposition(f, v->entry, DISPOSITION_OTHER_SITE,
		    arena_printf(vs->c->a, "it leads to %s", v->final_url));
}

static void
visit_fetch_failed(struct visits *vs, const struct page_visit *v)
{
	struct frontier *f = vs->c->frontier;

	switch (v->error) {
	case FETCH_REDIRECT_REFUSED:
		visit_leads_away(vs, v);
		break;
	case FETCH_UNWANTED:
		frontier_set_disposition(
		    f, v->entry, DISPOSITION_NOT_PAGE, v->type);
		break;
	case FETCH_GAVE_UP:
		frontier_set_disposition(
		    f, v->entry, DISPOSITION_SITE_GONE, v->why);
		break;
	case FETCH_TOO_BIG:
		frontier_set_disposition(
		    f, v->entry, DISPOSITION_TOO_BIG, v->why);
		break;
	default:
		frontier_set_disposition(
		    f, v->entry, DISPOSITION_FETCH_ERROR, v->why);
		break;
	}
}

/* visit_failed: there is nothing to read; the disposition is set. */
static bool
visit_failed(struct visits *vs, const struct page_visit *v)
{
	struct frontier *f = vs->c->frontier;

	vs->unanswered = is_unanswered(v->error) ? vs->unanswered + 1 : 0;
	if (v->error != FETCH_OK) {
		visit_fetch_failed(vs, v);
	} else if (v->status != 200) {
		frontier_set_disposition(f, v->entry, DISPOSITION_HTTP_ERROR,
		    fetch_status_text(v->status, (char[48]){0}));
		(void)frontier_retry_alias(f, v->entry);
	} else if (v->parse_why != NULL) {
		frontier_set_disposition(
		    f, v->entry, DISPOSITION_PARSE_ERROR, v->parse_why);
	} else if (!v->doc.is_html) {
		frontier_set_disposition(
		    f, v->entry, DISPOSITION_NOT_PAGE, v->type);
	} else {
		return false;
	}
	return true;
}

/* ---- pages that stand for another ---- */

/* visit_replaced_by: the page at i is the one to use instead of the entry. */
static bool
visit_replaced_by(
    struct visits *vs, uint32_t entry, uint32_t i, enum disposition disposition)
{
	struct frontier *f = vs->c->frontier;
	uint32_t page;

	if (i == FRONTIER_NONE)
		return false;
	page = frontier_canonical(f, i);
	/* A view that leads to no page is not listed, this one may be. */
	if (page == entry ||
	    frontier_at(f, page)->disposition == DISPOSITION_VIEW)
		return false;
	frontier_set_disposition(f, entry, disposition, NULL);
	frontier_at(f, entry)->other = page;
	if (vs->front == entry)
		vs->front = page;
	return true;
}

/* visit_redirected: the redirects that were followed led to another known page.
 */
static bool
visit_redirected(struct visits *vs, const struct page_visit *v)
{
	struct frontier *f = vs->c->frontier;
	bool was_stub = visits_is_version_stub(vs, v->entry);
	uint32_t i;

	if (strcmp(v->url, v->final_url) == 0)
		return false;
	i = frontier_move(f, v->entry, v->final_url);
	if (i == FRONTIER_NONE) {
		visit_leads_away(vs, v);
		return true;
	}
	visits_move_version_stub(vs, was_stub, i);
	if (i != v->entry)
		return visit_replaced_by(vs, v->entry, i, DISPOSITION_REDIRECT);
	return frontier_at(f, i)->disposition != DISPOSITION_PENDING;
}

/* visit_refreshes: the page only sends its readers on. */
static bool
visit_refreshes(struct visits *vs, const struct page_visit *v)
{
	struct frontier *f = vs->c->frontier;
	unsigned depth = frontier_at(f, v->entry)->depth;
	struct url to;

	if (!page_visit_redirects(vs->c->a, v, &to))
		return false;
	if (url_same_site(&to, &vs->c->home))
		return visit_replaced_by(vs, v->entry,
		    frontier_add(f, to.text, FROM_PAGE, depth),
		    DISPOSITION_REDIRECT);
	frontier_set_disposition(f, v->entry, DISPOSITION_OTHER_SITE,
	    arena_printf(vs->c->a, "it leads to %s", to.text));
	return true;
}

/*
 * visit_names_canonical: the page names another of the site.  One that failed
 * is not believed, nor is a template that names the home page for all pages.
 */
static bool
visit_names_canonical(struct visits *vs, const struct page_visit *v)
{
	struct frontier *f = vs->c->frontier;
	uint32_t i;
	enum disposition disposition;

	if (*v->doc.canonical == '\0' ||
	    frontier_at(f, v->entry)->ignores_canonical)
		return false;
	i = frontier_add(
	    f, v->doc.canonical, FROM_PAGE, frontier_at(f, v->entry)->depth);
	if (i == FRONTIER_NONE)
		return false;
	i = frontier_canonical(f, i);
	disposition = frontier_at(f, i)->disposition;
	if (disposition != DISPOSITION_PENDING &&
	    disposition != DISPOSITION_LISTED)
		return false;
	if (i == 0 && vs->home != NULL && vs->home->read &&
	    !text_line_same(v->doc.title, vs->home->doc.title))
		return false;
	return visit_replaced_by(vs, v->entry, i, DISPOSITION_CANONICAL);
}

static int
compare_content_hashes(const void *x, const void *y)
{
	const struct content_hash_entry *a = x, *b = y;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

/* visit_repeats_text: another page has the same title and the same text. */
static bool
visit_repeats_text(struct visits *vs, const struct page_visit *v)
{
	struct content_hash_entry *s, **found;
	enum disposition first;

	if (v->doc.markdown_len == 0)
		return false;
	s = arena_alloc(vs->c->a, sizeof(*s));
	s->hash =
	    content_hash(v->doc.title, v->doc.markdown, v->doc.markdown_len);
	s->entry = v->entry;
	found = tsearch(s, &vs->content_hashes, compare_content_hashes);
	if (found == NULL || *found == s)
		return false;
	/* The page that said it first left the list since, or is this one. */
	first = frontier_at(vs->c->frontier, (*found)->entry)->disposition;
	if ((*found)->entry == v->entry || first == DISPOSITION_LANGUAGE ||
	    first == DISPOSITION_VERSION) {
		(*found)->entry = v->entry;
		return false;
	}
	frontier_set_disposition(
	    vs->c->frontier, v->entry, DISPOSITION_SAME_TEXT, NULL);
	frontier_learn_duplicate(vs->c->frontier, v->entry, true);
	frontier_at(vs->c->frontier, v->entry)->other = (*found)->entry;
	return true;
}

/* ---- links ---- */

static void
visits_keep_link(struct visits *vs, uint32_t link)
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
visits_note_link(struct visits *vs, uint32_t to, const struct doc_link *link)
{
	struct frontier_entry *e = frontier_at(vs->c->frontier, to);

	e->linked++;
	if (e->label == NULL && e->disposition == DISPOSITION_PENDING &&
	    *link->text != '\0')
		e->label = text_line_clip(vs->c->a,
		    text_line_fold(vs->c->a, link->text), LABEL_CHARS);
	visits_keep_link(vs, to | (link->in_nav ? SITE_NAV : 0));
}

/*
 * visits_find_link: as frontier_find.  The menus of all pages lead to the same
 * places; as long as the frontier does not grow an address is what it was.
 */
static uint32_t
visits_find_link(struct visits *vs, const char *url)
{
	struct frontier *f = vs->c->frontier;
	uint64_t h = keyed_hash(&vs->secret, url, strlen(url), false);
	struct link_cache_slot *s = &vs->link_cache[h % LINK_CACHE_SLOTS];

	if (vs->link_cache_entries != frontier_count(f)) {
		memset(vs->link_cache, 0, sizeof(vs->link_cache));
		vs->link_cache_entries = frontier_count(f);
	}
	if (s->hash != h ||
	    (s->to != FRONTIER_NONE &&
		frontier_at(f, s->to)->disposition == DISPOSITION_OTHER_SITE))
		*s = (struct link_cache_slot){h, frontier_find(f, url)};
	return s->to;
}

/* visits_add_links: adds them to the frontier, or finds those that are in it.
 */
static void
visits_add_links(struct visits *vs, const struct page_visit *v)
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
		to = vs->c->facts.found_by_links
			 ? frontier_add(f, link->url, FROM_LINK, depth)
			 : visits_find_link(vs, link->url);
		if (to != FRONTIER_NONE)
			visits_note_link(vs, to, link);
	}
}

void
visits_add_home_links(struct visits *vs)
{
	visits_add_links(vs, vs->home);
}

void
visits_rank_navigation(struct visits *vs)
{
	struct frontier *f = vs->c->frontier;
	const struct page_visit *home = vs->home;
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
		frontier_at(f, to)->linked_from_home = true;
		if ((!any || link->in_nav) && frontier_at(f, to)->nav == 0)
			frontier_at(f, to)->nav = ++place;
	}
}

/* ---- pages ---- */

/*
 * visits_keep_text: the Markdown goes to the file of texts while there is room
 * for it in llms-full.txt, where each page has its title and its URL, too.
 */
static void
visits_keep_text(struct visits *vs, const struct doc *d, struct site_page *p)
{
	p->text_at = vs->text_at;
	/* Every byte of a URL may have to be escaped. */
	vs->head_bytes += TITLE_BYTES + 3 * strlen(p->url);
	if (vs->text_at + vs->head_bytes + d->markdown_len >
	    vs->c->o->text_bytes) {
		vs->c->facts.texts_left_out++;
		return;
	}
	p->text_len = (uint32_t)d->markdown_len;
	vs->text_at += d->markdown_len;
	/* An error stays with the stream and is asked for at the end. */
	(void)fwrite(d->markdown, 1, d->markdown_len, vs->texts);
}

static void
visits_list_page(
    struct visits *vs, const struct page_visit *v, uint32_t links_at)
{
	struct site *site = vs->site;
	struct crawl *c = vs->c;
	struct site_page *p;

	frontier_set_disposition(
	    c->frontier, v->entry, DISPOSITION_LISTED, NULL);
	frontier_learn_duplicate(c->frontier, v->entry, false);
	vs->listed++;
	c->facts.shells_listed += (v->doc.flags & DOC_SHELL) != 0;
	visits_note_page_language(vs, v);
	if (site == NULL) {
		visits_choose_variants(vs);
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
	visits_keep_text(vs, &v->doc, p);
	p->entry = v->entry;
	p->recalled = v->recalled;
	if (v->entry == vs->front)
		site->home = (uint32_t)site->npages;
	site->npages++;
	visits_choose_variants(vs);
}

static void
visits_keep_home(struct visits *vs, const struct page_visit *v)
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
visits_process(struct visits *vs, struct page_visit *v)
{
	struct frontier *f = vs->c->frontier;
	struct frontier_entry *e = frontier_at(f, v->entry);
	enum disposition judged = e->disposition;
	const char *detail = e->detail;
	uint32_t links_at = (uint32_t)vs->nlinks;

	if (v != vs->home && (visits_exclude_variant(vs, v->entry) ||
				 frontier_recheck_trap(f, v->entry, true)))
		return;
	if (visit_failed(vs, v) || visit_redirected(vs, v))
		return;
	visits_add_links(vs, v);
	if (v == vs->home)
		visits_rank_navigation(vs);
	if (visit_refreshes(vs, v) || visit_names_canonical(vs, v))
		return;
	visits_keep_home(vs, v);
	page_filter_note_title(vs, v);
	if (judged != DISPOSITION_PENDING)
		frontier_set_disposition(f, v->entry, judged, detail);
	else if (v->doc.noindex)
		frontier_set_disposition(
		    f, v->entry, DISPOSITION_NOINDEX, NULL);
	else if (page_filter_needs_javascript(vs, v))
		frontier_set_disposition(
		    f, v->entry, DISPOSITION_NEEDS_JAVASCRIPT, NULL);
	else if (page_filter_is_empty(vs, v))
		frontier_set_disposition(f, v->entry, DISPOSITION_EMPTY, NULL);
	else if (!page_filter_ends(vs, v) && !visit_repeats_text(vs, v))
		visits_list_page(vs, v, links_at);
}
