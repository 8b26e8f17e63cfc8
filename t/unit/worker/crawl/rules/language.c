/* Which language of a site is kept, and when a path is no language. */
#include "core/arena.h"
#include "t/tap.h"
#include "worker/crawl/rules/language.h"

static bool
pages(struct languages *l, const char *folder, const char *lang, unsigned n)
{
	bool decided = false;

	while (n-- > 0) {
		languages_note_page(l, folder, lang, false);
		decided |= languages_decide(l);
	}
	return decided;
}

static void
keeps_the_home_pages(void)
{
	struct languages *l;
	struct arena a;

	arena_init(&a);
	l = languages_new(&a, NULL);
	languages_note_page(l, "/", "de-AT", true);
	ok(!pages(l, "/en/x", "en", 5), "one language is no choice");
	ok(pages(l, "/de/x", "de", 3), "a second one makes one");
	is(languages_excluded(l, "/en/y?a=b", NULL), "en",
	    "the other one goes");
	is(languages_excluded(l, "/fr", NULL), "fr",
	    "so do those not seen before");
	ok(languages_excluded(l, "/de/y", NULL) == NULL,
	    "the home page's stays");
	ok(languages_excluded(l, "/about", NULL) == NULL, "and what has none");
	ok(!pages(l, "/fr/x", "fr", 9), "it is decided once");
	arena_release(&a);
}

static void
prefers_english_else_the_largest(void)
{
	struct languages *l;
	struct arena a;

	arena_init(&a);
	l = languages_new(&a, NULL);
	languages_note_page(l, "/", "", true);
	pages(l, "/pt-BR/x", "pt-BR", 4);
	ok(pages(l, "/en-us/x", "en", 3), "two languages");
	ok(languages_excluded(l, "/en-us/y", NULL) == NULL, "English stays");
	is(languages_excluded(l, "/pt-br/y", NULL), "pt-br",
	    "whatever the case");
	l = languages_new(&a, NULL);
	pages(l, "/fr/x", "fr", 3);
	pages(l, "/de/x", "de", 2);
	ok(pages(l, "/de/x", "de", 1), "two others");
	ok(languages_excluded(l, "/fr/y", NULL) == NULL,
	    "the first of the largest");
	arena_release(&a);
}

static void
knows_a_language_without_a_folder(void)
{
	struct languages *l;
	struct arena a;

	arena_init(&a);
	l = languages_new(&a, NULL);
	languages_note_page(l, "/", "en", true);
	pages(l, "/x", "en", 3);
	ok(pages(l, "/de/x", "de", 3), "a translation in a folder");
	is(languages_excluded(l, "/de/y", NULL), "de", "goes");
	ok(languages_excluded(l, "/y", NULL) == NULL, "the original stays");
	arena_release(&a);
}

static void
believes_pages_not_paths(void)
{
	struct languages *l;
	struct arena a;

	arena_init(&a);
	l = languages_new(&a, NULL);
	languages_note_page(l, "/", "en", true);
	pages(l, "/x", "en", 3);
	ok(!pages(l, "/it/x", "en", 9), "computers are no Italian");
	ok(!pages(l, "/hr/x", "en", 9), "nor is staff Croatian");
	ok(!pages(l, "/xx/x", "xx", 9), "xx is no language");
	ok(!pages(l, "/details/x", "de", 9), "nor is details");
	arena_release(&a);
}

static void
heard(struct languages *l, const char *target, unsigned n)
{
	while (n-- > 0)
		languages_note_address(l, target);
}

static void
takes_the_largest(void)
{
	struct languages *l;
	struct arena a;

	arena_init(&a);
	l = languages_new(&a, NULL);
	languages_note_home(l, "/", "en");
	heard(l, "/en/x", 20);
	heard(l, "/de/x", 100);
	pages(l, "/en/x", "en", 3);
	ok(pages(l, "/de/x", "de", 3), "two languages");
	is(languages_excluded(l, "/en/y", NULL), "en",
	    "the one with five times the pages is the site's");
	l = languages_new(&a, NULL);
	languages_note_home(l, "/", "en");
	heard(l, "/en/x", 90);
	heard(l, "/de/x", 100);
	pages(l, "/en/x", "en", 3);
	pages(l, "/de/x", "de", 3);
	is(languages_excluded(l, "/de/y", NULL), "de",
	    "the home page's is when they are alike");
	arena_release(&a);
}

static void
takes_the_visitors(void)
{
	struct languages *l;
	struct arena a;

	arena_init(&a);
	l = languages_new(&a, "it-CH, it,de-AT,en");
	ok(languages_wants(l, "de") && languages_wants(l, "it"), "wanted");
	ok(!languages_wants(l, "fr"), "not wanted");
	languages_note_home(l, "/", "en");
	heard(l, "/en/x", 100);
	heard(l, "/de/x", 50);
	heard(l, "/it/x", 2);
	pages(l, "/en/x", "en", 3);
	pages(l, "/it/x", "it", 2);
	pages(l, "/de/x", "de", 3);
	is(languages_excluded(l, "/en/y", NULL), "en", "not the home page's");
	ok(languages_excluded(l, "/de/y", NULL) == NULL,
	    "the second choice, of which there is enough");
	l = languages_new(&a, "fr");
	languages_note_home(l, "/", "en");
	pages(l, "/en/x", "en", 3);
	pages(l, "/de/x", "de", 3);
	ok(languages_excluded(l, "/en/y", NULL) == NULL,
	    "what is not there cannot be had");
	arena_release(&a);
}

static void
believes_what_is_declared(void)
{
	const char *en, *de;
	struct languages *l;
	struct arena a;

	arena_init(&a);
	l = languages_new(&a, NULL);
	languages_note_home(l, "/", "de");
	ok(languages_note_hreflang(l, "x-default", "/") == NULL,
	    "x-default is none");
	for (unsigned i = 0; i < 3; i++) {
		en = languages_note_hreflang(l, "en-GB", "/about");
		de = languages_note_hreflang(l, "de", "/ueber");
	}
	is(en, "en-gb", "as they are compared");
	ok(languages_decide(l), "no page need be read for it");
	is(languages_excluded(l, "/about", en), "en-gb", "the other one goes");
	ok(languages_excluded(l, "/ueber", de) == NULL, "the chosen one stays");
	ok(languages_excluded(l, "/x", NULL) == NULL, "and what does not say");
	arena_release(&a);
}

/* declare: pages under two folders, in the languages that hreflang says. */
static void
declare(struct languages *l, const char *en, const char *de)
{
	for (unsigned i = 0; i < 4; i++) {
		languages_note_address(l, "/en/x");
		languages_note_address(l, "/de/x");
		languages_note_hreflang(l, en, "/en/x");
		languages_note_hreflang(l, de, "/de/x");
	}
}

static void
takes_a_region_for_no_other_language(void)
{
	struct languages *l;
	struct arena a;

	arena_init(&a);
	l = languages_new(&a, NULL);
	languages_note_home(l, "/en/", "en-US");
	declare(l, "en-US", "de-DE");
	is(languages_note_hreflang(l, "en-US", "/en/y"), "en",
	    "as its path says");
	is(languages_note_hreflang(l, "en-GB", "/en/y?uk"), "en-gb",
	    "but one of several regions");
	ok(languages_decide(l), "two languages");
	ok(languages_excluded(l, "/en/y", "en") == NULL,
	    "a declared page stays");
	ok(languages_excluded(l, "/y", "en-us") == NULL, "whatever its path");
	ok(languages_excluded(l, "/en/y", NULL) == NULL, "and one that is not");
	is(languages_excluded(l, "/de/y", "de"), "de", "another language goes");
	is(languages_excluded(l, "/en/y?uk", "en-gb"), "en-gb",
	    "and another region");
	l = languages_new(&a, NULL);
	languages_note_home(l, "/en/", "en");
	for (unsigned i = 0; i < 4; i++) {
		languages_note_page(l, "/en/x", "en-US", false);
		languages_note_hreflang(l, "en-US", "/");
		languages_note_hreflang(l, "en-US", "/en/x");
	}
	ok(!languages_decide(l), "one language is no choice");
	arena_release(&a);
}

static void
looks_behind_versions_and_docs(void)
{
	struct languages *l;
	struct arena a;

	arena_init(&a);
	l = languages_new(&a, NULL);
	languages_note_home(l, "/docs/en/", "en");
	pages(l, "/docs/en/x", "en", 3);
	ok(pages(l, "/docs/de/x", "de", 3), "below docs");
	is(languages_excluded(l, "/latest/de/y", NULL), "de", "or a version");
	ok(languages_excluded(l, "/team/de/y", NULL) == NULL, "not anywhere");
	is(languages_excluded(l, "/y?a=b&lang=de-at", NULL), "de-at",
	    "or in the query");
	arena_release(&a);
}

int
main(void)
{
	takes_the_largest();
	takes_the_visitors();
	believes_what_is_declared();
	takes_a_region_for_no_other_language();
	looks_behind_versions_and_docs();
	keeps_the_home_pages();
	prefers_english_else_the_largest();
	knows_a_language_without_a_folder();
	believes_pages_not_paths();
	return done();
}
