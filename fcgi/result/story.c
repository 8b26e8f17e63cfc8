/* story: how good a story is, how long, and how long the model took. */
#include "core/text.h"
#include "fcgi/datetime.h"
#include "fcgi/request.h"
#include "fcgi/result_view.h"

static void
add_fact(struct json_object *list, const char *label, const char *text)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "label", label);
	json_put_str(o, "text", text);
	json_object_array_add(list, o);
}

static enum rc
run(struct request *rq, struct json_object *page)
{
	struct json_object *facts = json_sub(page, "facts"), *list;
	const char *quality =
	    facts == NULL ? NULL : json_str(facts, "quality", NULL);
	int64_t seconds;

	if (quality == NULL)
		return OK;
	list = json_object_new_array();
	json_put(page, "resultFacts", list);
	json_put_flag(page, "hasResultFacts", true);
	add_fact(list, "Quality", quality);
	add_fact(list, "Words",
	    arena_printf(rq->arena, "%s (%s requested)",
		text_number(rq->arena, json_num(facts, "words", 0)),
		json_str(page, "totalText", "")));
	seconds = json_num(facts, "generationTime", -1);
	add_fact(list, "Time to write",
	    seconds < 0 ? "" : datetime_span(rq->arena, (double)seconds));
	return OK;
}

extern const struct ordertype ordertype_story;

const struct result_view result_view_story = {
    .type = &ordertype_story,
    .run = run,
};
