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
 * A pattern is compiled once.  To match a URL takes at most one step for each
 * byte of the URL and 64 bytes of the pattern, whatever they are.
 */
#ifndef CORE_URL_GLOB_H
#define CORE_URL_GLOB_H

#include "core/arena.h"
#include "core/url.h"

#include <stdbool.h>
#include <stdint.h>

struct url_glob;

/*
 * url_glob_new: in the arena; one that is longer than URL_MAX_BYTES
 * matches nothing.  pattern is borrowed.
 */
struct url_glob *url_glob_new(struct arena *a, const char *pattern);

/* url_glob_matches: adds the steps that it took to *steps. */
bool url_glob_matches(
    const struct url_glob *g, const struct url *u, uint64_t *steps);

/* url_glob_pattern: as it was given. */
const char *url_glob_pattern(const struct url_glob *g);

#endif
