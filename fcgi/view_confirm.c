/* The page that asks before anything is destroyed; app.js makes it a dialog. */
#include "fcgi/view_confirm.h"

#include "fcgi/csrf.h"
#include "fcgi/request.h"
#include "fcgi/view.h"

void
view_confirm_start(
    struct request *rq, struct view_confirm *v, const char *title)
{
	v->o = view_page(rq, title);
	v->crumbs = json_object_new_array();
	v->texts = json_object_new_array();
	v->fields = json_object_new_array();
	json_put(v->o, "crumbs", v->crumbs);
	json_put(v->o, "texts", v->texts);
	json_put(v->o, "fields", v->fields);
	json_put_str(v->o, "csrf", csrf_field(rq));
}

void
view_confirm_crumb(struct view_confirm *v, const char *label, const char *url)
{
	size_t n = json_object_array_length(v->crumbs);
	struct json_object *o = json_object_new_object();

	if (n > 0)
		json_put_flag(
		    json_object_array_get_idx(v->crumbs, n - 1), "last", false);
	json_put_str(o, "label", label);
	json_put_str(o, "url", url);
	json_put_flag(o, "last", true);
	json_object_array_add(v->crumbs, o);
}

void
view_confirm_text(struct view_confirm *v, const char *sentence)
{
	json_object_array_add(v->texts, json_object_new_string(sentence));
}

void
view_confirm_field(struct view_confirm *v, const char *name, const char *value)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "field", name);
	json_put_str(o, "value", value);
	json_object_array_add(v->fields, o);
}

enum rc
view_confirm_reply(struct request *rq, struct view_confirm *v)
{
	json_put_str(v->o, "heading", v->heading);
	json_put_str(v->o, "action", v->action);
	json_put_str(v->o, "yes", v->yes);
	json_put_str(v->o, "no", v->no);
	json_put_str(v->o, "back", v->back);
	return reply_page(rq, "confirm", v->o);
}
