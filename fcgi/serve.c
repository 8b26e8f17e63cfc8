#include "fcgi/serve.h"

#include "core/clock.h"
#include "core/log.h"
#include "core/text.h"
#include "fcgi/compress.h"
#include "fcgi/csrf.h"
#include "fcgi/refusal.h"
#include "fcgi/request.h"
#include "fcgi/sidecar_paths.h"

#include <string.h>
#include <strings.h>

static bool
is_unsafe(const struct request *rq)
{
	return rq->method == POST || rq->method == PUT || rq->method == DELETE;
}

/* "/generations/" is what "/generations" was meant to be. */
static enum rc
drop_slash(struct request *rq)
{
	const char *query = strchr(rq->uri, '?');
	size_t n = strlen(rq->path);
	struct route route;
	char *shorter;

	if (rq->method != GET || n < 2 || rq->path[n - 1] != '/' ||
	    rq->path[n - 2] == '/')
		return E_NOTFOUND;
	shorter = arena_strndup(rq->arena, rq->path, n - 1);
	if (route_find(rq->arena, pages, shorter, GET, &route) != OK)
		return E_NOTFOUND;
	reply_header(rq, "Location",
	    arena_printf(rq->arena, "%s%s", shorter, query ? query : ""));
	return reply_empty(rq, 308);
}

/* Programs first: the two tables share no path. */
static enum rc
find_page(struct request *rq)
{
	struct route route;
	enum rc rc;

	rc = route_find(rq->arena, endpoints, rq->path, rq->method, &route);
	if (rc != E_NOTFOUND)
		rq->api = true;
	else if (sidecar_paths_has(rq->path))
		return E_METHOD;
	else
		rc = route_find(rq->arena, pages, rq->path, rq->method, &route);
	rq->page = route.page;
	rq->param = route.value;
	rq->allow = route.allow;
	/* A file of the front server's, which knows what it takes. */
	if (rc == E_NOTFOUND && refusal_status(rq) == 405) {
		rq->allow = GET;
		rc = E_METHOD;
	}
	return rc;
}

static enum rc
answer_options(struct request *rq)
{
	reply_header(rq, "Allow", route_allow(rq->arena, rq->allow));
	return reply_empty(rq, 204);
}

static bool
is_known(const struct page *page, const char *name)
{
	const char *const *q;

	for (q = page->query; q != NULL && *q != NULL; q++)
		if (strcmp(*q, name) == 0)
			return true;
	return false;
}

/* Programs are told what they misspelt; a person's link may carry extras. */
static enum rc
check_query(struct request *rq)
{
	const char *twice = params_twice(&rq->query);
	enum rc rc = OK;
	size_t i;

	if (!rq->api)
		return OK;
	for (i = 0; i < rq->query.n; i++) {
		const char *name = rq->query.v[i].name;

		if (!is_known(rq->page, name))
			rc = request_query_field(rq, name,
			    "Unknown query parameter \"%s\".",
			    text_excerpt(rq->arena, name));
	}
	if (rc == OK && twice != NULL)
		rc = request_query_field(rq, twice,
		    "The query parameter \"%s\" was sent twice.",
		    text_excerpt(rq->arena, twice));
	return rc;
}

/* Basic and its like are between the client and the front server. */
static bool
has_token(const struct request *rq)
{
	const char *h = request_header(rq, "HTTP_AUTHORIZATION");

	return h != NULL && strncasecmp(h, "Bearer ", 7) == 0;
}

static enum rc
check_caller(struct request *rq)
{
	enum rc rc;

	if (rq->api && has_token(rq))
		return request_fail(rq, E_AUTH,
		    "The Authorization header does not contain a valid token.");
	rc = session_load(rq);
	if (rc != OK || !is_unsafe(rq))
		return rc;
	if (rq->api)
		return csrf_check_call(rq);
	rc = request_form(rq, &rq->form);
	return rc != OK ? rc : csrf_check_form(rq, &rq->form);
}

static enum rc
answer_request(struct request *rq)
{
	enum rc rc;

	rc = request_read(rq);
	if (refusal_stands(rq))
		return refusal_answer(rq, rc);
	if (rc != OK)
		return rc;
	rc = find_page(rq);
	if (rc == E_NOTFOUND)
		return drop_slash(rq);
	if (rq->method == OPTIONS)
		return answer_options(rq);
	if (rc == OK)
		rc = check_query(rq);
	if (rc == OK && rq->page->scope != SCOPE_PUBLIC)
		rc = check_caller(rq);
	if (rc == OK && rq->page->scope == SCOPE_ACCOUNT &&
	    rq->session.account == NULL)
		rc = E_NOTFOUND;
	if (rc == OK && rq->page->scope == SCOPE_ADMIN && !rq->session.admin)
		rc = E_NOTFOUND;
	if (rc != OK)
		return rc;
	return rq->page->run(rq);
}

void
serve_request(struct request *rq)
{
	int64_t start = clock_ms();
	const char *headers;
	enum rc rc;

	rc = answer_request(rq);
	headers = rq->reply.headers;
	if (rc == OK) {
		compress_reply(rq);
		rc = reply_spool(rq);
		/* What was said of that body is not true of an error. */
		if (rc != OK)
			rq->reply.headers = headers;
	}
	if (rc != OK) {
		reply_error(rq, rc);
		compress_reply(rq);
	} else if (rq->reply.status == 0)
		BUG("%s did not answer", rq->page->path);
	log_info("request", "class",
	    rq->page == NULL ? NULL : page_class(rq->page, rq->method),
	    "method", rq->method_name, "path", rq->path, "status",
	    log_num(rq->reply.status), "bytes",
	    log_num((long long)rq->reply.len), "ms",
	    log_num(clock_ms() - start), "error", rc == OK ? NULL : rc_name(rc),
	    "req", rq->id);
}
