/*
 * report: report.json, every URL the crawl heard of and what became of it.
 *
 *   version 1, host, origin, movedFrom (string or null), title,
 *   foundBy ("sitemap" or "links"), robots (a sentence), crawlDelayMs, limit,
 *   sitemaps [{url, found, format, urls, note}],
 *   model {provider, model, described, recalled, refused, calls, note},
 * or null where no language model was asked, edits {number, applied,
 * refused, over [{url, what, was, now, is}], dropped [{url, title,
 * reason, detail}]}, or null where nothing was edited by hand: over are edits
 * that hold although the generator now says something else, dropped those whose
 * page is gone counts {known, listed, leftOut, beyond, textsLeftOut}, reasons
 * [{disposition, pages, sentence}]   most pages first sections [{name, pages}]
 * as in llms.txt pages [{url, disposition, section, title} a listed page {url,
 * disposition, reason, detail?, other?}]           one that is not
 *
 * detail is the rule, status or pattern that decided, other the page that
 * stands for this one.  Each page is on a line of its own, in the order in
 * which it was found.  No times: the same site gives the same bytes.
 */
#ifndef WORKER_LLMS_REPORT_H
#define WORKER_LLMS_REPORT_H

#include "core/rc.h"

#include <stddef.h>
#include <stdio.h>

struct edits_made;
struct enrich;
struct described_site;

/*
 * report_write: E_INTERNAL when a write failed (errno).  model and edits may be
 * NULL: none was asked, none were made.
 */
MUST_CHECK enum rc report_write(FILE *out, const struct described_site *site,
    size_t limit, const struct enrich *model, const struct edits_made *edits);

#endif
