#include "fcgi/reply.h"

#include "core/buf.h"
#include "core/catalog.h"
#include "core/log.h"
#include "core/text.h"
#include "fcgi/language.h"
#include "fcgi/request.h"
#include "fcgi/sidecar_paths.h"
#include "fcgi/template.h"

#include <string.h>

/* A page of ours: nothing inline, nothing from elsewhere, never framed. */
#define PAGE_POLICY                                                    \
	"default-src 'none'; style-src 'self'; img-src 'self' data:; " \
	"script-src 'self'; connect-src 'self'; form-action 'self'; "  \
	"base-uri 'none'; frame-ancestors 'none'"

#define FIXED_HEADERS                                     \
	"X-Content-Type-Options: nosniff\r\n"             \
	"X-Frame-Options: DENY\r\n"                       \
	"Referrer-Policy: same-origin\r\n"                \
	"Cross-Origin-Opener-Policy: same-origin\r\n"     \
	"Cross-Origin-Resource-Policy: same-origin\r\n"   \
	"Permissions-Policy: camera=(), geolocation=(), " \
	"microphone=()\r\n"

static const int statuses[RC_MAX] = {
    [OK] = 200,
    [E_INPUT] = 400,
    [E_AUTH] = 401,
    [E_PAYMENT] = 402,
    [E_FORBIDDEN] = 403,
    [E_NOTFOUND] = 404,
    [E_METHOD] = 405,
    [E_CONFLICT] = 409,
    [E_TOOBIG] = 413,
    [E_TYPE] = 415,
    [E_LIMIT] = 429,
    [E_INTERNAL] = 500,
    [E_UNAVAILABLE] = 503,
    [E_LATE] = 500,
    [E_STOPPED] = 503,
};

static const struct {
	int status;
	const char *reason;
} reasons[] = {
    {200, "OK"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {303, "See Other"},
    {304, "Not Modified"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {507, "Insufficient Storage"},
    {505, "HTTP Version Not Supported"},
};

const char *
status_reason(int status)
{
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	BUG("no reason for status %d", status);
}

void
reply_header(struct request *rq, const char *name, const char *value)
{
	if (strpbrk(value, "\r\n") != NULL)
		BUG("a line break in the header %s", name);
	rq->reply.headers = arena_printf(rq->arena, "%s%s: %s\r\n",
	    rq->reply.headers ? rq->reply.headers : "", name, value);
}

void
reply_cookie(
    struct request *rq, const char *name, const char *value, long max_age)
{
	reply_header(rq, "Set-Cookie",
	    arena_printf(rq->arena,
		"%s=%s; Path=/; Max-Age=%ld; HttpOnly; SameSite=Lax%s", name,
		value, max_age, rq->https ? "; Secure" : ""));
}

enum rc
reply_text(struct request *rq, int status, const char *type, const char *body,
    size_t len)
{
	rq->reply.status = status;
	rq->reply.type = type;
	rq->reply.body = body;
	rq->reply.len = len;
	rq->reply.varies = false;
	rq->reply.encoding = NULL;
	return OK;
}

enum rc
reply_empty(struct request *rq, int status)
{
	return reply_text(rq, status, NULL, NULL, 0);
}

static void
release_buf(void *b)
{
	buf_release(b);
}

enum rc
reply_page_status(
    struct request *rq, int status, const char *name, struct json_object *model)
{
	struct buf *out = arena_alloc(rq->arena, sizeof(*out));

	const char *lang = catalog_language(language_list(
	    rq->arena, request_header(rq, "HTTP_ACCEPT_LANGUAGE")));

	json_put_str(model, "version", static_version);
	json_put_str(model, "lang", lang);
	buf_init(out, REPLY_MAX);
	arena_defer(rq->arena, release_buf, out);
	if (templates_render(rq->templates, lang, name, model, out) != OK)
		return E_INTERNAL;
	return reply_text(
	    rq, status, "text/html; charset=utf-8", out->data, out->len);
}

enum rc
reply_page(struct request *rq, const char *name, struct json_object *model)
{
	return reply_page_status(rq, 200, name, model);
}

static enum rc
reply_object(
    struct request *rq, int status, const char *type, struct json_object *o)
{
	const char *text = json_text(o);

	return reply_text(rq, status, type, text, strlen(text));
}

enum rc
reply_json(struct request *rq, int status, struct json_object *data)
{
	struct json_object *o = json_new(rq->arena);

	json_put_flag(o, "success", true);
	json_put(o, "data", data);
	return reply_object(rq, status, "application/json; charset=utf-8", o);
}

enum rc
reply_see(struct request *rq, const char *path)
{
	reply_header(rq, "Location", path);
	return reply_empty(rq, 303);
}

/* What a handler left unsaid. */
static const char *
usual_detail(const struct request *rq, enum rc rc)
{
	switch (rc) {
	case E_NOTFOUND:
		return rq->param.id != NULL ? "This generation doesn't exist, "
					      "or you don't have access to it."
					    : "We couldn't find that page.";
	case E_METHOD:
		if (*rq->method_name == '\0')
			return "This method is not allowed here.";
		return arena_printf(rq->arena,
		    "The method %s is not allowed here.",
		    text_excerpt(rq->arena, rq->method_name));
	case E_UNAVAILABLE:
		return "The service can't reach its database right now. "
		       "Nothing has been lost.";
	case E_CONFLICT:
		return "Its status has changed in the meantime.";
	case E_LIMIT:
		return "Too many requests. Please wait a moment.";
	case E_INPUT:
		return "The request could not be understood.";
	default:
		return "Something went wrong on our side. The error has been "
		       "logged.";
	}
}

static const char *
usual_advice(enum rc rc)
{
	switch (rc) {
	case E_NOTFOUND:
		return "Check the address, or find the file in your list. You "
		       "can only see files created in this browser.";
	case E_UNAVAILABLE:
		return "Please try again in a moment.";
	case E_CONFLICT:
		return "Reload the page to see the current status.";
	case E_INTERNAL:
		return "Please try again. If it keeps happening, send the "
		       "request ID below to the administrator.";
	default:
		return "Go back, correct it and try again.";
	}
}

static bool
wants_json(const struct request *rq)
{
	const char *accept = request_header(rq, "HTTP_ACCEPT");

	if (rq->api)
		return true;
	return accept != NULL && strstr(accept, "text/html") == NULL &&
	       (strstr(accept, "application/json") != NULL ||
		   strstr(accept, "application/problem+json") != NULL);
}

static void
reply_problem(struct request *rq, int status, const char *detail)
{
	struct json_object *o = json_new(rq->arena);
	long more = rq->problem.more;

	if (more > 0 && rq->problem.fields != NULL)
		detail = arena_printf(rq->arena,
		    "%s %zu errors are listed; there are %s more.", detail,
		    json_object_array_length(rq->problem.fields),
		    text_number(rq->arena, more));

	json_put_str(o, "type", "about:blank");
	json_put_str(o, "title", status_reason(status));
	json_put_num(o, "status", status);
	json_put_str(o, "detail", detail);
	json_put_str(o, "instance", rq->path);
	json_put_str(o, "request_id", rq->id);
	json_put_flag(o, "success", false);
	if (rq->problem.fields != NULL)
		json_put(o, "errors", json_object_get(rq->problem.fields));
	if (more > 0)
		json_put_num(o, "more_errors", more);
	if (reply_object(rq, status, "application/problem+json", o) != OK)
		BUG("an error has no answer");
}

static void
reply_error_page(struct request *rq, enum rc rc, int status, const char *detail)
{
	struct json_object *o = json_new(rq->arena);
	const char *text;

	json_put_str(o, "title", status_reason(status));
	json_put_num(o, "status", status);
	json_put_str(o, "detail", detail);
	json_put_str(o, "advice",
	    rq->problem.advice ? rq->problem.advice : usual_advice(rc));
	json_put_str(o, "requestId", rq->id);
	json_put_str(
	    o, "again", rq->method == GET && status >= 500 ? rq->uri : NULL);
	if (reply_page_status(rq, status, "error", o) == OK)
		return;
	text = arena_printf(rq->arena, "%d %s\n\n%s\n\nRequest %s\n", status,
	    status_reason(status), detail, rq->id);
	if (reply_text(rq, status, "text/plain; charset=utf-8", text,
		strlen(text)) != OK)
		BUG("an error has no answer");
}

void
reply_error(struct request *rq, enum rc rc)
{
	int status = rq->problem.status ? rq->problem.status : statuses[rc];
	const char *detail = rq->problem.detail;

	if (detail == NULL)
		detail = usual_detail(rq, rc);
	rq->reply.cache = rq->reply.policy = NULL;
	rq->reply.file = NULL;
	rq->reply.pieces = NULL;
	rq->reply.copy = NULL;
	if (rc == E_METHOD)
		reply_header(rq, "Allow",
		    sidecar_paths_has(rq->path)
			? "GET, OPTIONS"
			: route_allow(rq->arena, rq->allow));
	if (status == 503 || status == 429)
		reply_header(rq, "Retry-After", status == 503 ? "2" : "10");
	if (status == 401)
		reply_header(rq, "WWW-Authenticate", "Bearer");
	if (wants_json(rq))
		reply_problem(rq, status, detail);
	else
		reply_error_page(rq, rc, status, detail);
}

void
reply_head(struct request *rq, struct buf *out)
{
	const struct reply *r = &rq->reply;

	buf_printf(
	    out, "Status: %d %s\r\n", r->status, status_reason(r->status));
	if (r->type != NULL)
		buf_printf(out, "Content-Type: %s\r\n", r->type);
	if (r->status != 204 && r->status != 304)
		buf_printf(out, "Content-Length: %zu\r\n", r->len);
	if (r->encoding != NULL)
		buf_printf(out, "Content-Encoding: %s\r\n", r->encoding);
	if (r->varies)
		buf_adds(out, "Vary: Accept-Encoding\r\n");
	buf_printf(
	    out, "Cache-Control: %s\r\n", r->cache ? r->cache : "no-store");
	buf_printf(out, "Content-Security-Policy: %s\r\n",
	    r->policy ? r->policy : PAGE_POLICY);
	buf_adds(out, FIXED_HEADERS);
	if (rq->https)
		buf_adds(out, "Strict-Transport-Security: "
			      "max-age=31536000\r\n");
	buf_printf(out, "X-Request-Id: %s\r\n", rq->id);
	if (r->headers != NULL)
		buf_adds(out, r->headers);
	if (r->file != NULL)
		reply_file_head(rq, out);
	buf_adds(out, "\r\n");
}
