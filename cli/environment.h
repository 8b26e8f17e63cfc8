/* environment: the variables that a child of `platen run` gets, and no more. */
#ifndef CLI_ENVIRONMENT_H
#define CLI_ENVIRONMENT_H

#include "core/arena.h"
#include "core/conf.h"

/* environment_plain: what any program needs: PATH, language, time zone. */
const char *const *environment_plain(struct arena *a);

/*
 * environment_of: the same for one of our programs, which finds its settings
 * on descriptor conf_fd; where the database is not ours, libpq's variables
 * too.
 */
const char *const *environment_of(
    struct arena *a, const struct conf *c, int conf_fd);

#endif
