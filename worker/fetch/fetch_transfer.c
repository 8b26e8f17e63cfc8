#include "core/log.h"
#include "worker/fetch/fetch_internal.h"

#include <stdlib.h>
#include <string.h>

/* Values of one header that are read; more say nothing new. */
#define HEADER_VALUES 32
/* A host that resets so many kept connections gets a new one each time. */
#define RESETS_MAX 3

static void
curl_must(CURLcode code)
{
	if (code != CURLE_OK)
		fatal("curl refused an option: %s", curl_easy_strerror(code));
}

static size_t
max_bytes(const struct fetch_transfer *t)
{
	size_t own = t->task->opts.max_bytes;

	return own != 0 ? own : t->f->policy.max_bytes;
}

static bool
is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

/* Sets type and charset from "text/html; charset=UTF-8". */
static void
read_type(struct fetch_task *k, const char *value)
{
	struct fetch_result *r = &k->result;
	size_t n = value != NULL ? strcspn(value, "; \t") : 0;
	const char *at = value != NULL ? strcasestr(value, "charset=") : NULL;
	char *type = arena_strndup(&k->a, value ? value : "", n), *charset;

	for (char *p = type; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p | 0x20);
	r->type = type;
	r->charset = "";
	if (at == NULL)
		return;
	at += strlen("charset=");
	at += *at == '"' || *at == '\'';
	charset = arena_strndup(&k->a, at, strcspn(at, "\"'; \t,"));
	for (char *p = charset; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p | 0x20);
	r->charset = charset;
}

static void
read_status(struct fetch_transfer *t)
{
	struct fetch_result *r = &t->task->result;
	char *type = NULL;
	long status = 0;

	curl_must(curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status));
	curl_must(curl_easy_getinfo(t->easy, CURLINFO_CONTENT_TYPE, &type));
	r->status = (int)status;
	read_type(t->task, type);
}

/* The first byte of a body: who takes it? */
static void
begin_reading(struct fetch_transfer *t)
{
	const struct fetch_policy *p = &t->f->policy;
	struct fetch_result *r = &t->task->result;

	read_status(t);
	if (is_redirect(r->status))
		t->reading = READING_NOTHING;
	else if (p->accept_body != NULL &&
		 !p->accept_body(p->ctx, t->task->user, r->status, r->type))
		t->refused = FETCH_UNWANTED;
	else if (t->task->opts.sink != NULL && r->status == 200)
		t->reading = READING_SINK;
	else
		t->reading = READING_BODY;
}

/* Counts decoded bytes, so a compressed bomb ends at the limit as well. */
static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	struct fetch_transfer *t = arg;
	struct fetch_task *k = t->task;
	size_t room;

	n *= size;
	if (n == 0)
		return 0;
	if (t->reading == READING_NOT_YET)
		begin_reading(t);
	if (t->refused != FETCH_OK)
		return 0;
	room = max_bytes(t) - t->bytes;
	if (n > room)
		t->refused = FETCH_TOO_BIG;
	t->bytes += n < room ? n : room;
	if (t->reading == READING_BODY)
		buf_add(&k->body, p, n < room ? n : room);
	else if (t->reading == READING_SINK &&
		 !k->opts.sink(
		     t->f->policy.ctx, k->user, p, n < room ? n : room))
		t->refused = FETCH_ABORTED;
	return t->refused == FETCH_OK ? n : 0;
}

static void
set_limits(CURL *e, const struct fetch_policy *p)
{
	curl_must(
	    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, p->connect_ms));
	curl_must(
	    curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, p->low_speed_bytes));
	curl_must(curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, p->low_speed_s));
	curl_must(curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L));
	/* A name server that hangs must not hold up an end. */
	curl_must(curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L));
}

static void
set_protocol(CURL *e, const struct fetch_policy *p)
{
	curl_must(curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https"));
	curl_must(
	    curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "http,https"));
	curl_must(curl_easy_setopt(e, CURLOPT_PROXY, ""));
	curl_must(curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L));
	curl_must(curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L));
	curl_must(curl_easy_setopt(
	    e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS));
	curl_must(curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, ""));
	curl_must(curl_easy_setopt(e, CURLOPT_USERAGENT, p->user_agent));
	if (p->ca_file != NULL)
		curl_must(curl_easy_setopt(e, CURLOPT_CAINFO, p->ca_file));
}

void
fetch_transfer_init(struct fetcher *f, struct fetch_transfer *t)
{
	CURL *e = curl_easy_init();

	if (e == NULL)
		fatal("out of memory");
	t->f = f;
	t->easy = e;
	t->watch.guard = f->policy.guard;
	set_limits(e, &f->policy);
	set_protocol(e, &f->policy);
	curl_must(
	    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, guard_opensocket));
	curl_must(curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, &t->watch));
	curl_must(curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body));
	curl_must(curl_easy_setopt(e, CURLOPT_WRITEDATA, t));
	curl_must(curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->detail));
	curl_must(curl_easy_setopt(e, CURLOPT_PRIVATE, t));
	curl_must(curl_easy_setopt(e, CURLOPT_CONNECT_TO, f->connect_to));
}

void
fetch_transfer_release(struct fetch_transfer *t)
{
	if (t->easy == NULL)
		return;
	if (t->task != NULL)
		(void)curl_multi_remove_handle(t->f->multi, t->easy);
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	t->easy = NULL;
	t->headers = NULL;
}

static void
add_header(struct curl_slist **list, const char *line)
{
	struct curl_slist *more = curl_slist_append(*list, line);

	if (more == NULL)
		fatal("out of memory");
	*list = more;
}

static const char *
condition_header(struct fetch_task *k, const char *name, const char *value)
{
	if (value == NULL || *value == '\0')
		return NULL;
	return arena_printf(&k->a, "%s: %s", name, value);
}

/* The fetcher's headers, and those of a conditional request. */
static void
set_headers(struct fetch_transfer *t)
{
	const struct fetch_policy *p = &t->f->policy;
	struct fetch_task *k = t->task;
	struct fetch_known known = {NULL, NULL};
	const char *tag, *date;

	curl_slist_free_all(t->headers);
	t->headers = NULL;
	if (p->known != NULL)
		p->known(p->ctx, k->user, &k->at, &known);
	tag = condition_header(k, "If-None-Match", known.etag);
	date = condition_header(k, "If-Modified-Since", known.last_modified);
	if (tag != NULL || date != NULL)
		for (struct curl_slist *h = t->f->headers; h != NULL;
		     h = h->next)
			add_header(&t->headers, h->data);
	if (tag != NULL)
		add_header(&t->headers, tag);
	if (date != NULL)
		add_header(&t->headers, date);
	curl_must(curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER,
	    t->headers != NULL ? t->headers : t->f->headers));
}

/*
 * Transfers wait for a connection of the host only where it is known to carry
 * many at once.  curl keeps those that wait on a stack, and their time runs.
 */
static void
set_connection(struct fetch_transfer *t)
{
	const struct fetch_task *k = t->task;
	const struct fetch_host *h = k->host;

	curl_must(curl_easy_setopt(t->easy, CURLOPT_PIPEWAIT,
	    (long)(strcmp(k->at.scheme, "https") == 0 &&
		   h->tls == TLS_MULTIPLEX)));
	curl_must(
	    curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, (long)k->fresh));
	curl_must(curl_easy_setopt(
	    t->easy, CURLOPT_FORBID_REUSE, (long)(h->resets >= RESETS_MAX)));
}

enum fetch_tls
fetch_transfer_tls(const struct fetch_transfer *t)
{
	long version = CURL_HTTP_VERSION_NONE;

	(void)curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
	return version == CURL_HTTP_VERSION_2_0 ||
		       version == CURL_HTTP_VERSION_3
		   ? TLS_MULTIPLEX
		   : TLS_SINGLE;
}

void
fetch_transfer_start(struct fetch_transfer *t, struct fetch_task *k)
{
	long total = k->opts.total_ms;

	t->task = k;
	t->reading = READING_NOT_YET;
	t->bytes = 0;
	t->refused = FETCH_OK;
	t->detail[0] = '\0';
	t->watch.opened = t->watch.refused = t->watch.ports = 0;
	t->watch.routed = fetch_is_routed(t->f, &k->at);
	if (k->body.cap > FETCH_KEPT_BYTES)
		buf_release(&k->body);
	buf_clear(&k->body);
	k->body.max = max_bytes(t);
	k->result.tries++;
	curl_must(curl_easy_setopt(t->easy, CURLOPT_URL, k->at.text));
	curl_must(curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS,
	    total != 0 ? total : t->f->policy.total_ms));
	if (t->identity != k->identity) {
		t->identity = k->identity;
		curl_must(curl_easy_setopt(
		    t->easy, CURLOPT_ACCEPT_ENCODING, k->identity ? NULL : ""));
	}
	set_headers(t);
	set_connection(t);
	if (curl_multi_add_handle(t->f->multi, t->easy) != CURLM_OK)
		fatal("curl refused a transfer");
}

/*
 * The values of a header with ", " between; "" when there is none.  curl
 * walks all headers for each value it is asked for, so only some are read.
 */
static const char *
joined_header(struct fetch_transfer *t, const char *name)
{
	struct curl_header *h;
	struct buf b;
	const char *s;

	buf_init(&b, CURL_MAX_HTTP_HEADER);
	for (size_t i = 0; i < HEADER_VALUES; i++) {
		if (curl_easy_header(t->easy, name, i, CURLH_HEADER, -1, &h) !=
		    CURLHE_OK)
			break;
		if (i > 0)
			buf_adds(&b, ", ");
		buf_adds(&b, h->value);
	}
	s = b.len > 0 ? arena_strndup(&t->task->a, b.data, b.len) : "";
	buf_release(&b);
	return s;
}

void
fetch_transfer_read(struct fetch_transfer *t)
{
	struct fetch_result *r = &t->task->result;

	read_status(t);
	r->bytes = t->bytes;
	r->etag = joined_header(t, "ETag");
	r->last_modified = joined_header(t, "Last-Modified");
	r->robots_tag = joined_header(t, "X-Robots-Tag");
}
