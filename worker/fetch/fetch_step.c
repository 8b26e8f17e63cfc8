#include "core/log.h"
#include "worker/fetch/fetch_internal.h"

#include <errno.h>
#include <string.h>

static bool
is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

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
back_off(const struct fetch_transfer *t)
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
was_here(const struct fetch_task *k, const char *url)
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
	if (was_here(k, to.text))
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
	long wait = back_off(t);

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
may_pass(const struct fetch_transfer *t, enum fetch_error e, CURLcode code)
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
was_kept_too_long(const struct fetch_transfer *t, enum fetch_error error)
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
	if (was_kept_too_long(t, error)) {
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
	if (may_pass(t, error, code)) {
		fetch_host_bad(k->host, now, back_off(t));
		return task_retry(k, now + back_off(t));
	}
	/* Who never answered is not overloaded: the scheme is another's. */
	if (k->host->answered)
		fetch_host_bad(k->host, now, 0);
	return transfer_end(t, error);
}

enum fetch_next
fetch_step(struct fetch_transfer *t, CURLcode code, int64_t now)
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
