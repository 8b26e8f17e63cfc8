/* visit_result: what becomes of one visited page. */
#include "core/log.h"
#include "worker/crawl/rules/pagination.h"
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"
#include "worker/site/digest.h"
#include "worker/site/outline.h"
#include "worker/site/crawled_site.h"
#include "worker/site/text_line.h"

#include <stdlib.h>
#include <string.h>

/* Links kept between pages; 16 MB. */
#define LINKS_MAX (4 << 20)
#define LABEL_CHARS 100
/* What llms-full.txt has of a page beside its text and URL, at most. */
#define TITLE_BYTES 640

/* ---- what did not become a page ---- */

static bool
is_unanswered(enum fetch_error e)
{
	return e == FETCH_NO_HOST || e == FETCH_REFUSED ||
	       e == FETCH_UNREACHABLE || e == FETCH_TIMEOUT || e == FETCH_TLS;
}

bool
page_visit_is_parsed(const struct page_visit *v)
{
	return v->error == FETCH_OK && v->status == 200 && v->parse_why == NULL;
}

bool
page_visit_is_html(const struct page_visit *v)
{
	return page_visit_is_parsed(v) && v->doc.is_html;
}

bool
visits_find_replacement(
    struct visits *vs, uint32_t entry, uint32_t i, uint32_t *page)
{
	struct frontier *f = vs->c->frontier;

	if (i == FRONTIER_NONE)
		return false;
	i = frontier_canonical(f, i);
	/* A view that leads to no page is not listed, this one may be. */
	if (i == entry || frontier_at(f, i)->disposition == DISPOSITION_VIEW)
		return false;
	*page = i;
	return true;
}

bool
visits_judge(struct visits *vs, enum url_rule_stage stage, struct url_case *c)
{
	struct frontier *f = vs->c->frontier;
	const struct url_rule *rule;
	bool links = c->entry != vs->home_entry &&
		     !frontier_at(f, c->entry)->from_sitemap;
	enum disposition d =
	    url_rule_judge(frontier_rule_list(f), stage, links, c, &rule);

	if (d == DISPOSITION_PENDING)
		return false;
	frontier_set_disposition(f, c->entry, d, c->detail);
	if (c->other != FRONTIER_NONE)
		frontier_at(f, c->entry)->other = c->other;
	/* Of the home page, what it leads to is the home page. */
	if (c->other != FRONTIER_NONE && stage != URL_RULE_CONTENT &&
	    vs->home_entry == c->entry)
		vs->home_entry = c->other;
	if (rule->decided != NULL)
		rule->decided(c);
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
visits_note_link(struct visits *vs, uint32_t to, const struct html_link *link)
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

/*
 * visits_add_links: adds them to the frontier, or finds those that are in it.
 */
static void
visits_add_links(struct visits *vs, const struct page_visit *v)
{
	struct frontier *f = vs->c->frontier;
	unsigned depth = frontier_at(f, v->entry)->depth + 1U;

	if (v->doc.nofollow)
		return;
	for (size_t i = 0; i < v->doc.nlinks; i++) {
		const struct html_link *link = &v->doc.links[i];
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
		const struct html_link *link = &home->doc.links[i];
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
visits_keep_text(
    struct visits *vs, const struct html_page *d, struct crawled_page *p)
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
visit_list_page(
    struct visits *vs, const struct page_visit *v, uint32_t links_at)
{
	struct crawled_site *site = vs->site;
	struct crawl *c = vs->c;
	struct crawled_page *p;

	frontier_set_disposition(
	    c->frontier, v->entry, DISPOSITION_LISTED, NULL);
	frontier_learn_duplicate(c->frontier, v->entry, false);
	vs->listed++;
	c->facts.shells_listed += (v->doc.flags & HTML_PAGE_SHELL) != 0;
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
	if (v->entry == vs->home_entry)
		site->home = (uint32_t)site->npages;
	site->npages++;
	visits_choose_variants(vs);
}

static void
visit_keep_home(struct visits *vs, const struct page_visit *v)
{
	struct crawled_page *front;

	if (vs->site == NULL || v->entry != vs->home_entry)
		return;
	front = &vs->site->front;
	digest_page(vs->c->a, &v->doc, front);
	front->outline =
	    outline_note(vs->c->a, v->doc.markdown, v->doc.markdown_len);
	front->url = frontier_url(vs->c->frontier, v->entry, vs->c->a);
	front->path = frontier_at(vs->c->frontier, v->entry)->target;
}

/*
 * visits_judge_page: from the answer to the text; what no rule stops is listed.
 */
static void
visits_judge_page(
    struct visits *vs, const struct page_visit *v, struct arena *a)
{
	struct frontier *f = vs->c->frontier;
	struct frontier_entry *e = frontier_at(f, v->entry);
	enum disposition judged = e->disposition;
	const char *detail = e->detail;
	uint32_t links_at = (uint32_t)vs->nlinks;
	struct url_case c = {
	    .arena = a, .visits = vs, .entry = v->entry, .visit = v};

	vs->unanswered = is_unanswered(v->error) ? vs->unanswered + 1 : 0;
	if (visits_judge(vs, URL_RULE_RESPONSE, &c))
		return;
	visits_add_links(vs, v);
	if (v == vs->home)
		visits_rank_navigation(vs);
	if (visits_judge(vs, URL_RULE_REPLACEMENT, &c))
		return;
	visit_keep_home(vs, v);
	frontier_at(f, v->entry)->title_hash = title_hash(v->doc.title);
	/* A home page that its address keeps out was only read. */
	if (judged != DISPOSITION_PENDING)
		frontier_set_disposition(f, v->entry, judged, detail);
	else if (!visits_judge(vs, URL_RULE_CONTENT, &c))
		visit_list_page(vs, v, links_at);
}

void
visits_process(struct visits *vs, struct page_visit *v)
{
	struct arena scratch;

	if (v != vs->home &&
	    (visits_exclude_variant(vs, v->entry) ||
		frontier_recheck(vs->c->frontier, v->entry, true)))
		return;
	arena_init(&scratch);
	visits_judge_page(vs, v, &scratch);
	arena_release(&scratch);
}
