/* front: lighttpd, which starts platen-web, as a member of the watch. */
#ifndef CLI_FRONT_H
#define CLI_FRONT_H

#include "cli/watch.h"
#include "core/conf.h"

/*
 * front_check_port: exits with a sentence when run.bind and run.port cannot
 * be listened on.
 */
void front_check_port(const struct conf *c);

/* front_add: lighttpd with ROOT/lighttpd.conf and the variables it uses. */
struct member *front_add(
    struct watch *w, const struct conf *c, const char *root);

/* front_ready: GET /readyz answers 200; waits for up to half a second. */
bool front_ready(const struct conf *c);

/* front_url: where a browser on this machine finds it. */
const char *front_url(struct arena *a, const struct conf *c);

#endif
