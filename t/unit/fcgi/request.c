/* A request as the front server hands it over, good and bad. */
#include "fcgi/request.h"

#include "core/buf.h"
#include "core/log.h"
#include "fcgi/serve.h"
#include "fcgi/template.h"
#include "t/tap.h"

/* CGI variables as name, value, ..., NULL; and a body. */
struct fake {
	const char *const *vars;
	const char *body;
	size_t at, len;
};

static const char *
get(void *arg, const char *name)
{
	struct fake *f = arg;
	const char *const *v;

	for (v = f->vars; *v != NULL; v += 2)
		if (strcmp(v[0], name) == 0)
			return v[1];
	return NULL;
}

/* Seven bytes at a time, as a slow client sends. */
static long
give(void *arg, char *p, size_t n)
{
	struct fake *f = arg;
	size_t left = f->len - f->at;

	if (n > 7)
		n = 7;
	if (n > left)
		n = left;
	memcpy(p, f->body + f->at, n);
	f->at += n;
	return (long)n;
}

static struct conf conf;
static struct arena arena;
static struct templates *templates;
static struct fake fake;
static struct http_env env = {get, give, &fake};
static struct request rq;

#define VARS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void
prepare(const char *const *vars, const char *body)
{
	arena_reset(&arena);
	fake = (struct fake){vars, body, 0, strlen(body)};
	rq = (struct request){.conf = &conf,
	    .templates = templates,
	    .arena = &arena,
	    .env = &env};
}

static enum rc
read_it(const char *const *vars, const char *body)
{
	prepare(vars, body);
	return request_read(&rq);
}

static void
reads_the_line(void)
{
	ok(read_it(VARS("REQUEST_METHOD", "GET", "REQUEST_URI",
		       "/a%20b?page=2&x=%C3%BC", "HTTP_HOST", "h:1"),
	       "") == OK,
	    "a usual request");
	is(rq.path, "/a b", "the path is decoded");
	is(params_get(&rq.query, "page"), "2", "the query is read");
	is(request_origin(&rq), "http://h:1", "the origin is ours");
	ok(strlen(rq.id) == 36, "it gets a name");
	ok(read_it(VARS("REQUEST_METHOD", "HEAD", "REQUEST_URI", "/"), "") ==
		    OK &&
		rq.method == GET && rq.head,
	    "HEAD is GET without a body");
	ok(read_it(VARS("REQUEST_METHOD", "BREW", "REQUEST_URI", "/"), "") ==
		    OK &&
		rq.method == METHOD_OTHER,
	    "a method from elsewhere");
}

static void
names_requests(void)
{
	(void)!read_it(
	    VARS("REQUEST_URI", "/", "HTTP_X_REQUEST_ID", "abc-1"), "");
	is(rq.id, "abc-1", "a front server's name is kept");
	(void)!read_it(
	    VARS("REQUEST_URI", "/", "HTTP_X_REQUEST_ID", "a\r\nSet-Cookie: x"),
	    "");
	ok(strlen(rq.id) == 36, "one with a line break is not");
	(void)!read_it(
	    VARS("REQUEST_URI", "/", "HTTP_TRACEPARENT",
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"
		"-01"),
	    "");
	is(rq.id, "0af7651916cd43dd8448eb211c80319c", "a trace id is taken");
	(void)!read_it(
	    VARS("REQUEST_URI", "/", "HTTP_TRACEPARENT",
		"00-00000000000000000000000000000000-b7ad6b7169203331"
		"-01"),
	    "");
	ok(strlen(rq.id) == 36, "one of all zeros is not");
}

static void
knows_https(void)
{
	(void)!read_it(
	    VARS("REQUEST_URI", "/", "HTTP_X_FORWARDED_PROTO", "http, https"),
	    "");
	ok(rq.https, "the nearest proxy's word counts");
	(void)!read_it(
	    VARS("REQUEST_URI", "/", "HTTP_X_FORWARDED_PROTO", "https, http"),
	    "");
	ok(!rq.https, "not what a client said before it");
	(void)!read_it(VARS("REQUEST_URI", "/", "HTTP_HOST", "a<b>"), "");
	is(request_origin(&rq), "", "a bad Host is not repeated");
}

static void
refuses_bad_addresses(void)
{
	static const char *const bad[] = {
	    "", "x", "/%", "/%zz", "/%00", "/%ff", "/\x01", "/?a=%00", "/?%zz"};
	char longer[7000] = "/";

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(read_it(VARS("REQUEST_METHOD", "GET", "REQUEST_URI", bad[i]),
		       "") == E_INPUT &&
			rq.problem.detail != NULL,
		    "refused with a sentence: '%s'", bad[i]);
	memset(longer + 1, 'a', sizeof(longer) - 2);
	ok(read_it(VARS("REQUEST_METHOD", "GET", "REQUEST_URI", longer), "") ==
		    E_INPUT &&
		rq.problem.status == 414,
	    "too long an address is 414");
}

static void
reads_bodies(void)
{
	struct params form;
	struct json_object *o;

	ok(read_it(VARS("REQUEST_METHOD", "POST", "REQUEST_URI", "/",
		       "CONTENT_LENGTH", "20", "CONTENT_TYPE",
		       "application/x-www-form-urlencoded; charset=UTF-8"),
	       "hostname=a&limit=100") == OK,
	    "a form in pieces");
	ok(request_form(&rq, &form) == OK, "is a form");
	is(params_get(&form, "limit"), "100", "and read to its end");
	ok(read_it(VARS("REQUEST_METHOD", "POST", "REQUEST_URI", "/",
		       "CONTENT_LENGTH", "30"),
	       "short") == E_INPUT,
	    "a body that breaks off");
	ok(read_it(VARS("REQUEST_METHOD", "POST", "REQUEST_URI", "/",
		       "CONTENT_LENGTH", "-1"),
	       "") == E_INPUT,
	    "a negative length");
	ok(read_it(VARS("REQUEST_METHOD", "POST", "REQUEST_URI", "/",
		       "CONTENT_LENGTH", "99999999999999999999999"),
	       "") == E_TOOBIG,
	    "a length beyond numbers");
	ok(read_it(VARS("REQUEST_METHOD", "POST", "REQUEST_URI", "/",
		       "CONTENT_LENGTH", "1048577"),
	       "") == E_TOOBIG,
	    "one byte over the limit");
	ok(read_it(VARS("REQUEST_METHOD", "POST", "REQUEST_URI", "/api/x",
		       "CONTENT_LENGTH", "7", "CONTENT_TYPE",
		       "Application/JSON;charset=utf-8"),
	       "{\"a\":1}") == OK &&
		request_json(&rq, &o) == OK && json_num(o, "a", 0) == 1,
	    "a JSON body");
	ok(read_it(VARS("REQUEST_METHOD", "POST", "REQUEST_URI", "/api/x",
		       "CONTENT_LENGTH", "7", "CONTENT_TYPE", "text/plain"),
	       "{\"a\":1}") == OK &&
		request_json(&rq, &o) == E_TYPE,
	    "JSON that says it is something else");
}

/* Everything may go wrong; there is an answer all the same. */
static void
always_answers(void)
{
	struct buf head;

	prepare(VARS("REQUEST_METHOD", "GET", "REQUEST_URI", "/nothing"), "");
	serve_request(&rq);
	is_int(rq.reply.status, 404, "nothing there");
	ok(strstr(rq.reply.body, rq.id) != NULL,
	    "the page shows the request's id");
	ok(strstr(rq.reply.type, "text/html") != NULL, "for people as a page");
	prepare(
	    VARS("REQUEST_METHOD", "GET", "REQUEST_URI", "/api/nothing"), "");
	serve_request(&rq);
	is(rq.reply.type, "application/problem+json",
	    "for programs as a problem");
	prepare(
	    VARS("REQUEST_METHOD", "PATCH", "REQUEST_URI", "/generations"), "");
	serve_request(&rq);
	is_int(rq.reply.status, 405, "a wrong method");
	ok(strstr(rq.reply.headers, "Allow: GET, HEAD, POST, OPTIONS") != NULL,
	    "and which are right");
	prepare(VARS("REQUEST_METHOD", "GET", "REQUEST_URI", "/livez?x=1"), "");
	serve_request(&rq);
	is_int(rq.reply.status, 400, "an unknown parameter");
	ok(strstr(rq.reply.body, "\\\"x\\\"") != NULL, "is named");
	prepare(VARS("REQUEST_METHOD", "GET", "REQUEST_URI", "/livez"), "");
	serve_request(&rq);
	is_int(rq.reply.status, 200, "alive without any server");
	buf_init(&head, 8192);
	reply_head(&rq, &head);
	ok(strstr(head.data, "Content-Security-Policy: default-src 'none'") &&
		strstr(head.data, "X-Content-Type-Options: nosniff") &&
		strstr(head.data, "\r\n\r\n"),
	    "with the security headers");
	buf_release(&head);
}

int
main(void)
{
	log_init("test", LOG_ERROR);
	conf_load(&conf);
	arena_init(&arena);
	templates = templates_load();
	reads_the_line();
	names_requests();
	knows_https();
	refuses_bad_addresses();
	reads_bodies();
	always_answers();
	templates_free(templates);
	arena_release(&arena);
	conf_release(&conf);
	return done();
}
