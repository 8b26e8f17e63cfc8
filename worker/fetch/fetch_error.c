#include "core/idn.h"
#include "worker/fetch/fetch_transfer.h"

#include <stdio.h>
#include <string.h>

const char *
fetch_error_name(enum fetch_error e)
{
	static const char *const names[] = {
#define FETCH_ERROR(name, word) word,
#include "worker/fetch/fetch_errors.def"
#undef FETCH_ERROR
	};

	return e < FETCH_ERROR_MAX ? names[e] : "unknown";
}

const char *
fetch_status_text(int status, char out[static 48])
{
	const char *name = NULL;

	switch (status) {
#define HTTP_STATUS(code, phrase) \
	case code:                \
		name = phrase;    \
		break;
#include "worker/fetch/http_status.def"
#undef HTTP_STATUS
	}
	snprintf(out, 48, name != NULL ? "%d %s" : "%d", status, name);
	return out;
}

/* fetch_host_label: host (and port, if odd) of a URL as sentences name it. */
static const char *
fetch_host_label(struct arena *a, const struct url *u)
{
	const char *host = idn_display(a, u->host);

	return url_port_is_default(u) ? host
				      : arena_printf(a, "%s:%d", host, u->port);
}

/* "20 seconds", "1.5 seconds", "1 second". */
static const char *
duration_text(struct arena *a, long ms)
{
	if (ms % 1000 != 0)
		return arena_printf(a, "%.1f seconds", (double)ms / 1000);
	return arena_printf(
	    a, "%ld second%s", ms / 1000, ms == 1000 ? "" : "s");
}

/* "10 MB", "512 kB", "80 bytes"; MB and kB as people count files. */
static const char *
size_text(struct arena *a, size_t n)
{
	if (n >= 1 << 20)
		return arena_printf(a, "%.3g MB", (double)n / (1 << 20));
	if (n >= 1 << 10)
		return arena_printf(a, "%.3g kB", (double)n / (1 << 10));
	return arena_printf(a, "%zu bytes", n);
}

static curl_off_t
transfer_info(const struct fetch_transfer *t, CURLINFO what)
{
	curl_off_t n = 0;

	(void)curl_easy_getinfo(t->easy, what, &n);
	return n;
}

static const char *
timeout_sentence(struct fetcher *f, struct fetch_task *k, const char *who,
    const struct fetch_transfer *t)
{
	long total = k->opts.total_ms ? k->opts.total_ms : f->policy.total_ms;
	long connect = f->policy.connect_ms;
	struct arena *a = &k->a;

	if (total < connect)
		connect = total;
	if (transfer_info(t, CURLINFO_PRETRANSFER_TIME_T) == 0)
		return arena_printf(a, "%s did not respond within %s.", who,
		    duration_text(a, connect));
	if (k->result.status == 0)
		return arena_printf(a,
		    "%s accepted the request but did not respond within %s.",
		    who, duration_text(a, total));
	return arena_printf(a, "%s was too slow: %s in %s.", who,
	    size_text(a, t->bytes),
	    duration_text(
		a, (long)(transfer_info(t, CURLINFO_TOTAL_TIME_T) / 1000000) *
		       1000));
}

/* The verification results of OpenSSL that people can do something about. */
static const char *
tls_sentence(
    struct fetch_task *k, const char *who, const struct fetch_transfer *t)
{
	struct arena *a = &k->a;
	long verify = 0;

	(void)curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &verify);
	switch (verify) {
	case 9:
		return arena_printf(
		    a, "The certificate of %s is not valid yet.", who);
	case 10:
		return arena_printf(
		    a, "The certificate of %s has expired.", who);
	case 18:
		return arena_printf(a,
		    "The certificate of %s is signed by "
		    "itself, not by an authority.",
		    who);
	case 19:
	case 20:
	case 21:
		return arena_printf(a,
		    "The certificate of %s is not signed "
		    "by a known authority.",
		    who);
	case 23:
		return arena_printf(
		    a, "The certificate of %s was revoked.", who);
	default:
		break;
	}
	if (strstr(t->detail, "no alternative certificate") != NULL ||
	    strstr(t->detail, "does not match") != NULL)
		return arena_printf(
		    a, "The certificate of %s is for another name.", who);
	return arena_printf(a, "%s does not speak TLS as it should%s%s.", who,
	    t->detail[0] ? ": " : "", t->detail);
}

/* who_led: "a.example redirects to b.example", or b.example alone. */
static const char *
who_led(struct fetch_task *k, const char *who)
{
	struct url from;

	if (k->hop_n == 0 ||
	    url_parse(&k->a, k->hops[k->hop_n - 1].url, &from) != OK)
		return NULL;
	return arena_printf(
	    &k->a, "%s redirects to %s", fetch_host_label(&k->a, &from), who);
}

/* is_address: the host is written as one, not by a name that leads there. */
static bool
is_address(const char *host)
{
	return host[0] == '[' || host[strspn(host, "0123456789.")] == '\0';
}

/* Where a name leads, and to what kind of address, is the operator's affair. */
static const char *
refused_address(
    struct fetch_task *k, const char *who, const struct fetch_transfer *t)
{
	const char *led = who_led(k, who), *kind = "", *verb = "has";

	if (is_address(k->at.host)) {
		kind = arena_printf(&k->a, " (%s)", t->watch.reason);
		verb = "is";
	}
	return arena_printf(&k->a,
	    "%s%s %s a private or internal address%s, and those are not "
	    "fetched.",
	    led == NULL ? who : led, led == NULL ? "" : ", which", verb, kind);
}

static const char *
refused_port(
    struct fetch_task *k, const char *who, const struct fetch_transfer *t)
{
	const char *led = who_led(k, who);

	return arena_printf(&k->a,
	    "%s%sOn public hosts only the ports %s are visited, and %s uses "
	    "another.",
	    led == NULL ? "" : led, led == NULL ? "" : ". ",
	    guard_ports(t->watch.guard, &k->a), who);
}

static const char *
pause_of(struct arena *a, int64_t seconds)
{
	if (seconds < 120)
		return arena_printf(a, "%d seconds", (int)seconds);
	if (seconds < 48L * 3600)
		return arena_printf(a, "%d minutes", (int)(seconds / 60));
	return "several days";
}

static const char *
error_sentence(struct fetcher *f, struct fetch_task *k, enum fetch_error error,
    const char *who, const struct fetch_transfer *t)
{
	struct arena *a = &k->a;

	switch (error) {
	case FETCH_BAD_URL:
		return "This is not a web address (http or https).";
	case FETCH_NO_HOST:
		return arena_printf(a,
		    "We couldn't find %s (no DNS record). Check the spelling.",
		    who);
	case FETCH_PRIVATE:
		return refused_address(k, who, t);
	case FETCH_PORT:
		return refused_port(k, who, t);
	case FETCH_REFUSED:
		return arena_printf(a,
		    "%s refused the connection: no web "
		    "server listens there.",
		    who);
	case FETCH_UNREACHABLE:
		return arena_printf(a, "%s cannot be reached from here.", who);
	case FETCH_TIMEOUT:
		return timeout_sentence(f, k, who, t);
	case FETCH_TLS:
		return tls_sentence(k, who, t);
	case FETCH_BROKEN:
		return arena_printf(a,
		    "%s closed the connection or sent an invalid HTTP "
		    "response%s%s.",
		    who, t->detail[0] ? ": " : "", t->detail);
	case FETCH_TOO_BIG:
		return arena_printf(a,
		    "%s sent more than %s, the limit for "
		    "one file.",
		    who, size_text(a, k->body.max));
	case FETCH_UNWANTED:
		return arena_printf(a, "%s sent %s, which is not a page.", who,
		    k->result.type[0] ? k->result.type : "no type");
	case FETCH_LOOP:
		return arena_printf(a, "%s redirects in a circle.", who);
	case FETCH_TOO_MANY_HOPS:
		return arena_printf(a, "%s redirects more than %d times.", who,
		    f->policy.max_redirects);
	case FETCH_BAD_REDIRECT:
		return arena_printf(
		    a, "%s redirects to an invalid web address.", who);
	case FETCH_REDIRECT_REFUSED:
		return arena_printf(
		    a, "%s redirects to %s.", who, k->result.final_url);
	case FETCH_GAVE_UP:
		return arena_printf(a,
		    "%s asked for a pause of %s (Retry-After), so it was not "
		    "asked again.",
		    who, pause_of(a, k->host->permit.gave_up_s));
	case FETCH_ABORTED:
		return arena_printf(
		    a, "The response from %s was incomplete.", who);
	default:
		return NULL;
	}
}

void
fetch_explain(struct fetcher *f, struct fetch_task *k, enum fetch_error error,
    const struct fetch_transfer *t)
{
	const char *who =
	    error == FETCH_BAD_URL ? "" : fetch_host_label(&k->a, &k->at);

	k->result.error = error;
	k->result.why = error_sentence(f, k, error, who, t);
}

void
fetch_explain_status(struct fetch_task *k)
{
	const char *who = fetch_host_label(&k->a, &k->at), *more = "";
	char text[48];

	if (k->result.pause_s > 0)
		more = arena_printf(&k->a,
		    " and asked for a pause of %s (Retry-After)",
		    pause_of(&k->a, k->result.pause_s));
	k->result.why = arena_printf(&k->a, "%s answered %s%s.", who,
	    fetch_status_text(k->result.status, text), more);
}
