/*
 * registry: each live connection as hash client:{id} and set
 * subscriptions:{id} in Redis, for other services.
 *
 * The hash has userId, transport, dialect and connectedAt (RFC 3339); the set
 * has what it listens to, job:{generation} or user:{account}.  Both expire
 * when the sidecar dies.
 */
#ifndef WS_REGISTRY_H
#define WS_REGISTRY_H

#include <stdint.h>

struct client;

/* registry_put: writes both as they are now. */
void registry_put(struct client *c);

/* registry_tick: writes them again before they expire. */
void registry_tick(struct client *c, int64_t now);

void registry_remove(struct client *c);

#endif
