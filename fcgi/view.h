/* view: what several pages for people have in common. */
#ifndef FCGI_VIEW_H
#define FCGI_VIEW_H

#include "core/json.h"
#include "core/order.h"
#include "core/rc.h"

struct params;
struct paths;
struct request;

/* view_page: a page's model with its title; goes with the arena. */
struct json_object *view_page(struct request *rq, const char *title);

/* view_list: the page with the order form and the list; replies. */
enum rc view_list(struct request *rq, const char *title) MUST_CHECK;

/* What the order page is filled in with: as typed. */
struct view_order {
	const struct ordertype *type; /* one that is made of a site */
	const char *hostname;         /* NULL: not typed yet */
	const char *provider;         /* NULL: the first */
	const char *limit;            /* NULL: the largest */
	const char *include;          /* a pattern a line */
	const char *exclude;
	const char *language;            /* NULL: as the browser says */
	const struct paths *ticks;       /* NULL: all parts of the site */
	const struct order_check *wrong; /* NULL: nothing is known wrong */
};

/*
 * view_new: the page where an order is made out; counts the host's URLs.
 * Its status is 400 where something is wrong with it.
 */
enum rc view_new(struct request *rq, const struct view_order *v) MUST_CHECK;

/*
 * view_field: a field of an order form for templates, with what was typed and
 * what is wrong with it (each may be NULL).  The caller owns it.
 */
struct json_object *view_field(struct request *rq, const struct order_field *f,
    const struct params *typed, const struct order_check *wrong);

/*
 * view_order_form: the page of a type with a form of its own, filled in with
 * what was typed; 400 where something is wrong with it (wrong may be NULL).
 */
enum rc view_order_form(struct request *rq, const struct ordertype *t,
    const struct params *typed, const struct order_check *wrong) MUST_CHECK;

/*
 * view_types: adds "types", [{label,url,current}] of those that can be made
 * here and of now, which may be NULL; and "severalTypes".
 */
void view_types(
    struct request *rq, struct json_object *to, const struct ordertype *now);

/*
 * view_changes: adds "changes", what changed since the last llms.txt of the
 * host, at most rows of each kind; nothing where there is none to compare.
 */
enum rc view_changes(
    struct request *rq, size_t rows, struct json_object *o) MUST_CHECK;

#endif
