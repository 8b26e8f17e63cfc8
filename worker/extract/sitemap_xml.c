#include "worker/extract/sitemap_xml.h"

#include "core/log.h"
#include "core/text.h"
#include "worker/extract/sitemap_repair.h"

#include <libxml/parser.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/*
 * The push parser with our own SAX handlers, so no tree is ever built.  NOENT,
 * DTDLOAD and HUGE stay off: libxml2's own ceilings hold (names, depth 256,
 * 10 MB of look-ahead).
 */
#define OPTIONS                                                    \
	(XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR | \
	    XML_PARSE_NOWARNING)

/* Bytes given to the parser at once, so that what is repaired stays small. */
#define PIECE_BYTES 32768

struct sitemap_xml {
	struct sitemap *s;
	xmlParserCtxtPtr parser;
	int depth;            /* of the present element; the root is 1 */
	int entry;            /* depth of url, sitemap, item, entry; 0 none */
	char space[16];       /* the prefix of its name; "" */
	int field_depth;      /* of the element whose text is wanted; 0 */
	struct buf *field;    /* where that text goes */
	bool loc_done;        /* loc is complete */
	bool loc_is_guid;     /* a later link is better */
	bool has_more;        /* the entry had another location before */
	struct buf attribute; /* a value, as a string */
	struct buf href;      /* likewise */
	struct buf out;       /* repaired bytes on their way to the parser */
	struct sitemap_repair repair;
	bool wide;    /* UTF-16: nothing is repaired */
	bool gave_up; /* the parser reads no further */
};

static bool
name_is(const xmlChar *name, const char *want)
{
	return strcasecmp((const char *)name, want) == 0;
}

/* ---- attributes ---------------------------------------------------------- */

/*
 * Copies an attribute into b; false when there is none.  Without NOENT the
 * parser leaves "&" as "&#38;" in attributes.
 */
static bool
copy_attribute(
    struct buf *b, const xmlChar **attributes, int n, const char *name)
{
	static const char amp[] = "&#38;";

	buf_clear(b);
	for (int i = 0; i < n; i++) {
		const xmlChar **at = attributes + (ptrdiff_t)5 * i;
		const char *p = (const char *)at[3], *end = (const char *)at[4];

		if (!name_is(at[0], name))
			continue;
		while (p < end) {
			bool escaped = end - p >= 5 && memcmp(p, amp, 5) == 0;

			buf_addc(b, *p);
			p += escaped ? 5 : 1;
		}
		return buf_ok(b);
	}
	return false;
}

/* A link with href: an alternate of a page, or a feed's way of saying loc. */
static void
take_link(struct sitemap_xml *x, const xmlChar **attributes, int n)
{
	struct sitemap_draft *d = &x->s->draft;
	const char *rel;
	bool feed = x->s->report.kind == SITEMAP_RSS ||
		    x->s->report.kind == SITEMAP_ATOM;

	if (!copy_attribute(&x->href, attributes, n, "href"))
		return;
	rel = copy_attribute(&x->attribute, attributes, n, "rel")
		  ? x->attribute.data
		  : "alternate";
	if (strcasecmp(rel, "alternate") != 0)
		return;
	if (feed && (!x->loc_done || x->loc_is_guid)) {
		buf_clear(&d->loc);
		buf_add(&d->loc, x->href.data, x->href.len);
		x->loc_done = true;
		x->loc_is_guid = false;
	} else if (!feed &&
		   copy_attribute(&x->attribute, attributes, n, "hreflang")) {
		sitemap_draft_alternate(x->s, x->attribute.data, x->href.data);
	}
}

/* ---- elements ------------------------------------------------------------ */

static void
xml_stop(struct sitemap_xml *x, enum rc rc)
{
	sitemap_stop(x->s, rc);
	xmlStopParser(x->parser);
}

static void
take_root(struct sitemap_xml *x, const xmlChar *name)
{
	static const struct {
		const char *name;
		enum sitemap_kind kind;
	} roots[] = {{"urlset", SITEMAP_URLSET},
	    {"sitemapindex", SITEMAP_INDEX}, {"rss", SITEMAP_RSS},
	    {"RDF", SITEMAP_RSS}, {"feed", SITEMAP_ATOM}};

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (name_is(name, roots[i].name)) {
			x->s->report.kind = roots[i].kind;
			return;
		}
	x->s->report.kind = SITEMAP_NONE;
	xml_stop(x, E_TYPE);
}

static bool
is_entry(const struct sitemap_xml *x, const xmlChar *name)
{
	switch (x->s->report.kind) {
	case SITEMAP_URLSET:
	case SITEMAP_INDEX:
		return name_is(name, "url") || name_is(name, "sitemap");
	case SITEMAP_RSS:
		return name_is(name, "item");
	case SITEMAP_ATOM:
		return name_is(name, "entry");
	default:
		return false;
	}
}

static void
begin_entry(struct sitemap_xml *x, const xmlChar *name, const xmlChar *prefix)
{
	snprintf(x->space, sizeof(x->space), "%s",
	    prefix == NULL ? "" : (const char *)prefix);
	sitemap_draft_clear(&x->s->draft);
	x->s->draft.is_index = name_is(name, "sitemap");
	x->entry = x->depth;
	x->loc_done = x->loc_is_guid = x->has_more = false;
}

static void
end_entry(struct sitemap_xml *x)
{
	if (x->field == &x->s->draft.loc)
		buf_clear(x->field);
	x->entry = 0;
	x->field = NULL;
	x->field_depth = 0;
	if (!x->has_more || x->s->draft.loc.len > 0)
		sitemap_emit(x->s);
	if (x->s->stop != OK)
		xmlStopParser(x->parser);
}

/* is_prefix: of the present entry's name, as far as is kept. */
static bool
is_prefix(const struct sitemap_xml *x, const xmlChar *prefix)
{
	const char *p = prefix == NULL ? "" : (const char *)prefix;

	return strncmp(p, x->space, sizeof(x->space) - 1) == 0;
}

/* next_loc: the location so far is complete, another one begins. */
static void
next_loc(struct sitemap_xml *x)
{
	sitemap_emit(x->s);
	buf_clear(&x->s->draft.loc);
	x->loc_done = false;
	x->has_more = true;
	if (x->s->stop != OK)
		xmlStopParser(x->parser);
}

static void
xml_collect(struct sitemap_xml *x, struct buf *to)
{
	buf_clear(to);
	x->field = to;
	x->field_depth = x->depth;
}

/* The children of an entry that matter; deeper ones (image:loc) do not. */
static void
begin_field(struct sitemap_xml *x, const xmlChar *name, const xmlChar *prefix,
    const xmlChar **attributes, int n)
{
	struct sitemap_draft *d = &x->s->draft;
	enum sitemap_kind kind = x->s->report.kind;

	/* A picture's or a video's own, which stands where it should not. */
	if (kind != SITEMAP_RSS && kind != SITEMAP_ATOM &&
	    !name_is(name, "link") && !is_prefix(x, prefix))
		return;
	if (name_is(name, "link") && (n > 0 || kind == SITEMAP_ATOM)) {
		take_link(x, attributes, n);
	} else if (kind == SITEMAP_URLSET || kind == SITEMAP_INDEX) {
		/* Each location is one more page, or one more sitemap. */
		if (name_is(name, "loc") && x->loc_done)
			next_loc(x);
		if (name_is(name, "loc"))
			xml_collect(x, &d->loc);
		else if (name_is(name, "lastmod"))
			xml_collect(x, &d->lastmod);
	} else if (kind == SITEMAP_ATOM) {
		if (name_is(name, "updated") ||
		    (name_is(name, "published") && d->lastmod.len == 0))
			xml_collect(x, &d->lastmod);
	} else if (name_is(name, "pubDate") || name_is(name, "date")) {
		xml_collect(x, &d->lastmod);
	} else if (name_is(name, "link") && (!x->loc_done || x->loc_is_guid)) {
		xml_collect(x, &d->loc);
		x->loc_is_guid = false;
	} else if (name_is(name, "guid") && !x->loc_done &&
		   (!copy_attribute(
			&x->attribute, attributes, n, "isPermaLink") ||
		       strcasecmp(x->attribute.data, "false") != 0)) {
		xml_collect(x, &d->loc);
		x->loc_is_guid = true;
	}
}

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int namespace_n, const xmlChar **namespaces, int n,
    int defaulted, const xmlChar **attributes)
{
	struct sitemap_xml *x = ctx;

	(void)uri, (void)namespace_n, (void)namespaces;
	(void)defaulted;
	x->depth++;
	if (x->depth == 1) {
		take_root(x, name);
	} else if (is_entry(x, name)) {
		/* Inside another one: that lacks its end. */
		if (x->entry != 0)
			end_entry(x);
		begin_entry(x, name, prefix);
	} else if (x->entry != 0 && x->depth == x->entry + 1) {
		begin_field(x, name, prefix, attributes, n);
	}
}

static void
on_end(
    void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct sitemap_xml *x = ctx;

	(void)name, (void)prefix, (void)uri;
	if (x->field_depth == x->depth && x->field != NULL) {
		if (x->field == &x->s->draft.loc)
			x->loc_done = true;
		x->field = NULL;
		x->field_depth = 0;
	}
	if (x->entry == x->depth)
		end_entry(x);
	x->depth--;
}

static void
on_text(void *ctx, const xmlChar *text, int n)
{
	struct sitemap_xml *x = ctx;
	const char *p = (const char *)text;

	if (x->field == NULL)
		return;
	/* Indentation alone must not fill the field. */
	if (x->field->len == 0)
		while (n > 0 && text_is_ascii_space(*p)) {
			p++;
			n--;
		}
	buf_add(x->field, p, (size_t)n);
}

static void
on_doctype(void *ctx, const xmlChar *name, const xmlChar *external,
    const xmlChar *system)
{
	struct sitemap_xml *x = ctx;

	(void)external, (void)system;
	x->s->report.doctype = name == NULL || !name_is(name, "html");
	x->s->report.kind = SITEMAP_NONE;
	xml_stop(x, E_TYPE);
}

#if LIBXML_VERSION >= 21200
#define XML_ERROR const xmlError *
#else
#define XML_ERROR xmlErrorPtr
#endif

/* Namespaces and encodings that are merely odd do not make it malformed. */
static void
on_error(void *ctx, XML_ERROR e)
{
	struct sitemap_xml *x = ctx;

	if (e == NULL || e->level < XML_ERR_ERROR ||
	    e->domain == XML_FROM_NAMESPACE || x->s->stop != OK)
		return;
	if (x->s->report.line == 0)
		x->s->report.line = e->line;
}

/* ---- bytes --------------------------------------------------------------- */

static const xmlSAXHandler handlers = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .characters = on_text,
    .cdataBlock = on_text,
    .ignorableWhitespace = on_text,
    .internalSubset = on_doctype,
    .serror = on_error,
};

struct sitemap_xml *
sitemap_xml_new(struct sitemap *s, const char *first, size_t n)
{
	struct sitemap_xml *x = calloc(1, sizeof(*x));
	xmlSAXHandler sax = handlers;

	if (x == NULL)
		fatal("out of memory");
	x->s = s;
	buf_init(&x->attribute, 100);
	buf_init(&x->href, s->limits.url_bytes);
	buf_init(&x->out, SIZE_MAX / 8);
	/* Four bytes let it tell the encoding. */
	x->parser = xmlCreatePushParserCtxt(&sax, x, first, 4, NULL);
	if (x->parser == NULL)
		fatal("out of memory");
	xmlCtxtUseOptions(x->parser, OPTIONS);
	s->xml = x;
	x->wide = memchr(first, '\0', 4) != NULL || (first[0] & 0x80) != 0;
	sitemap_xml_feed(x, first + 4, n - 4);
	return x;
}

static void
xml_parse(struct sitemap_xml *x, const char *p, size_t n, bool final)
{
	xmlParseChunk(x->parser, p, (int)n, final);
	/* It gave up: too deep, too long a name. */
	if (x->parser->disableSAX == 1 && x->s->stop == OK) {
		x->s->report.malformed = true;
		x->gave_up = true;
		sitemap_stop(x->s, E_LIMIT);
	}
}

static void
feed_piece(struct sitemap_xml *x, const char *p, size_t n, bool final)
{
	if (x->wide) {
		xml_parse(x, p, n, final);
		return;
	}
	buf_clear(&x->out);
	sitemap_repair(&x->repair, &x->out, p, n, final);
	xml_parse(x, x->out.data, x->out.len, final);
}

void
sitemap_xml_feed(struct sitemap_xml *x, const char *p, size_t n)
{
	while (n > 0 && x->s->stop == OK) {
		size_t k = n < PIECE_BYTES ? n : PIECE_BYTES;

		feed_piece(x, p, k, false);
		p += k;
		n -= k;
	}
}

void
sitemap_xml_end(struct sitemap_xml *x)
{
	struct sitemap_report *r = &x->s->report;

	if (x->s->stop == OK)
		feed_piece(x, "", 0, true);
	if (x->s->stop != OK && !x->gave_up)
		return;
	r->truncated |= x->depth > 0;
	r->malformed = !x->parser->wellFormed || x->repair.repaired;
	if (x->repair.repaired && (r->line == 0 || x->repair.line < r->line))
		r->line = x->repair.line;
	/* A location that is complete counts, if its entry is not. */
	if (x->entry != 0 && x->loc_done)
		end_entry(x);
}

void
sitemap_xml_free(struct sitemap_xml *x)
{
	if (x == NULL)
		return;
	xmlFreeParserCtxt(x->parser);
	buf_release(&x->attribute);
	buf_release(&x->href);
	buf_release(&x->out);
	free(x);
}
