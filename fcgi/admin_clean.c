#include "fcgi/admin_clean.h"

#include "core/text.h"
#include "fcgi/admin.h"
#include "fcgi/list.h"
#include "fcgi/request.h"

#include <string.h>

#define DAYS_MAX 36500

static bool
is_over(const char *what)
{
	static const char *const words[] = {"completed", "failed", "canceled"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(what, words[i]) == 0)
			return true;
	return false;
}

enum rc
admin_clean_read(
    struct request *rq, const struct params *from, struct admin_clean *out)
{
	const char *lane = params_get(from, "lane");
	const char *days = params_get(from, "days");
	struct admin_lane known;
	enum rc rc;

	*out = (struct admin_clean){.what = params_get(from, "what")};
	if (out->what == NULL)
		out->what = "";
	out->cancels = strcmp(out->what, "waiting") == 0;
	if (!out->cancels && !is_over(out->what))
		return request_fail(rq, E_INPUT,
		    "You can remove completed, failed or canceled files and "
		    "cancel waiting ones, not \"%s\".",
		    text_excerpt(rq->arena, out->what));
	if (out->cancels) {
		rc = admin_lane_of(rq, lane == NULL ? "" : lane, &known);
		if (rc != OK)
			return rc;
		out->lane = known.name;
		out->lane_label = known.label;
		return OK;
	}
	if (days != NULL && !number_read(days, 0, DAYS_MAX, &out->days))
		return request_fail(rq, E_INPUT,
		    "The age must be a number of days from 0 to %d, not "
		    "\"%s\".",
		    DAYS_MAX, text_excerpt(rq->arena, days));
	return OK;
}
