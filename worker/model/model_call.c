#include "worker/model/model_call.h"

#include "core/conf.h"
#include "core/json.h"
#include "core/log.h"
#include "worker/model/redact.h"

#include <string.h>
#include <strings.h>

/* Ceiling of one message of a stream and of a small answer. */
#define MESSAGE_BYTES (4U << 20)
#define SAID_BYTES 300

static bool
accept_object(struct model_call *c, struct json_object *o)
{
	if (!json_object_is_type(o, json_type_object)) {
		chat_fail(c->answer, c->arena, CHAT_AGAIN,
		    "%s sent something that is not JSON.", c->label);
		return false;
	}
	c->message(c, o);
	return c->answer->error == CHAT_OK && !c->over;
}

static bool
accept_message(void *ctx, const char *text, size_t n)
{
	struct model_call *c = ctx;
	struct json_object *o;
	const char *why;
	size_t i;

	if (c->mark != NULL && c->mark(c, text))
		return !c->over;
	o = json_parse(c->arena, text, n, &why);
	if (o == NULL && c->closed)
		return true; /* the answer ended in the middle */
	if (!json_object_is_type(o, json_type_array))
		return accept_object(c, o);
	/* An error comes in a list of one; so does a stream sent whole. */
	for (i = 0; i < json_object_array_length(o); i++)
		if (!accept_object(c, json_object_array_get_idx(o, i)))
			return false;
	return true;
}

struct stream_reading {
	struct model_call *call;
	struct message_stream stream;
	bool begun; /* something but white space came */
};

/* A server that was asked for events and sends its answer whole. */
static bool
is_whole(const struct model_call *c, char first)
{
	const char *type = c->http.content_type;

	return type != NULL && (first == '{' || first == '[') &&
	       strncasecmp(type, "application/json", 16) == 0;
}

static bool
accept_bytes(void *ctx, const char *p, size_t n)
{
	struct stream_reading *r = ctx;
	size_t i = 0;

	while (!r->begun && i < n && strchr(" \t\r\n", p[i]) != NULL)
		i++;
	if (!r->begun && i < n) {
		r->begun = true;
		if (r->stream.kind == FRAMING_SSE && is_whole(r->call, p[i]))
			r->stream.kind = FRAMING_WHOLE;
	}
	return message_stream_feed(&r->stream, p, n);
}

static bool
is_stop_asked(void *ctx)
{
	struct stream_reading *r = ctx;
	const struct chat_request *rq = r->call->rq;

	return rq->stopping != NULL && rq->stopping(rq->ctx);
}

static void
record_transport(struct model_call *c)
{
	enum chat_error error = CHAT_AGAIN;

	if (c->http.error == MODEL_HTTP_OK)
		return;
	if (c->http.error == MODEL_HTTP_STOPPED)
		error = CHAT_STOPPED;
	else if (c->http.error == MODEL_HTTP_BAD_URL)
		error = CHAT_PERMANENT;
	if (c->http.error == MODEL_HTTP_SINK)
		chat_fail(c->answer, c->arena, CHAT_AGAIN,
		    "%s sent a message of more than %u bytes.", c->label,
		    MESSAGE_BYTES);
	else
		chat_fail(c->answer, c->arena, error, "%s",
		    model_http_why(&c->http, c->arena, c->label));
}

static void
call_send(struct model_call *c, struct stream_reading *r)
{
	const struct conf *conf = c->rq->conf;

	c->http = (struct model_http){
	    .url = c->url,
	    .headers = c->headers,
	    .body = c->body == NULL ? NULL : json_text(c->body),
	    .connect_ms = conf->model_connect_ms,
	    .first_byte_ms = conf->model_first_byte_ms,
	    .silence_ms = conf->model_silence_ms,
	    .total_ms = conf->model_total_ms,
	    .sink = accept_bytes,
	    .stopping = is_stop_asked,
	    .ctx = r,
	};
	model_http_run(&c->http, c->arena);
	c->answer->request = c->http.request_id;
}

void
model_call_run(struct model_call *c)
{
	struct stream_reading r = {.call = c};

	c->ended = c->over = c->closed = false;
	message_stream_init(
	    &r.stream, c->framing, MESSAGE_BYTES, accept_message, c);
	call_send(c, &r);
	if (c->http.error == MODEL_HTTP_OK && c->http.status == 200) {
		c->closed = true;
		message_stream_end(&r.stream);
	}
	/* An answer that is whole stays whole, however its line was closed. */
	if (!c->ended)
		record_transport(c);
	if (c->http.status == 200 && c->http.error == MODEL_HTTP_OK &&
	    !c->ended)
		chat_fail(c->answer, c->arena, CHAT_AGAIN,
		    "The response from %s was incomplete.",
		    chat_label_inside(c->arena, c->label));
	message_stream_release(&r.stream);
}

static bool
keep_bytes(void *ctx, const char *p, size_t n)
{
	struct stream_reading *r = ctx;

	buf_add(&r->stream.line, p, n);
	return buf_ok(&r->stream.line);
}

struct json_object *
model_call_get_json(struct model_call *c)
{
	struct stream_reading r = {.call = c};
	struct json_object *o = NULL;
	const char *why;

	message_stream_init(
	    &r.stream, FRAMING_NDJSON, MESSAGE_BYTES, NULL, NULL);
	c->http = (struct model_http){
	    .url = c->url,
	    .headers = c->headers,
	    .body = c->body == NULL ? NULL : json_text(c->body),
	    .connect_ms = c->rq->conf->model_connect_ms,
	    .first_byte_ms = c->rq->conf->model_probe_ms,
	    .silence_ms = c->rq->conf->model_probe_ms,
	    .total_ms = c->rq->conf->model_probe_ms,
	    .sink = keep_bytes,
	    .ctx = &r,
	};
	model_http_run(&c->http, c->arena);
	record_transport(c);
	if (c->answer->error == CHAT_OK && c->http.status == 200)
		o = json_parse(
		    c->arena, r.stream.line.data, r.stream.line.len, &why);
	if (o == NULL && c->answer->error == CHAT_OK && c->http.status == 200)
		chat_fail(c->answer, c->arena, CHAT_PERMANENT,
		    "What answers at %s is not %s: it sent no JSON.",
		    redact_secrets(c->arena, c->rq->conf, c->url),
		    chat_label_inside(c->arena, c->label));
	message_stream_release(&r.stream);
	return o;
}

struct json_object *
model_call_error_body(const struct model_call *c)
{
	struct json_object *o;
	const char *why;

	o = json_parse(c->arena, c->http.error_body, c->http.error_len, &why);
	if (json_object_is_type(o, json_type_array))
		o = json_object_array_get_idx(o, 0);
	return json_object_is_type(o, json_type_object) ? o : NULL;
}

const char *
model_call_error_text(const struct model_call *c, struct json_object *o)
{
	struct json_object *e = o == NULL ? NULL : json_sub(o, "error");

	if (e == NULL)
		return NULL;
	if (json_object_is_type(e, json_type_string))
		return model_call_display_text(c, json_object_get_string(e));
	return model_call_display_text(
	    c, json_str(e, "message", "no reason given"));
}

void
model_call_require_key(const char *secret)
{
	if (strcmp(secret, CONF_WITHHELD) == 0)
		BUG("a model is asked without job_call()");
}

const char *
model_call_url(struct arena *a, const char *base, const char *path)
{
	size_t n = strlen(base);

	model_call_require_key(base);
	while (n > 0 && base[n - 1] == '/')
		n--;
	return arena_printf(a, "%.*s%s", (int)n, base, path);
}

const char *const *
model_call_bearer_headers(struct arena *a, const char *key)
{
	const char **list = arena_array(a, 2, sizeof(*list));

	model_call_require_key(key);
	if (*key != '\0')
		list[0] = arena_printf(a, "Authorization: Bearer %s", key);
	return list;
}

const char *
model_call_display_text(const struct model_call *c, const char *s)
{
	size_t n;
	char *out;

	s = redact_secrets(c->arena, c->rq->conf, s);
	n = strlen(s);

	/* Not in the middle of a letter. */
	if (n > SAID_BYTES)
		for (n = SAID_BYTES; n > 0 && (s[n] & 0xc0) == 0x80;)
			n--;
	out = arena_strndup(c->arena, s, n);
	for (char *p = out; *p != '\0'; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
	return out;
}
