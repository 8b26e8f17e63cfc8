/*
 * url_glob: include and exclude patterns of paths.
 *
 * "*" is any run without "/", "**" any run, "/dir/" + "**" also takes "/dir"
 * itself.  A pattern without "*" is a prefix.  One that does not begin with
 * "/" is taken as if it did, or at any depth when it begins with "*"; of
 * "https://host/docs/" the path counts.  Both sides are compared
 * percent-decoded (but for "%2F", which is no "/"), the path alone unless the
 * pattern has a "?", which then is the query's.
 *
 * A pattern is taken apart once.  To hold a URL against it takes at most a
 * step for each byte of the URL and 64 bytes of the pattern, whatever stands
 * in either.
 */
#ifndef CORE_URL_GLOB_H
#define CORE_URL_GLOB_H

#include "core/arena.h"
#include "core/url.h"

#include <stdbool.h>
#include <stdint.h>

struct url_glob;

/*
 * url_glob_new: in the arena; one that is longer than URL_MAX_BYTES takes
 * nothing.  pattern is borrowed.
 */
struct url_glob *url_glob_new(struct arena *a, const char *pattern);

/* url_glob_takes: *steps grows by the steps it took. */
bool url_glob_takes(
    const struct url_glob *g, const struct url *u, uint64_t *steps);

/* url_glob_pattern: as it was given. */
const char *url_glob_pattern(const struct url_glob *g);

#endif
