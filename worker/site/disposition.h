/*
 * disposition: what became of a URL, and how that is told to people.
 *
 * Every URL a crawl has heard of ends as DISPOSITION_LISTED or with a reason
 * why it is not listed: that is the ledger of report.json.  The reasons, their
 * words and sentences stand in disposition.def; worker/crawl/rules/ decides
 * which applies.
 */
#ifndef WORKER_SITE_DISPOSITION_H
#define WORKER_SITE_DISPOSITION_H

/* At the end of a crawl no URL is DISPOSITION_PENDING. */
enum disposition {
#define DISPOSITION(name, word, sentence, summary) DISPOSITION_##name,
#include "worker/site/disposition.def"
#undef DISPOSITION
	DISPOSITION_MAX
};

/* disposition_name: as a word for report.json, "noindex". */
const char *disposition_name(enum disposition disposition);

/* disposition_sentence: for people, "The page asks not to be indexed." */
const char *disposition_sentence(enum disposition disposition);

/*
 * disposition_summary: after a number of pages, for a sentence that sums up:
 * "ask not to be indexed".
 */
const char *disposition_summary(enum disposition disposition);

#endif
