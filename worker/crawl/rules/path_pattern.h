/* path_pattern: the include and exclude patterns of an order, compiled. */
#ifndef WORKER_CRAWL_RULES_PATH_PATTERN_H
#define WORKER_CRAWL_RULES_PATH_PATTERN_H

#include <stdint.h>

struct arena;
struct crawl_globs;
struct url;
struct url_glob;

/* path_pattern_compile: in the arena; the list ends in NULL. */
struct url_glob **path_pattern_compile(
    struct arena *a, const struct crawl_globs *g);

/*
 * path_pattern_match: the first pattern of g that fits u; NULL: none does.
 * The steps that it took are added to *steps.
 */
const char *path_pattern_match(
    struct url_glob **g, const struct url *u, uint64_t *steps);

#endif
