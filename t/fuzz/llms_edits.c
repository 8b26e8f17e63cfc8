/*
 * Three llms.txt files parted by the record separator (0x1e): a generated
 * one, what a person made of it, and the next generated one.  The edits must
 * give the person's file again, and fit any other.
 */
#include "t/fuzz/fuzz.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/json.h"
#include "core/llms_diff.h"
#include "core/llms_edits.h"
#include "core/llms_parse.h"

#include <stdlib.h>
#include <string.h>

#define RECORD 0x1e

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static const char *
printed(struct arena *a, const struct llms_file *f)
{
	struct buf b;
	const char *text;

	buf_init(&b, 16 << 20);
	llms_print(&b, f);
	must(buf_ok(&b));
	text = arena_strndup(a, b.data, b.len);
	buf_release(&b);
	return text;
}

/* parse: the next record; false when it is not a valid file. */
static bool
parse(struct arena *a, const char **at, const char *end, struct llms_file *out)
{
	const char *from = *at, *stop = memchr(from, RECORD, end - from);
	const char *once;
	struct llms_file again;

	if (stop == NULL)
		stop = end;
	*at = stop == end ? end : stop + 1;
	if (llms_parse(a, from, stop - from, out) != OK)
		return false;
	/* One form, which parses to itself. */
	once = printed(a, out);
	must(llms_parse(a, once, strlen(once), &again) == OK);
	must(strcmp(printed(a, &again), once) == 0);
	return true;
}

/* through_json: as the edits are kept. */
static void
through_json(
    struct arena *a, const struct llms_edits *e, struct llms_edits *out)
{
	struct json_object *o = llms_edits_json(e);
	const char *text = arena_strdup(a, json_text(o)), *why;

	json_object_put(o);
	o = json_parse(a, text, strlen(text), &why);
	must(o != NULL && llms_edits_read(a, o, out) == OK);
	must(llms_edits_count(out) == llms_edits_count(e));
}

static void
run(struct arena *a, const char *at, const char *end)
{
	struct llms_file before, edited, next, out, checked;
	struct llms_edits none = {.title.is = NULL}, edits, kept;
	struct llms_edits_outcome outcome;
	struct llms_diff diff;
	const char *text;

	if (!parse(a, &at, end, &before) || !parse(a, &at, end, &edited))
		return;
	llms_edits_derive(a, &before, &before, &edited, &none, &edits);
	through_json(a, &edits, &kept);
	llms_edits_apply(a, &before, &kept, &out, &outcome);
	must(strcmp(printed(a, &out), printed(a, &edited)) == 0);
	must(outcome.norphaned == 0 && outcome.nconflicts == 0);
	llms_diff(a, &out, &edited, &diff);
	must(llms_diff_empty(&diff));
	if (!parse(a, &at, end, &next))
		return;
	llms_edits_apply(a, &next, &kept, &out, &outcome);
	must(outcome.applied + outcome.norphaned <= llms_edits_count(&kept));
	text = printed(a, &out);
	must(out.nlinks == 0 ||
	     llms_parse(a, text, strlen(text), &checked) == OK);
	llms_diff(a, &before, &next, &diff);
	must(diff.nadded + diff.nchanged + diff.same <= next.nlinks);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena a;

	arena_init(&a);
	run(&a, (const char *)data, (const char *)data + len);
	arena_release(&a);
	return 0;
}
