/*
 * folders: where the pages of a site lie in its tree of paths.
 *
 * "/guide/setup.html" and "/guide/" lie in the folder "guide"; so does
 * "/guide" when other pages lie below "/guide/".
 */
#ifndef WORKER_LLMS_FOLDERS_H
#define WORKER_LLMS_FOLDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct described_site;

struct folder {
	const char **part; /* names of the folders down to it */
	size_t depth;      /* so many */
	bool is_index;     /* the page is the folder's own ("/guide/") */
	bool is_intro;     /* it may stand in for it ("/guide/intro") */
	bool optional;     /* legal notice, index, archive, log in, ... */
};

/* folders_find: one per page of the site, in a. */
struct folder *folders_find(struct arena *a, const struct described_site *site);

/*
 * folders_part: the i-th part of the folder's path; dates and numbers
 * ("2024", "05") all give the same part, so that a blog is one folder.
 */
const char *folders_part(const struct folder *f, size_t i);

#endif
