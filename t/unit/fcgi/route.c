/* Which page answers: 404 and 405 are told apart. */
#include "fcgi/route.h"

#include "t/tap.h"

#define ID "01a20000-0000-7000-8000-0000000abc00"

static const struct page home = {.path = "/", .methods = GET};
static const struct page list = {.path = "/generations", .methods = GET};
static const struct page create = {.path = "/generations", .methods = POST};
static const struct page new = {.path = "/generations/new", .methods = GET};
static const struct page show = {
    .path = "/generations/{id:uuid}", .methods = GET | DELETE};
static const struct page file = {
    .path = "/generations/{id:uuid}/artifacts/{name:file}", .methods = GET};
static const struct page *const table[] = {
    &home, &list, &create, &new, &show, &file, NULL};

static struct route r;

static enum rc
find(struct arena *a, const char *path, enum method m)
{
	return route_find(a, table, path, m, &r);
}

static void
finds_pages(struct arena *a)
{
	ok(find(a, "/", GET) == OK && r.page == &home, "home");
	ok(find(a, "/generations", GET) == OK && r.page == &list, "the list");
	ok(find(a, "/generations", POST) == OK && r.page == &create,
	    "one path, another method, another page");
	ok(find(a, "/generations/new", GET) == OK && r.page == &new,
	    "a word is no id");
	ok(find(a, "/generations/" ID, GET) == OK && r.page == &show, "an id");
	is(r.value.id, ID, "and which");
	ok(find(a, "/generations/01A20000-0000-7000-8000-0000000ABC00", GET) ==
		OK,
	    "an id in capitals");
	is(r.value.id, ID, "is the same id");
	ok(find(a, "/generations/" ID "/artifacts/llms-full.txt", GET) == OK,
	    "a file");
	is(r.value.name, "llms-full.txt", "and which");
}

static void
tells_404(struct arena *a)
{
	static const char *const none[] = {"/x", "/generations/", "//",
	    "/generations/x", "/generations/" ID "/", "/generations/" ID "0",
	    "/generations/" ID "/artifacts", "/generations/" ID "/artifacts/",
	    "/generations/" ID "/artifacts/..",
	    "/generations/" ID "/artifacts/.hidden",
	    "/generations/" ID "/artifacts/a b",
	    "/generations/" ID "/artifacts/a/b",
	    "/generations/" ID "/artifacts/a%2fb", ("/generations//" ID), ""};

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		ok(find(a, none[i], GET) == E_NOTFOUND, "nothing at '%s'",
		    none[i]);
}

static void
tells_405(struct arena *a)
{
	ok(find(a, "/generations", DELETE) == E_METHOD, "a wrong method");
	is(route_allow(a, r.allow), "GET, HEAD, POST, OPTIONS",
	    "Allow joins all pages of the path");
	ok(find(a, "/generations/" ID, POST) == E_METHOD, "with an id, too");
	is(route_allow(a, r.allow), "GET, HEAD, DELETE, OPTIONS",
	    "and Allow says which");
	ok(find(a, "/", METHOD_OTHER) == E_METHOD, "a method nobody takes");
}

static void
counts_by_class(void)
{
	const struct page read = {.methods = GET | POST};
	const struct page order = {.methods = POST, .limit = CLASS_ORDER};

	is(page_class(&read, GET), "read", "GET reads");
	is(page_class(&read, POST), "write", "POST writes");
	is(page_class(&order, POST), "order", "unless a page says more");
}

int
main(void)
{
	struct arena a;

	arena_init(&a);
	finds_pages(&a);
	tells_404(&a);
	tells_405(&a);
	counts_by_class();
	arena_release(&a);
	return done();
}
