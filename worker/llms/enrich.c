#include "worker/llms/enrich.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/conf.h"
#include "core/json.h"
#include "core/strmap.h"
#include "core/text.h"
#include "worker/job/job.h"
#include "worker/llms/described_site.h"
#include "worker/llms/enrich_question.h"
#include "worker/llms/grounding.h"
#include "worker/llms/write.h"
#include "worker/model/provider.h"
#include "worker/site/text_line.h"

#include <string.h>
#include <unistd.h>

/* Of a page's Markdown, for grounding, bytes. */
#define GROUND_BYTES 65536
#define TITLE_CHARS 80
#define LINE_CHARS 240
/* What the answer for one page takes, tokens. */
#define PAGE_TOKENS 140
#define SUMMARY_CHARS 300
#define INFO_CHARS 700
#define LEAST_INFO_CHARS 20
#define HOME_CHARS 3000
#define SECTIONS_MAX 60
#define NAME_CHARS 40
#define NAME_WORDS 5
/* Pages of a section: how many are shown, and how many vouch for a name. */
#define SHOWN_PAGES 8
#define HEARD_PAGES 64

#define PROMPT(name, ...) static const char prompt_##name[] = __VA_ARGS__;
#include "worker/llms/enrich_prompts.def"
#undef PROMPT

/* One page on its way: what the model sees, and whether it is settled. */
struct item {
	uint32_t page;
	const char *shown; /* "path | title | text" */
	const char *key;
	const char *builtin; /* its title */
	int refusals;        /* answers that did not hold */
	bool alone;          /* to be asked for without other pages */
	bool settled;
};

/* A page's own words, to hold an answer against. */
struct own_text {
	struct grounding *ground;
	const char *text; /* of its Markdown */
};

/* What one question was about, and the answer for each, NULL: none. */
struct batch {
	struct item **items;
	struct json_object **answers;
	size_t n;
};

struct enrich_work {
	struct enrich *e;
	struct arena arena; /* for one question at a time */
	struct item *items;
	size_t n;
	size_t settled;
	struct strmap builtin; /* titles: item */
	struct strmap titles;  /* of the model: item */
	size_t most;           /* pages of one question */
	long from, to;         /* of the job's progress: before and after */
	bool over;             /* the model is gone, or the job is */
	bool stopped;
};

/* ---- what is shown ---------------------------------------------------------
 */

static void
item_show(struct enrich_work *w, struct item *it)
{
	const struct described_page *p = &w->e->site->pages[it->page];
	const struct conf *conf = w->e->job->conf;
	struct arena *a = w->e->site->arena;
	const char *text;

	text = arena_printf(a, "%s\n%s\n%s",
	    p->crawled->description_from == DESCRIPTION_SENTENCE
		? ""
		: p->crawled->description,
	    p->crawled->headings, p->crawled->lead);
	it->shown = arena_printf(a, "%s | %s | %s",
	    enrich_field(a, p->crawled->path, 200),
	    enrich_field(a, p->name, 120),
	    enrich_field(a, text, (size_t)conf->model_page_bytes));
	it->key = enrich_key(w->e, a, it->shown);
}

/* ---- what is kept ----------------------------------------------------------
 */

static struct own_text
page_own(struct enrich_work *w, const struct described_page *p)
{
	struct own_text own;
	size_t n = p->crawled->text_len < GROUND_BYTES ? p->crawled->text_len
						       : GROUND_BYTES;
	char *text = arena_alloc(&w->arena, n + 1);
	ssize_t got = pread(w->e->texts, text, n, (off_t)p->crawled->text_at);
	const char *also[] = {p->crawled->raw_title, p->crawled->title,
	    p->crawled->h1, p->crawled->description, p->crawled->headings,
	    p->crawled->lead, p->name};

	n = got < 0 ? 0 : (size_t)got;
	text[n] = '\0';
	own.text = text;
	own.ground = grounding_new(&w->arena, text, n);
	for (size_t i = 0; i < sizeof(also) / sizeof(also[0]); i++)
		grounding_add(own.ground, also[i], strlen(also[i]));
	return own;
}

/* "" when it cannot be a title; the builtin one stays then. */
static const char *
as_title(struct enrich_work *w, struct grounding *g, const char *s)
{
	char *t = write_title(w->e->site->arena, text_line_fold(&w->arena, s));
	size_t n = enrich_words(t);

	if (text_line_length(t) > TITLE_CHARS || n > 8 ||
	    !enrich_wordy(&w->arena, t) || grounding_title(g, t) != NULL)
		return "";
	/* Scripts without spaces have no words to count. */
	return n >= 3 || text_line_length(t) >= 12 ? t : "";
}

/*
 * A title that the model has for two pages, or that is another page's, tells
 * neither from the other: both keep their own, in whatever order they come.
 */
static void
set_title(struct enrich_work *w, struct item *it, const char *title)
{
	struct described_site *site = w->e->site;
	uint32_t i = (uint32_t)(it - w->items);
	uint32_t other = strmap_get(&w->builtin, title);

	if (other != STRMAP_NONE && other != i)
		return;
	other = strmap_get(&w->titles, title);
	if (other != STRMAP_NONE && other != i) {
		struct item *o = &w->items[other];

		site->pages[o->page].name = o->builtin;
		return;
	}
	strmap_set(&w->titles, title, i);
	site->pages[it->page].name = title;
}

/*
 * s may be what another page of the batch ordered, or what is said of every
 * page: then it may not be said in the company of others.
 */
static bool
is_borrowed(struct enrich_work *w, struct item *it, const struct own_text *own,
    const struct batch *b, const char *field, const char *s)
{
	for (size_t i = 0; i < b->n; i++) {
		const char *other = b->answers[i] == NULL
					? ""
					: json_str(b->answers[i], field, "");

		if (b->items[i] == it)
			continue;
		if (text_line_same(other, s) &&
		    !text_line_contains(own->text, s))
			return true;
		if (enrich_repeats(
			&w->arena, s, b->items[i]->shown, it->shown, own->text))
			return true;
	}
	return false;
}

/*
 * One answered page; NULL when it does not hold, else what of the answer
 * does.  b: NULL without other pages.
 */
static struct json_object *
accept_page(struct enrich_work *w, struct item *it, struct json_object *o,
    const struct batch *b)
{
	struct described_page *p = &w->e->site->pages[it->page];
	struct own_text own = page_own(w, p);
	const char *title, *line;

	line =
	    text_line_fold(w->e->site->arena, json_str(o, "description", ""));
	if (!enrich_sentence(&w->arena, line, LINE_CHARS) ||
	    grounding_check(own.ground, line) != NULL)
		return NULL;
	if (b != NULL && is_borrowed(w, it, &own, b, "description", line)) {
		it->alone = true;
		return NULL;
	}
	title = as_title(w, own.ground, json_str(o, "title", ""));
	if (b != NULL && is_borrowed(w, it, &own, b, "title", title))
		title = "";
	if (*title != '\0')
		set_title(w, it, title);
	p->line = line;
	o = json_new(&w->arena);
	json_put_str(o, "title", title);
	json_put_str(o, "description", line);
	return o;
}

static void
item_settle(struct enrich_work *w, struct item *it, bool described)
{
	if (it->settled)
		return;
	it->settled = true;
	w->settled++;
	if (described)
		w->e->described++;
	else
		w->e->refused++;
	job_progress(w->e->job,
	    w->from + (w->to - w->from) * (long)w->settled / (long)w->n, w->to,
	    "describing",
	    arena_printf(w->e->site->arena, "Described %s of %s pages",
		text_number(w->e->site->arena, (long long)w->settled),
		text_number(w->e->site->arena, (long long)w->n)));
}

/*
 * item_refuse: the builtin line stays, and the question is not asked again;
 * with limited, not as long as the context is the same.
 */
static void
item_refuse(struct enrich_work *w, struct item *it, bool limited)
{
	if (it->settled)
		return;
	enrich_keep_refused(w->e, &w->arena, it->key, limited);
	item_settle(w, it, false);
}

/* ---- questions -------------------------------------------------------------
 */

/* What of the list is about which page; the second of an index is ignored. */
static struct batch
sort_answers(struct enrich_work *w, struct item **items, size_t n,
    struct json_object *list)
{
	struct batch b = {.items = items, .n = n};

	b.answers = arena_array(&w->arena, n, sizeof(struct json_object *));
	for (size_t k = 0; k < json_object_array_length(list); k++) {
		struct json_object *o = json_object_array_get_idx(list, k);
		int64_t i = json_num(o, "index", -1);

		if (i >= 0 && (size_t)i < n && b.answers[i] == NULL)
			b.answers[i] = o;
	}
	return b;
}

static void
take_answers(struct enrich_work *w, const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct item *it = b->items[i];
		struct json_object *o = b->answers[i];

		if (o == NULL || it->settled)
			continue;
		if ((o = accept_page(w, it, o, b)) != NULL) {
			w->e->keep(w->e->ctx, it->key, json_text(o));
			item_settle(w, it, true);
		} else if (++it->refusals >= 2) {
			item_refuse(w, it, false);
		}
	}
}

static struct json_object *
ask_batch(struct enrich_work *w, struct item **batch, size_t n,
    struct chat_answer *answer)
{
	struct json_object *o;
	struct buf prompt;

	buf_init(&prompt, ENRICH_PROMPT_BYTES);
	for (size_t i = 0; i < n; i++)
		buf_printf(&prompt, "%zu | %s\n", i, batch[i]->shown);
	o = model_question(w->e, &w->arena, prompt_page_rules, prompt.data,
	    enrich_json(&w->arena, prompt_page_schema), "pages",
	    (int)n * PAGE_TOKENS + ENRICH_ANSWER_TOKENS, answer);
	buf_release(&prompt);
	return o;
}

/* The model is gone: every line that is left stays as it was. */
static void
give_up(struct enrich_work *w, const struct chat_answer *answer)
{
	w->over = true;
	w->stopped = enrich_gone(w->e, answer);
}

static void ask_pages(struct enrich_work *w, struct item **batch, size_t n);

/* Both halves on their own; one page alone keeps its builtin line. */
static void
batch_halve(struct enrich_work *w, struct item **batch, size_t n, bool limited)
{
	if (n == 1) {
		item_refuse(w, batch[0], limited);
		return;
	}
	ask_pages(w, batch, n / 2);
	ask_pages(w, batch + n / 2, n - n / 2);
}

/* Pages that were left out or did not hold get one more question. */
static void
ask_again(struct enrich_work *w, struct item **batch, size_t n)
{
	struct item **left = arena_array(w->e->site->arena, n, sizeof(*left));
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		if (batch[i]->settled)
			continue;
		if (batch[i]->refusals == 0)
			batch[i]->refusals = 1; /* it was left out */
		if (batch[i]->alone)
			ask_pages(w, &batch[i], 1);
		else
			left[m++] = batch[i];
	}
	if (m > 0)
		ask_pages(w, left, m);
}

static void
ask_pages(struct enrich_work *w, struct item **batch, size_t n)
{
	struct json_object *o, *list;
	struct chat_answer answer;
	bool second = batch[0]->refusals > 0;

	if (w->over)
		return;
	chat_init(&answer, 0);
	o = ask_batch(w, batch, n, &answer);
	list = o == NULL ? NULL : json_sub(o, "pages");
	/* A model that thinks all its room away may have enough for fewer. */
	if (answer.thought && n > 1 && w->most > n / 2)
		w->most = n / 2;
	if (answer.error == CHAT_TOO_LONG || answer.error == CHAT_BLOCKED ||
	    (answer.thought && n > 1) ||
	    (answer.error == CHAT_OK &&
		!json_object_is_type(list, json_type_array))) {
		arena_reset(&w->arena);
		batch_halve(w, batch, n,
		    answer.error == CHAT_TOO_LONG ||
			answer.finish == CHAT_LENGTH);
	} else if (answer.error != CHAT_OK) {
		give_up(w, &answer);
	} else {
		struct batch b = sort_answers(w, batch, n, list);

		take_answers(w, &b);
		arena_reset(&w->arena);
		for (size_t i = 0; second && i < n; i++)
			item_refuse(w, batch[i], false);
		if (!second)
			ask_again(w, batch, n);
		w->e->improved(w->e->ctx);
	}
	chat_release(&answer);
}

/* Batches of what is not settled, as large as the context lets them be. */
static void
ask_all(struct enrich_work *w)
{
	size_t most = w->most;
	size_t room =
	    enrich_room(w->e, sizeof(prompt_page_rules), most * PAGE_TOKENS);
	size_t bytes = 0, n = 0;
	struct item **batch =
	    arena_array(w->e->site->arena, most, sizeof(*batch));

	for (size_t i = 0; i < w->n && !w->over; i++) {
		struct item *it = &w->items[i];
		size_t size = strlen(it->shown) + 8;

		if (it->settled)
			continue;
		if (n >= w->most || (n > 0 && bytes + size > room)) {
			ask_pages(w, batch, n);
			n = bytes = 0;
		}
		batch[n++] = it;
		bytes += size;
	}
	if (n > 0 && !w->over)
		ask_pages(w, batch, n);
}

/* item_recall: an earlier run was told what to say of the page, or nothing. */
static void
item_recall(struct enrich_work *w, struct item *it)
{
	const char *text = enrich_recall(w->e, &w->arena, it->key);
	struct json_object *o =
	    text == NULL ? NULL : enrich_json(&w->arena, text);
	bool refused;

	if (o == NULL)
		return;
	refused = enrich_is_refused(o);
	if (!refused && accept_page(w, it, o, NULL) == NULL)
		return;
	w->e->recalled++;
	item_settle(w, it, !refused);
}

static void
recall_all(struct enrich_work *w)
{
	for (size_t i = 0; i < w->n; i++) {
		item_recall(w, &w->items[i]);
		arena_reset(&w->arena);
	}
}

/* ---- the head of the file ------------------------------------------------ */

static void
head_take(struct enrich *e, struct grounding *g, struct json_object *o)
{
	struct described_site *site = e->site;
	const char *s;

	s = text_line_fold(site->arena, json_str(o, "summary", ""));
	if (enrich_sentence(site->arena, s, SUMMARY_CHARS) &&
	    grounding_check(g, s) == NULL)
		site->summary = s;
	s = text_line_fold(site->arena, json_str(o, "info", ""));
	if (enrich_sentence(site->arena, s, INFO_CHARS) &&
	    text_line_length(s) >= LEAST_INFO_CHARS &&
	    strstr(s, "://") == NULL && grounding_check(g, s) == NULL) {
		site->info = arena_array(site->arena, 1, sizeof(*site->info));
		site->info[0] = s;
		site->ninfo = 1;
	}
}

/*
 * The home page and nothing else: what another page says, be it only in its
 * title, is neither an order to the model here nor a proof of what it says.
 */
static const char *
head_show(const struct enrich *e, struct arena *a)
{
	const struct described_site *site = e->site;
	const struct crawled_page *home = &site->crawled->front;
	/* A letter may take up to three bytes; so they fit in any script. */
	size_t room =
	    enrich_room(e, sizeof(prompt_head_rules), ENRICH_ANSWER_TOKENS * 4);
	const char *text = arena_printf(a, "%s %s", home->headings, home->lead);
	size_t most = room / 4 < HOME_CHARS ? room / 4 : HOME_CHARS;

	return arena_printf(a,
	    "Site: %s\nTitle: %s\nDescription: %s\nHome page: %s\n",
	    site->crawled->host, site->title,
	    enrich_field(a, home->description, most / 4),
	    enrich_field(a, text, most));
}

/*
 * enrich_head: the site's summary and information, from its home page alone.
 * scratch is reset.  E_STOPPED as enrich_site.
 */
static enum rc
enrich_head(struct enrich *e, struct arena *scratch)
{
	struct enrich_question q = {
	    .name = "head",
	    .rules = prompt_head_rules,
	    .schema = prompt_head_schema,
	    .shown = head_show(e, scratch),
	};
	struct json_object *o;
	enum rc rc = enrich_ask(e, scratch, &q, &o);

	if (o != NULL) {
		head_take(
		    e, grounding_new(scratch, q.shown, strlen(q.shown)), o);
		e->improved(e->ctx);
	}
	arena_reset(scratch);
	return rc;
}

/* ---- names of sections --------------------------------------------------- */

/* The section of a single page keeps its name: that page would choose it. */
static bool
may_rename_section(const struct section *s)
{
	return !s->optional && s->npages > 1;
}

static struct grounding *
page_ground(struct arena *a, const struct described_page *p)
{
	const char *const also[] = {p->crawled->title, p->crawled->h1,
	    p->crawled->description, p->crawled->headings, p->crawled->lead};
	struct grounding *g = grounding_new(a, p->name, strlen(p->name));

	for (size_t i = 0; i < sizeof(also) / sizeof(also[0]); i++)
		grounding_add(g, also[i], strlen(also[i]));
	return g;
}

/* What the section may be called by: its name, and what two pages say. */
static struct grounding *
section_ground(
    const struct described_site *site, struct arena *a, const struct section *s)
{
	struct grounding *both = grounding_new(a, s->name, strlen(s->name));
	struct grounding *once = grounding_new(a, "", 0);

	for (size_t i = 0; i < s->npages && i < HEARD_PAGES; i++)
		grounding_share(
		    both, once, page_ground(a, &site->pages[s->pages[i]]));
	return both;
}

/*
 * A name that stands in the title of one page, and of that alone, is that
 * page's: it may even have asked for it.
 */
static bool
is_of_one(const struct described_site *site, const struct section *s,
    const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < s->npages && n < 2; i++)
		n +=
		    text_line_contains(site->pages[s->pages[i]].own_name, name);
	return n == 1 && !text_line_contains(s->name, name);
}

static bool
is_taken(const struct described_site *site, size_t section, const char *name)
{
	for (size_t k = 0; k < site->nsections; k++)
		if (k != section &&
		    text_line_same(site->sections[k].name, name))
			return true;
	return text_line_same(name, "Optional");
}

static void
sections_take(struct enrich *e, struct arena *scratch, struct json_object *o)
{
	struct described_site *site = e->site;
	int64_t i = json_num(o, "index", -1);
	struct section *s;
	const char *name;

	if (i < 0 || (size_t)i >= site->nsections ||
	    !may_rename_section(&site->sections[i]))
		return;
	s = &site->sections[i];
	name = write_title(
	    site->arena, text_line_fold(scratch, json_str(o, "name", "")));
	if (!enrich_wordy(scratch, name) || enrich_words(name) > NAME_WORDS ||
	    text_line_length(name) > NAME_CHARS ||
	    is_taken(site, (size_t)i, name))
		return;
	if (!is_of_one(site, s, name) &&
	    grounding_whole(section_ground(site, scratch, s), name) == NULL)
		s->name = name;
}

/* Sections with so many of their pages; how many there are to be named. */
static size_t
sections_list(
    const struct enrich *e, struct arena *a, struct buf *b, size_t pages)
{
	const struct described_site *site = e->site;
	size_t n = 0;

	buf_printf(b, "Site: %s\n", write_host(a, site->crawled->host));
	for (size_t i = 0; i < site->nsections && n < SECTIONS_MAX; i++) {
		const struct section *s = &site->sections[i];

		if (!may_rename_section(s))
			continue;
		n++;
		buf_printf(b, "%zu | %s |", i, enrich_field(a, s->name, 120));
		for (size_t k = 0; k < s->npages && k < pages; k++)
			buf_printf(b, " %s;",
			    enrich_field(
				a, site->pages[s->pages[k]].name, 120));
		buf_addc(b, '\n');
	}
	return n;
}

/* Fewer pages where the context is small; NULL: there is nothing to name. */
static const char *
sections_show(const struct enrich *e, struct arena *a)
{
	size_t room = enrich_room(
	    e, sizeof(prompt_section_rules), ENRICH_ANSWER_TOKENS * 4);
	const char *shown = NULL;
	size_t n;
	struct buf b;

	buf_init(&b, ENRICH_PROMPT_BYTES);
	for (size_t pages = SHOWN_PAGES; pages > 0; pages /= 2) {
		buf_clear(&b);
		n = sections_list(e, a, &b, pages);
		if (b.len <= room)
			break;
	}
	if (n > 0 && buf_ok(&b))
		shown = arena_strdup(a, b.data);
	buf_release(&b);
	return shown;
}

/*
 * enrich_sections: names of sections, each from what two of its pages or its
 * builtin name say, so that no page alone can change one.  As enrich_head.
 */
static enum rc
enrich_sections(struct enrich *e, struct arena *scratch)
{
	struct enrich_question q = {
	    .name = "sections",
	    .rules = prompt_section_rules,
	    .schema = prompt_section_schema,
	    .shown = sections_show(e, scratch),
	};
	struct json_object *o = NULL, *names;
	enum rc rc = OK;

	if (q.shown != NULL)
		rc = enrich_ask(e, scratch, &q, &o);
	names = o == NULL ? NULL : json_sub(o, "sections");
	for (size_t i = 0;
	     json_object_is_type(names, json_type_array) &&
	     i < json_object_array_length(names) && i < SECTIONS_MAX;
	     i++)
		sections_take(e, scratch, json_object_array_get_idx(names, i));
	if (o != NULL)
		e->improved(e->ctx);
	arena_reset(scratch);
	return rc;
}

/* ---- all of it ----------------------------------------------------------- */

enum rc
enrich_site(struct enrich *e)
{
	struct enrich_work w = {.e = e, .n = e->site->crawled->npages};
	size_t n = 0;
	enum rc rc;

	arena_init(&w.arena);
	w.most = (size_t)e->job->conf->model_batch_pages;
	w.items = arena_array(e->site->arena, w.n, sizeof(*w.items));
	for (size_t s = 0; s < e->site->nsections; s++)
		for (size_t k = 0; k < e->site->sections[s].npages; k++)
			w.items[n++].page = e->site->sections[s].pages[k];
	w.n = n;
	w.from = e->job->outcome.processed;
	w.to = e->job->outcome.total > w.from ? e->job->outcome.total
					      : w.from + (long)n;
	strmap_init(&w.builtin, e->site->arena, n, true);
	strmap_init(&w.titles, e->site->arena, n, true);
	for (size_t i = 0; i < w.n; i++) {
		w.items[i].builtin = e->site->pages[w.items[i].page].name;
		strmap_add(&w.builtin, w.items[i].builtin, (uint32_t)i);
		item_show(&w, &w.items[i]);
	}
	recall_all(&w);
	ask_all(&w);
	rc = w.stopped ? E_STOPPED : OK;
	if (!w.over)
		rc = enrich_head(e, &w.arena);
	if (rc == OK && e->note == NULL)
		rc = enrich_sections(e, &w.arena);
	arena_release(&w.arena);
	return rc;
}
