#include "core/schema/redis_names.h"

static const char *const lane_key_suffixes[LANE_KEY_MAX] = {
    [LANE_KEY_QUEUE] = "",
    [LANE_KEY_VIRTUAL_TIME] = ":vt",
    [LANE_KEY_TAGS] = ":tags",
    [LANE_KEY_OWNER] = ":owner",
    [LANE_KEY_PAUSED] = ":paused",
    [LANE_KEY_CALLS] = ":calls",
};

const char *
lane_key_name(struct arena *a, const char *lane, enum lane_key k)
{
	return arena_printf(a, "lane:%s%s", lane, lane_key_suffixes[k]);
}

const char *
host_permits_key(struct arena *a, const char *host)
{
	return arena_printf(a, "host:%s:permits", host);
}
