/*
 * view_confirm: the page that asks before anything is destroyed, the same for
 * all questions: start, add paragraphs, set the members, reply.
 * Strings are borrowed.
 */
#ifndef FCGI_VIEW_CONFIRM_H
#define FCGI_VIEW_CONFIRM_H

#include "core/json.h"
#include "core/rc.h"

struct request;

struct view_confirm {
	const char *heading; /* a question, "Delete it?" */
	const char *action;  /* where yes is sent; NULL: nothing is to do */
	const char *yes;     /* begins with a verb */
	const char *no;
	const char *back;                                /* where no leads */
	struct json_object *o, *crumbs, *texts, *fields; /* its own */
};

/* view_confirm_start: the members that are to be set are NULL before. */
void view_confirm_start(
    struct request *rq, struct view_confirm *v, const char *title);

/* view_confirm_crumb: a link of "where you are", outermost first. */
void view_confirm_crumb(
    struct view_confirm *v, const char *label, const char *url);

/* view_confirm_text: a paragraph: what goes, and what does not. */
void view_confirm_text(struct view_confirm *v, const char *sentence);

/* view_confirm_field: what is sent with yes, besides the form's key. */
void view_confirm_field(
    struct view_confirm *v, const char *name, const char *value);

enum rc view_confirm_reply(
    struct request *rq, struct view_confirm *v) MUST_CHECK;

#endif
