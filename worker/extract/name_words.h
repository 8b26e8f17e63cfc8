/*
 * name_words: what an element's class and id say about its content.
 *
 * A name is a hint, never a proof: what is cut because of one is put back
 * when too little remains (see content.c).
 */
#ifndef WORKER_EXTRACT_NAME_WORDS_H
#define WORKER_EXTRACT_NAME_WORDS_H

#include "worker/extract/tree.h"

enum name_word {
	W_UNLIKELY = 1 << 0, /* seldom content */
	W_MAYBE = 1 << 1,    /* ... but may hold it */
	W_GOOD = 1 << 2,     /* likely content */
	W_BAD = 1 << 3,      /* likely not */
	W_NAV = 1 << 4,      /* menus, footers, sidebars */
	W_SHARE = 1 << 5,    /* share buttons */
	W_COMMENT = 1 << 6,  /* what readers wrote */
	W_COOKIE = 1 << 7,   /* consent banners */
	W_BYLINE = 1 << 8,   /* author and date */
	W_AUTHOR = 1 << 9,   /* perhaps the author */
	W_MARK = 1 << 10,    /* permalinks, line numbers, edit links */
	W_RELATED = 1 << 11, /* teasers of other pages */
	W_ALWAYS = 1 << 12,  /* sure enough to cut without a second look */
	W_READER = 1 << 13,  /* for screen readers only */
	W_HEADER = 1 << 14,  /* a header: of the page or of the article */
	W_PERMALINK = 1 << 15,
	W_BUTTON = 1 << 17, /* a link that looks like one */
	W_GUTTER = 1 << 18, /* the numbers of lines, if it holds numbers */
	W_NOTE = 1 << 19,   /* a remark that belongs to the text */
	W_POSTED = 1 << 20, /* who wrote it, when, under which heading */
	W_REVIEW = 1 << 21, /* in what buyers wrote of a product */
	W_ONLY = 1 << 22,   /* says something if it is the whole class */
	W_BOX =
	    1 << 16, /* a box beside the text: of the site, or of the text */
};

/* name_words_read: the W_ bits of every element, an array by node index. */
const uint32_t *name_words_read(struct arena *a, const struct tree *t);

/* name_words_weight: +25 for a good name, -25 for a bad one, or their sum. */
int name_words_weight(uint32_t words);

#endif
