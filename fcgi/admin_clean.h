/* admin_clean: which generations the operator wants to remove or cancel. */
#ifndef FCGI_ADMIN_CLEAN_H
#define FCGI_ADMIN_CLEAN_H

#include "core/rc.h"
#include "fcgi/params.h"

#include <stdbool.h>

struct request;

struct admin_clean {
	const char *what; /* completed, failed, canceled: removed; waiting:
			     canceled */
	bool cancels;     /* the last of these */
	const char *lane; /* with it; else NULL */
	const char *lane_label;
	long days; /* those that ended so long ago, or longer */
};

/* admin_clean_read: from a query or a form; E_INPUT with its sentence. */
enum rc admin_clean_read(struct request *rq, const struct params *from,
    struct admin_clean *out) MUST_CHECK;

#endif
