#include "worker/fetch/fetch_transfer.h"

#include "core/log.h"

#include <errno.h>
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
read_content_type(struct fetch_task *k, const char *value)
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
	read_content_type(t->task, type);
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
transfer_body_callback(char *p, size_t size, size_t n, void *arg)
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
	curl_must(
	    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, transfer_body_callback));
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

/* fetch_transfer_read: the answer's headers into the task's result. */
static void
fetch_transfer_read(struct fetch_transfer *t)
{
	struct fetch_result *r = &t->task->result;

	read_status(t);
	r->bytes = t->bytes;
	r->etag = joined_header(t, "ETag");
	r->last_modified = joined_header(t, "Last-Modified");
	r->robots_tag = joined_header(t, "X-Robots-Tag");
}

/* ---- what an answer means --------------------------------------------- */

/* The host, or what stands before it, cannot answer just now. */
static bool
is_busy(int status)
{
	return status == 429 || status == 502 || status == 503 || status == 504;
}

static enum fetch_next
transfer_end(struct fetch_transfer *t, enum fetch_error error)
{
	fetch_explain(t->f, t->task, error, t);
	return NEXT_END;
}

static long
backoff_ms(const struct fetch_transfer *t)
{
	int n = t->task->retries < 10 ? t->task->retries : 10;

	return t->f->policy.retry_base_ms << n;
}

static enum fetch_next
task_retry(struct fetch_task *k, int64_t at)
{
	k->retries++;
	k->not_before = at;
	return NEXT_RETRY;
}

/* ---- redirects ----------------------------------------------------------- */

static bool
is_hop_visited(const struct fetch_task *k, const char *url)
{
	for (size_t i = 0; i < k->hop_n; i++)
		if (strcmp(k->hops[i].url, url) == 0)
			return true;
	return false;
}

static void
add_hop(struct fetch_task *k)
{
	struct fetch_hop *hops =
	    arena_array(&k->a, k->hop_n + 1, sizeof(*hops));

	if (k->hop_n > 0)
		memcpy(hops, k->hops, k->hop_n * sizeof(*hops));
	hops[k->hop_n++] = (struct fetch_hop){k->at.text, k->result.status};
	k->hops = hops;
	k->result.hops = hops;
	k->result.hop_n = k->hop_n;
}

static enum fetch_next
transfer_redirect(struct fetch_transfer *t)
{
	const struct fetch_policy *p = &t->f->policy;
	struct fetch_task *k = t->task;
	struct curl_header *location;
	struct url to;

	if (curl_easy_header(t->easy, "Location", 0, CURLH_HEADER, -1,
		&location) != CURLHE_OK ||
	    url_resolve(&k->a, &k->at, location->value, &to) != OK)
		return transfer_end(t, FETCH_BAD_REDIRECT);
	add_hop(k);
	k->result.final_url = to.text;
	if (is_hop_visited(k, to.text))
		return transfer_end(t, FETCH_LOOP);
	if (k->hop_n > (size_t)p->max_redirects)
		return transfer_end(t, FETCH_TOO_MANY_HOPS);
	if (p->follow != NULL && !p->follow(p->ctx, k->user, &k->at, &to))
		return transfer_end(t, FETCH_REDIRECT_REFUSED);
	k->at = to;
	k->retries = 0;
	k->fresh = false;
	return NEXT_HOP;
}

/* ---- answers ------------------------------------------------------------- */

static enum fetch_next
transfer_busy(struct fetch_transfer *t, int64_t now)
{
	const struct fetch_policy *p = &t->f->policy;
	struct fetch_task *k = t->task;
	curl_off_t seconds = 0;
	long wait = backoff_ms(t);

	k->host->answered = true;
	(void)curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &seconds);
	if (seconds > p->max_retry_after_ms / 1000) {
		fetch_host_refused(k->host, p, now, seconds);
		k->result.pause_s = (long)seconds;
	} else {
		if (seconds > 0)
			wait = (long)seconds * 1000;
		fetch_host_bad(k->host, now, wait);
		if (k->retries < p->max_retries)
			return task_retry(k, now + wait);
	}
	k->result.error = FETCH_OK;
	fetch_explain_status(k);
	return NEXT_END;
}

static enum fetch_next
transfer_answered(struct fetch_transfer *t, int64_t now)
{
	struct fetch_task *k = t->task;
	int status = k->result.status;

	if (is_busy(status))
		return transfer_busy(t, now);
	fetch_host_good(k->host);
	if (is_redirect(status))
		return transfer_redirect(t);
	k->result.error = FETCH_OK;
	if (status >= 400)
		fetch_explain_status(k);
	return NEXT_END;
}

/* ---- failures ------------------------------------------------------------ */

static enum fetch_error
connect_error(const struct fetch_transfer *t)
{
	long os = 0;

	(void)curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &os);
	switch (os) {
	case ECONNREFUSED:
		return FETCH_REFUSED;
	case ETIMEDOUT:
		return FETCH_TIMEOUT;
	default:
		return FETCH_UNREACHABLE;
	}
}

static enum fetch_error
classify_code(const struct fetch_transfer *t, CURLcode code)
{
	if (t->watch.refused > 0 && t->watch.opened == 0)
		return FETCH_PRIVATE;
	if (t->watch.ports > 0 && t->watch.opened == 0)
		return FETCH_PORT;
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return FETCH_NO_HOST;
	case CURLE_COULDNT_CONNECT:
		return connect_error(t);
	case CURLE_OPERATION_TIMEDOUT:
		return FETCH_TIMEOUT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_SSL_CLIENTCERT:
		return FETCH_TLS;
	default:
		return FETCH_BROKEN;
	}
}

/*
 * Whether it may go well another time.  A host that never answered is not
 * asked again, unless one that did leads there: the job's own retry comes
 * later, and people wait.
 */
static bool
is_worth_retry(
    const struct fetch_transfer *t, enum fetch_error e, CURLcode code)
{
	const struct fetch_task *k = t->task;

	if ((!k->host->answered && k->hop_n == 0) ||
	    k->retries >= t->f->policy.max_retries)
		return false;
	/* What the sink took cannot be taken back. */
	if (t->reading == READING_SINK)
		return false;
	switch (e) {
	case FETCH_NO_HOST:
	case FETCH_REFUSED:
	case FETCH_UNREACHABLE:
		return true;
	case FETCH_BROKEN:
		return code != CURLE_UNSUPPORTED_PROTOCOL &&
		       code != CURLE_WEIRD_SERVER_REPLY;
	case FETCH_TIMEOUT:
		return k->retries == 0;
	case FETCH_TLS:
		return code == CURLE_SSL_CONNECT_ERROR;
	default:
		return false;
	}
}

/*
 * A connection that was kept from an earlier request broke off before a byte
 * of this answer came: that says nothing of the page or of the host's load.
 */
static bool
is_stale_connection(const struct fetch_transfer *t, enum fetch_error error)
{
	long opened = 0;

	(void)curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &opened);
	return opened == 0 && error == FETCH_BROKEN && !t->task->fresh &&
	       t->task->result.status == 0 && t->reading == READING_NOT_YET;
}

static enum fetch_next
transfer_failed(struct fetch_transfer *t, CURLcode code, int64_t now)
{
	struct fetch_task *k = t->task;
	enum fetch_error error = classify_code(t, code);

	/* Visitors are not told where a name of ours leads; this log may. */
	if (error == FETCH_PRIVATE)
		log_info("address_refused", "host", k->at.host, "address",
		    t->watch.address, "why", t->watch.reason);
	k->host->answered |= k->result.status != 0;
	if (is_stale_connection(t, error)) {
		k->fresh = true;
		k->host->resets += k->host->tls != TLS_MULTIPLEX;
		return NEXT_RETRY;
	}
	/* Some servers label what they did not compress. */
	if (code == CURLE_BAD_CONTENT_ENCODING && !k->identity &&
	    t->reading != READING_SINK) {
		k->identity = true;
		return NEXT_RETRY;
	}
	if (is_worth_retry(t, error, code)) {
		fetch_host_bad(k->host, now, backoff_ms(t));
		return task_retry(k, now + backoff_ms(t));
	}
	/* Who never answered is not overloaded: the scheme is another's. */
	if (k->host->answered)
		fetch_host_bad(k->host, now, 0);
	return transfer_end(t, error);
}

enum fetch_next
fetch_transfer_decide(struct fetch_transfer *t, CURLcode code, int64_t now)
{
	fetch_transfer_read(t);
	if (t->refused != FETCH_OK) {
		fetch_host_good(t->task->host);
		return transfer_end(t, t->refused);
	}
	if (code != CURLE_OK)
		return transfer_failed(t, code, now);
	return transfer_answered(t, now);
}
