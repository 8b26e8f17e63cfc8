/* view_edit: the page on which an llms.txt is edited. */
#ifndef FCGI_VIEW_EDIT_H
#define FCGI_VIEW_EDIT_H

#include "core/rc.h"
#include "fcgi/edit.h"

struct request;

struct view_edit {
	const struct edit *edit;
	const char *text;             /* for the text field */
	const struct llms_file *file; /* what is wrong with it; NULL: nothing */
	const char *notice;           /* a sentence; NULL: none */
	int status;
};

/* view_edit: replies. */
enum rc view_edit(struct request *rq, const struct view_edit *v) MUST_CHECK;

#endif
