/*
 * site_cache: the caches of hosts (worker/cache/cache.h) in the database.
 *
 * A slot has no database: it finds the earlier file in its folder and leaves
 * a fresh one there.  Both go in parts, so that no whole file is ever
 * in memory.  A cache that cannot be read or stored costs time, nothing else:
 * all errors end in the log.
 */
#ifndef WORKER_SUPERVISOR_SITE_CACHE_H
#define WORKER_SUPERVISOR_SITE_CACHE_H

#include "worker/supervisor/running_job.h"

/* site_cache_wanted: the configuration has one, and the job a host. */
bool site_cache_wanted(const struct worker *w, const struct running_job *work);

/* site_cache_give: the host's cache as a file in the folder of the job. */
void site_cache_give(
    struct worker *w, const struct running_job *work, const char *name);

/* site_cache_take: what the job left replaces it.  Call it when it is done. */
void site_cache_take(struct worker *w, const struct running_job *work);

#endif
