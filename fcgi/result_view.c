#include "fcgi/result_view.h"

#include "core/order.h"
#include <string.h>

enum rc
result_view_put(struct request *rq, struct json_object *page)
{
	const char *type = json_str(page, "type", "");
	const struct result_view *const *v;

	for (v = result_views; *v != NULL; v++)
		if (strcmp((*v)->type->name, type) == 0)
			return (*v)->run(rq, page);
	return OK;
}
