/*
 * Lines of a slot, as the supervisor reads them: what is let through keeps
 * the promises of worker/job/message.h.
 */
#include "t/fuzz/fuzz.h"

#include "worker/job/message.h"

#include <stdlib.h>
#include <string.h>

static void
check(const struct slot_message *r)
{
	if (r->processed < 0 || r->total < 0 || r->urls < 0 ||
	    r->outcome.entries < 0 || r->outcome.quota_ms < 0)
		abort();
	if (r->what == MESSAGE_ARTIFACT &&
	    (strchr(r->file, '/') != NULL || r->file[0] == '.' ||
		r->file[0] == '\0' || strchr(r->name, '/') != NULL ||
		strpbrk(r->mime, "\r\n") != NULL))
		abort();
	if (r->what == MESSAGE_PROGRESS &&
	    (r->stage == NULL || r->message == NULL))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct json_object *o;
	struct slot_message r;
	struct arena a;
	const char *why;

	arena_init(&a);
	o = json_parse(&a, (const char *)data, len, &why);
	if (json_object_is_type(o, json_type_object) &&
	    slot_message_parse(o, &r) == OK)
		check(&r);
	arena_release(&a);
	return 0;
}
