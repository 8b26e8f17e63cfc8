/*
 * The wire between supervisor and slot: whatever comes over it, the
 * supervisor takes whole, sane reports and nothing else.
 */
#include "worker/job/message.h"
#include "worker/job/wire.h"

#include "t/tap.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static void
open_pair(struct wire *a, struct wire *b)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
		abort();
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	wire_open(a, fds[0]);
	wire_open(b, fds[1]);
}

static void
put(struct wire *w, const char *text)
{
	size_t n = strlen(text);

	if (write(w->fd, text, n) != (ssize_t)n)
		abort();
}

static void
lines_arrive_whole(struct arena *arena)
{
	struct json_object *o;
	struct wire a, b;

	open_pair(&a, &b);
	is_int(wire_fill(&a), E_NOTFOUND, "nothing there is no end");
	put(&b, "{\"n\":1}\n{\"n\"");
	is_int(wire_fill(&a), OK, "what came is read");
	is_int(wire_take(&a, arena, &o), OK, "the whole line is there");
	is_int(json_num(o, "n", 0), 1, "as it was sent");
	is_int(wire_take(&a, arena, &o), E_NOTFOUND, "half a line is not");
	put(&b, ":2}\nnonsense\n[]\n{\"n\":3}\n");
	is_int(wire_fill(&a), OK, "the rest comes");
	is_int(wire_take(&a, arena, &o), OK, "and completes it");
	is_int(json_num(o, "n", 0), 2, "as it was sent");
	is_int(wire_take(&a, arena, &o), E_INPUT, "nonsense is refused");
	is_int(wire_take(&a, arena, &o), E_INPUT, "a list is no object");
	is_int(wire_take(&a, arena, &o), OK, "what follows is not lost");
	wire_close(&b);
	is_int(wire_fill(&a), E_UNAVAILABLE, "the end is the end");
	is_int(wire_send(&a, o), E_UNAVAILABLE, "nobody listens any more");
	wire_close(&a);
}

static void
long_lines_are_bounded(struct arena *arena)
{
	static char chunk[65536];
	struct json_object *o;
	struct wire a, b;
	enum rc rc = OK;
	size_t sent = 0;

	memset(chunk, 'x', sizeof(chunk));
	open_pair(&a, &b);
	while (rc == OK && sent < 3 * (size_t)WIRE_LINE_MAX) {
		sent += (size_t)write(b.fd, chunk, sizeof(chunk));
		rc = wire_fill(&a);
		if (rc == OK && wire_take(&a, arena, &o) == E_TOOBIG)
			rc = E_TOOBIG;
	}
	is_int(rc, E_TOOBIG, "a line without an end is given up");
	wire_close(&a);
	wire_close(&b);
}

static void
a_slow_reader_gets_everything(struct arena *arena)
{
	struct json_object *o = json_new(arena), *got;
	struct wire a, b;
	int n = 0;

	json_put_str(o, "text", arena_printf(arena, "%0900000d", 7));
	open_pair(&a, &b);
	is_int(wire_send(&a, o), OK, "more than a socket holds is queued");
	ok(a.out.len > 0, "and waits");
	do {
		if (wire_fill(&b) != OK || wire_flush(&a) != OK)
			break;
	} while (wire_take(&b, arena, &got) != OK && n++ < 1000);
	is(json_str(got, "text", ""), json_str(o, "text", "-"),
	    "nothing is lost or changed");
	is_int((long long)a.out.len, 0, "nothing is left");
	wire_close(&a);
	wire_close(&b);
}

static enum rc
parse(struct arena *arena, const char *text, struct slot_message *r)
{
	const char *why;
	struct json_object *o = json_parse(arena, text, strlen(text), &why);

	if (o == NULL) {
		printf("# %s: %s\n", text, why);
		abort();
	}
	return slot_message_parse(o, r);
}

static void
reports_come_back_as_sent(struct arena *arena)
{
	struct slot_message done = {.what = MESSAGE_DONE,
	    .outcome = {.rc = E_INPUT,
		.error = "No such host: \xc3\xbc\"\n",
		.permanent = true,
		.entries = 3,
		.processed = 4,
		.total = 5}};
	struct slot_message art = {.what = MESSAGE_ARTIFACT,
	    .name = "llms.txt",
	    .mime = "text/plain; charset=utf-8",
	    .file = "x.1",
	    .partial = true};
	const char *why,
	    *facts = "{\"words\":812,\"parts\":[{\"title\":\"One\"}]}";
	struct job_outcome *end = &done.outcome;
	struct slot_message r;

	end->facts = json_parse(arena, facts, strlen(facts), &why);
	is_int(slot_message_parse(slot_message_json(arena, &done), &r), OK,
	    "an end");
	is(json_text(r.outcome.facts), facts, "with its facts, which may nest");
	is(r.outcome.error, end->error, "with its sentence");
	ok(r.what == MESSAGE_DONE && r.outcome.rc == E_INPUT &&
		r.outcome.permanent && r.outcome.entries == 3 &&
		r.outcome.processed == 4 && r.outcome.total == 5,
	    "and its numbers");
	is_int(slot_message_parse(slot_message_json(arena, &art), &r), OK,
	    "a file");
	ok(r.partial && strcmp(r.name, "llms.txt") == 0 &&
		strcmp(r.file, "x.1") == 0 && strcmp(r.mime, art.mime) == 0,
	    "with its names");
}

static void
nonsense_is_refused(struct arena *arena)
{
	static const char *const bad[] = {"{}", "{\"say\":\"hello\"}",
	    "{\"say\":1}", "{\"say\":\"progress\"}",
	    "{\"say\":\"progress\",\"stage\":\"a\",\"message\":\"b\","
	    "\"processed\":-1}",
	    "{\"say\":\"progress\",\"stage\":\"a\",\"message\":\"b\","
	    "\"total\":99999999999}",
	    "{\"say\":\"done\",\"rc\":-1}", "{\"say\":\"done\",\"rc\":1000}",
	    "{\"say\":\"artifact\",\"name\":\"a\",\"mime\":\"b\"}",
	    "{\"say\":\"artifact\",\"name\":\"a\",\"file\":\"/etc/passwd\","
	    "\"mime\":\"b\"}",
	    "{\"say\":\"artifact\",\"name\":\"..\",\"file\":\"a\","
	    "\"mime\":\"b\"}",
	    "{\"say\":\"artifact\",\"name\":\"a b\",\"file\":\"a\","
	    "\"mime\":\"b\"}",
	    "{\"say\":\"artifact\",\"name\":\"a\",\"file\":\"\","
	    "\"mime\":\"b\"}",
	    "{\"say\":\"artifact\",\"name\":\"a\",\"file\":\"a\","
	    "\"mime\":\"text/html\\r\\nX: y\"}",
	    "{\"say\":\"done\",\"facts\":[1]}",
	    "{\"say\":\"done\",\"facts\":{\"a\":null}}",
	    "{\"say\":\"done\",\"facts\":{\"a\":\"\\u0000\"}}",
	    "{\"say\":\"done\",\"facts\":{\"a\":{\"b\":{\"c\":[[1]]}}}}",
	    "{\"say\":\"done\",\"facts\":{\"a\":[1,2,3,4,5,6,7,8,9,10,11,12,13,"
	    "14,15,16,17]}}",
	    "{\"say\":\"host\",\"urls\":1}",
	    "{\"say\":\"host\",\"hostname\":\"a\",\"urls\":-1}",
	    "{\"say\":\"host\",\"hostname\":\"a\",\"detail\":[]}",
	    "{\"say\":\"host\",\"hostname\":\"a\",\"detail\":{\"a\":"
	    "\"\\u0000\"}}",
	    NULL};
	struct slot_message r;

	for (int i = 0; bad[i] != NULL; i++)
		is_int(parse(arena, bad[i], &r), E_INPUT, bad[i]);
	is_int(parse(arena, "{\"say\":\"ready\"}", &r), OK, "ready is enough");
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	lines_arrive_whole(&arena);
	long_lines_are_bounded(&arena);
	a_slow_reader_gets_everything(&arena);
	reports_come_back_as_sent(&arena);
	nonsense_is_refused(&arena);
	arena_release(&arena);
	return done();
}
