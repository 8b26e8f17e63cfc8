#include "worker/llms/subfolders.h"

#include <stdlib.h>
#include <string.h>

struct subfolder_page {
	const char *part; /* the subfolder */
	uint32_t page;
};

static int
by_part(const void *x, const void *y)
{
	const struct subfolder_page *a = x, *b = y;
	int c = strcmp(a->part, b->part);

	return c != 0 ? c : (a->page > b->page) - (a->page < b->page);
}

static int
by_first_page(const void *x, const void *y)
{
	const struct set *a = x, *b = y;

	return (*a->page > *b->page) - (*a->page < *b->page);
}

static struct subfolder_page *
find_places(struct sections *s, const struct folder *folders, struct set set,
    size_t depth, size_t *n)
{
	struct subfolder_page *place =
	    arena_array(&s->a, set.n + 1, sizeof(*place));

	*n = 0;
	for (size_t i = 0; i < set.n; i++) {
		const struct folder *f = &folders[set.page[i]];

		if (f->depth > depth)
			place[(*n)++] = (struct subfolder_page){
			    folders_part(f, depth), set.page[i]};
	}
	qsort(place, *n, sizeof(*place), by_part);
	return place;
}

size_t
subfolders_find(struct sections *s, const struct folder *folders,
    struct set set, size_t depth, struct set **child)
{
	size_t pages, n = 0;
	struct subfolder_page *place =
	    find_places(s, folders, set, depth, &pages);
	struct set all = set_new(s, pages);

	*child = arena_array(&s->a, pages + 1, sizeof(**child));
	for (size_t i = 0; i < pages; i++) {
		if (i == 0 || strcmp(place[i - 1].part, place[i].part) != 0)
			(*child)[n++].page = all.page + all.n;
		set_add(&all, place[i].page);
		(*child)[n - 1].n++;
	}
	qsort(*child, n, sizeof(**child), by_first_page);
	return n;
}
