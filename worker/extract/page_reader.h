/*
 * page_reader: what one HTML page says, without its boilerplate.
 *
 * Invariants: strings are UTF-8 without control characters, never NULL; ""
 * means the page does not say.  URLs are absolute http(s) ones.  Everything
 * lives in the arena given to doc_extract (or, over parser.h, in the message).
 */
#ifndef WORKER_EXTRACT_PAGE_READER_H
#define WORKER_EXTRACT_PAGE_READER_H

#include "core/arena.h"
#include "core/rc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stopped early or looked odd; the page is used all the same. */
enum doc_flag {
	DOC_DEEP = 1 << 0,      /* nested past the limit: flattened there */
	DOC_NODES = 1 << 1,     /* node limit: the rest was not read */
	DOC_TEXT = 1 << 2,      /* Markdown limit: cut at a block */
	DOC_LINKS = 1 << 3,     /* link limit: later links left out */
	DOC_ATTRS = 1 << 4,     /* attribute limit on some tag */
	DOC_BAD_BYTES = 1 << 5, /* bytes invalid in its encoding: U+FFFD */
	DOC_NO_MAIN = 1 << 6,   /* no main block stood out: whole body used */
	DOC_CUT = 1 << 7,       /* input limit: the rest was not read */
	DOC_SHELL = 1 << 8,     /* it shows its text only with its scripts */
	DOC_FLAGS_ALL = (1 << 9) - 1,
};

/* Where the description is from, best first. */
enum doc_source {
	DOC_NONE,
	DOC_META,     /* <meta name=description> */
	DOC_OG,       /* Open Graph or Twitter card */
	DOC_JSONLD,   /* schema.org JSON-LD */
	DOC_SENTENCE, /* first real sentence of the main text */
	DOC_SOURCE_MAX
};

struct doc_link {
	const char *url;  /* absolute, without fragment */
	const char *text; /* its words, or the image's alt text; may be "" */
	bool nofollow;    /* rel=nofollow, ugc or sponsored */
	bool in_nav;      /* in nav, header, footer or a sidebar */
};

struct doc_alternate {
	const char *lang; /* as written, lower case: "de", "pt-br" */
	const char *url;
};

struct doc {
	bool is_html;   /* false: all below is empty but charset and flags */
	unsigned flags; /* enum doc_flag */

	const char *title;     /* for people: without the site's suffix */
	const char *raw_title; /* <title> as written, spaces joined */
	const char *h1;        /* first <h1> of the main text, else of the
			  page outside of menus */
	const char *og_title;
	const char *site_name; /* og:site_name, application-name, JSON-LD, or
				  the suffix cut from the title */
	const char *description;
	enum doc_source description_from;
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

	const struct doc_link *links; /* document order, a URL once; its
					 place in the text beats in_nav */
	size_t nlinks;
	const struct doc_alternate *alternates;
	size_t nalternates;
};

struct doc_limits {
	size_t input;   /* bytes decoded and read */
	size_t nodes;   /* elements and texts kept */
	size_t text;    /* bytes of Markdown */
	size_t links;   /* links kept */
	unsigned depth; /* open elements */
	unsigned attrs; /* attributes of one tag */
};

/* The page as it was fetched; all but bytes may be NULL. */
struct doc_input {
	const char *url;          /* after redirects: base of relative links */
	const char *content_type; /* HTTP header, with its charset */
	const char *robots_tag;   /* X-Robots-Tag header(s), comma-joined */
	const char *agent;        /* our product token, "platen" */
	const void *bytes;
	size_t len;
};

/* doc_limits_default: what fits a 256 MB parser. */
void doc_limits_default(struct doc_limits *l);

/*
 * doc_extract: reads a page.  Never fails on what a page says: a page that
 * is no HTML gives is_html false, one over a limit what fits, and a flag.
 * out and all it points to live in a.  limits may be NULL for the defaults.
 */
void doc_extract(struct arena *a, const struct doc_input *in,
    const struct doc_limits *limits, struct doc *out);

/* doc_copy: a deep copy of from in a. */
void doc_copy(struct arena *a, const struct doc *from, struct doc *to);

/*
 * doc_robots: joins a robots value ("noindex, nofollow", "none",
 * "platen: noindex") into the two flags; never clears one.
 */
void doc_robots(
    const char *value, const char *agent, bool *noindex, bool *nofollow);

#endif
