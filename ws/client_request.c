#include "ws/client_request.h"

#include "core/json.h"

#include <string.h>

/* How much of a wrong id is repeated to the client (bytes). */
#define ECHO_MAX 64

/* A wrong id as it may be sent back: short, and whole UTF-8 characters. */
static const char *
echo_id(struct arena *a, const char *s)
{
	size_t n = strnlen(s, ECHO_MAX + 1);

	if (n <= ECHO_MAX)
		return arena_strdup(a, s);
	n = ECHO_MAX;
	while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	return arena_strndup(a, s, n);
}

static void
add_id(struct arena *a, struct client_request *out, const char *text)
{
	struct uuid id;

	if (!uuid_from_text(text, &id)) {
		out->invalid[out->ninvalid++] = echo_id(a, text);
		return;
	}
	for (int i = 0; i < out->n; i++)
		if (uuid_cmp(&out->ids[i], &id) == 0)
			return;
	out->ids[out->n++] = id;
}

static void
ids_alloc(struct arena *a, struct client_request *out)
{
	out->ids = arena_array(a, REQUEST_IDS_MAX, sizeof(*out->ids));
	out->invalid = arena_array(a, REQUEST_IDS_MAX, sizeof(*out->invalid));
}

static const char too_many[] =
    "Name at most 100 generations, or none to subscribe to all.";

static enum rc
read_ids(struct arena *a, struct json_object *list, struct client_request *out,
    const char **why)
{
	size_t n;

	if (list == NULL) {
		out->all = true;
		return OK;
	}
	if (!json_object_is_type(list, json_type_array)) {
		*why = "\"generationIds\" must be a list of IDs.";
		return E_INPUT;
	}
	n = json_object_array_length(list);
	if (n > REQUEST_IDS_MAX) {
		*why = too_many;
		return E_INPUT;
	}
	ids_alloc(a, out);
	for (size_t i = 0; i < n; i++) {
		struct json_object *v = json_object_array_get_idx(list, i);

		/* Anything but a string is refused like a wrong id. */
		if (json_object_is_type(v, json_type_string))
			add_id(a, out, json_object_get_string(v));
		else
			out->invalid[out->ninvalid++] =
			    echo_id(a, json_text(v));
	}
	return OK;
}

static bool
kind_parse(const char *type, enum client_request_kind *out)
{
	static const char *const names[] = {
	    [CLIENT_SUBSCRIBE] = "subscribe",
	    [CLIENT_UNSUBSCRIBE] = "unsubscribe",
	    [CLIENT_PING] = "ping",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], type) == 0) {
			*out = (enum client_request_kind)i;
			return true;
		}
	}
	return false;
}

/* The object that has the fields: the payload, or the message itself. */
static struct json_object *
request_fields(struct json_object *o)
{
	struct json_object *p = json_sub(o, "payload");

	return p == NULL ? o : p;
}

enum rc
client_request_parse(struct arena *a, const char *text, size_t len,
    struct client_request *out, const char **why)
{
	struct json_object *o, *p, *cursor;

	*out = (struct client_request){0};
	o = json_parse(a, text, len, why);
	if (o == NULL) {
		*why =
		    arena_printf(a, "The message is not valid JSON: %s.", *why);
		return E_INPUT;
	}
	if (!json_object_is_type(o, json_type_object) ||
	    !kind_parse(json_str(o, "type", ""), &out->kind)) {
		*why = "A message must be an object whose \"type\" is "
		       "\"subscribe\", \"unsubscribe\" or \"ping\".";
		return E_INPUT;
	}
	p = request_fields(o);
	if (!json_object_is_type(p, json_type_object)) {
		*why = "\"payload\" must be an object.";
		return E_INPUT;
	}
	cursor = json_sub(p, "cursor");
	if (cursor != NULL)
		out->cursor = json_object_is_type(cursor, json_type_string)
				  ? json_object_get_string(cursor)
				  : "?";
	return read_ids(a, json_sub(p, "generationIds"), out, why);
}

enum rc
client_request_parse_ids(struct arena *a, const char *list,
    struct client_request *out, const char **why)
{
	char *rest, *word;
	int n = 0;

	*out = (struct client_request){.kind = CLIENT_SUBSCRIBE};
	if (list == NULL || list[0] == '\0') {
		out->all = true;
		return OK;
	}
	ids_alloc(a, out);
	rest = arena_strdup(a, list);
	while ((word = strsep(&rest, ",")) != NULL) {
		if (n++ == REQUEST_IDS_MAX) {
			*why = too_many;
			return E_INPUT;
		}
		add_id(a, out, word);
	}
	return OK;
}
