/* Events as clients of the generation dialect read them. */
#include "t/tap.h"
#include "ws/dialect.h"
#include "ws/update.h"

#define G "01890a5d-ac96-774b-bcce-b302099a8057"
#define A "01890a5d-ac96-774b-bcce-b302099a8058"
#define EVENT(event, status, more)                                       \
	"{\"generationId\":\"" G "\",\"userId\":\"" A                    \
	"\",\"type\":\"llms_txt\",\"status\":\"" status                  \
	"\",\"timestamp\":1,\"metadata\":{\"event\":\"" event "\"," more \
	"\"cursor\":\"ep-5-1\",\"prev\":\"ep-5-0\"}}"

static struct update *
parsed(const char *json)
{
	struct update *u = NULL;

	if (update_parse(json, strlen(json), &u) != OK)
		return NULL;
	return u;
}

static char *
text_of(struct update *u, enum frame_shape shape)
{
	struct frame *f = update_frame(u, dialect_find("generation"), shape);
	static char out[4096];

	snprintf(out, sizeof(out), "%.*s", f == NULL ? 0 : (int)f->len,
	    f == NULL ? "" : (char *)frame_data(f));
	return out;
}

static void
reads_as(const char *name, const char *json, const char *want)
{
	struct update *u = parsed(json);

	is(u == NULL ? "refused" : text_of(u, SHAPE_TEXT), want, name);
	update_unref(u);
}

static void
is_refused(const char *name, const char *json)
{
	struct update *u = parsed(json);

	ok(u == NULL, "%s", name);
	update_unref(u);
}

static void
words(void)
{
	reads_as("created",
	    EVENT("created", "pending",
		"\"prompt\":\"p\",\"hostname\":\"h\",\"totalUrls\":0,"),
	    "{\"id\":\"ep-5-1\",\"type\":\"generation:created\",\"payload\":{"
	    "\"generationId\":\"" G
	    "\",\"status\":\"pending\",\"type\":\"llms_txt\",\"prompt\":\"p\","
	    "\"hostname\":\"h\",\"processedUrls\":0,\"totalUrls\":0}}");
	reads_as("progress",
	    EVENT("progress", "processing",
		"\"processedUrls\":3,\"totalUrls\":9,\"stage\":\"fetch\","
		"\"message\":\"\xc3\xbc\\n\",\"etaSeconds\":4,"),
	    "{\"id\":\"ep-5-1\",\"type\":\"generation:progress\",\"payload\":{"
	    "\"generationId\":\"" G
	    "\",\"status\":\"processing\",\"processedUrls\":3,\"totalUrls\":9,"
	    "\"stage\":\"fetch\",\"message\":\"\xc3\xbc\\n\","
	    "\"etaSeconds\":4}}");
	reads_as("status",
	    EVENT("status", "failed",
		"\"errorMessage\":\"No.\",\"entriesCount\":null,"),
	    "{\"id\":\"ep-5-1\",\"type\":\"generation:status\",\"payload\":{"
	    "\"generationId\":\"" G
	    "\",\"status\":\"failed\",\"processedUrls\":0,\"totalUrls\":0,"
	    "\"errorMessage\":\"No.\"}}");
	reads_as("deleted", EVENT("deleted", "deleted", ""),
	    "{\"id\":\"ep-5-1\",\"type\":\"generation:deleted\",\"payload\":{"
	    "\"generationId\":\"" G "\"}}");
}

static void
bad_ones(void)
{
	is_refused("no JSON", "nonsense");
	is_refused("a list", "[]");
	is_refused("nothing in it", "{}");
	is_refused("an unknown event", EVENT("danced", "pending", ""));
	is_refused("no cursor",
	    "{\"generationId\":\"" G
	    "\",\"status\":\"pending\",\"metadata\":{\"event\":\"status\"}}");
	is_refused("no generation",
	    "{\"generationId\":\"x\",\"metadata\":{\"event\":\"status\","
	    "\"cursor\":\"ep-5-1\"}}");
}

static void
frames(void)
{
	struct update *u = parsed(EVENT("deleted", "deleted", ""));
	int d = dialect_find("generation");
	struct frame *f;

	ok(u->finished, "what is deleted is over");
	f = update_frame(u, d, SHAPE_TEXT);
	ok(f == update_frame(u, d, SHAPE_TEXT), "a frame is made once");
	is_int(f->refs, 1, "and held by its update");
	frame_ref(f);
	is(text_of(u, SHAPE_SSE),
	    "id: ep-5-1\nevent: generation:deleted\ndata: {\"id\":\"ep-5-1\","
	    "\"type\":\"generation:deleted\",\"payload\":{\"generationId\":"
	    "\"" G "\"}}\n\n",
	    "an event of a stream");
	ok(strncmp(text_of(u, SHAPE_SSE_NO_ID), "event: ", 7) == 0,
	    "without its place");
	update_unref(u);
	ok(f->refs == 1 && f->len > 10, "outlives its update while it is sent");
	frame_unref(f);
}

static void
ends(void)
{
	static const char *const over[] = {"completed", "failed", "canceled"};
	static const char *const open[] = {
	    "pending", "processing", "pending_payment"};
	char json[512];

	for (int i = 0; i < 6; i++) {
		const char *status = i < 3 ? over[i] : open[i - 3];
		struct update *u;

		snprintf(json, sizeof(json),
		    "{\"generationId\":\"" G
		    "\",\"status\":\"%s\",\"metadata\":{\"event\":\"status\","
		    "\"cursor\":\"ep-5-1\"}}",
		    status);
		u = parsed(json);
		ok(u != NULL && u->finished == (i < 3), "%s is %s", status,
		    i < 3 ? "over" : "not over");
		update_unref(u);
	}
}

int
main(void)
{
	words();
	bad_ones();
	frames();
	ends();
	is_int(dialect_find("klingon"), -1, "an unknown dialect");
	ok(dialect_find_path("/ws") == dialect_find("generation"),
	    "the generation dialect is at /ws");
	return done();
}
