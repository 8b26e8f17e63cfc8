/* Where an unsafe request comes from: ours or a stranger's page. */
#include "fcgi/csrf.h"

#include "t/tap.h"

struct from {
	const char *site, *origin, *host;
	bool https;
	const char *own;
	enum csrf_origin want;
	const char *name;
};

static const struct from cases[] = {
    {NULL, NULL, "a:1", false, "", ORIGIN_UNSAID, "curl says nothing"},
    {"", "", "a:1", false, "", ORIGIN_UNSAID, "empty headers say nothing"},
    {"same-origin", NULL, "a", false, "", ORIGIN_OURS, "our own page"},
    {"none", NULL, "a", false, "", ORIGIN_OURS, "typed by the person"},
    {"same-site", NULL, "a", false, "", ORIGIN_FOREIGN, "a sister domain"},
    {"cross-site", NULL, "a", false, "", ORIGIN_FOREIGN, "another site"},
    {"weird", NULL, "a", false, "", ORIGIN_FOREIGN, "a word we do not know"},
    {"cross-site", "http://a", "a", false, "", ORIGIN_FOREIGN, "they disagree"},
    {"same-origin", "http://b", "a", false, "", ORIGIN_FOREIGN,
	"they disagree the other way"},
    {"same-origin", "null", "a", false, "", ORIGIN_OURS, "a blanked origin"},
    {NULL, "null", "a", false, "", ORIGIN_FOREIGN, "a blanked origin alone"},
    {NULL, "http://a:8080", "a:8080", false, "", ORIGIN_OURS, "host and port"},
    {NULL, "http://a:8081", "a:8080", false, "", ORIGIN_FOREIGN,
	"another port"},
    {NULL, "http://a", "a:80", false, "", ORIGIN_OURS,
	"the usual port is said"},
    {NULL, "https://a", "a:443", false, "", ORIGIN_OURS, "and the other one"},
    {NULL, "https://a", "a", false, "", ORIGIN_OURS, "TLS ends before us"},
    {NULL, "http://A.example", "a.EXAMPLE", false, "", ORIGIN_OURS,
	"letters' case does not count"},
    {NULL, "http://a.evil", "a", false, "", ORIGIN_FOREIGN, "a longer name"},
    {NULL, "http://evil/a", "a", false, "", ORIGIN_FOREIGN,
	"our name in a path"},
    {NULL, "ftp://a", "a", false, "", ORIGIN_FOREIGN, "another scheme"},
    {NULL, "http://a", NULL, false, "", ORIGIN_FOREIGN, "no Host"},
    {NULL, "https://p.example", "inner:80", false, "https://p.example",
	ORIGIN_OURS, "the configured origin counts"},
    {NULL, "http://p.example", "inner", false, "https://p.example",
	ORIGIN_FOREIGN, "its scheme, too"},
    {NULL, "http://inner", "inner", false, "https://p.example", ORIGIN_FOREIGN,
	"and no longer the Host"},
    {NULL, "http://a", "a", true, "", ORIGIN_FOREIGN,
	"a page without TLS may be anybody's"},
    {NULL, "http://a", "a:443", true, "", ORIGIN_FOREIGN,
	"with the port said, too"},
    {NULL, "http://a:443", "a:443", true, "", ORIGIN_FOREIGN,
	"even where it names that port"},
    {NULL, "https://a", "a", true, "", ORIGIN_OURS, "one with TLS is ours"},
    {"same-origin", "http://a", "a", true, "", ORIGIN_FOREIGN,
	"whatever else is said"},
};

int
main(void)
{
	const char *one, *two, *again;
	struct arena a;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct from *c = &cases[i];

		is_int(
		    csrf_origin(c->site, c->origin, c->host, c->https, c->own),
		    c->want, c->name);
	}
	arena_init(&a);
	one = csrf_token(&a, "secret one");
	two = csrf_token(&a, "secret two");
	ok(strcmp(one, two) != 0, "another session, another token");
	ok(csrf_token_is(&a, one, "secret one"), "it is known again");
	ok(!csrf_token_is(&a, two, "secret one"), "the other is not");
	again = csrf_token(&a, "secret one");
	ok(strncmp(one, again, 8) != 0 && strcmp(one + 22, again + 22) != 0,
	    "each page has another one, from end to end");
	ok(csrf_token_is(&a, again, "secret one"), "and each will do");
	ok(!csrf_token_is(&a, "", "secret one") &&
		!csrf_token_is(&a, one + 1, "secret one") &&
		!csrf_token_is(
		    &a, arena_printf(&a, "x%s", one + 1), "secret one"),
	    "but not a part of it, nor another beginning");
	ok(strlen(one) == CSRF_LEN && strstr(one, "secret") == NULL,
	    "the token does not give the session away");
	arena_release(&a);
	return done();
}
