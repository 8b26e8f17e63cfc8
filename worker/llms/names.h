/*
 * names: a title for each page, without what every page of the site repeats.
 */
#ifndef WORKER_LLMS_NAMES_H
#define WORKER_LLMS_NAMES_H

struct site;

/*
 * names_site: sets name of every page and the site's title.  Names are not
 * empty, and told apart where pages call themselves the same.
 */
void names_site(struct site *site);

#endif
