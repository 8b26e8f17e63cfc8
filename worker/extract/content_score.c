/* content_score: points for the elements that hold running text. */
#include "worker/extract/main_content.h"

#include <string.h>

double
content_score_points(const struct content_search *s, uint32_t i)
{
	return (double)s->score[i] * (1 - measure_density(s->page, i));
}

/* first_points: what an element has by its kind and its name. */
static float
first_points(const struct content_search *s, uint32_t i)
{
	const struct measured_page *p = s->page;
	float f = 0;

	switch (p->tree->nodes[i].tag) {
	case TAG_DIV:
	case TAG_ARTICLE:
	case TAG_MAIN:
		f = 5;
		break;
	case TAG_PRE:
	case TAG_TD:
	case TAG_BLOCKQUOTE:
		f = 3;
		break;
	case TAG_ADDRESS:
	case TAG_OL:
	case TAG_UL:
	case TAG_DL:
	case TAG_DD:
	case TAG_DT:
	case TAG_LI:
	case TAG_FORM:
		f = -3;
		break;
	case TAG_H1 ... TAG_H6:
	case TAG_TH:
		f = -5;
		break;
	default:
		break;
	}
	if (s->strictness < KEEP_WEIGHTS)
		f += (float)name_words_weight(p->words[i]);
	return f;
}

static void
score_give(struct content_search *s, uint32_t i, double more)
{
	if (!s->listed[i]) {
		s->listed[i] = 1;
		s->score[i] = first_points(s, i);
		s->candidates[s->ncandidates++] = i;
	}
	s->score[i] += (float)more;
}

/* score_paragraph: the text of its own that block i has gives points upwards.
 */
static void
score_paragraph(struct content_search *s, uint32_t i)
{
	const struct node *nodes = s->page->tree->nodes;
	const struct block_own *own = &s->page->own[i];
	double more = 1 + own->commas;
	uint32_t up = i;

	more += own->chars < 300 ? own->chars / 100 : 3;
	/* A block with blocks inside is its own paragraphs' parent. */
	if (!(nodes[i].mark & MARK_PARENT))
		up = nodes[i].parent;
	for (unsigned level = 0; level < 5 && up != 0; up = nodes[up].parent) {
		/* What the page left out is no step of its own. */
		if (nodes[up].tag == TAG_TBODY && nodes[up].len > 0)
			continue;
		if (nodes[up].tag != TAG_HTML)
			score_give(s, up,
			    level < 2 ? more / (level + 1) : more / level / 3);
		level++;
	}
}

static void
score_rank(struct content_search *s)
{
	for (uint32_t k = 0; k < s->ncandidates; k++) {
		uint32_t i = s->candidates[k];
		unsigned at = BEST_CANDIDATES;

		while (
		    at > 0 && (s->top[at - 1] == 0 ||
				  content_score_points(s, i) >
				      content_score_points(s, s->top[at - 1])))
			at--;
		if (at == BEST_CANDIDATES)
			continue;
		memmove(&s->top[at + 1], &s->top[at],
		    (BEST_CANDIDATES - 1 - at) * sizeof(s->top[0]));
		s->top[at] = i;
	}
}

void
content_score_all(struct content_search *s)
{
	const struct measured_page *p = s->page;
	const struct node *nodes = p->tree->nodes;

	for (uint32_t i = 1; i < p->tree->n; i++) {
		if (nodes[i].mark & MARK_GONE) {
			i = nodes[i].end - 1;
			continue;
		}
		if (!(nodes[i].mark & MARK_BLOCK) || p->own[i].chars < 25)
			continue;
		if (nodes[i].tag == TAG_LI || nodes[i].tag == TAG_BODY)
			continue;
		score_paragraph(s, i);
	}
	score_rank(s);
}
