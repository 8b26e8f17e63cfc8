/* What clients reach: the web process behind its server, and the sidecar. */
#include "core/buf.h"
#include "core/json.h"
#include "core/log.h"
#include "worker/doctor/doctor.h"

#include <curl/curl.h>
#include <string.h>

#define BODY_BYTES 65536

/* One GET. */
struct endpoint_answer {
	const char *url;
	const char *socket; /* of a unix socket, or NULL */
	const char *error;  /* NULL: there was an answer, with */
	long status;
	struct json_object *body; /* or NULL when it is no JSON */
};

static size_t
body_append(char *p, size_t size, size_t n, void *to)
{
	buf_add(to, p, size * n);
	return buf_ok(to) ? size * n : 0;
}

static void
endpoint_get(const struct doctor *d, struct endpoint_answer *v)
{
	CURL *c = curl_easy_init();
	const char *why;
	struct buf body;
	CURLcode code;

	if (c == NULL)
		fatal("out of memory");
	buf_init(&body, BODY_BYTES);
	curl_easy_setopt(c, CURLOPT_URL, v->url);
	if (v->socket != NULL)
		curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, v->socket);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)DOCTOR_CONNECT_MS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)DOCTOR_CONNECT_MS);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, body_append);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, &body);
	code = curl_easy_perform(c);
	v->error = code == CURLE_OK ? NULL : curl_easy_strerror(code);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &v->status);
	v->body = json_parse(d->arena, body.data, body.len, &why);
	curl_easy_cleanup(c);
	buf_release(&body);
}

/* Where lighttpd listens, as we reach it. */
static const char *
local_origin(const struct doctor *d)
{
	const char *host = d->conf->run_bind;

	if (strcmp(host, "0.0.0.0") == 0)
		host = "127.0.0.1";
	if (strcmp(host, "::") == 0)
		host = "::1";
	return arena_printf(d->arena,
	    strchr(host, ':') ? "http://[%s]:%d" : "http://%s:%d", host,
	    d->conf->run_port);
}

/* "worker: none is running" of each check that is not "pass". */
static const char *
failed_checks(const struct doctor *d, struct json_object *body)
{
	struct json_object *checks = json_sub(body, "checks");
	const char *text = "";

	if (!json_object_is_type(checks, json_type_object))
		return "it says no more";
	json_object_object_foreach(checks, name, v)
	{
		/* The sidecar's are lists of one. */
		if (json_object_is_type(v, json_type_array))
			v = json_object_array_get_idx(v, 0);
		if (strcmp(json_str(v, "status", "pass"), "pass") != 0)
			text = arena_printf(d->arena, "%s%s%s: %s", text,
			    *text ? "; " : "", name,
			    json_str(v, "output", "away"));
	}
	return text;
}

static void
report_ready(const struct doctor *d, const char *origin)
{
	struct endpoint_answer v = {
	    .url = arena_printf(d->arena, "%s/readyz?verbose=1", origin)};
	const char *status;

	endpoint_get(d, &v);
	if (v.error != NULL || v.body == NULL) {
		doctor_report(d, DOCTOR_FAIL, "ready",
		    "%s/readyz does not answer as Platen does (%s, status "
		    "%ld).",
		    origin, v.error ? v.error : "no JSON", v.status);
		return;
	}
	status = json_str(v.body, "status", "");
	if (strcmp(status, "pass") == 0)
		doctor_report(d, DOCTOR_OK, "ready",
		    "The web process reaches all it needs.");
	else
		doctor_report(d,
		    strcmp(status, "warn") == 0 ? DOCTOR_WARN : DOCTOR_FAIL,
		    "ready", "The web process can't reach: %s.",
		    failed_checks(d, v.body));
}

void
doctor_web(const struct doctor *d)
{
	const char *origin = local_origin(d);
	struct endpoint_answer v = {
	    .url = arena_printf(d->arena, "%s/livez", origin)};

	endpoint_get(d, &v);
	/* Another server may stand in front, and lighttpd not be used. */
	if (v.error != NULL && *d->conf->web_origin != '\0') {
		origin = d->conf->web_origin;
		v.url = arena_printf(d->arena, "%s/livez", origin);
		endpoint_get(d, &v);
	}
	if (v.error != NULL)
		doctor_report(d, DOCTOR_FAIL, "web",
		    "Nothing answers at %s: %s. %s", origin, v.error,
		    doctor_start(d->conf->own_db,
			"Start lighttpd or Apache, or check run.bind and "
			"run.port."));
	else if (v.status != 200)
		doctor_report(d, DOCTOR_FAIL, "web",
		    "The server at %s answers /livez with %ld: platen-web "
		    "does not run behind it, or it is not ours. Look into "
		    "%s/log/web.log.",
		    origin, v.status, d->conf->run_var);
	else
		doctor_report(d, DOCTOR_OK, "web", "%s answers.", origin);
	if (v.error == NULL && v.status == 200)
		report_ready(d, origin);
}

void
doctor_sidecar(const struct doctor *d)
{
	const char *path = d->conf->live_socket;
	struct endpoint_answer v = {
	    .url = "http://live/live/healthz",
	    .socket = path,
	};

	endpoint_get(d, &v);
	if (v.error != NULL)
		doctor_report(d, DOCTOR_FAIL, "sidecar",
		    "platen-live does not answer at %s: %s. Pages work, but "
		    "nothing is live. %s",
		    path, v.error,
		    doctor_start(d->conf->own_live_socket,
			"Start platen-live, or check live.socket."));
	else if (v.status != 200)
		doctor_report(d, DOCTOR_FAIL, "sidecar",
		    "platen-live can't reach: %s.",
		    v.body == NULL ? "it says no more"
				   : failed_checks(d, v.body));
	else
		doctor_report(d, DOCTOR_OK, "sidecar",
		    "platen-live answers, with %lld listeners.",
		    (long long)json_num(v.body, "listeners", 0));
}
