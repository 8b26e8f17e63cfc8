/* sitemap: every page a sitemap names is found, whatever its make. */
#include "t/cpu.h"
#include "t/tap.h"

#include "core/arena.h"
#include "core/buf.h"
#include "worker/extract/sitemap.h"

#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <zlib.h>

static struct arena a;

/* What a run gave: "loc|lastmod|lang=href;..." a line, "+" for an index. */
struct run {
	struct buf seen;
	struct sitemap_report report;
	char note[500];
};

static void
on_entry(void *ctx, const struct sitemap_entry *e)
{
	struct buf *b = ctx;

	if (e->is_index)
		buf_addc(b, '+');
	buf_adds(b, e->loc);
	if (e->lastmod != NULL)
		buf_printf(b, "|%s", e->lastmod);
	for (size_t i = 0; i < e->alternate_n; i++)
		buf_printf(b, "%c%s=%s", i ? ';' : '|', e->alternates[i].lang,
		    e->alternates[i].href);
	buf_addc(b, '\n');
}

static const struct sitemap_limits limits = {
    .bytes = 50 << 20, .urls = 50000, .url_bytes = 2048, .alternates = 3};

static enum rc
run_with(struct run *r, const struct sitemap_limits *l, const void *p, size_t n,
    size_t piece)
{
	struct sitemap *s;
	enum rc rc = OK;

	buf_init(&r->seen, 100 << 20);
	s = sitemap_new(l, on_entry, &r->seen);
	for (size_t at = 0; at < n && rc == OK; at += piece)
		rc = sitemap_feed(
		    s, (const char *)p + at, n - at < piece ? n - at : piece);
	sitemap_end(s, &r->report);
	snprintf(r->note, sizeof(r->note), "%s",
	    r->report.note ? r->report.note : "");
	sitemap_free(s);
	return rc;
}

/* In one piece and byte by byte, which must be the same. */
static void
run(struct run *r, const char *p, size_t n, const char *what)
{
	struct run bytes;

	run_with(&bytes, &limits, p, n, 1);
	run_with(r, &limits, p, n, n + 1);
	is(bytes.seen.data, r->seen.data, arena_printf(&a, "%s, split", what));
	ok(bytes.report.kind == r->report.kind &&
		bytes.report.bad == r->report.bad &&
		bytes.report.truncated == r->report.truncated &&
		bytes.report.malformed == r->report.malformed,
	    "%s: the same report when split", what);
	buf_release(&bytes.seen);
}

static void
gives_n(const char *p, size_t n, enum sitemap_kind kind, const char *want,
    const char *what)
{
	struct run r;

	run(&r, p, n, what);
	is(r.seen.data, want, what);
	is(sitemap_kind_name(r.report.kind), sitemap_kind_name(kind),
	    "its kind");
	buf_release(&r.seen);
}

static void
gives(const char *text, enum sitemap_kind kind, const char *want,
    const char *what)
{
	gives_n(text, strlen(text), kind, want, what);
}

#define SET(x)                                                         \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"" \
	"http://www.sitemaps.org/schemas/sitemap/0.9\">" x "</urlset>\n"
#define LOC(x) "<url><loc>" x "</loc></url>"

static void
reads_xml(void)
{
	gives(SET(LOC("http://a.b/1") LOC("https://a.b/2")), SITEMAP_URLSET,
	    "http://a.b/1\nhttps://a.b/2\n", "a sitemap");
	gives("<urlset>" LOC("http://a.b/1") "</urlset>", SITEMAP_URLSET,
	    "http://a.b/1\n", "no namespace, no declaration");
	gives("<s:urlset xmlns:s='x:y'><s:url><s:loc>http://a.b/</s:loc>"
	      "</s:url></s:urlset>",
	    SITEMAP_URLSET, "http://a.b/\n", "another namespace");
	gives("<URLSET><URL><LOC>http://a.b/</LOC></URL></URLSET>",
	    SITEMAP_URLSET, "http://a.b/\n", "upper case");
	gives("\xef\xbb\xbf \r\n\t" SET(LOC("http://a.b/")), SITEMAP_URLSET,
	    "http://a.b/\n", "a byte order mark and white space");
	gives(SET("<url>\n<loc>\n  http://a.b/x\n </loc>\n<lastmod> 2024-05-06"
		  " </lastmod><priority>1</priority></url>"),
	    SITEMAP_URLSET, "http://a.b/x|2024-05-06\n",
	    "white space and lastmod");
	gives(SET(LOC("http://a.b/?x=1&amp;y=&#x32;&#50;")), SITEMAP_URLSET,
	    "http://a.b/?x=1&y=22\n", "references");
	gives(SET(LOC("<![CDATA[ http://a.b/?x=1&y=2 ]]>")), SITEMAP_URLSET,
	    "http://a.b/?x=1&y=2\n", "CDATA");
	gives(SET(LOC("<![CDATA[http://a.b/]]]]><![CDATA[>]]>")
		      LOC("http://a.b/2")),
	    SITEMAP_URLSET, "http://a.b/]]>\nhttp://a.b/2\n",
	    "CDATA with brackets");
	gives(SET("<!-- <url><loc>http://a.b/0</loc></url> & -->" LOC(
		  "http://a.b/1<!-- x -->2")),
	    SITEMAP_URLSET, "http://a.b/12\n", "comments");
	gives(
	    "<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><urlset>" LOC(
		"http://a.b/") "</urlset>",
	    SITEMAP_URLSET, "http://a.b/\n", "a stylesheet");
	gives(SET("<url><image:image xmlns:image='i'><image:loc>http://a.b/i"
		  "</image:loc></image:image><loc>http://a.b/1</loc></url>"
		  "<url><loc>http://a.b/2</loc><image:image><image:loc>http://"
		  "a.b/j"
		  "</image:loc></image:image></url>"),
	    SITEMAP_URLSET, "http://a.b/1\nhttp://a.b/2\n",
	    "images are not pages");
	gives(SET("<url><loc>http://a.b/</loc><xhtml:link xmlns:xhtml='h' "
		  "rel='alternate' hreflang='de' href='http://a.b/de?x&amp;y'/>"
		  "<xhtml:link rel='alternate' hreflang='fr' href='/fr'/>"
		  "<xhtml:link rel='alternate' hreflang='x-default' "
		  "href='http://a.b/?q&z'/></url>"),
	    SITEMAP_URLSET,
	    "http://a.b/|de=http://a.b/de?x&y;x-default=http://a.b/?q&z\n",
	    "alternates");
	gives("<sitemapindex><sitemap><loc>http://a.b/1.xml.gz</loc><lastmod>"
	      "2024-01-02T03:04:05Z</lastmod></sitemap></sitemapindex>",
	    SITEMAP_INDEX, "+http://a.b/1.xml.gz|2024-01-02T03:04:05Z\n",
	    "an index");
}

static void
reads_feeds(void)
{
	gives("<rss version='2.0'><channel><title>t</title><link>http://a.b/"
	      "</link><item><title>x</title><link>http://a.b/1</link><pubDate>"
	      "Mon, 06 May 2024 00:00:00 GMT</pubDate></item><item><guid>"
	      "http://a.b/2</guid></item><item><guid isPermaLink='false'>x"
	      "</guid><link>http://a.b/3</link></item><item><guid>http://a.b/g"
	      "</guid><link>http://a.b/4</link></item></channel></rss>",
	    SITEMAP_RSS,
	    "http://a.b/1|Mon, 06 May 2024 00:00:00 GMT\n"
	    "http://a.b/2\nhttp://a.b/3\nhttp://a.b/4\n",
	    "RSS 2.0");
	gives(
	    "<rdf:RDF xmlns:rdf='r' xmlns='s'><channel/><item><link>"
	    "http://a.b/1</link><dc:date>2024-05-06</dc:date></item></rdf:RDF>",
	    SITEMAP_RSS, "http://a.b/1|2024-05-06\n", "RSS 1.0");
	gives("<feed xmlns='http://www.w3.org/2005/Atom'><link rel='self' "
	      "href='http://a.b/f'/><entry><link rel='edit' href='http://a.b/e'"
	      "/><link href='http://a.b/1'/><id>x</id><published>2023-01-01"
	      "</published><updated>2024-05-06</updated></entry><entry><link "
	      "rel='alternate' href='http://a.b/2?x&amp;y'/></entry></feed>",
	    SITEMAP_ATOM, "http://a.b/1|2024-05-06\nhttp://a.b/2?x&y\n",
	    "Atom");
}

static void
reads_text(void)
{
	gives("http://a.b/1\nhttps://a.b/2\r\n\r\n http://a.b/3 \rhttp://a.b/4",
	    SITEMAP_TEXT,
	    "http://a.b/1\nhttps://a.b/2\nhttp://a.b/3\nhttp://a.b/4\n",
	    "plain text");
	gives("\xef\xbb\xbfhttp://a.b/1\n", SITEMAP_TEXT, "http://a.b/1\n",
	    "plain text with a byte order mark");
	gives_n("\xff\xfeh\0t\0t\0p\0:\0/\0/\0a\0/\0\n\0", 22, SITEMAP_TEXT,
	    "http://a/\n", "plain text in UTF-16");
	gives("http://a.b/1\nfoo bar\n/2\nhttp://a.b/3\n", SITEMAP_TEXT,
	    "http://a.b/1\nhttp://a.b/3\n", "junk between");
}

static void
reads_encodings(void)
{
	static const char be[] =
	    "\xfe\xff\0<\0u\0r\0l\0s\0e\0t\0>\0<\0u\0r\0l"
	    "\0>\0<\0l\0o\0c\0>\0h\0t\0t\0p\0:\0/\0/\0a\0/\0\xfc\0<\0/\0l\0o"
	    "\0c\0>\0<\0/\0u\0r\0l\0>\0<\0/\0u\0r\0l\0s\0e\0t\0>";
	char le[sizeof(be)];

	gives("<?xml version='1.0' encoding='ISO-8859-1'?><urlset>" LOC(
		  "http://a.b/\xfc") "</urlset>",
	    SITEMAP_URLSET, "http://a.b/\xc3\xbc\n", "ISO-8859-1");
	gives_n(be, sizeof(be) - 1, SITEMAP_URLSET, "http://a/\xc3\xbc\n",
	    "UTF-16, big end first");
	for (size_t i = 0; i + 1 < sizeof(be); i += 2) {
		le[i] = be[i + 1];
		le[i + 1] = be[i];
	}
	gives_n(le, sizeof(be) - 1, SITEMAP_URLSET, "http://a/\xc3\xbc\n",
	    "UTF-16, little end first");
	gives_n(le + 2, sizeof(be) - 3, SITEMAP_URLSET, "http://a/\xc3\xbc\n",
	    "UTF-16 without a mark");
}

static void
counts_bad_locations(void)
{
	struct run r;
	static const char text[] = SET(
	    LOC("/rel") LOC("x.html") LOC("") LOC("//a.b/") LOC("www.a.b/") LOC(
		"ftp://a.b/") LOC("http://") LOC("http:///?x") LOC("mailto:a@b")
		LOC("http://a.b/x y") "<url><lastmod>2024</lastmod></url>" LOC(
		    "HTTP://A.b/ok"));

	run(&r, text, strlen(text), "bad locations");
	is(r.seen.data, "HTTP://A.b/ok\n", "only the good one is given");
	is_int((long long)r.report.relative, 4, "relative ones are counted");
	is_int((long long)r.report.bad, 5, "and bad ones");
	is_int((long long)r.report.missing, 2, "and entries without one");
	ok(!r.report.malformed, "it is well-formed");
	is(r.note,
	    "2 entries have no location (<loc>) and were skipped. 5 locations "
	    "are not web addresses and were skipped. 4 locations are not "
	    "complete web addresses (https://...) and were skipped.",
	    "each is told once, as what it is");
	buf_release(&r.seen);
}

/* said: the note about one entry, and its line. */
static void
said(const char *text, const char *want, const char *what)
{
	struct run r;

	run(&r, text, strlen(text), what);
	is(r.note, want, what);
	buf_release(&r.seen);
}

static void
takes_sloppy_locations(void)
{
	gives(SET("<url><loc>http://a.b/1</loc><loc>http://a.b/2</loc>"
		  "<lastmod>2024</lastmod></url>"),
	    SITEMAP_URLSET, "http://a.b/1\nhttp://a.b/2|2024\n",
	    "a second location in one entry");
	gives("<sitemapindex><sitemap><loc>http://a.b/1</loc><LOC>http://a.b/2"
	      "</LOC><loc></loc></sitemap></sitemapindex>",
	    SITEMAP_INDEX, "+http://a.b/1\n+http://a.b/2\n",
	    "and in one of an index");
	gives(SET("<url><loc>http://a.b/1</loc><image:loc>http://a.b/i.png"
		  "</image:loc><image:image><image:loc>http://a.b/j.png"
		  "</image:loc></image:image><video:lastmod>x</video:lastmod>"
		  "</url>"),
	    SITEMAP_URLSET, "http://a.b/1\n", "a picture's location is none");
	gives(SET(LOC("\xc2\xa0http://a.b/1\xc2\xa0\n")
		      LOC("\xe3\x80\x80\xef\xbb\xbfhttp://a.b/2\xe2\x80\x8b "
			  "\xe2\x80\xaf") LOC("&#160;http://a.b/3&nbsp;")
			  LOC("&amp;nbsp;http://a.b/4")),
	    SITEMAP_URLSET,
	    "http://a.b/1\nhttp://a.b/2\nhttp://a.b/3\nhttp://a.b/4\n",
	    "any white space of Unicode around a location");
	gives("\xc2\xa0http://a.b/1\xc2\xa0\r\nhttp://a.b/\xc3\xa0\n",
	    SITEMAP_TEXT, "http://a.b/1\nhttp://a.b/\xc3\xa0\n",
	    "in a list of plain text, too");
	gives(SET(LOC("http://a.b/caf&eacute;") LOC("http://a.b/?a=1&amp;amp;b")
		      LOC("http://a.b/?a=1&copy=2&lang=3")
			  LOC("<![CDATA[http://a.b/?c=1&amp;d=2]]>")
			      LOC("http://a.b/&NotEqualTilde;")),
	    SITEMAP_URLSET,
	    "http://a.b/caf\xc3\xa9\nhttp://a.b/?a=1&b\n"
	    "http://a.b/?a=1&copy=2&lang=3\nhttp://a.b/?c=1&d=2\n"
	    "http://a.b/\xe2\x89\x82\xcc\xb8\n",
	    "names of HTML, and what was escaped twice");
	gives("<?xml version='1.0' encoding='iso-8859-1'?><urlset>" LOC(
		  "http://a.b/&euro;\xe9") "</urlset>",
	    SITEMAP_URLSET, "http://a.b/\xe2\x82\xac\xc3\xa9\n",
	    "in another encoding");
	gives(SET(LOC("http://a.b/<!-- x -->1") LOC("https:/a.b/2")
		      LOC("http:a.b/3")),
	    SITEMAP_URLSET, "http://a.b/1\nhttps:/a.b/2\nhttp:a.b/3\n",
	    "a comment, and slashes that are missing");
	said("<urlset>\n" LOC("http://a.b/?a&b") "</urlset>",
	    "The file is not well-formed XML (line 2); what could be read was "
	    "used.",
	    "the line of a bare & is told");
	said("<urlset><url><lastmod>2024</lastmod></url></urlset>",
	    "One entry has no location (<loc>) and was skipped.",
	    "a missing location is told as missing");
	said("<urlset>" LOC("/a") "</urlset>",
	    "One location is not a complete web address (https://...) and was "
	    "skipped.",
	    "a relative one as that");
}

static void
keeps_what_parsed(void)
{
	struct run r;
	const char *cut = "<urlset>" LOC(
	    "http://a.b/1") "<url><loc>http://a.b/2</loc><lastmod>20";

	run(&r, cut, strlen(cut), "truncated");
	is(r.seen.data, "http://a.b/1\nhttp://a.b/2|20\n", "what was complete");
	ok(r.report.truncated, "and it is said: %s", r.note);
	buf_release(&r.seen);
	cut = "<urlset>" LOC("http://a.b/1") "<url><loc>http://a.b/2";
	run(&r, cut, strlen(cut), "cut in a location");
	is(r.seen.data, "http://a.b/1\n", "half a location is not a page");
	buf_release(&r.seen);
	cut = "<urlset>" LOC("http://a.b/1") "<url></urlset>";
	run(&r, cut, strlen(cut), "a missing end");
	is(r.seen.data, "http://a.b/1\n", "what was complete");
	ok(r.report.malformed, "and it is said: %s", r.note);
	buf_release(&r.seen);
}

static void
mends_xml(void)
{
	struct run r;
	const char *t = "<urlset>" LOC("http://a.b/?x=1&y=2&copy=3&&#xZ;&;")
	    LOC("http://a.b/&eacute;") LOC("http://a.b/2") "</urlset>";

	run(&r, t, strlen(t), "bare ampersands");
	is(r.seen.data,
	    "http://a.b/?x=1&y=2&copy=3&&#xZ;&;\n"
	    "http://a.b/\xc3\xa9\nhttp://a.b/2\n",
	    "are part of the URL");
	ok(r.report.malformed, "it is said to be malformed");
	buf_release(&r.seen);
	t = "<urlset><i foo=bar>" LOC("http://a.b/?x=1&amp;y=2&z") "</urlset>";
	run(&r, t, strlen(t), "a fault before a reference");
	is(r.seen.data, "http://a.b/?x=1&y=2&z\n", "alters no URL");
	buf_release(&r.seen);
	t = "<urlset>" LOC("http://a.b/1") "<x>a < b</x>" LOC(
	    "http://a.b/2") "</urlset>";
	run(&r, t, strlen(t), "a bare \"<\"");
	is(r.seen.data, "http://a.b/1\n", "keeps what stood before it");
	buf_release(&r.seen);
	t = "<urlset><url><loc>http://a.b/1</loc><url><loc>http://a.b/2</loc>"
	    "</url></urlset>";
	run(&r, t, strlen(t), "a missing </url>");
	is(r.seen.data, "http://a.b/1\nhttp://a.b/2\n", "loses no page");
	buf_release(&r.seen);
	t = "<urlset>" LOC("http://a.b/1") "</urlset>\n<!-- x -->\njunk";
	run(&r, t, strlen(t), "junk at the end");
	is(r.seen.data, "http://a.b/1\n", "does not matter");
	buf_release(&r.seen);
}

static void
refused(const char *text, const char *part, const char *what)
{
	struct run r;

	run(&r, text, strlen(text), what);
	is(r.seen.data, "", what);
	ok(r.report.kind == SITEMAP_NONE && strstr(r.note, part) != NULL,
	    "and why: %s", r.note);
	buf_release(&r.seen);
}

static void
refuses(void)
{
	refused("<!DOCTYPE html>\n<html><body><a href='http://a.b/'>x</a>",
	    "not a sitemap", "an HTML page");
	refused("<html><head><loc>http://a.b/</loc>", "not a sitemap",
	    "HTML without a DOCTYPE");
	refused("<!-- x --><div>", "not a sitemap", "a piece of HTML");
	refused("", "empty", "nothing");
	refused(" \n\t ", "not a sitemap", "white space");
	refused("x", "not a sitemap", "a letter");
	refused("Not found\n", "not a sitemap", "an error in plain text");
	refused("{\"error\":404}", "not a sitemap", "JSON");
	refused("%PDF-1.4\n%\xe2\xe3\n", "not a sitemap", "a PDF");
	refused("<?xml version='1.0'?><!DOCTYPE urlset [<!ENTITY x "
		"SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>http://a.b/&x;"
		"</loc></url></urlset>",
	    "DOCTYPE", "a DOCTYPE");
	refused("<opml><body/></opml>", "not a sitemap", "other XML");
}

static struct buf
zipped(const char *p, size_t n)
{
	struct buf b;
	z_stream z = {0};

	buf_init(&b, 1 << 30);
	deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	z.next_in = (Bytef *)p;
	z.avail_in = (uInt)n;
	z.avail_out = (uInt)deflateBound(&z, n) + 100;
	z.next_out = (Bytef *)buf_reserve(&b, z.avail_out);
	deflate(&z, Z_FINISH);
	buf_commit(&b, z.total_out);
	deflateEnd(&z);
	return b;
}

static void
reads_gzip(void)
{
	static const char text[] = SET(LOC("http://a.b/1") LOC("http://a.b/2"));
	struct buf z = zipped(text, strlen(text)), two = zipped(text, 130);
	struct buf rest = zipped(text + 130, strlen(text) - 130);
	struct run r;

	gives_n(z.data, z.len, SITEMAP_URLSET, "http://a.b/1\nhttp://a.b/2\n",
	    "gzip");
	buf_add(&two, rest.data, rest.len);
	gives_n(two.data, two.len, SITEMAP_URLSET,
	    "http://a.b/1\nhttp://a.b/2\n", "gzip in two members");
	run(&r, z.data, z.len - 12, "gzip, truncated");
	ok(r.report.truncated && r.report.gzip, "truncated gzip is flagged");
	buf_release(&r.seen);
	memset(z.data + 30, 0xff, 20);
	run(&r, z.data, z.len, "gzip, broken");
	ok(r.report.truncated, "broken gzip is flagged: %s", r.note);
	buf_release(&r.seen);
	buf_release(&z);
	buf_release(&two);
	buf_release(&rest);
}

static void
obeys_limits(void)
{
	struct sitemap_limits l = limits;
	const char *t =
	    SET(LOC("http://a.b/1") LOC("http://a.b/2") LOC("http://a.b/3"));
	struct run r;

	l.urls = 2;
	is_int(run_with(&r, &l, t, strlen(t), 7), E_LIMIT, "URLs over limit");
	is(r.seen.data, "http://a.b/1\nhttp://a.b/2\n", "the first count");
	ok(r.report.over_urls && !r.report.truncated, "flagged: %s", r.note);
	buf_release(&r.seen);
	l.urls = 3;
	is_int(run_with(&r, &l, t, strlen(t), 7), OK, "URLs at the limit");
	ok(!r.report.over_urls, "are not over it");
	buf_release(&r.seen);
	l.bytes = 160;
	is_int(run_with(&r, &l, t, strlen(t), 7), E_LIMIT, "bytes over limit");
	is(r.seen.data, "http://a.b/1\n", "what came before counts");
	ok(r.report.over_bytes && r.report.bytes == 160, "flagged: %s", r.note);
	buf_release(&r.seen);
	l = limits;
	l.url_bytes = 12;
	run_with(&r, &l, SET(LOC("http://a.b/1") LOC("http://a.b/12")),
	    strlen(SET(LOC("http://a.b/1") LOC("http://a.b/12"))), 99);
	is(r.seen.data, "http://a.b/1\n", "a location over its limit is bad");
	is_int((long long)r.report.bad, 1, "and counted");
	buf_release(&r.seen);
}

/* A gzip bomb ends at the limit, and quickly. */
static void
survives_bombs(void)
{
	size_t n = 200 << 20;
	char *zeros = calloc(1, n);
	struct buf z, deep;
	struct run r;

	memset(zeros, ' ', n);
	memcpy(zeros, "<urlset>", 8);
	z = zipped(zeros, n);
	is_int(run_with(&r, &limits, z.data, z.len, 65536), E_LIMIT,
	    "200 MB of white space in gzip");
	ok(r.report.over_bytes, "stop at the limit: %s", r.note);
	buf_release(&r.seen);
	buf_release(&z);
	free(zeros);
	buf_init(&deep, 100 << 20);
	buf_adds(&deep, "<urlset>" LOC("http://a.b/1"));
	for (int i = 0; i < 100000; i++)
		buf_adds(&deep, "<a>");
	run_with(&r, &limits, deep.data, deep.len, 65536);
	is(r.seen.data, "http://a.b/1\n", "100,000 nested elements");
	ok(r.report.malformed, "are flagged: %s", r.note);
	buf_release(&r.seen);
	buf_release(&deep);
}

static void
count(void *ctx, const struct sitemap_entry *e)
{
	(void)e;
	++*(size_t *)ctx;
}

static void
is_quick(void)
{
	size_t n = 0;
	struct sitemap *s = sitemap_new(&limits, count, &n);
	struct sitemap_report report;
	struct rusage before, after;
	double t0 = cpu();
	char line[300];
	enum rc rc;

	getrusage(RUSAGE_SELF, &before);
	rc = sitemap_feed(s, "<urlset>", 8);
	for (int i = 0; i < 50000 && rc == OK; i++) {
		snprintf(line, sizeof(line),
		    "<url>\n  <loc>http://example.org/"
		    "some/folder/page-%d.html?a=1&amp;b=2</loc>\n  <lastmod>"
		    "2024-05-06T07:08:09+00:00</lastmod>\n  <changefreq>weekly"
		    "</changefreq>\n  <priority>0.5</priority>\n</url>\n",
		    i);
		rc = sitemap_feed(s, line, strlen(line));
	}
	sitemap_end(s, &report);
	sitemap_free(s);
	getrusage(RUSAGE_SELF, &after);
	is_int((long long)n, 50000, "50,000 URLs");
	ok(cpu() - t0 < 1, "in %.3f s of CPU", cpu() - t0);
	ok(after.ru_maxrss - before.ru_maxrss < 4096,
	    "memory does not grow with the file: %ld kB",
	    after.ru_maxrss - before.ru_maxrss);
}

int
main(void)
{
	is_quick();
	reads_xml();
	reads_feeds();
	reads_text();
	reads_encodings();
	counts_bad_locations();
	takes_sloppy_locations();
	keeps_what_parsed();
	mends_xml();
	refuses();
	reads_gzip();
	obeys_limits();
	survives_bombs();
	arena_release(&a);
	return done();
}
