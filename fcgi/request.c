#include "fcgi/request.h"

#include "core/generation.h"
#include "core/request_id.h"
#include "core/text.h"
#include "core/client_address.h"
#include "fcgi/refusal.h"
#include "fcgi/sidecar_paths.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Longest request line we read a path and a query from (bytes). */
#define URI_MAX 6000
/*
 * Lists and objects of one body.  An empty one takes three bytes to send and
 * up to a kilobyte to hold.
 */
#define CONTAINERS_MAX 10000

const char *
request_header(const struct request *rq, const char *name)
{
	return rq->env->get(rq->env->arg, name);
}

const char *
request_client_address(const struct request *rq)
{
	return client_address_find(rq->arena, request_header(rq, "REMOTE_ADDR"),
	    request_header(rq, "HTTP_X_FORWARDED_FOR"));
}

enum rc
request_fail(struct request *rq, enum rc rc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	rq->problem.detail = arena_vprintf(rq->arena, fmt, ap);
	va_end(ap);
	return rc;
}

void
request_advise(struct request *rq, const char *advice)
{
	rq->problem.advice = advice;
}

bool
request_fields_full(const struct request *rq)
{
	return rq->problem.fields != NULL &&
	       json_object_array_length(rq->problem.fields) >=
		   PROBLEM_FIELDS_MAX;
}

void
request_fields_more(struct request *rq, long n)
{
	rq->problem.more += n;
}

/* One more entry of errors; its sentence is the problem's if it is first. */
static void
add_field(
    struct request *rq, const char *pointer, const char *in, const char *detail)
{
	struct problem *p = &rq->problem;
	struct json_object *o;

	if (request_fields_full(rq)) {
		request_fields_more(rq, 1);
		return;
	}
	if (p->fields == NULL) {
		o = json_new(rq->arena);
		p->fields = json_object_new_array();
		json_put(o, "errors", p->fields);
		p->detail = detail;
	}
	o = json_object_new_object();
	json_put_str(o, "pointer", pointer);
	if (in != NULL)
		json_put_str(o, "in", in);
	json_put_str(o, "detail", detail);
	json_object_array_add(p->fields, o);
}

enum rc
request_field(struct request *rq, const char *pointer, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_field(rq, pointer, NULL, arena_vprintf(rq->arena, fmt, ap));
	va_end(ap);
	return E_INPUT;
}

enum rc
request_query_field(struct request *rq, const char *name, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_field(rq,
	    arena_printf(rq->arena, "#/%s", text_pointer(rq->arena, name)),
	    "query", arena_vprintf(rq->arena, fmt, ap));
	va_end(ap);
	return E_INPUT;
}

static const char *
method_name(const struct request *rq)
{
	const char *m;

	if (rq->no_length)
		return "POST";
	if (refusal_status(rq) == 405)
		m = request_header(rq, "REDIRECT_REQUEST_METHOD");
	else
		m = request_header(rq, "REQUEST_METHOD");
	return m == NULL ? "" : arena_strdup(rq->arena, m);
}

static void
read_method(struct request *rq)
{
	const char *m;

	rq->no_length = refusal_status(rq) == 411;
	m = rq->method_name = method_name(rq);
	rq->head = strcmp(m, "HEAD") == 0;
	if (refusal_status(rq) == 405)
		rq->method = METHOD_OTHER;
	else if (rq->head || strcmp(m, "GET") == 0)
		rq->method = GET;
	else if (strcmp(m, "POST") == 0)
		rq->method = POST;
	else if (strcmp(m, "DELETE") == 0)
		rq->method = DELETE;
	else if (strcmp(m, "PUT") == 0)
		rq->method = PUT;
	else if (strcmp(m, "OPTIONS") == 0)
		rq->method = OPTIONS;
	else
		rq->method = METHOD_OTHER;
}

/* A proxy in front may have added its word to the client's: the last counts. */
static bool
forwarded_https(const char *proto)
{
	const char *comma = strrchr(proto, ',');

	if (comma != NULL)
		proto = comma + 1;
	return strcasecmp(proto + strspn(proto, " "), "https") == 0;
}

static void
read_front(struct request *rq)
{
	const char *host = request_header(rq, "HTTP_HOST");
	const char *proto = request_header(rq, "HTTP_X_FORWARDED_PROTO");
	const char *scheme = request_header(rq, "REQUEST_SCHEME");
	const char *own = rq->conf->web_origin;

	if (host != NULL && *host != '\0' && strlen(host) < 300 &&
	    host[strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
			      "uvwxyz0123456789.:-_[]")] == '\0')
		rq->host = arena_strdup(rq->arena, host);
	if (own[0] != '\0')
		rq->https = strncasecmp(own, "https://", 8) == 0;
	else if (proto != NULL && *proto != '\0')
		rq->https = forwarded_https(proto);
	else
		rq->https = scheme != NULL && strcasecmp(scheme, "https") == 0;
}

const char *
request_origin(const struct request *rq)
{
	if (rq->conf->web_origin[0] != '\0')
		return rq->conf->web_origin;
	if (rq->host == NULL)
		return "";
	return arena_printf(
	    rq->arena, "%s://%s", rq->https ? "https" : "http", rq->host);
}

/* has_break: a byte that ends a line of HTTP, or may be taken for it. */
static bool
has_break(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

/* "http://example.org/a" as "/a": what is said to a proxy (RFC 9112, 3.2.2). */
static const char *
without_origin(const char *uri)
{
	const char *host;

	if (uri == NULL || *uri == '/' || (host = strstr(uri, "://")) == NULL)
		return uri;
	host += 3;
	host += strcspn(host, "/?#");
	return *host == '/' ? host : "/";
}

static enum rc
read_address(struct request *rq)
{
	const char *uri = request_header(rq, "REQUEST_URI"), *why, *mark;
	enum rc rc;

	rq->uri = rq->path = "/";
	uri = without_origin(uri);
	if (uri == NULL || *uri != '/' ||
	    (refusal_status(rq) != 0 && strcmp(uri, "/refused") == 0)) {
		/* No browser sends such a thing. */
		rq->api = true;
		return request_fail(
		    rq, E_INPUT, "The request has no path that starts with /.");
	}
	rq->uri = arena_strdup(rq->arena, uri);
	mark = rq->uri + strcspn(rq->uri, "?");
	/* First, so that even a bad address of the API gets a problem. */
	rq->api =
	    strncmp(rq->uri, "/api/", 5) == 0 || sidecar_paths_begin(rq->uri);
	if (strlen(uri) > URI_MAX) {
		rq->problem.status = 414;
		return request_fail(rq, E_INPUT,
		    "The address is %zu bytes long. The maximum is %d.",
		    strlen(uri), URI_MAX);
	}
	rq->path = params_decode(
	    rq->arena, rq->uri, (size_t)(mark - rq->uri), false, &why);
	/* Forms have lines; a path has none, whatever way it is written. */
	if (rq->path != NULL && has_break(rq->path)) {
		rq->path = NULL;
		why = "it has a control character";
	}
	if (rq->path == NULL) {
		rq->path = "/";
		return request_fail(
		    rq, E_INPUT, "The address is invalid: %s.", why);
	}
	if (*mark == '\0')
		return OK;
	if (has_break(mark)) {
		rq->uri = rq->path;
		return request_fail(rq, E_INPUT,
		    "The query contains a control character. Percent-encode "
		    "it, for example as %%0A.");
	}
	rc = params_parse(
	    rq->arena, mark + 1, strlen(mark + 1), &rq->query, &why);
	if (rc != OK)
		return request_fail(rq, rc, "The query is invalid: %s.", why);
	return OK;
}

static enum rc
too_big(struct request *rq, const char *given)
{
	request_advise(rq, "Send less.");
	return request_fail(rq, E_TOOBIG,
	    "The request body is %s bytes long. The maximum is %d.", given,
	    rq->conf->web_body_bytes);
}

static enum rc
read_body(struct request *rq)
{
	const char *text = request_header(rq, "CONTENT_LENGTH");
	size_t want, got = 0;
	char *body;
	long n;

	rq->body = "";
	if (rq->method == GET || text == NULL || *text == '\0')
		return OK;
	if (strspn(text, "0123456789") != strlen(text))
		return request_fail(
		    rq, E_INPUT, "The Content-Length is not a number.");
	errno = 0;
	want = strtoul(text, NULL, 10);
	if (errno != 0 || want > (size_t)rq->conf->web_body_bytes)
		return too_big(rq, text);
	body = arena_alloc(rq->arena, want + 1);
	while (got < want) {
		n = rq->env->read(rq->env->arg, body + got, want - got);
		if (n <= 0)
			return request_fail(rq, E_INPUT,
			    "The request body ended after %zu of %zu bytes.",
			    got, want);
		got += (size_t)n;
	}
	rq->body = body;
	rq->body_len = got;
	return OK;
}

enum rc
request_read(struct request *rq)
{
	enum rc rc;

	rq->body = "";
	rq->id = request_id(rq->arena, request_header(rq, "HTTP_X_REQUEST_ID"),
	    request_header(rq, "HTTP_TRACEPARENT"));
	read_method(rq);
	read_front(rq);
	rc = read_address(rq);
	if (rc != OK)
		return rc;
	return read_body(rq);
}

/* A body is needed, and there may have been one. */
static enum rc
fail_without_length(struct request *rq)
{
	request_advise(rq, "Send Content-Length, or \"Transfer-Encoding: "
			   "chunked\".");
	rq->problem.status = 411;
	return request_fail(rq, E_INPUT,
	    "The POST request has no Content-Length header, so its body was "
	    "not read.");
}

bool
request_is_type(const struct request *rq, const char *type)
{
	const char *given = request_header(rq, "CONTENT_TYPE");
	size_t n;

	if (given == NULL)
		return false;
	given += strspn(given, " \t");
	n = strcspn(given, "; \t,");
	return n == strlen(type) && strncasecmp(given, type, n) == 0;
}

enum rc
request_form(struct request *rq, struct params *out)
{
	const char *type = request_header(rq, "CONTENT_TYPE"), *why;
	enum rc rc;

	*out = (struct params){NULL, 0};
	if (rq->no_length)
		return fail_without_length(rq);
	if (rq->body_len == 0 && (type == NULL || *type == '\0'))
		return OK;
	if (!request_is_type(rq, "application/x-www-form-urlencoded"))
		return request_fail(rq, E_TYPE,
		    "Send the form as application/x-www-form-urlencoded, not "
		    "as \"%s\".",
		    text_excerpt(rq->arena, type == NULL ? "" : type));
	rc = params_parse(rq->arena, rq->body, rq->body_len, out, &why);
	if (rc != OK)
		return request_fail(rq, rc, "The form is invalid: %s.", why);
	return OK;
}

/* Lists and objects of JSON of len bytes; of anything else, some number. */
static long
count_containers(const char *p, size_t len)
{
	bool in_string = false;
	long n = 0;

	for (size_t i = 0; i < len; i++) {
		if (in_string && p[i] == '\\')
			i++;
		else if (p[i] == '"')
			in_string = !in_string;
		else if (!in_string && (p[i] == '{' || p[i] == '['))
			n++;
	}
	return n;
}

enum rc
request_json(struct request *rq, struct json_object **out)
{
	const char *type = request_header(rq, "CONTENT_TYPE"), *why;
	long containers;

	*out = NULL;
	if (rq->no_length)
		return fail_without_length(rq);
	if (!request_is_type(rq, "application/json"))
		return request_fail(rq, E_TYPE,
		    "Send this request with Content-Type: application/json, "
		    "not \"%s\".",
		    text_excerpt(rq->arena, type == NULL ? "" : type));
	if (rq->body_len == 0)
		return request_fail(rq, E_INPUT,
		    "The request body is empty. Send a JSON object.");
	containers = count_containers(rq->body, rq->body_len);
	if (containers > CONTAINERS_MAX)
		return request_fail(rq, E_INPUT,
		    "The request body has %s lists and objects; the limit "
		    "is %s.",
		    text_number(rq->arena, containers),
		    text_number(rq->arena, CONTAINERS_MAX));
	*out = json_parse(rq->arena, rq->body, rq->body_len, &why);
	if (*out == NULL)
		return request_fail(
		    rq, E_INPUT, "The request body is not JSON: %s.", why);
	if (!json_object_is_type(*out, json_type_object))
		return request_fail(rq, E_INPUT,
		    "The request body is JSON but not an object: it must "
		    "start with {.");
	return OK;
}

struct lifecycle
request_lifecycle(struct request *rq)
{
	return (struct lifecycle){rq->db, rq->redis, rq->arena};
}
