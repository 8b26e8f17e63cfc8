/*
 * introduce: the words above the sections: the summary of a site and the
 * paragraphs below it, from its home page or the page that introduces it.
 */
#ifndef WORKER_LLMS_INTRODUCTION_H
#define WORKER_LLMS_INTRODUCTION_H

struct described_site;

/*
 * introduction_write: sets summary ("" where the site says nothing of itself),
 * info and ninfo; after the pages' names.
 */
void introduction_write(struct described_site *site);

/*
 * introduction_overview: a summary and a paragraph on what the sections hold,
 * for a site that says nothing of itself.  Call it after group_site.
 */
void introduction_overview(struct described_site *site);

#endif
