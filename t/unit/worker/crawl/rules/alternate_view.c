/* Which addresses are pages, and which show one another way or do something. */
#include "core/arena.h"
#include "core/buf.h"
#include "core/url.h"
#include "t/tap.h"
#include "worker/crawl/rules/alternate_view.h"

/* judged: "view /page", "task", or "pending". */
static const char *
judged(const char *target)
{
	static char out[256];
	struct arena a;
	struct alternate_view v;
	struct url u;

	arena_init(&a);
	if (url_parse(
		&a, arena_printf(&a, "https://site.test%s", target), &u) != OK)
		return "no address";
	alternate_view_judge(&a, &u, &v);
	snprintf(out, sizeof(out), "%s%s%s", disposition_name(v.disposition),
	    v.page == NULL ? "" : " ", v.page == NULL ? "" : v.page);
	arena_release(&a);
	return out;
}

static void
knows_views(void)
{
	static const char *const shown[][2] = {
	    {"/shop?sort=price", "view /shop"},
	    {"/shop?c=3&orderby=date&order=desc", "view /shop?c=3"},
	    {"/shop?order=price_asc&c=3", "view /shop?c=3"},
	    {"/shop?order=-born", "view /shop"},
	    {"/shop?order=Date.desc&c=", "view /shop?c="},
	    {"/shop?order=newest", "view /shop"},
	    {"/shop?view=grid", "view /shop"},
	    {"/shop?currency=EUR", "view /shop"},
	    {"/files/?C=N;O=D", "view /files/"},
	    {"/post/?replytocom=12", "view /post/"},
	    {"/post/?share=twitter&nb=1", "view /post/?nb=1"},
	    {"/post/?amp", "view /post/"},
	    {"/post?print=1", "view /post"},
	    {"/login?next=/account", "view /login"},
	    {"/page?next=%2Faccount", "view /page"},
	    {"/forum.php?f=2&sk=t&sd=a", "view /forum.php?f=2"},
	    {"/w/index.php?title=Fox&action=edit", "view"},
	    {"/w/index.php?title=Fox&oldid=17", "view"},
	    {"/w/index.php?title=Fox&diff=prev&oldid=17", "view"},
	    {"/doku.php?id=fox&do=export_pdf", "view"},
	    {"/index.php?topic=5&view=unread", "view"},
	    {"/index.php?id=3&view=list", "view /index.php?id=3"},
	    {"/?HomePage&action=edit", "view"},
	    {"/fox?action=history", "view"},
	    {"/?format=feed", "view /"},
	    {"/index.php?option=com_shop&view=table&tmpl=component",
		"view /index.php?option=com_shop&view=table"},
	};

	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++)
		ok(strcmp(judged(shown[i][0]), shown[i][1]) == 0,
		    "another view: %s", shown[i][0]);
}

static void
knows_tasks(void)
{
	static const char *const done[] = {"/wp-login.php", "/wp-admin/x",
	    "/wp-admin", "/cart/add/17", "/checkout/cart/add/product/3/",
	    "/shop?add-to-cart=17", "/search?q=fox", "/?s=fox",
	    "/w/index.php?search=fox", "/wiki/Special:RecentChanges",
	    "/wiki/Special:WhatLinksHere/Fox",
	    "/w/index.php?title=Special:UserLogin&returnto=Fox",
	    "/posting.php?mode=reply&f=2", "/ucp.php?mode=register",
	    "/forum/mcp.php", "/index.php?action=register&lang=de",
	    "/docs/search.html?q=fox", "/search.php?keywords=fox",
	    "/search?lang=en&term=fox", "/cart?add=17", "/wp-login.php?x=1"};

	for (size_t i = 0; i < sizeof(done) / sizeof(*done); i++)
		ok(strcmp(judged(done[i]), "task") == 0, "nothing to read: %s",
		    done[i]);
}

static void
leaves_pages_alone(void)
{
	static const char *const pages[] = {"/", "/sort", "/shop?c=3",
	    "/shop?order=1717", "/species?order=carnivora",
	    "/species?order=desc-tortoises", "/docs/mcp", "/help/posting/",
	    "/docs/mcp.html", "/wp-admin-guide/", "/files?dir=/src/lib",
	    "/docs/search", "/login", "/index.php?title=Fox",
	    "/viewtopic.php?t=7", "/?p=12", "/?page_id=2",
	    "/wiki/Special:AllPages", "/wiki/Special_relativity",
	    "/article?view=17", "/map?mode=walking", "/docs/cart/intro",
	    "/app?next=3", "/guitar/amp/", "/item?format=paperback",
	    "/shop?print=poster", "/shop?mobile=iphone", "/docs/checkout?v=2",
	    "/checkout?step=1", "/search?v=2", "/index.php?view=gallery",
	    "/?view=table", "/?mode=search", "/index.php?action=history",
	    "/index.php?action=about", "/index.php?action=info&lang=en",
	    "/?do=register", "/index.php?option=com_shop&view=table"};

	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++)
		ok(strcmp(judged(pages[i]), "pending") == 0, "a page: %s",
		    pages[i]);
}

static bool
may_be_task(const char *target)
{
	struct arena a;
	struct url u;
	bool may;

	arena_init(&a);
	may = url_parse(&a, arena_printf(&a, "https://site.test%s", target),
		  &u) == OK &&
	      may_be_task_address(&u);
	arena_release(&a);
	return may;
}

static void
doubts_names(void)
{
	static const char *const forms[] = {"/login", "/en/login/",
	    "/checkout?step=1", "/index.php?action=register", "/?do=register",
	    "/?mode=search"};
	static const char *const pages[] = {"/docs/cli/login",
	    "/docs/cli/search", "/cli/logout", "/docs/git/checkout",
	    "/api/register", "/docs/api/basket", "/docs/checkout?v=2",
	    "/en/reference/v2/login.html", "/index.php?view=gallery",
	    "/index.php?action=history"};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		ok(may_be_task(forms[i]), "may be a form: %s", forms[i]);
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++)
		ok(!may_be_task(pages[i]), "no form: %s", pages[i]);
}

static void
counts_words(void)
{
	struct arena a;
	struct url u;

	arena_init(&a);
	ok(url_parse(&a, "https://site.test/en/Sign-In.html", &u) == OK &&
		may_be_task_address(&u),
	    "a page called so may be a form");
	ok(is_task_page(40, false), "if it has few words");
	ok(!is_task_page(200, false), "a guide has many");
	ok(!is_task_page(40, true), "or shows a command");
	ok(url_parse(&a, "https://site.test/a/b/amp/", &u) == OK &&
		strcmp(amp_page_target(&a, &u), "/a/b/") == 0,
	    "the page of an AMP page");
	ok(url_parse(&a, "https://site.test/camp", &u) == OK &&
		amp_page_target(&a, &u) == NULL,
	    "which a camp has not");
	arena_release(&a);
}

/* A page may have thousands of links with hundreds of parameters each. */
static void
stays_cheap(void)
{
	struct arena a;
	struct buf b;
	struct alternate_view v;
	struct url u;
	size_t before;

	arena_init(&a);
	buf_init(&b, 4000);
	buf_adds(&b, "https://site.test/shop?sort=price");
	for (int i = 0; i < 400; i++)
		buf_printf(&b, "&a%d=1", i);
	ok(url_parse(&a, b.data, &u) == OK, "an address of 400 parameters");
	before = a.used;
	alternate_view_judge(&a, &u, &v);
	ok(v.page != NULL && strstr(v.page, "/shop?a0=1&a1=1&") == v.page &&
		strstr(v.page, "&a399=1") != NULL,
	    "is a view of that of the others");
	ok(a.used - before < 4 * b.len, "which costs little");
	buf_release(&b);
	arena_release(&a);
}

int
main(void)
{
	knows_views();
	knows_tasks();
	leaves_pages_alone();
	doubts_names();
	counts_words();
	stays_cheap();
	return done();
}
