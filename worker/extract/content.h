/*
 * content: where the main text of a page is.
 *
 * Paragraphs give points to the elements around them; the element with most
 * points and few links is the main one; neighbours that read like it join.
 * The idea is that of Arc90's Readability (2009) and boilerpipe (Kohlschütter
 * et al., WSDM 2010).  What a name, a role or the density of links gives away
 * as boilerplate is cut first; when little remains, less is cut.
 */
#ifndef WORKER_EXTRACT_CONTENT_H
#define WORKER_EXTRACT_CONTENT_H

#include "worker/extract/measure.h"

#define CONTENT_ROOTS 256

struct content {
	uint32_t roots[CONTENT_ROOTS]; /* disjoint, in document order */
	unsigned n;
	uint32_t found; /* characters in them before anything was cut */
	bool whole;     /* no element stood out: the body */
};

/*
 * hidden_mark: marks what no reader sees (scripts, hidden elements,
 * permalink marks) MARK_GONE.  Comes first.
 */
void hidden_mark(struct measured_page *p);

/*
 * content_find: chooses the roots and marks the boilerplate in them MARK_GONE.
 */
void content_find(struct measured_page *p, struct content *c);

/*
 * boilerplate_is_aside_text: i is called a sidebar, but is running text in the
 * midst of other text.  Boxes of the site stand apart from what people read.
 */
bool boilerplate_is_aside_text(const struct measured_page *p, uint32_t i);

/* content_clean: cuts the boilerplate inside root (content_clean.c). */
void content_clean(struct measured_page *p, uint32_t root, bool strict);

#endif
