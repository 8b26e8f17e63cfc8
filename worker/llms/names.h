/*
 * names: a title for each page, without what every page of the site repeats.
 */
#ifndef WORKER_LLMS_NAMES_H
#define WORKER_LLMS_NAMES_H

struct arena;
struct described_site;

/*
 * names_site: sets name of every page and the site's title.  Names are not
 * empty, and told apart where pages call themselves the same.
 */
void names_site(struct described_site *site);

/* A name is no longer, code points. */
#define NAMES_CHARS 110

/* names_tidy: no permalink marks or stray separators; of bounded length. */
const char *names_tidy(struct arena *a, const char *s);

#endif
