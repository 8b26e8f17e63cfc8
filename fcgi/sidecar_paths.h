/*
 * sidecar_paths: the addresses that platen-live answers.
 *
 * A request for one of them comes here when the front server refused it
 * (refusal.h), or has a method that the sidecar does not take.
 */
#ifndef FCGI_SIDECAR_PATHS_H
#define FCGI_SIDECAR_PATHS_H

#include <stdbool.h>

/*
 * sidecar_paths_begin: the path (with or without a query) is one of the
 * sidecar's, or begins like one, so whoever sent it is a program.
 */
bool sidecar_paths_begin(const char *path);

/* sidecar_paths_has: it is one of the sidecar's. */
bool sidecar_paths_has(const char *path);

#endif
