#include "worker/model/model_http.h"

#include "core/buf.h"
#include "core/clock.h"
#include "core/log.h"
#include "worker/model/chat.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* How often the clocks and stopping() are looked at. */
#define TICK_MS 100
#define ERROR_BODY_BYTES 65536
/* A longer wait than a day is not a wait. */
#define RETRY_MAX_MS 86400000.0

struct run {
	struct model_http *h;
	struct arena *a;
	CURL *easy;
	struct buf error_body;
	int64_t started_ms;
	int64_t last_ms; /* of the last piece; 0 before the first */
};

static size_t
accept_body(char *p, size_t size, size_t n, void *user)
{
	struct run *r = user;
	long status = 0;

	n *= size;
	r->last_ms = clock_ms();
	curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200) {
		size_t left = r->error_body.max - r->error_body.len;

		buf_add(&r->error_body, p, n < left ? n : left);
		return n;
	}
	if (!r->h->sink(r->h->ctx, p, n)) {
		r->h->error = MODEL_HTTP_SINK;
		return 0;
	}
	return n;
}

/* The value of "name: value\r\n" when the name is the wanted one. */
static void
keep_header(struct run *r, const char *line, size_t n, const char *name,
    const char **to)
{
	size_t len = strlen(name);

	if (n <= len || line[len] != ':' || strncasecmp(line, name, len) != 0)
		return;
	line += len + 1;
	n -= len + 1;
	while (n > 0 && (*line == ' ' || *line == '\t')) {
		line++;
		n--;
	}
	while (n > 0 && strchr(" \t\r\n", line[n - 1]) != NULL)
		n--;
	*to = arena_strndup(r->a, line, n < 200 ? n : 200);
}

static size_t
accept_header(char *p, size_t size, size_t n, void *user)
{
	struct run *r = user;

	n *= size;
	keep_header(r, p, n, "content-type", &r->h->content_type);
	keep_header(r, p, n, "retry-after", &r->h->retry_after);
	keep_header(r, p, n, "retry-after-ms", &r->h->retry_after_ms);
	keep_header(r, p, n, "x-should-retry", &r->h->should_retry);
	keep_header(r, p, n, "x-request-id", &r->h->request_id);
	return n;
}

static enum model_http_error
classify_code(CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return MODEL_HTTP_OK;
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return MODEL_HTTP_BAD_URL;
	case CURLE_COULDNT_RESOLVE_HOST:
		return MODEL_HTTP_DNS;
	case CURLE_COULDNT_CONNECT:
		return MODEL_HTTP_REFUSED;
	case CURLE_OPERATION_TIMEDOUT:
		return MODEL_HTTP_CONNECT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
		return MODEL_HTTP_TLS;
	default:
		return MODEL_HTTP_BROKEN;
	}
}

/* Which clock has run out; MODEL_HTTP_OK: none. */
static enum model_http_error
clock_ran_out(const struct run *r)
{
	const struct model_http *h = r->h;
	int64_t now = clock_ms();
	curl_off_t connected = 0;

	if (h->stopping != NULL && h->stopping(h->ctx))
		return MODEL_HTTP_STOPPED;
	if (now - r->started_ms > h->total_ms)
		return MODEL_HTTP_TOTAL;
	if (r->last_ms != 0)
		return now - r->last_ms > h->silence_ms ? MODEL_HTTP_SILENCE
							: MODEL_HTTP_OK;
	curl_easy_getinfo(r->easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
	if (connected > 0 && now - r->started_ms > h->first_byte_ms)
		return MODEL_HTTP_FIRST_BYTE;
	return MODEL_HTTP_OK;
}

static struct curl_slist *
curl_set_up(struct run *r)
{
	struct model_http *h = r->h;
	struct curl_slist *list = NULL;
	const char *const *p;

	for (p = h->headers; p != NULL && *p != NULL; p++)
		list = curl_slist_append(list, *p);
	curl_easy_setopt(r->easy, CURLOPT_URL, h->url);
	curl_easy_setopt(r->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(r->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(r->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(
	    r->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)h->connect_ms);
	curl_easy_setopt(r->easy, CURLOPT_WRITEFUNCTION, accept_body);
	curl_easy_setopt(r->easy, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(r->easy, CURLOPT_HEADERFUNCTION, accept_header);
	curl_easy_setopt(r->easy, CURLOPT_HEADERDATA, r);
	if (h->body != NULL) {
		list =
		    curl_slist_append(list, "Content-Type: application/json");
		/* No "100 Continue" round trip. */
		list = curl_slist_append(list, "Expect:");
		curl_easy_setopt(r->easy, CURLOPT_POSTFIELDS, h->body);
	}
	curl_easy_setopt(r->easy, CURLOPT_HTTPHEADER, list);
	return list;
}

static void
run_loop(struct run *r, CURLM *multi)
{
	enum model_http_error over;
	int running = 1, left;
	CURLMsg *m;

	while (running > 0) {
		curl_multi_perform(multi, &running);
		if (running > 0)
			curl_multi_poll(multi, NULL, 0, TICK_MS, NULL);
		over = clock_ran_out(r);
		if (running > 0 && over != MODEL_HTTP_OK) {
			r->h->error = over;
			return;
		}
	}
	m = curl_multi_info_read(multi, &left);
	if (m == NULL || m->msg != CURLMSG_DONE)
		BUG("a transfer ended without a message");
	if (r->h->error == MODEL_HTTP_OK)
		r->h->error = classify_code(m->data.result);
	r->h->error_text =
	    arena_strdup(r->a, curl_easy_strerror(m->data.result));
}

void
model_http_run(struct model_http *h, struct arena *a)
{
	struct run r = {.h = h, .a = a, .started_ms = clock_ms()};
	struct curl_slist *headers;
	long status = 0;
	CURLM *multi;

	h->error = MODEL_HTTP_OK;
	h->error_text = "";
	h->content_type = h->retry_after = h->retry_after_ms = NULL;
	h->should_retry = h->request_id = NULL;
	buf_init(&r.error_body, ERROR_BODY_BYTES);
	multi = curl_multi_init();
	r.easy = curl_easy_init();
	if (multi == NULL || r.easy == NULL)
		fatal("out of memory");
	headers = curl_set_up(&r);
	curl_multi_add_handle(multi, r.easy);
	run_loop(&r, multi);
	curl_easy_getinfo(r.easy, CURLINFO_RESPONSE_CODE, &status);
	h->status = (int)status;
	h->error_len = r.error_body.len;
	h->error_body = arena_strndup(a, r.error_body.data, r.error_body.len);
	curl_multi_remove_handle(multi, r.easy);
	curl_easy_cleanup(r.easy);
	curl_multi_cleanup(multi);
	curl_slist_free_all(headers);
	buf_release(&r.error_body);
}

/* Scheme, host and port: never user, path or query. */
static const char *
url_origin(struct arena *a, const char *url)
{
	const char *host = strstr(url, "://"), *at;
	size_t n;

	if (host == NULL)
		return "its address";
	host += 3;
	n = strcspn(host, "/?#");
	at = memrchr(host, '@', n);
	if (at != NULL) {
		n -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	return arena_printf(
	    a, "%.*s://%.*s", (int)strcspn(url, ":"), url, (int)n, host);
}

static const char *
seconds_text(struct arena *a, int ms)
{
	return arena_printf(
	    a, "%g second%s", ms / 1000.0, ms == 1000 ? "" : "s");
}

const char *
model_http_why(const struct model_http *h, struct arena *a, const char *name)
{
	const char *at = url_origin(a, h->url);
	const char *inside = chat_label_inside(a, name);

	switch (h->error) {
	case MODEL_HTTP_DNS:
		return arena_printf(a,
		    "The host of %s (%s) does not exist; check "
		    "the address in the configuration.",
		    inside, at);
	case MODEL_HTTP_REFUSED:
		return arena_printf(a,
		    "%s at %s refused the connection; is it "
		    "running?",
		    name, at);
	case MODEL_HTTP_CONNECT:
		return arena_printf(a,
		    "%s at %s could not be reached within %s.", name, at,
		    seconds_text(a, h->connect_ms));
	case MODEL_HTTP_TLS:
		return arena_printf(a,
		    "The secure connection to %s at %s failed: "
		    "%s.",
		    inside, at, h->error_text);
	case MODEL_HTTP_FIRST_BYTE:
		return arena_printf(a, "%s did not start responding within %s.",
		    name, seconds_text(a, h->first_byte_ms));
	case MODEL_HTTP_SILENCE:
		return arena_printf(a, "%s stopped responding for %s.", name,
		    seconds_text(a, h->silence_ms));
	case MODEL_HTTP_TOTAL:
		return arena_printf(a,
		    "%s did not finish its response within %s.", name,
		    seconds_text(a, h->total_ms));
	case MODEL_HTTP_BAD_URL:
		return arena_printf(a,
		    "The address of %s in the configuration is "
		    "not an http(s) URL.",
		    inside);
	case MODEL_HTTP_STOPPED:
		return "It was stopped.";
	default:
		return arena_printf(a, "The connection to %s at %s broke: %s.",
		    inside, at, h->error_text);
	}
}

long
model_retry_ms(const struct model_http *h)
{
	double ms = 0;
	time_t when;
	char *end;

	if (h->retry_after_ms != NULL) {
		ms = strtod(h->retry_after_ms, &end);
		if (end == h->retry_after_ms || *end != '\0')
			ms = 0;
	}
	if (ms <= 0 && h->retry_after != NULL) {
		ms = strtod(h->retry_after, &end) * 1000;
		if (end == h->retry_after || *end != '\0') {
			when = curl_getdate(h->retry_after, NULL);
			ms = when < 0 ? 0 : difftime(when, time(NULL)) * 1000;
		}
	}
	if (!(ms > 0))
		return 0;
	return (long)(ms > RETRY_MAX_MS ? RETRY_MAX_MS : ms);
}
