#include "core/status.h"

#include <stddef.h>
#include <string.h>

static const struct status_traits statuses[STATUS_MAX] = {
    [STATUS_PENDING_PAYMENT] = {"pending_payment", "Waiting for payment", false,
	false},
    [STATUS_PENDING] = {"pending", "Waiting", .final = false},
    [STATUS_PROCESSING] = {"processing", "Running", .final = false},
    [STATUS_COMPLETED] = {"completed", "Completed", .final = true},
    [STATUS_FAILED] = {"failed", "Failed", .final = true, .repeatable = true},
    [STATUS_CANCELED] = {"canceled", "Canceled", .final = true,
	.repeatable = true},
};

enum generation_status
status_parse(const char *name)
{
	int s = 0;

	while (s < STATUS_MAX && strcmp(name, statuses[s].name) != 0)
		s++;
	return (enum generation_status)s;
}

const struct status_traits *
status_traits_of(const char *name)
{
	enum generation_status s = status_parse(name);

	return s == STATUS_MAX ? NULL : &statuses[s];
}

const char *
status_name(enum generation_status s)
{
	return statuses[s].name;
}

bool
status_is(const char *name, enum generation_status s)
{
	return strcmp(name, statuses[s].name) == 0;
}

bool
status_is_final(const char *name)
{
	const struct status_traits *t = status_traits_of(name);

	return t != NULL && t->final;
}

bool
status_valid(const char *name)
{
	return status_parse(name) != STATUS_MAX;
}
