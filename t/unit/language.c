/* Which language of a site is kept, and when a path is no language. */
#include "core/arena.h"
#include "t/tap.h"
#include "worker/crawl/language.h"

static bool
pages(struct languages *l, const char *folder, const char *lang, unsigned n)
{
	bool decided = false;

	while (n-- > 0) {
		languages_note(l, folder, lang, false);
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
	l = languages_new(&a);
	languages_note(l, "/", "de-AT", true);
	ok(!pages(l, "/en/x", "en", 5), "one language is no choice");
	ok(pages(l, "/de/x", "de", 3), "a second one makes one");
	is(languages_refuse(l, "/en/y?a=b"), "en", "the other one goes");
	is(languages_refuse(l, "/fr"), "fr", "so do those not seen before");
	ok(languages_refuse(l, "/de/y") == NULL, "the home page's stays");
	ok(languages_refuse(l, "/about") == NULL, "and what has none");
	ok(!pages(l, "/fr/x", "fr", 9), "it is decided once");
	arena_release(&a);
}

static void
prefers_english_else_the_largest(void)
{
	struct languages *l;
	struct arena a;

	arena_init(&a);
	l = languages_new(&a);
	languages_note(l, "/", "", true);
	pages(l, "/pt-BR/x", "pt-BR", 4);
	ok(pages(l, "/en-us/x", "en", 3), "two languages");
	ok(languages_refuse(l, "/en-us/y") == NULL, "English stays");
	is(languages_refuse(l, "/pt-br/y"), "pt-br", "whatever the case");
	l = languages_new(&a);
	pages(l, "/fr/x", "fr", 3);
	pages(l, "/de/x", "de", 2);
	ok(pages(l, "/de/x", "de", 1), "two others");
	ok(languages_refuse(l, "/fr/y") == NULL, "the first of the largest");
	arena_release(&a);
}

static void
knows_a_language_without_a_folder(void)
{
	struct languages *l;
	struct arena a;

	arena_init(&a);
	l = languages_new(&a);
	languages_note(l, "/", "en", true);
	pages(l, "/x", "en", 3);
	ok(pages(l, "/de/x", "de", 3), "a translation in a folder");
	is(languages_refuse(l, "/de/y"), "de", "goes");
	ok(languages_refuse(l, "/y") == NULL, "the original stays");
	arena_release(&a);
}

static void
believes_pages_not_paths(void)
{
	struct languages *l;
	struct arena a;

	arena_init(&a);
	l = languages_new(&a);
	languages_note(l, "/", "en", true);
	pages(l, "/x", "en", 3);
	ok(!pages(l, "/it/x", "en", 9), "computers are no Italian");
	ok(!pages(l, "/hr/x", "en", 9), "nor is staff Croatian");
	ok(!pages(l, "/xx/x", "xx", 9), "xx is no language");
	ok(!pages(l, "/details/x", "de", 9), "nor is details");
	arena_release(&a);
}

int
main(void)
{
	keeps_the_home_pages();
	prefers_english_else_the_largest();
	knows_a_language_without_a_folder();
	believes_pages_not_paths();
	return done();
}
