#include "worker/job/message.h"

#include <string.h>

#define NAME_MAX_BYTES 64
#define TEXT_MAX_BYTES 8192
#define DETAIL_MAX_BYTES 65536

static const char *const kind_names[MESSAGE_MAX] = {
#define MESSAGE(name, word) word,
#include "worker/job/messages.def"
#undef MESSAGE
};

/* A question for a permit. */
static void
permit_ask_put(struct json_object *o, const struct permit_ask *q)
{
	json_put_str(o, "host", q->host);
	json_put_num(o, "inFlight", q->in_flight);
	json_put_num(o, "want", q->want);
	json_put_num(o, "window", q->window);
	json_put_num(o, "gapUs", q->gap_us);
	json_put_num(o, "delayMs", q->delay_ms);
	json_put_flag(o, "knowsDelay", q->knows_delay);
	json_put_num(o, "good", q->good);
	json_put_flag(o, "bad", q->bad);
	json_put_num(o, "pauseMs", q->pause_ms);
	json_put_num(o, "refusedS", q->refused_s);
	json_put_num(o, "refusals", q->refusals);
}

/* number_within: a number of o from 0 to most; else *fine is false. */
static long
number_within(struct json_object *o, const char *key, long most, bool *fine)
{
	int64_t n = json_num(o, key, 0);

	*fine &= n >= 0 && n <= most;
	return n >= 0 && n <= most ? (long)n : 0;
}

static bool
permit_ask_parse(struct json_object *o, struct permit_ask *q)
{
	bool fine = true;

	q->host = json_str(o, "host", NULL);
	q->in_flight = (int)number_within(o, "inFlight", PERMIT_ANY, &fine);
	q->want = (int)number_within(o, "want", PERMIT_ANY, &fine);
	q->window = (int)number_within(o, "window", PERMIT_ANY, &fine);
	q->gap_us = number_within(o, "gapUs", PERMIT_MS_MAX * 1000, &fine);
	q->delay_ms = number_within(o, "delayMs", PERMIT_MS_MAX, &fine);
	q->knows_delay = json_flag(o, "knowsDelay", false);
	q->good = (int)number_within(o, "good", PERMIT_ANY, &fine);
	q->bad = json_flag(o, "bad", false);
	q->pause_ms = number_within(o, "pauseMs", PERMIT_MS_MAX, &fine);
	q->refused_s =
	    number_within(o, "refusedS", PERMIT_MS_MAX / 1000, &fine);
	q->refusals = (int)number_within(o, "refusals", PERMIT_ANY, &fine);
	return fine && q->window > 0 && q->host != NULL &&
	       strlen(q->host) < PERMIT_HOST_BYTES;
}

struct json_object *
slot_message_json(struct arena *a, const struct slot_message *r)
{
	struct json_object *o = json_new(a);

	json_put_str(o, "say", kind_names[r->what]);
	switch (r->what) {
	case MESSAGE_PROGRESS:
		json_put_num(o, "processed", r->processed);
		json_put_num(o, "total", r->total);
		json_put_str(o, "stage", r->stage);
		json_put_str(o, "message", r->message);
		break;
	case MESSAGE_ARTIFACT:
		json_put_str(o, "name", r->name);
		json_put_str(o, "mime", r->mime);
		json_put_str(o, "file", r->file);
		json_put_flag(o, "partial", r->partial);
		break;
	case MESSAGE_HOST:
		json_put_str(o, "hostname", r->hostname);
		json_put_num(o, "urls", r->urls);
		json_put_flag(o, "complete", r->complete);
		if (r->detail != NULL)
			json_put(o, "detail", json_object_get(r->detail));
		break;
	case MESSAGE_CALL:
		json_put_str(o, "name", r->name);
		break;
	case MESSAGE_PERMIT:
		permit_ask_put(o, &r->permit);
		break;
	case MESSAGE_DONE:
		job_outcome_put(o, &r->outcome);
		break;
	default:
		break;
	}
	return o;
}

/* A plain file name that is safe in a path, a URL and a header. */
static bool
is_file_name(const char *s)
{
	size_t n;

	if (s == NULL || s[0] == '.' || s[0] == '\0')
		return false;
	n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		      "0123456789._-");
	return s[n] == '\0' && n <= NAME_MAX_BYTES;
}

static bool
is_mime(const char *s)
{
	size_t n;

	if (s == NULL)
		return false;
	n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		      "0123456789/.+-=; ");
	return n > 0 && s[n] == '\0' && n <= NAME_MAX_BYTES;
}

static bool
is_text(const char *s)
{
	return s == NULL || strlen(s) <= TEXT_MAX_BYTES;
}

/* Column detail of table hosts: jsonb, which takes no NUL. */
static bool
is_host_detail(struct json_object *detail)
{
	const char *text;

	if (detail == NULL)
		return true;
	if (!json_object_is_type(detail, json_type_object))
		return false;
	text = json_object_to_json_string(detail);
	return strlen(text) <= DETAIL_MAX_BYTES &&
	       strstr(text, "\\u0000") == NULL;
}

static bool
is_valid_message(const struct slot_message *r)
{
	if (!job_count_valid(r->processed) || !job_count_valid(r->total) ||
	    !job_count_valid(r->urls))
		return false;
	if (!is_text(r->stage) || !is_text(r->message))
		return false;
	switch (r->what) {
	case MESSAGE_PROGRESS:
		return r->stage != NULL && r->message != NULL;
	case MESSAGE_ARTIFACT:
		return is_file_name(r->name) && is_file_name(r->file) &&
		       is_mime(r->mime);
	case MESSAGE_CALL:
		return is_file_name(r->name);
	case MESSAGE_HOST:
		return r->hostname != NULL && strlen(r->hostname) <= 255 &&
		       is_host_detail(r->detail);
	default:
		return true;
	}
}

enum rc
slot_message_parse(struct json_object *o, struct slot_message *r)
{
	const char *word = json_str(o, "say", "");

	memset(r, 0, sizeof(*r));
	while (r->what < MESSAGE_MAX && strcmp(word, kind_names[r->what]) != 0)
		r->what++;
	if (r->what == MESSAGE_MAX)
		return E_INPUT;
	r->processed = json_num(o, "processed", 0);
	r->total = json_num(o, "total", 0);
	r->stage = json_str(o, "stage", NULL);
	r->message = json_str(o, "message", NULL);
	r->name = json_str(o, "name", NULL);
	r->mime = json_str(o, "mime", NULL);
	r->file = json_str(o, "file", NULL);
	r->partial = json_flag(o, "partial", false);
	r->hostname = json_str(o, "hostname", NULL);
	r->urls = json_num(o, "urls", 0);
	r->complete = json_flag(o, "complete", false);
	r->detail = json_sub(o, "detail");
	if (r->what == MESSAGE_DONE && job_outcome_parse(o, &r->outcome) != OK)
		return E_INPUT;
	if (r->what == MESSAGE_PERMIT && !permit_ask_parse(o, &r->permit))
		return E_INPUT;
	return is_valid_message(r) ? OK : E_INPUT;
}

struct json_object *
call_permit_json(struct arena *a, const struct call_permit *l)
{
	struct json_object *o = json_new(a);

	json_put_num(o, "wait", l->wait_ms);
	json_put_flag(o, "again", l->again);
	if (l->secrets != NULL)
		json_put(o, "secrets", json_object_get(l->secrets));
	return o;
}

enum rc
call_permit_parse(struct json_object *o, struct call_permit *l)
{
	l->wait_ms = json_num(o, "wait", -1);
	l->again = json_flag(o, "again", false);
	l->secrets = json_sub(o, "secrets");
	return l->wait_ms < 0 ? E_INPUT : OK;
}

struct json_object *
permit_json(struct arena *a, const char *host, const struct permit *p)
{
	struct json_object *o = json_new(a);

	json_put_str(o, "permit", host);
	json_put_num(o, "share", p->share);
	json_put_num(o, "starts", p->starts);
	json_put_num(o, "waitMs", p->wait_ms);
	json_put_num(o, "gapUs", p->gap_us);
	json_put_num(o, "renewMs", p->renew_ms);
	json_put_num(o, "gaveUpS", p->gave_up_s);
	return o;
}

enum rc
permit_parse(struct json_object *o, const char **host, struct permit *p)
{
	*host = json_str(o, "permit", NULL);
	p->share = (int)json_num(o, "share", 0);
	p->starts = (int)json_num(o, "starts", 0);
	p->wait_ms = json_num(o, "waitMs", 0);
	p->gap_us = json_num(o, "gapUs", 0);
	p->renew_ms = json_num(o, "renewMs", 0);
	p->gave_up_s = json_num(o, "gaveUpS", 0);
	return *host == NULL ? E_INPUT : OK;
}

struct json_object *
assignment_json(struct arena *a, const struct assignment *j)
{
	struct json_object *o = json_new(a);

	json_put_str(o, "id", j->id);
	json_put_str(o, "type", j->type);
	json_put_str(o, "provider", j->provider);
	json_put_num(o, "attempt", j->attempt);
	json_put(o, "input", json_object_get(j->input));
	return o;
}

enum rc
assignment_parse(struct json_object *o, struct assignment *j)
{
	j->id = json_str(o, "id", NULL);
	j->type = json_str(o, "type", NULL);
	j->provider = json_str(o, "provider", NULL);
	j->attempt = (int)json_num(o, "attempt", 0);
	j->input = json_sub(o, "input");
	if (j->id == NULL || j->type == NULL || j->provider == NULL ||
	    !json_object_is_type(j->input, json_type_object))
		return E_INPUT;
	return OK;
}
