/* What a browser says of its reader's languages, as an order has it. */
#include "core/arena.h"
#include "fcgi/language.h"
#include "t/tap.h"

int
main(void)
{
	struct arena a;

	arena_init(&a);
	is(language_list(&a, NULL), "", "no header");
	is(language_list(&a, ""), "", "an empty one");
	is(language_list(&a, "de-AT,de;q=0.9,en;q=0.8,*;q=0.1"), "de-AT,de,en",
	    "a browser's");
	is(language_list(&a, "en;q=0.2, fr , de;q=0.7"), "fr,de,en",
	    "the dearest first");
	is(language_list(&a, "de;q=0, en"), "en", "one that is not wanted");
	is(language_list(&a, "<x>, e, en_US, 12, ,;,en--, it"), "it",
	    "what is no tag");
	is(language_list(&a, "aa,bb,cc,dd,ee,ff"), "aa,bb,cc,dd,ee",
	    "five are enough");
	arena_release(&a);
	return done();
}
