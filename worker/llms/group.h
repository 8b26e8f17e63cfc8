/*
 * group: the pages of a site as sections, in an order people expect.
 *
 * Sections follow the folders of the addresses; a folder too full for one
 * section is split by its subfolders, then by its hubs: pages that list
 * others.  They are named as the site names them.  Legal notices, indexes,
 * archives and the like come last, under "Optional".
 */
#ifndef WORKER_LLMS_GROUP_H
#define WORKER_LLMS_GROUP_H

struct described_site;

/*
 * group_site: sets site->sections and the section of every page; each page
 * is in exactly one.  Call it after describe_site: it uses the names.
 */
void group_site(struct described_site *site);

#endif
