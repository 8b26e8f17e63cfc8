/*
 * measure: how much text, links and so on each element holds.
 *
 * Each sum covers the live nodes of a subtree.  Cutting a node subtracts its
 * sums from its ancestors, so the sums stay right without another walk.
 */
#ifndef WORKER_EXTRACT_MEASURE_H
#define WORKER_EXTRACT_MEASURE_H

#include "worker/extract/name_words.h"

/*
 * Characters of its own from which a block with few links is running text, or
 * has at least a sentence.
 */
#define BLOCK_PROSE_CHARS 200
#define BLOCK_SENTENCE_CHARS 60

/* Bits of node.mark. */
enum node_mark {
	MARK_GONE = 1 << 0,   /* not read: cut, hidden, or inside such a node */
	MARK_LINK = 1 << 1,   /* inside a link */
	MARK_BLOCK = 1 << 2,  /* displayed as a block of its own */
	MARK_PARENT = 1 << 3, /* has a block inside */
	MARK_NAV = 1 << 4,    /* inside nav, header, footer, sidebar */
	MARK_TABLE = 1 << 5,  /* in a table of data, or such a table */
	MARK_CODE = 1 << 6,   /* in code */
};

struct measure {
	uint32_t chars;  /* letters and single spaces; a wide one counts 2 */
	uint32_t links;  /* of these, inside links */
	uint32_t heads;  /* of these, inside headings */
	uint32_t data;   /* of these, in code or in tables of data */
	uint32_t talk;   /* of these, in blocks with a sentence, see
			    BLOCK_SENTENCE_CHARS */
	uint32_t prose;  /* of these, in blocks of running text, see
			    BLOCK_PROSE_CHARS */
	uint16_t commas; /* and full stops of scripts without spaces */
	uint16_t paras;  /* p */
	uint16_t items;  /* li */
	uint16_t images;
	uint16_t inputs; /* fields to fill in */
	uint16_t embeds;
};

/* A block's own text: what is in it but in no block inside it. */
struct block_own {
	uint32_t chars;
	uint32_t links;
	uint16_t commas;
};

struct text_size {
	uint32_t chars;
	uint16_t commas;
};

/* The page under study. */
struct measured_page {
	struct tree *tree;
	struct arena *arena;
	const uint32_t *words;  /* by node: enum name_word */
	struct measure *sum;    /* by node */
	struct block_own *own;  /* by node; blocks only */
	struct text_size *size; /* by node; texts only */
	uint32_t *block;        /* by node: the block it stands in */
	const char **label; /* by node: the name on a panel's tab; or NULL */
	bool dated;         /* says when it was published */
	uint32_t h1s;       /* so many h1 */
	uint32_t h1;        /* the first, 0 without one */
	uint32_t main;      /* says to be the main one, 0 if none */
	uint32_t body;      /* where reading begins */
};

/* measure_init: arrays for the tree, all marks cleared, blocks found. */
void measure_init(struct measured_page *p, struct arena *a, struct tree *t);

/* measure_all: sums of every live node; after measure_own. */
void measure_all(struct measured_page *p);

/* measure_own: what each live block has of its own; marks what is in links. */
void measure_own(struct measured_page *p);

/* measure_cut: takes i and what is in it out of the sums, marks it MARK_GONE.
 */
void measure_cut(struct measured_page *p, uint32_t i);

/* measure_hide: marks i and what is in it MARK_GONE; sums are not touched. */
void measure_hide(struct measured_page *p, uint32_t i);

/* measure_density: the share of i's text that is in links, 0 to 1. */
double measure_density(const struct measured_page *p, uint32_t i);

#endif
