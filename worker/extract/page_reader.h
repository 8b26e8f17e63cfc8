/*
 * page_reader: reads one HTML page into struct html_page: its main text
 * without the boilerplate, its links, and what it says of itself.
 *
 * Invariants: strings are UTF-8 without control characters, never NULL; ""
 * means the page does not say.  URLs are absolute http(s) ones.  Everything
 * lives in the arena given to page_reader_read (or in the frame
 * that page_codec reads).
 */
#ifndef WORKER_EXTRACT_PAGE_READER_H
#define WORKER_EXTRACT_PAGE_READER_H

#include "core/arena.h"
#include "core/rc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limits that were reached, and oddities; the page is still used. */
enum html_page_flag {
#define PAGE_FLAG(name, bit, words) HTML_PAGE_##name = 1 << (bit),
#include "worker/extract/page_flags.def"
#undef PAGE_FLAG
	HTML_PAGE_FLAGS_ALL = (1 << 9) - 1,
};

/* Where the description is from, best first. */
enum description_source {
	DESCRIPTION_NONE,
	DESCRIPTION_META,     /* <meta name=description> */
	DESCRIPTION_OG,       /* Open Graph or Twitter card */
	DESCRIPTION_JSONLD,   /* schema.org JSON-LD */
	DESCRIPTION_SENTENCE, /* first real sentence of the main text */
	DESCRIPTION_SOURCE_MAX
};

struct html_link {
	const char *url;  /* absolute, without fragment */
	const char *text; /* its words, or the image's alt text; may be "" */
	bool nofollow;    /* rel=nofollow, ugc or sponsored */
	bool in_nav;      /* in nav, header, footer or a sidebar */
};

struct html_alternate {
	const char *lang; /* as written, lower case: "de", "pt-br" */
	const char *url;
};

struct html_page {
	bool is_html;   /* false: all below is empty but charset and flags */
	unsigned flags; /* enum html_page_flag */

	const char *title;     /* for people: without the site's suffix */
	const char *raw_title; /* <title> as written, spaces joined */
	const char *h1;        /* first <h1> of the main text, else of the
			  page outside of menus */
	const char *og_title;
	const char *site_name; /* og:site_name, application-name, JSON-LD, or
				  the suffix cut from the title */
	const char *description;
	enum description_source description_from;
	const char *lang;      /* BCP 47, "en", "pt-BR"; from html, meta */
	const char *canonical; /* rel=canonical */
	const char *next;      /* rel=next */
	const char *refresh;   /* where it sends its readers by itself */
	int refresh_after;     /* after so many seconds; -1: nowhere */
	const char *generator; /* meta generator: "Sphinx", "Hugo 0.111" */
	const char *published; /* "2024-05-01" or "2024-05-01T10:00:00Z" */
	const char *modified;
	const char *charset; /* what the bytes were decoded from */
	bool noindex;        /* meta robots, our agent's meta, X-Robots-Tag */
	bool nofollow;

	const char *markdown; /* main text; ends with one line feed or is "" */
	size_t markdown_len;
	uint32_t words; /* of the main text */

	const struct html_link *links; /* document order, a URL once; its
					 place in the text beats in_nav */
	size_t nlinks;
	const struct html_alternate *alternates;
	size_t nalternates;
};

struct page_reader_limits {
	size_t input;   /* bytes decoded and read */
	size_t nodes;   /* elements and texts kept */
	size_t text;    /* bytes of Markdown */
	size_t links;   /* links kept */
	unsigned depth; /* open elements */
	unsigned attrs; /* attributes of one tag */
};

/* The page as it was fetched; all but bytes may be NULL. */
struct page_reader_input {
	const char *url;          /* after redirects: base of relative links */
	const char *content_type; /* HTTP header, with its charset */
	const char *robots_tag;   /* X-Robots-Tag header(s), comma-joined */
	const char *agent;        /* our product token, "platen" */
	const void *bytes;
	size_t len;
};

/* page_reader_limits_default: what fits a 256 MB parser. */
void page_reader_limits_default(struct page_reader_limits *l);

/*
 * page_reader_read: reads a page.  Never fails on what a page says: a page that
 * is no HTML gives is_html false, one over a limit what fits, and a flag.
 * out and all it points to live in a.  limits may be NULL for the defaults.
 */
void page_reader_read(struct arena *a, const struct page_reader_input *in,
    const struct page_reader_limits *limits, struct html_page *out);

/* html_page_copy: a deep copy of from in a. */
void html_page_copy(
    struct arena *a, const struct html_page *from, struct html_page *to);

/*
 * page_reader_robots: joins a robots value ("noindex, nofollow", "none",
 * "platen: noindex") into the two flags; never clears one.
 */
void page_reader_robots(
    const char *value, const char *agent, bool *noindex, bool *nofollow);

#endif
