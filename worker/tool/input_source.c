#include "worker/tool/input_source.h"

#include "worker/fetch/fetch.h"
#include "worker/fetch/guard.h"
#include "worker/crawl/options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define CHUNK 65536
/* How long one turn of the fetcher waits, ms. */
#define TURN_MS 1000

/* One URL on its way. */
struct fetching {
	struct arena *a;
	struct input_source *out;
	bool done;
	enum rc rc;
};

bool
input_source_is_url(const char *name)
{
	return strncasecmp(name, "http://", 7) == 0 ||
	       strncasecmp(name, "https://", 8) == 0;
}

static void
source_release(void *arg)
{
	buf_release(arg);
}

/* ---- files ---- */

static enum rc
read_stream(
    struct arena *a, FILE *in, const char *name, struct input_source *out)
{
	size_t max = out->bytes->max;

	while (!feof(in) && !ferror(in)) {
		size_t room = max - out->bytes->len;
		char *p;

		if (room == 0) {
			if (getc(in) == EOF)
				break;
			out->why = arena_printf(a,
			    "%s is larger than %zu bytes, the limit.", name,
			    max);
			return E_TOOBIG;
		}
		if (room > CHUNK)
			room = CHUNK;
		p = buf_reserve(out->bytes, room);
		buf_commit(out->bytes, fread(p, 1, room, in));
	}
	if (!ferror(in))
		return OK;
	out->why =
	    arena_printf(a, "%s cannot be read: %s.", name, strerror(errno));
	return E_UNAVAILABLE;
}

static enum rc
read_file(struct arena *a, const char *name, struct input_source *out)
{
	FILE *in;
	enum rc rc;

	if (strcmp(name, "-") == 0)
		return read_stream(a, stdin, "The standard input", out);
	in = fopen(name, "re");
	if (in == NULL) {
		out->why = arena_printf(
		    a, "%s cannot be opened: %s.", name, strerror(errno));
		return E_UNAVAILABLE;
	}
	rc = read_stream(a, in, name, out);
	fclose(in);
	return rc;
}

/* ---- URLs ---- */

static enum rc
fetch_outcome(const struct fetch_result *r)
{
	if (r->error == FETCH_TOO_BIG)
		return E_TOOBIG;
	if (r->error != FETCH_OK)
		return E_UNAVAILABLE;
	return r->status == 200 ? OK : E_NOTFOUND;
}

static void
source_fetched(void *ctx, void *user, struct fetch_result *r)
{
	struct fetching *f = ctx;
	struct input_source *out = f->out;

	(void)user;
	f->done = true;
	f->rc = fetch_outcome(r);
	out->why = NULL;
	out->status = r->status;
	out->url =
	    arena_strdup(f->a, r->final_url == NULL ? r->url : r->final_url);
	if (*r->type != '\0')
		out->type = arena_printf(f->a,
		    *r->charset == '\0' ? "%s" : "%s; charset=%s", r->type,
		    r->charset);
	if (*r->robots_tag != '\0')
		out->robots_tag = arena_strdup(f->a, r->robots_tag);
	buf_add(out->bytes, r->body->data, r->body->len);
	if (f->rc != OK)
		out->why =
		    r->why == NULL
			? arena_printf(f->a, "The server answered %s.",
			      fetch_status_text(r->status, (char[48]){0}))
			: arena_strdup(f->a, r->why);
}

static enum rc
read_url(struct arena *a, const struct conf *conf, const char *name,
    struct input_source *out)
{
	struct fetching f = {.a = a, .out = out, .rc = E_UNAVAILABLE};
	const char *why = "";
	struct crawl_options o;
	struct fetch_policy p;
	struct fetcher *fetcher = NULL;

	crawl_options_conf(a, conf, &o);
	crawl_fetch_policy(&o, &p);
	p.accept = NULL;
	p.max_bytes = out->bytes->max;
	p.done = source_fetched;
	p.ctx = &f;
	if (guard_new(a, o.allow, o.ports, &p.guard, &out->why) != OK)
		return E_UNAVAILABLE;
	if (fetcher_new(&p, &fetcher, &why) != OK) {
		out->why = arena_printf(a, "crawl.connect_to: %s", why);
		return E_UNAVAILABLE;
	}
	fetcher_add(fetcher, name, NULL, NULL);
	out->why = "The fetch was stopped.";
	while (!f.done)
		if (fetcher_poll(fetcher, NULL, 0, TURN_MS) != OK)
			break;
	fetcher_free(fetcher);
	return f.rc;
}

enum rc
input_source_read(struct arena *a, const struct conf *conf, const char *name,
    size_t max, struct input_source *out)
{
	memset(out, 0, sizeof(*out));
	out->bytes = arena_alloc(a, sizeof(*out->bytes));
	buf_init(out->bytes, max);
	arena_defer(a, source_release, out->bytes);
	return input_source_is_url(name) ? read_url(a, conf, name, out)
					 : read_file(a, name, out);
}
