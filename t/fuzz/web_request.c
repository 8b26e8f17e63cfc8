/*
 * A whole request: lines "NAME=value" of CGI variables, an empty line, then
 * the body.  It is read, routed and answered; what needs a database does not
 * get that far, since there is none.
 */
#include "t/fuzz/fuzz.h"

#include "core/log.h"
#include "core/text.h"
#include "fcgi/csrf.h"
#include "fcgi/request.h"
#include "fcgi/serve.h"
#include "fcgi/template.h"

#include <stdlib.h>
#include <string.h>

#define VARS_MAX 32

struct input {
	char *name[VARS_MAX];
	char *value[VARS_MAX];
	int n;
	const char *body;
	size_t len;
};

static const char *
get(void *arg, const char *name)
{
	struct input *in = arg;

	for (int i = 0; i < in->n; i++)
		if (strcmp(in->name[i], name) == 0)
			return in->value[i];
	return NULL;
}

static long
give(void *arg, char *p, size_t n)
{
	struct input *in = arg;

	if (n > in->len)
		n = in->len;
	memcpy(p, in->body, n);
	in->body += n;
	in->len -= n;
	return (long)n;
}

static void
take_apart(char *text, size_t len, struct input *in)
{
	char *p = text, *end = text + len, *line, *eq;

	in->n = 0;
	while (p < end && in->n < VARS_MAX) {
		line = p;
		p = memchr(line, '\n', (size_t)(end - line));
		if (p == NULL)
			p = end;
		*p++ = '\0';
		if (*line == '\0')
			break;
		eq = strchr(line, '=');
		if (eq == NULL)
			continue;
		*eq = '\0';
		in->name[in->n] = line;
		in->value[in->n++] = eq + 1;
	}
	in->body = p < end ? p : end;
	in->len = (size_t)(end - in->body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct conf conf;
	static struct templates *templates;
	struct input in;
	struct http_env env = {get, give, &in};
	struct params form;
	struct json_object *o;
	struct arena a;
	char *text;

	if (templates == NULL) {
		log_init("fuzz", LOG_ERROR);
		conf_load(&conf);
		conf.db_conninfo = "host=/nonexistent";
		conf.redis_url = "unix:/nonexistent";
		templates = templates_load();
	}
	arena_init(&a);
	text = arena_strndup(&a, (const char *)data, len);
	take_apart(text, len, &in);
	struct request rq = {
	    .conf = &conf,
	    .templates = templates,
	    .db = db_open(conf.db_conninfo, "platen_web", "fuzz"),
	    .redis = redis_open(conf.redis_url, 100),
	    .arena = &a,
	    .env = &env,
	};

	serve_request(&rq);
	if (rq.reply.status < 200)
		abort();
	if (request_form(&rq, &form) == OK)
		for (size_t i = 0; i < form.n; i++)
			if (!text_valid(
				form.v[i].value, strlen(form.v[i].value)))
				abort();
	if (request_json(&rq, &o) == OK && o == NULL)
		abort();
	redis_close(rq.redis);
	db_close(rq.db);
	arena_release(&a);
	return 0;
}
