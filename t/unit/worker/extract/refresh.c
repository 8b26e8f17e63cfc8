/* refresh: how a page sends its readers on is read as browsers read it. */
#include "core/buf.h"
#include "t/cpu.h"
#include "t/tap.h"
#include "worker/extract/refresh.h"

static struct arena a;

/* refresh: "5 /new", or "" where browsers see none. */
static const char *
refresh(const char *content)
{
	struct slice url;
	int seconds;

	if (!refresh_read(
		(struct slice){content, strlen(content)}, &seconds, &url))
		return "";
	return arena_printf(&a, "%d %.*s", seconds, (int)url.len, url.s);
}

static void
reads_metas(void)
{
	static const struct {
		const char *in, *want;
	} t[] = {{"0;url=/new", "0 /new"}, {"0; URL='/new'", "0 /new"},
	    {"0,url=/new", "0 /new"}, {"0 url=/new", "0 /new"},
	    {"0;/new", "0 /new"}, {"0; \"/new\"", "0 /new"},
	    {" \n5 ;\turl \n=\t /new ", "5 /new "}, {"5", "5 "}, {"5;", "5 "},
	    {"5; url=", "5 "}, {"1.5; url=/new", "1 /new"},
	    {".5;/new", "0 /new"}, {"0.;/new", "0 /new"},
	    {"0;url='/new'/x", "0 /new"}, {"0;url='/new", "0 /new"},
	    {"0;url=/it's", "0 /it's"}, {"0;url=\"/a'b\"c", "0 /a'b"},
	    {"0;url /new", "0 url /new"}, {"0;urls=/new", "0 urls=/new"},
	    {"0;;url=/new", "0 ;url=/new"},
	    {"0;URL=http://b.test/?a=1;b=2", "0 http://b.test/?a=1;b=2"},
	    {"99999999999;/x", "999999 /x"}, {"", ""}, {";url=/new", ""},
	    {"url=/new", ""}, {"/new", ""}, {"-1;url=/new", ""},
	    {"5x;url=/new", ""}, {"5/new", ""}, {"0:url=/new", ""}};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		is(refresh(t[i].in), t[i].want, t[i].in);
}

static const char *
script(const char *s)
{
	return refresh_script(&a, (struct slice){s, strlen(s)});
}

static void
reads_scripts(void)
{
	static const struct {
		const char *in, *want;
	} t[] = {{"location.href = '/new';", "/new"},
	    {"location='/new'", "/new"}, {"window.location=\"/new\"", "/new"},
	    {"window.location.href=`/new`", "/new"},
	    {"document.location = '/new';", "/new"},
	    {"top.location.replace( '/new' )", "/new"},
	    {"self.location.assign('/new');", "/new"},
	    {"location.replace('http:\\/\\/b.test\\/')", "http://b.test/"},
	    {"setTimeout(\"location.href='/new'\", 0)", "/new"},
	    {"setTimeout('location.href=\\'/new\\'', 0)", "/new"},
	    {"setTimeout(function(){location.href='/new'}, 10)", "/new"},
	    {"if (x) { location = '/m' } else { location = '/new' }", "/new"},
	    {"/* go */ location\n.href\n=\n'/new'\n", "/new"},
	    {"<!--\nlocation='/new'\n//-->", "/new"},
	    {"var u='http://b.test'; location.replace('/new')", "/new"},
	    {"// location = '/old'\nlocation = '/new'", "/new"},
	    {"// location = '/old'", ""}, {"/* location = '/old' */", ""},
	    {"/* location = '/old'", ""}, {"location == '/new'", ""},
	    {"if (location.href == '/new') x()", ""},
	    {"location = '/a' + b", ""}, {"location = b + '/a'", ""},
	    {"location = `/${a}`", ""}, {"mylocation = '/new'", ""},
	    {"location.hash = '#a'", ""}, {"location.reload()", ""},
	    {"locations = '/new'", ""}, {"location = ''", ""},
	    {"location = '/new", ""}, {"location = '/n\new'", ""},
	    {"location", ""}, {"location =", ""}, {"", ""},
	    {"location.href", ""}, {"x = location.pathname", ""}, {"\\", ""},
	    {"'\\", ""}};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		is(script(t[i].in), t[i].want, t[i].in);
}

static const char *
doc(const char *html)
{
	struct page_reader_input in = {.url = "https://a.test/x",
	    .content_type = "text/html; charset=utf-8",
	    .bytes = html,
	    .len = strlen(html)};
	struct page_reader_limits l;
	struct html_page d;

	page_reader_limits_default(&l);
	page_reader_read(&a, &in, &l, &d);
	if (d.flags & HTML_PAGE_SHELL)
		return "shell";
	return d.refresh_after < 0
		   ? "page"
		   : arena_printf(&a, "%d %s", d.refresh_after, d.refresh);
}

static void
tells_pages_from_shells(void)
{
	static const char text[] =
	    "<p>The kiln is fired in the morning and opened in the evening, "
	    "and all that stands in it has cooled down by the next day.</p>";
	static const struct {
		const char *html, *want, *what;
	} t[] = {
	    {"<div id=root></div><script src=a.js></script>", "shell",
		"an empty place"},
	    {"<app-root></app-root><script type=module src=a.js></script>",
		"shell", "an element of its own"},
	    {"<body><script src=a.js></script>", "shell", "a script alone"},
	    {"<div id=app>Loading...</div><div id=x></div>"
	     "<script>start()</script>",
		"shell", "a word of waiting"},
	    {"<noscript>Bitte JavaScript einschalten.</noscript>"
	     "<div class=x></div><script src=a.js></script>",
		"shell", "a request in another language"},
	    {"<p>This site needs JavaScript.", "shell", "a request alone"},
	    {"<div id=root><h1>Kilns</h1></div><div id=x></div>"
	     "<script src=a.js></script>",
		"page", "a heading"},
	    {"<img src=a.png alt=Kiln><script src=a.js></script>", "page",
		"a picture"},
	    {"<div id=x></div><a href=a>A</a><a href=b>B</a><a href=c>C</a>"
	     "<script src=a.js></script>",
		"page", "links"},
	    {"", "page", "nothing at all"},
	    {"<script type='application/ld+json'>{}</script>", "page",
		"data is no script"},
	    {"<script>location='/new'</script>", "0 https://a.test/new",
		"a script that leads on"},
	    {"<p>Redirecting...<script>location='/new'</script>",
		"0 https://a.test/new", "with a word"},
	    {"<div id=root></div><script>if (!window.Map) "
	     "location='/old'</script>",
		"shell", "an application with a line for old browsers"},
	    {"<script>location='mailto:a@b.test'</script>", "shell",
		"no web address"},
	    {"<meta name=refresh content='0;url=/new'><p>Text", "page",
		"a meta that only says it is one"},
	    {"<meta http-equiv=refresh content='0'><p>Text", "page",
		"a page that reloads itself"},
	    {"<meta http-equiv=refresh content=x>"
	     "<meta http-equiv='REFRESH' content='3;/b'>",
		"3 https://a.test/b", "the first that is one"},
	    {"<noscript><meta http-equiv=refresh content='0;/b'></noscript>",
		"0 https://a.test/b", "one for readers without scripts"},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		is(doc(t[i].html), t[i].want, t[i].what);
	is(doc(arena_printf(&a, "<script>x=location='/new'</script>%s", text)),
	    "page", "a script in a page with text");
	is(doc(arena_printf(&a,
	       "<noscript><meta http-equiv=refresh content='0;/b'></noscript>"
	       "%s%s%s%s%s",
	       text, text, text, text, text)),
	    "page", "one for readers without scripts, in a page with text");
}

/* repeated: s again and again, about n bytes. */
static struct slice
repeated(const char *s, size_t n)
{
	struct buf b;
	struct slice v;

	buf_init(&b, 2 * n);
	while (b.len < n)
		buf_adds(&b, s);
	v = (struct slice){arena_strndup(&a, b.data, b.len), b.len};
	buf_release(&b);
	return v;
}

static void
is_quick(void)
{
	static const char *const t[] = {"location='", "location=\"a", "/*",
	    "location ", "//", "\\", "location.replace(`$"};
	double t0 = cpu();

	/* Longer scripts are not looked at (doc.c). */
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		(void)refresh_script(&a, repeated(t[i], 5000));
	ok(cpu() - t0 < 0.5, "hostile scripts take no time: %.4f s",
	    cpu() - t0);
}

int
main(void)
{
	reads_metas();
	reads_scripts();
	tells_pages_from_shells();
	is_quick();
	arena_release(&a);
	return done();
}
