/*
 * write: llms.txt and llms-full.txt of a described and grouped site.
 *
 * The format is the proposal's (llmstxt.org) as its strictest parser takes
 * it: "# Title", "> summary", paragraphs, "## Section" with nothing but
 * "- [title](url): description" lines, "Optional" last; LF, UTF-8, no BOM.
 * The same site gives the same bytes.
 */
#ifndef WORKER_LLMS_WRITE_H
#define WORKER_LLMS_WRITE_H

#include "core/rc.h"

#include <stdio.h>

struct arena;
struct buf;
struct described_site;

/* write_llms_txt: the whole llms.txt; ask buf_ok(out) afterwards. */
void write_llms_txt(struct buf *out, const struct described_site *site);

/*
 * write_full: llms-full.txt: the head of llms.txt, then every page as
 * "# title", "URL: url" and its Markdown, copied from the file of texts
 * (crawled_page.text_at), in the order of llms.txt.  E_INTERNAL: a read or a
 * write failed (errno).
 */
MUST_CHECK enum rc write_full(
    FILE *out, int texts, const struct described_site *site);

/*
 * write_title: s as a link's or a section's title: no brackets, and no
 * backslash that would escape the one after it.
 */
char *write_title(struct arena *a, const char *s);

/*
 * write_paragraph: s as the summary or a paragraph of the head.  What would
 * make it a heading, a quote, a list, a fence or a table is taken from its
 * start or escaped; "" when nothing else is in it.
 */
const char *write_paragraph(struct arena *a, const char *s);

/* write_url: url with what would end a Markdown link percent-encoded. */
char *write_url(struct arena *a, const char *url);

/* write_host: "docs.example.org:8080" for people: an IDN in Unicode. */
const char *write_host(struct arena *a, const char *host);

#endif
