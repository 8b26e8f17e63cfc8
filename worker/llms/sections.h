/*
 * sections: drafts of a site's sections, and their order in the file.
 *
 * group.c decides which pages go together; this puts drafts of one name
 * together, bounds their number, and orders them and their pages as the site
 * itself lists them.
 */
#ifndef WORKER_LLMS_SECTIONS_H
#define WORKER_LLMS_SECTIONS_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct described_site;

/* A set of pages, as indexes into site->pages. */
struct set {
	uint32_t *page;
	size_t n;
};

/* Where a draft stands. */
enum draft_place { DRAFT_FIRST, DRAFT_MIDDLE, DRAFT_LAST, DRAFT_OPTIONAL };

struct draft {
	const char *name;
	const char *part; /* name of the part of the site it was split from */
	struct set set;
	uint32_t index;  /* the page that is about all of them, SITE_NONE */
	uint32_t family; /* drafts split from one folder have the same */
	enum draft_place place;
};

struct sections {
	struct described_site *site;
	struct arena a;      /* gone when the sections are made */
	struct draft *draft; /* room for every page and more */
	size_t n;
	uint32_t families;
	uint32_t *parent; /* of each family: its index page, SITE_NONE */
};

/* sections_init: no drafts; release with sections_make. */
void sections_init(struct sections *s, struct described_site *site);

/* set_new: an empty set with room for n pages. */
struct set set_new(struct sections *s, size_t n);
void set_add(struct set *to, uint32_t page);
void set_join(struct set *to, struct set from);

/* set_sort: by index, which is the order in which the site was read. */
void set_sort(struct set s);

/* sections_family: a new family; its index page may be SITE_NONE. */
uint32_t sections_family(struct sections *s, uint32_t index);

/* sections_add: a draft, copied; an empty set is left out. */
void sections_add(struct sections *s, const struct draft *d);

/* sections_make: makes site->sections and frees the drafts. */
void sections_make(struct sections *s);

#endif
