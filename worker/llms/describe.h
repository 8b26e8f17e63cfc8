/*
 * describe: words for a site and its pages, taken from the pages themselves.
 *
 * This is what the builtin provider says, and what every other provider
 * starts from.  Nothing is invented: each word of a line occurs in the page,
 * in what links to it, or is one of ours that joins them.
 */
#ifndef WORKER_LLMS_DESCRIBE_H
#define WORKER_LLMS_DESCRIBE_H

struct described_site;

/*
 * describe_site: name and line of every page; title, summary and info of the
 * site.  Sets all of them anew.
 */
void describe_site(struct described_site *site);

#endif
