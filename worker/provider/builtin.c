/*
 * builtin: no model at all: what pages say of themselves is taken as it is
 * (worker/llms/describe.h).
 */
#include "worker/model/provider.h"

const struct provider provider_builtin = {
    .name = "builtin",
    .label = "Standard (no AI)",
};
