/* The list of generations as a page. */
#include "fcgi/csrf.h"

#include "core/text.h"
#include "fcgi/list.h"
#include "fcgi/model.h"
#include "fcgi/request.h"
#include "fcgi/view.h"

/* How many stand on a page; the first is usual. */
static const int sizes[] = {5, 10, 20, 50};
#define NSIZES (sizeof(sizes) / sizeof(sizes[0]))

struct json_object *
view_page(struct request *rq, const char *title)
{
	struct json_object *o = json_new(rq->arena);

	/* What this visitor orders, from whichever page, is one guest's. */
	if (rq->session.account == NULL)
		(void)session_visitor(rq);
	json_put_str(o, "title", title);
	json_put_flag(o, "isAdmin", rq->session.admin);
	return o;
}

static bool
is_size(long n)
{
	size_t i;

	for (i = 0; i < NSIZES; i++)
		if (sizes[i] == n)
			return true;
	return false;
}

static enum rc
read_list_request(struct request *rq, struct list_request *wanted)
{
	const char *limit = params_get(&rq->query, "limit");
	const char *page = params_get(&rq->query, "page");

	*wanted =
	    (struct list_request){.limit = sizes[0], .page = 1, .last = true};
	request_advise(rq, "Use one of the links below the list.");
	if (limit != NULL && (!number_read(limit, 1, 100, &wanted->limit) ||
				 !is_size(wanted->limit)))
		return request_fail(rq, E_INPUT,
		    "A page of the list can show 5, 10, 20 or 50 entries, not "
		    "\"%s\".",
		    text_excerpt(rq->arena, limit));
	if (page != NULL && !number_read(page, 1, 1000000, &wanted->page))
		return request_fail(rq, E_INPUT,
		    "The page number must be 1 or higher, not \"%s\".",
		    text_excerpt(rq->arena, page));
	request_advise(rq, NULL);
	wanted->offset = (wanted->page - 1) * wanted->limit;
	return OK;
}

static const char *
page_address(struct request *rq, long page, long limit)
{
	return arena_printf(
	    rq->arena, "/generations?page=%ld&limit=%ld", page, limit);
}

static void
put_sizes(struct request *rq, struct json_object *o, const struct list *l)
{
	struct json_object *list = json_object_new_array(), *s;
	size_t i;

	for (i = 0; i < NSIZES; i++) {
		s = json_object_new_object();
		json_put_num(s, "size", sizes[i]);
		json_put_flag(s, "current", sizes[i] == l->limit);
		/* The entry that is first now stays in view. */
		json_put_str(s, "url",
		    page_address(rq, l->offset / sizes[i] + 1, sizes[i]));
		json_object_array_add(list, s);
	}
	json_put(o, "sizes", list);
}

static void
put_list(struct request *rq, struct json_object *o, const struct list *l)
{
	size_t i, n = json_object_array_length(l->items);

	for (i = 0; i < n; i++) {
		struct json_object *item =
		    json_object_array_get_idx(l->items, i);

		model_view(rq, item);
		model_facts(rq, &l->rows, (int)i, item);
	}
	json_put(o, "items", l->items);
	json_put_flag(o, "any", l->total > 0);
	json_put_str(o, "totalText", text_number(rq->arena, l->total));
	json_put_str(o, "pageText", text_number(rq->arena, l->page));
	json_put_str(o, "pagesText", text_number(rq->arena, l->pages));
	json_put_num(o, "limit", l->limit);
	json_put_str(o, "prev",
	    l->page > 1 ? page_address(rq, l->page - 1, l->limit) : NULL);
	json_put_str(o, "next",
	    l->page < l->pages ? page_address(rq, l->page + 1, l->limit)
			       : NULL);
	json_put_str(o, "here", page_address(rq, l->page, l->limit));
	put_sizes(rq, o, l);
}

enum rc
view_list(struct request *rq, const char *title)
{
	struct json_object *o = view_page(rq, title);
	struct list_request wanted;
	struct list l;
	enum rc rc;

	rc = read_list_request(rq, &wanted);
	if (rc == OK)
		rc = list_load(rq, &wanted, &l);
	if (rc != OK)
		return rc;
	put_list(rq, o, &l);
	view_types(rq, o, order_type_default());
	if (rq->session.account != NULL)
		json_put_str(o, "csrf", csrf_field(rq));
	return reply_page(rq, "list", o);
}
