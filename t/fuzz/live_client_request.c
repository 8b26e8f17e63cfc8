/* A client's message, and the same bytes as ids, cursor and event. */
#include "t/fuzz/fuzz.h"

#include "ws/client_request.h"
#include "ws/cursor.h"
#include "ws/dialect.h"
#include "ws/update.h"

#include <stdlib.h>
#include <string.h>

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check(const struct client_request *ask, enum rc rc, const char *why)
{
	if (rc != OK) {
		must(why != NULL && why[0] != '\0');
		return;
	}
	must(ask->n + ask->ninvalid <= REQUEST_IDS_MAX);
	must(!ask->all || (ask->n == 0 && ask->ninvalid == 0));
	for (int i = 0; i < ask->ninvalid; i++)
		must(strlen(ask->invalid[i]) <= 64);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *p = (const char *)data, *why = NULL;
	struct update *u = NULL;
	struct cursor c;
	struct arena a;
	struct client_request ask;
	char text[CURSOR_MAX], *s;
	enum rc rc;

	arena_init(&a);
	s = arena_strndup(&a, p, len);
	rc = client_request_parse(&a, p, len, &ask, &why);
	check(&ask, rc, why);
	why = NULL;
	rc = client_request_parse_ids(&a, s, &ask, &why);
	check(&ask, rc, why);
	if (cursor_parse(s, &c))
		must(strcmp(cursor_text(&c, text), s) == 0);
	if (update_parse(p, len, &u) == OK)
		for (int d = 0; dialects[d] != NULL; d++)
			update_frame(u, d, SHAPE_SSE);
	update_unref(u);
	arena_release(&a);
	return 0;
}
