/*
 * unique: pages that call themselves the same, told apart.
 */
#ifndef WORKER_LLMS_UNIQUE_TITLES_H
#define WORKER_LLMS_UNIQUE_TITLES_H

struct described_site;

/*
 * unique_titles: changes names that several pages share, by their headings or
 * else by what their paths differ in: "Index" of /genindex-A.html becomes
 * "Index – A".
 */
void unique_titles(struct described_site *site);

/*
 * unique_titles_by_section: the same by what section each is in, where that
 * tells more than its path.  After the sections are made.
 */
void unique_titles_by_section(struct described_site *site);

#endif
