#include "worker/extract/main_content.h"

#include <string.h>

/* Text of fewer characters than this is no page's, however little there is. */
#define LEAST 80
/* What is kept of all but the boilerplate, in tenths, and is enough. */
#define MOST_OF_IT 6

static uint32_t
kept_chars(const struct measured_page *p, const struct content *c)
{
	uint32_t n = 0;

	for (unsigned k = 0; k < c->n; k++)
		if (!(p->tree->nodes[c->roots[k]].mark & MARK_GONE))
			n += p->sum[c->roots[k]].chars;
	return n;
}

static uint32_t
kept_sentence_chars(const struct measured_page *p, const struct content *c)
{
	uint32_t n = 0;

	for (unsigned k = 0; k < c->n; k++)
		if (!(p->tree->nodes[c->roots[k]].mark & MARK_GONE))
			n += p->sum[c->roots[k]].talk;
	return n;
}

/* has_h1: the page's heading is kept, so the little there is belongs to it. */
static bool
has_h1(const struct measured_page *p, const struct content *c)
{
	if (p->h1 == 0 || (p->tree->nodes[p->h1].mark & MARK_GONE))
		return false;
	for (unsigned k = 0; k < c->n; k++)
		if (p->h1 >= c->roots[k] &&
		    p->h1 < p->tree->nodes[c->roots[k]].end)
			return true;
	return false;
}

static void
content_attempt(struct measured_page *p, enum strictness how, struct content *c)
{
	struct content_search s = {.page = p, .strictness = how};

	s.score = arena_array(p->arena, p->tree->n, sizeof(*s.score));
	s.listed = arena_array(p->arena, p->tree->n, 1);
	s.candidates = arena_array(p->arena, p->tree->n, sizeof(*s.candidates));
	measure_own(p);
	measure_all(p);
	if (how < KEEP_WEIGHTS)
		page_widgets_cut(p);
	boilerplate_cut(&s);
	s.main = main_content_marked(p);
	measure_own(p);
	content_score_all(&s);
	content_choose(&s, c);
	c->found = kept_chars(p, c);
	if (how < KEEP_WEIGHTS)
		article_extras_cut(p, c);
	for (unsigned k = 0; k < c->n; k++)
		content_clean(
		    p, c->roots[k], how != KEEP_LISTS && how != KEEP_LINKY);
}

static void
marks_copy(struct measured_page *p, uint8_t *to)
{
	for (uint32_t i = 0; i < p->tree->n; i++)
		to[i] = p->tree->nodes[i].mark;
}

static void
marks_restore(struct measured_page *p, const uint8_t *from)
{
	for (uint32_t i = 0; i < p->tree->n; i++)
		p->tree->nodes[i].mark = from[i];
}

void
content_find(struct measured_page *p, struct content *c)
{
	uint8_t *before = arena_array(p->arena, p->tree->n, 1);
	uint32_t chars, most = 0;
	int best = -1;

	marks_copy(p, before);
	for (int how = 0; how < STRICTNESS_MAX; how++) {
		content_attempt(p, how, c);
		chars = kept_chars(p, c);
		/* A page that is mostly lists of links is what it lists. */
		if (how == STRICT && chars * 2 < c->found &&
		    kept_sentence_chars(p, c) < ENOUGH_CHARS) {
			marks_restore(p, before);
			continue;
		}
		if (chars >= ENOUGH_CHARS ||
		    (chars >= (has_h1(p, c) ? LEAST / 2 : LEAST) &&
			chars * 10 >= p->sum[p->body].chars * MOST_OF_IT))
			return;
		if (chars > most) {
			most = chars;
			best = how;
		}
		marks_restore(p, before);
	}
	content_attempt(p, best < 0 ? KEEP_LINKY : best, c);
}
