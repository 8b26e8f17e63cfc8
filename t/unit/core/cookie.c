/* Cookies: the right one, or none, or a clash is told. */
#include "core/cookie.h"

#include "t/tap.h"

static const char *
find(struct arena *a, const char *header, const char *name, enum rc *rc)
{
	const char *v;

	*rc = cookie_find(a, header, name, &v);
	return v;
}

int
main(void)
{
	struct arena a;
	enum rc rc;

	arena_init(&a);
	is(find(&a, "sid=abc", "sid", &rc), "abc", "the only one");
	is(find(&a, "x=1; sid=abc; y=2", "sid", &rc), "abc", "one of many");
	is(find(&a, "x=1;sid=abc;y", "sid", &rc), "abc", "without spaces");
	is(find(&a, "sid=\"abc\"", "sid", &rc), "abc", "in quotes");
	is(find(&a, "sid=abc  ; x=1", "sid", &rc), "abc", "spaces after it");
	is(find(&a, "sid=a=b", "sid", &rc), "a=b", "= is part of a value");
	is(find(&a, "sid=", "sid", &rc), "", "empty is there");
	ok(find(&a, "xsid=1; sidx=2; sid", "sid", &rc) == NULL &&
		rc == E_NOTFOUND,
	    "names that only look like it");
	ok(find(&a, NULL, "sid", &rc) == NULL && rc == E_NOTFOUND, "no header");
	ok(find(&a, "", "sid", &rc) == NULL && rc == E_NOTFOUND,
	    "an empty header");
	ok(find(&a, ";;; ;=;==", "sid", &rc) == NULL && rc == E_NOTFOUND,
	    "a broken header");
	(void)find(&a, "sid=a; sid=b", "sid", &rc);
	ok(rc == E_CONFLICT, "two that differ are a clash");
	is(find(&a, "sid=a; sid=a", "sid", &rc), "a", "two that agree are one");
	ok(rc == OK, "and no clash");
	is(find(&a, "sid=plain; __Host-sid=safe", "__Host-sid", &rc), "safe",
	    "the prefix is part of the name");
	arena_release(&a);
	return done();
}
