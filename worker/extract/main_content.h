/*
 * main_content: the steps of content_find (content.h): cut boilerplate, score
 * what is left, choose the roots.
 */
#ifndef WORKER_EXTRACT_MAIN_CONTENT_H
#define WORKER_EXTRACT_MAIN_CONTENT_H

#include "worker/extract/content.h"

#define ENOUGH_CHARS 500  /* characters: less looks as if too much was cut */
#define BEST_CANDIDATES 5 /* best candidates compared */

/* How much is cut before looking; the first attempt is the strictest. */
enum strictness {
	STRICT,
	KEEP_LISTS,    /* blocks full of links stay, but for those named so */
	KEEP_UNLIKELY, /* names alone cut nothing */
	KEEP_WEIGHTS,  /* names count for nothing in the points */
	KEEP_LINKY,    /* blocks full of links stay, whatever their names */
	STRICTNESS_MAX
};

struct content_search {
	struct measured_page *page;
	float *score;    /* by node; 0 for none */
	uint8_t *listed; /* by node: is a candidate */
	uint32_t *candidates;
	uint32_t ncandidates;
	enum strictness strictness;
	uint32_t top[BEST_CANDIDATES]; /* best first, 0 for none */
	uint32_t main;                 /* see main_content_marked */
};

/*
 * page_widgets_cut: cuts the way to the page, its contents and what one may
 * do with it, by what they say and their form (page_widgets.c).
 */
void page_widgets_cut(struct measured_page *p);

/*
 * article_extras_cut: cuts what a dated article has in it and around it, but is
 * not its text (article_extras.c).
 */
void article_extras_cut(struct measured_page *p, const struct content *c);

/* boilerplate_cut: cuts what is boilerplate by its name or role
 * (boilerplate.c). */
void boilerplate_cut(struct content_search *s);

/* is_marked_main: i is marked as the main element (<main>, role=main). */
bool is_marked_main(const struct measured_page *p, uint32_t i);

/*
 * main_content_marked: the element that says of itself to be the main one, or
 * the only article; 0 without one, and when it holds hardly any of the page's
 * text (content_choice.c).
 */
uint32_t main_content_marked(const struct measured_page *p);

/* content_score_all: points for every candidate, the best into top
 * (content_score.c). */
void content_score_all(struct content_search *s);

/* content_score_points: the points of i, less the share of its links. */
double content_score_points(const struct content_search *s, uint32_t i);

/* content_choose: the roots of c, from the points (content_choice.c). */
void content_choose(struct content_search *s, struct content *c);

#endif
