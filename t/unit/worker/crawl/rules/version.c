/* Which version of documentation is kept, and when a path is no version. */
#include "core/arena.h"
#include "t/tap.h"
#include "worker/crawl/options.h"
#include "worker/crawl/rules/version.h"

#include <string.h>
#include <time.h>

static struct arena arena;

/* note: each of the pages, divided by spaces, under each of the roots. */
static void
note(struct versions *v, const char *root, const char *pages)
{
	while (*pages != '\0') {
		size_t n = strcspn(pages, " ");

		versions_note_address(
		    v, arena_printf(&arena, "%s%.*s", root, (int)n,
			   *pages == '-' ? "" : pages));
		pages += n + (pages[n] != '\0');
	}
}

static struct versions *
site(const char *const *roots, const char *pages)
{
	struct versions *v = versions_new(&arena, NULL);

	for (; *roots != NULL; roots++)
		note(v, *roots, pages);
	return v;
}

#define ROOTS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* kept: of the roots, only the first one is kept whole. */
static void
kept(const char *const *roots, const char *pages, const char *what)
{
	struct versions *v = site(roots, pages);
	bool fine = versions_decide(v);
	struct versions_cursor at = {0};
	size_t n = 0;

	fine &= versions_excluded(
		    v, arena_printf(&arena, "%s%s", roots[0], "intro")) == NULL;
	for (size_t i = 1; roots[i] != NULL; i++) {
		fine &= versions_excluded(v,
			    arena_printf(&arena, "%sintro", roots[i])) != NULL;
		fine &= versions_excluded(v, roots[i]) == NULL;
		fine &= versions_is_stub(v, roots[i]);
	}
	while (versions_next_stub(v, &at) != NULL)
		n++;
	for (size_t i = 1; roots[i] != NULL; i++)
		n--;
	ok(fine && n == 0, "%s", what);
}

static void
none(const char *const *roots, const char *pages, const char *what)
{
	struct versions *v = site(roots, pages);

	struct versions_cursor at = {0};

	ok(!versions_decide(v) && versions_next_stub(v, &at) == NULL, "%s",
	    what);
}

static void
keeps_one(void)
{
	kept(ROOTS("/3.12/", "/3.9/", "/3.11/", "/2.7/"), "- intro usage faq",
	    "the newest number, as numbers are compared");
	kept(ROOTS("/3/", "/3.12/", "/3.11/", "/2.7/"), "- intro usage faq",
	    "\"3\" is the newest of its kind");
	kept(ROOTS(
		 "/docs/stable/", "/docs/latest/", "/docs/4.0/", "/docs/main/"),
	    "- intro usage", "stable beats latest, numbers and main");
	kept(ROOTS("/docs/latest/", "/docs/4.0/", "/docs/5.0rc1/"),
	    "- intro usage", "latest beats numbers");
	kept(ROOTS("/4.0/", "/5.0rc1/", "/dev/", "/v3/"), "- intro usage",
	    "a release beats what is to come");
	kept(ROOTS("/docs/2.x/", "/docs/1.x/"), "- intro", "1.x and 2.x");
	kept(ROOTS("/v2.1/", "/v1.0/"), "- intro", "v1.0 and v2.1");
	kept(ROOTS("/en/stable/", "/en/latest/", "/en/v1.0/"), "- intro",
	    "a language before the version");
	kept(ROOTS("/docs/16/", "/docs/15/", "/docs/9/"), "- intro a b c",
	    "bare numbers under docs");
	kept(ROOTS("/current/", "/16/", "/15/"), "- intro usage",
	    "bare numbers beside a word");
	kept(ROOTS("/stable/", "/3.0/"), "- de/intro de/usage",
	    "a language after the version");
}

static void
is_not_misled(void)
{
	none(ROOTS("/2023/", "/2024/"), "- 05/ 06/ 05/a 06/b", "years");
	none(
	    ROOTS("/2024/11/", "/2024/12/"), "- intro usage faq x y", "months");
	none(
	    ROOTS("/blog/2024/05/", "/blog/2024/06/"), "- 01/ 02/ 03/", "days");
	none(ROOTS("/user/1/", "/user/2/", "/user/3/"),
	    "- posts likes friends photos", "ids");
	none(ROOTS("/api/v1/"), "- users orders items", "a lone version");
	none(ROOTS("/v1.2.3", "/v1.2.4", "/v1.3.0"), "-",
	    "pages of a changelog");
	none(ROOTS("/changelog/v1.2.3/", "/changelog/v1.3.0/"), "- notes files",
	    "folders of a changelog");
	none(ROOTS("/releases/1.0/", "/releases/2.0/"), "- notes files faq",
	    "releases");
	none(ROOTS("/book/1.1/", "/book/1.2/", "/book/1.3/"), "- exercises",
	    "chapters of a book");
	none(ROOTS("/latest/", "/archive/"), "- a b c", "the latest news");
	none(ROOTS("/stable/", "/horses/"), "- a b c", "a stable");
	none(ROOTS("/p/20240501/", "/p/20240502/"), "- a b c", "dates");
}

static void
keeps_what_has_nothing_to_do_with_it(void)
{
	struct versions *v = site(ROOTS("/3.2/", "/3.1/"), "- intro usage faq");
	struct versions_cursor at = {0};

	note(v, "/", "about contact blog/2024/ api/v1/users");
	note(v, "/dev/", "team jobs");
	note(v, "/4.0/", "-");
	versions_decide(v);
	ok(versions_excluded(v, "/about") == NULL, "pages beside the versions");
	ok(versions_excluded(v, "/dev/team") == NULL, "dev for developers");
	ok(versions_excluded(v, "/4.0/more") == NULL,
	    "a newer one that is not known yet");
	ok(!versions_is_stub(v, "/4.0/"), "which is no old one");
	is(versions_excluded(v, "/3.1/intro?x=1"), "3.1", "the other one goes");
	ok(versions_excluded(v, "/3.1") == NULL, "but for its first page");
	ok(versions_is_stub(v, "/3.1/index.html"), "under any of its names");
	is(versions_next_stub(v, &at), "/3.1/", "which is known");
	note(v, "/4.0/", "intro usage faq");
	ok(versions_decide(v), "once it is known");
	ok(versions_excluded(v, "/4.0/more") == NULL, "it is kept");
	is(versions_excluded(v, "/3.2/intro"), "3.2", "and the former goes");
	ok(!versions_decide(v), "nothing new");
}

static bool
is_latest(void *arg, const char *root)
{
	(void)arg;
	return strcmp(root, "/latest/") == 0;
}

static void
drops_what_leads_elsewhere(void)
{
	struct versions *v =
	    site(ROOTS("/latest/", "/3.1/", "/3.0/"), "- intro usage");

	versions_decide(v);
	is(versions_excluded(v, "/3.1/intro"), "3.1", "latest is kept");
	ok(versions_drop_empty(v, is_latest, NULL), "it was but a redirect");
	ok(versions_decide(v), "so another is chosen");
	ok(versions_excluded(v, "/3.1/intro") == NULL, "the newest number");
	ok(!versions_drop_empty(v, is_latest, NULL), "it is dropped once");
}

static void
obeys_the_order(void)
{
	const char *patterns[] = {"/3.1/**"};
	struct crawl_globs include = {patterns, 1};
	struct versions *v = versions_new(&arena, &include);

	note(v, "/3.2/", "- intro usage");
	note(v, "/3.1/", "- intro usage");
	note(v, "/3.10/", "- intro usage");
	versions_decide(v);
	ok(versions_excluded(v, "/3.1/intro") == NULL, "what it names is kept");
	is(versions_excluded(v, "/3.2/intro"), "3.2", "not what looks like it");
}

/* Each of 60,000 versions of a hostile sitemap is looked at once. */
static void
ends_soon(void)
{
	struct versions *v = versions_new(&arena, NULL);
	struct versions_cursor at = {0};
	struct arena a;
	size_t n = 0;
	clock_t began;

	arena_init(&a);
	for (unsigned i = 0; i < 200 * 300 * 2; i++)
		versions_note_address(
		    v, arena_printf(&a, "/f%u/1.%u/%c", i / 600 % 200,
			   i / 2 % 300, "ab"[i % 2]));
	began = clock();
	versions_decide(v);
	while (versions_next_stub(v, &at) != NULL)
		n++;
	is_int(n, 200 * 299, "all but one of 300 versions, 200 times");
	within((double)(clock() - began) / CLOCKS_PER_SEC, 2,
	    "200 times 300 versions are told apart soon");
	arena_release(&a);
}

int
main(void)
{
	arena_init(&arena);
	keeps_one();
	is_not_misled();
	keeps_what_has_nothing_to_do_with_it();
	drops_what_leads_elsewhere();
	obeys_the_order();
	ends_soon();
	arena_release(&arena);
	return done();
}
