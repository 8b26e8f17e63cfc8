/* Which URLs a crawl visits, in which order, and what it says of others. */
#include "core/arena.h"
#include "t/tap.h"
#include "worker/crawl/frontier.h"
#include "worker/crawl/options.h"
#include "worker/crawl/rules/pagination.h"
#include "worker/fetch/robots.h"
#include "worker/crawl/rules/url_trap.h"

#define SITE "https://site.test"

struct bed {
	struct arena a;
	struct crawl_globs include, exclude;
	const char *patterns[2];
	struct frontier *f;
};

static void
make(
    struct bed *b, const char *robots, const char *include, const char *exclude)
{
	struct frontier_config config;

	memset(b, 0, sizeof(*b));
	memset(&config, 0, sizeof(config));
	arena_init(&b->a);
	b->patterns[0] = include;
	b->patterns[1] = exclude;
	b->include = (struct crawl_globs){&b->patterns[0], include != NULL};
	b->exclude = (struct crawl_globs){&b->patterns[1], exclude != NULL};
	if (url_parse(&b->a, SITE "/", &config.home) != OK)
		printf("Bail out! the home page does not parse\n");
	config.robots =
	    robots_parse(&b->a, robots, strlen(robots), "platen", 500 * 1024);
	config.include = &b->include;
	config.exclude = &b->exclude;
	config.url_trap = url_trap_new(&b->a);
	config.max_depth = 10;
	config.max_entries = 1000;
	config.max_bytes = 100000;
	b->f = frontier_new(&b->a, &config);
}

static uint32_t
add(struct bed *b, const char *target, enum frontier_source source)
{
	return frontier_add(
	    b->f, arena_printf(&b->a, SITE "%s", target), source, 1);
}

static const char *
url(struct bed *b, uint32_t i)
{
	return frontier_url(b->f, i, &b->a);
}

static const char *
disposition(struct bed *b, uint32_t i)
{
	return disposition_name(frontier_at(b->f, i)->disposition);
}

/* ledger: "url fate" of every entry, one a line. */
static const char *
ledger(struct bed *b)
{
	const char *out = "";

	for (uint32_t i = 0; i < frontier_count(b->f); i++)
		out = arena_printf(
		    &b->a, "%s%s %s\n", out, url(b, i), disposition(b, i));
	return out;
}

static void
joins_twins(void)
{
	struct bed b;
	uint32_t a;

	make(&b, "", NULL, NULL);
	a = add(&b, "/a", FROM_SITEMAP);
	is_int(add(&b, "/a/", FROM_SITEMAP), a, "a trailing slash");
	is_int(add(&b, "/a/index.html", FROM_SITEMAP), a, "an index.html");
	is_int(add(&b, "/a?utm_source=x", FROM_SITEMAP), a, "a tracker");
	is_int(add(&b, "/a#part", FROM_LINK), a, "a fragment");
	is_int(frontier_add(b.f, "http://www.site.test/a", FROM_SITEMAP, 1), a,
	    "http and www");
	is_int(frontier_queued(b.f), 1, "make one page to visit");
	is(ledger(&b),
	    SITE "/a pending\n" SITE "/a/ twin\n" SITE
		 "/a/index.html twin\n" SITE "/a?utm_source=x twin\n"
		 "http://www.site.test/a twin\n",
	    "each spelling of a sitemap is in the ledger");
	arena_release(&b.a);
}

static void
keeps_to_the_rules(void)
{
	struct bed b;

	make(&b, "User-agent: *\nDisallow: /private/\n", "/docs/**",
	    "/docs/old/**");
	is(disposition(&b, add(&b, "/docs/a", FROM_SITEMAP)), "pending",
	    "included");
	is(disposition(&b, add(&b, "/blog/a", FROM_SITEMAP)), "not_included",
	    "not included");
	is(disposition(&b, add(&b, "/docs/old/a", FROM_SITEMAP)), "excluded",
	    "excluded");
	is(disposition(&b, add(&b, "/docs/a.pdf", FROM_SITEMAP)), "not_page",
	    "a PDF");
	is_int(frontier_add(b.f, "https://other.test/", FROM_SITEMAP, 1),
	    FRONTIER_NONE, "another site");
	is_int(frontier_add(b.f, "mailto:a@site.test", FROM_LINK, 1),
	    FRONTIER_NONE, "no web address");
	is_int(frontier_add(b.f, "https://me@site.test/u", FROM_SITEMAP, 1),
	    FRONTIER_NONE, "an address with a user");
	is_int(frontier_add(b.f, "https://me@site.test/u", FROM_SITEMAP, 1),
	    FRONTIER_NONE, "again");
	is_int(frontier_add(b.f, "https://you@site.test/u", FROM_LINK, 1),
	    FRONTIER_NONE, "or in a link");
	is_int(frontier_queued(b.f), 1, "one of them is visited");
	ok(strstr(ledger(&b), "https://me@site.test/u bad_address\n") != NULL,
	    "the sitemap's is in the ledger");
	is_int(frontier_count(b.f), 6, "once");
	ok(strstr(ledger(&b), "https://other.test/ other_site\n") != NULL,
	    "the other site's is in the ledger");
	arena_release(&b.a);

	make(&b, "User-agent: *\nDisallow: /private/\n", NULL, NULL);
	is(disposition(&b, add(&b, "/private/a", FROM_LINK)), "robots",
	    "robots.txt forbids");
	is(frontier_at(b.f, 0)->detail, "Disallow: /private/",
	    "and its rule is told");
	arena_release(&b.a);
}

static void
bounds_traps(void)
{
	struct bed b;
	unsigned n = 0;

	make(&b, "", NULL, NULL);
	for (unsigned i = 0; i < 200; i++)
		n += strcmp(
			 disposition(&b,
			     add(&b,
				 arena_printf(&b.a,
				     "/shop?color=%u&size=%u&page=%u", i, i, i),
				 FROM_LINK)),
			 "pending") == 0;
	is_int(n, 20, "filters in every combination end");
	n = 0;
	for (unsigned i = 1; i < 200; i++)
		n += strcmp(disposition(
				&b, add(&b,
					arena_printf(&b.a, "/calendar/%u/%u",
					    2000 + i, i % 12),
					FROM_LINK)),
			 "pending") == 0;
	is_int(n, 24, "a calendar ends");
	is(disposition(&b, add(&b, "/a/b/a/b/a/b", FROM_LINK)), "trap",
	    "links that nest for ever end");
	is(disposition(&b, add(&b, "/a/b/a/b/a/b", FROM_SITEMAP)), "pending",
	    "what a sitemap lists is visited all the same");
	is(disposition(&b, frontier_add(b.f, SITE "/deep", FROM_LINK, 11)),
	    "too_deep", "a page too far from home is left out");
	arena_release(&b.a);
}

/* Words of filters, and the pages behind them. */
static const char *const filters[] = {
    "red", "blue", "xl", "new", "wool", "sale", "kids", "slim"};

/* link_filters: what the page of a path with these filters links to. */
static unsigned
link_filters(struct bed *b, const char *path)
{
	unsigned followed = 0;

	for (size_t i = 0; i < 8; i++) {
		if (strstr(path, filters[i]) != NULL)
			continue;
		followed +=
		    strcmp(disposition(b, add(b,
					      arena_printf(&b->a, "%s/%s", path,
						  filters[i]),
					      FROM_LINK)),
			"pending") == 0;
	}
	return followed;
}

static void
bounds_filters_in_paths(void)
{
	unsigned visited = 0;
	struct bed b;

	make(&b, "", NULL, NULL);
	add(&b, "/", FROM_LINK);
	link_filters(&b, "");
	for (size_t n = 1; n < frontier_queued(b.f); n++) {
		uint32_t i = frontier_order(b.f, n);

		if (frontier_recheck(b.f, i, true))
			continue;
		visited++;
		link_filters(&b, frontier_at(b.f, i)->target);
	}
	ok(visited >= 8 && visited < 100,
	    "filters in every order in the path end: %u visited", visited);
	is(disposition(&b, add(&b, "/slim/kids/red/blue", FROM_LINK)), "trap",
	    "another order is a trap");
	is(disposition(&b, add(&b, "/slim/kids/about/us", FROM_LINK)),
	    "pending", "other words are not");
	is(disposition(&b, add(&b, "/kids/wool/xl/blue", FROM_SITEMAP)),
	    "pending", "nor is what a sitemap lists");
	arena_release(&b.a);

	make(&b, "", NULL, NULL);
	visited = 0;
	for (size_t i = 0; i < 64; i++)
		if (i % 8 != i / 8)
			visited +=
			    strcmp(disposition(&b,
				       add(&b,
					   arena_printf(&b.a, "/convert/%s/%s",
					       filters[i % 8], filters[i / 8]),
					   FROM_LINK)),
				"pending") == 0;
	is_int(visited, 56, "two words each way are pages of their own");
	for (unsigned i = 0; i < 300; i++)
		visited +=
		    strcmp(disposition(&b,
			       add(&b,
				   arena_printf(&b.a, "/%u/%02u/%02u/",
				       2000 + i % 12, 1 + i % 12, 1 + i / 12),
				   FROM_LINK)),
			"pending") == 0;
	is_int(visited, 356, "so are dates");
	arena_release(&b.a);
}

static bool
is_further(struct bed *b, const char *target, const char *title)
{
	return is_pagination_page(b->f, add(b, target, FROM_LINK), title);
}

static void
knows_further_pages(void)
{
	struct bed b;

	make(&b, "", NULL, NULL);
	add(&b, "/", FROM_LINK);
	add(&b, "/blog/", FROM_LINK);
	ok(is_further(&b, "/page/2", "Blog"), "a list goes on");
	ok(is_further(&b, "/blog/page/12/", "Blog"), "of a folder, too");
	ok(is_further(&b, "/?paged=3", "Blog"), "by a parameter");
	ok(is_further(&b, "/blog?page=3", "Blog \xe2\x80\x93 Page 3"),
	    "that may be called page");
	ok(!is_further(&b, "/?page=4", "Our harbour"),
	    "which may as well be the name of a page");
	ok(!is_further(&b, "/?page=5", "Page 57"), "another number is none");
	ok(!is_further(&b, "/book/page/2", "Two"),
	    "a page without a first is a page");
	ok(!is_further(&b, "/page/about", "About"), "a name is no number");
	ok(!is_pagination_page(b.f, add(&b, "/page/9", FROM_SITEMAP), "Nine"),
	    "what a sitemap lists is a page");
	arena_release(&b.a);
}

static bool
is_labelled(struct bed *b, const char *target, const char *label)
{
	uint32_t i = add(b, target, FROM_LINK);

	frontier_at(b->f, i)->label = label;
	return is_pagination_page(b->f, i, "Acme");
}

static void
knows_further_pages_by_links(void)
{
	static const char *const posts[][2] = {{"/?p=101", "More"},
	    {"/?p=102", "Next"}, {"/?p=103", "The press"},
	    {"/p/104", "Older posts"}, {"/?p=105", "»"}, {"/?p=106", "6"},
	    {"/shop?c=3&page=17", "More"}};
	struct bed b;
	uint32_t shop;

	make(&b, "", NULL, NULL);
	add(&b, "/", FROM_LINK);
	shop = add(&b, "/shop?c=3", FROM_LINK);
	add(&b, "/news/", FROM_LINK);
	ok(is_labelled(&b, "/shop?c=3&page=2", "2"), "a link says a number");
	ok(is_labelled(&b, "/shop?page=3&c=3", "Next \xe2\x80\xba"),
	    "or that it goes on");
	ok(is_labelled(&b, "/shop?c=3&start=25", "\xc2\xbb"),
	    "entries may be counted");
	ok(is_labelled(&b, "/news/page-2.html", "2"), "in a path, too");
	ok(is_labelled(&b, "/news/p/3/", "3"), "of any form");
	ok(is_labelled(&b, "/news/?p=4", "[ 4 ]"), "by a letter");
	ok(is_labelled(&b, "/news/?p=5", "Go to page 5"), "or in words");
	for (size_t i = 0; i < sizeof(posts) / sizeof(*posts); i++)
		ok(!is_labelled(&b, posts[i][0], posts[i][1]),
		    "a post is a page: %s", posts[i][1]);
	ok(is_labelled(&b, "/shop?c=3&page=4", "Next »"),
	    "an arrow beside a word is no letter");
	ok(is_labelled(&b, "/shop?c=3&page=5", "Следующая →"),
	    "it goes on in Russian");
	ok(is_labelled(&b, "/shop?c=3&page=6", "下一页"), "and in Chinese");
	ok(is_labelled(&b, "/shop?c=3&start=50", "▶️"),
	    "a picture is an arrow");
	ok(!is_labelled(&b, "/?p=12", "О компании"),
	    "a page that has a Russian name is a page");
	ok(!is_labelled(&b, "/?p=13", "会社概要"), "and a Japanese one");
	ok(!is_labelled(&b, "/?p=14", "« Επικοινωνία"), "and a Greek one");
	ok(!is_labelled(&b, "/shop?c=3&page=7", "Our harbour"),
	    "a page that has a name is a page");
	ok(!is_labelled(&b, "/shop?c=4&page=2", "2"),
	    "a page without a first is a page");
	ok(!is_labelled(&b, "/shop?c=3&page=8", NULL),
	    "so is one that nothing is known of");
	frontier_at(b.f, shop)->title_hash = title_hash("Acme");
	ok(is_labelled(&b, "/shop?c=3&page=9", NULL),
	    "the title of the first page says it");
	ok(!is_labelled(&b, "/shop?c=3&p=10", NULL), "but not of a post");
	arena_release(&b.a);
}

static void
leaves_views_out(void)
{
	struct bed b;
	uint32_t i, twin;

	make(&b, "", NULL, NULL);
	add(&b, "/", FROM_LINK);
	i = add(&b, "/shop?c=3&sort=price&dir=asc", FROM_LINK);
	is(disposition(&b, i), "view", "a list in another order is no page");
	is(frontier_at(b.f, i)->detail, "by its parameter sort",
	    "it is told why");
	is(url(&b, frontier_canonical(b.f, i)), SITE "/shop?c=3",
	    "the list itself is one, and found by it");
	is_int(frontier_queued(b.f), 2, "and visited");
	i = add(&b, "/wiki?title=Fox&action=history", FROM_LINK);
	is(disposition(&b, i), "view", "so is a page's history");
	is_int(frontier_canonical(b.f, i), i,
	    "which leads to no page that may not be there");
	add(&b, "/wiki/?title=Fox&action=history", FROM_LINK);
	twin = (uint32_t)frontier_count(b.f) - 1;
	is(disposition(&b, twin), "twin", "another spelling of it is its twin");
	is_int(frontier_canonical(b.f, twin), i,
	    "and leads to it, and no further");
	is(disposition(&b, add(&b, "/post?replytocom=7", FROM_SITEMAP)),
	    "pending", "what a sitemap lists is a page");
	is(disposition(&b, add(&b, "/cart?add=7", FROM_LINK)), "task",
	    "a cart is not for reading");
	is(disposition(&b, add(&b, "/cart", FROM_LINK)), "pending",
	    "but a guide to carts may be");
	ok(frontier_at(b.f, add(&b, "/cart", FROM_LINK))->may_be_task,
	    "so its words are counted");
	add(&b, "/shop?c=3&sort=price&dir=asc", FROM_SITEMAP);
	is(disposition(&b, add(&b, "/shop?dir=asc&c=3&sort=price", FROM_LINK)),
	    "pending", "a sitemap's word is stronger than a link's");
	arena_release(&b.a);
}

static void
learns_of_variations(void)
{
	struct bed b;
	uint32_t i;

	make(&b, "", NULL, NULL);
	add(&b, "/", FROM_LINK);
	i = add(&b, "/a", FROM_LINK);
	frontier_learn_duplicate(b.f, i, false);
	for (unsigned n = 0; n < 20; n++) {
		i = add(&b, arena_printf(&b.a, "/a?visit=%u", n), FROM_LINK);
		is(disposition(&b, i), "pending", "a variation is visited");
		ok(!frontier_recheck(b.f, i, true), "to the end");
		frontier_learn_duplicate(b.f, i, n > 0);
	}
	i = add(&b, "/a?visit=30", FROM_LINK);
	is(disposition(&b, i), "pending", "some say the same, one does not");
	frontier_learn_duplicate(b.f, i, true);
	ok(frontier_recheck(b.f, i, false), "so many are enough");
	is(disposition(&b, i), "trap", "one that waits is a trap");
	is(disposition(&b, add(&b, "/a?visit=31", FROM_LINK)), "trap",
	    "so is a new one");
	is(frontier_at(b.f, i)->detail,
	    "the variations of /a by its parameters say the same",
	    "and it is told why");
	is(disposition(&b, add(&b, "/b?visit=31", FROM_LINK)), "pending",
	    "another path is not");
	is(disposition(&b, add(&b, "/a?visit=32", FROM_SITEMAP)), "pending",
	    "nor is what a sitemap lists");
	arena_release(&b.a);
}

static void
follows_moves(void)
{
	struct bed b;
	uint32_t a, c;

	make(&b, "", NULL, NULL);
	a = add(&b, "/a", FROM_LINK);
	c = add(&b, "/c", FROM_LINK);
	is_int(frontier_move(b.f, a, SITE "/c"), c,
	    "a redirect to a known page leads to it");
	is_int(frontier_move(b.f, a, SITE "/b"), a,
	    "a redirect to a new address moves the page");
	is(url(&b, a), SITE "/b", "which is listed under it");
	is(ledger(&b),
	    SITE "/b pending\n" SITE "/c pending\n" SITE "/a redirect\n",
	    "and the old address is in the ledger");
	is_int(add(&b, "/b", FROM_LINK), a, "a link to the new one finds it");
	is_int(frontier_canonical(b.f, add(&b, "/a", FROM_LINK)), a,
	    "so does one to the old");
	is_int(frontier_move(b.f, c, "https://other.test/"), FRONTIER_NONE,
	    "another site's address is refused");
	arena_release(&b.a);
}

static void
tries_another_spelling(void)
{
	struct bed b;
	uint32_t a;

	make(&b, "", NULL, NULL);
	a = add(&b, "/a/", FROM_LINK);
	frontier_set_disposition(
	    b.f, a, DISPOSITION_HTTP_ERROR, "404 Not Found");
	ok(!frontier_retry_alias(b.f, a),
	    "a page with one spelling stays missing");
	add(&b, "/a/index.html", FROM_LINK);
	is_int(frontier_queued(b.f), 2, "another spelling is tried");
	is_int(frontier_order(b.f, 1), a, "as the same page");
	is(url(&b, a), SITE "/a/index.html", "under its address");
	frontier_set_disposition(
	    b.f, a, DISPOSITION_HTTP_ERROR, "404 Not Found");
	ok(!frontier_retry_alias(b.f, a), "but once only");
	arena_release(&b.a);
}

static void
prefers_the_shallow(void)
{
	struct bed b;

	make(&b, "", NULL, NULL);
	add(&b, "/x/y/z", FROM_SITEMAP);
	add(&b, "/x/y", FROM_SITEMAP);
	add(&b, "/linked/from/home", FROM_SITEMAP);
	add(&b, "/x", FROM_SITEMAP);
	frontier_at(b.f, 2)->nav = 1;
	frontier_sort_by_priority(b.f, 0);
	is_int(frontier_order(b.f, 0), 2, "the home page's links come first");
	is_int(frontier_order(b.f, 1), 3, "then what is near the root");
	is_int(frontier_order(b.f, 3), 0, "and the deep last");
	arena_release(&b.a);
}

static void
stays_bounded(void)
{
	struct bed b;

	make(&b, "", NULL, NULL);
	for (unsigned i = 0; i < 5000; i++)
		add(&b, arena_printf(&b.a, "/p/%u", i), FROM_SITEMAP);
	is_int(frontier_count(b.f), 1000, "no more than the most are kept");
	is_int(frontier_beyond(b.f), 4000, "the rest is counted");
	is_int(add(&b, "/p/7", FROM_LINK), 7,
	    "a page is known however many came after it");
	add(&b, "/p/1500", FROM_LINK);
	add(&b, "/p/1501", FROM_SITEMAP);
	is_int(frontier_beyond(b.f), 4000, "each once");
	arena_release(&b.a);
	make(&b, "", NULL, NULL);
	for (unsigned i = 0; i < 500; i++)
		add(&b, arena_printf(&b.a, "/%01000u", i), FROM_SITEMAP);
	is_int(frontier_count(b.f), 99, "long ones take the room of many");
	is_int(frontier_beyond(b.f), 401, "and the rest is counted");
	arena_release(&b.a);
}

int
main(void)
{
	joins_twins();
	keeps_to_the_rules();
	bounds_traps();
	bounds_filters_in_paths();
	learns_of_variations();
	knows_further_pages();
	knows_further_pages_by_links();
	leaves_views_out();
	follows_moves();
	tries_another_spelling();
	prefers_the_shallow();
	stays_bounded();
	return done();
}
