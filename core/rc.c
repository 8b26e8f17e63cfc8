#include "core/rc.h"

static const char *const names[RC_MAX] = {
    [OK] = "ok",
    [E_INPUT] = "bad_input",
    [E_AUTH] = "unauthenticated",
    [E_PAYMENT] = "payment_required",
    [E_FORBIDDEN] = "forbidden",
    [E_NOTFOUND] = "not_found",
    [E_METHOD] = "method_not_allowed",
    [E_CONFLICT] = "conflict",
    [E_TOOBIG] = "too_big",
    [E_TYPE] = "unsupported_type",
    [E_LIMIT] = "limited",
    [E_INTERNAL] = "internal",
    [E_UNAVAILABLE] = "unavailable",
    [E_LATE] = "late",
    [E_STOPPED] = "stopped",
};

const char *
rc_name(enum rc rc)
{
	return rc < RC_MAX ? names[rc] : "unknown";
}
