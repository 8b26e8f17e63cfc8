/*
 * search: the parts of looking for the main text (content.h): first strip,
 * then score, then choose.
 */
#ifndef WORKER_EXTRACT_MAIN_CONTENT_H
#define WORKER_EXTRACT_MAIN_CONTENT_H

#include "worker/extract/content.h"

#define ENOUGH 500   /* characters: less looks as if too much was cut */
#define SEARCH_TOP 5 /* best candidates compared */

/* How much is cut before looking; the first attempt is the strictest. */
enum strictness {
	STRICT,
	KEEP_LISTS,    /* blocks full of links stay, but for those named so */
	KEEP_UNLIKELY, /* names alone cut nothing */
	KEEP_WEIGHTS,  /* names count for nothing in the points */
	KEEP_LINKY,    /* blocks full of links stay, whatever their names */
	STRICTNESS_MAX
};

struct search {
	struct measured_page *page;
	float *score;   /* by node; 0 for none */
	uint8_t *seen;  /* by node: is a candidate */
	uint32_t *list; /* the candidates */
	uint32_t nlist;
	enum strictness how;
	uint32_t top[SEARCH_TOP]; /* best first, 0 for none */
	uint32_t main;            /* see search_main */
};

/*
 * search_page_widgets: cuts the way to the page, its contents and what one may
 * do with it, by what they say and their form (furniture.c).
 */
void search_page_widgets(struct measured_page *p);

/*
 * search_story: cuts what a dated article has in it and around it, but is not
 * its text (story.c).
 */
void search_story(struct measured_page *p, const struct content *c);

/* search_strip: cuts what is boilerplate by its name or role (strip.c). */
void search_strip(struct search *s);

/* search_is_main: i says of itself to be the main element. */
bool search_is_main(const struct measured_page *p, uint32_t i);

/*
 * search_main: the element that says of itself to be the main one, or the
 * only article; 0 without one, and when it holds hardly any of the page's
 * text (choose.c).
 */
uint32_t search_main(const struct measured_page *p);

/* search_score: points for every candidate, the best into top (score.c). */
void search_score(struct search *s);

/* search_points: the points of i, less the share of its links. */
double search_points(const struct search *s, uint32_t i);

/* search_choose: the roots of c, from the points (choose.c). */
void search_choose(struct search *s, struct content *c);

#endif
