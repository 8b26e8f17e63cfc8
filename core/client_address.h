/* client_address: the address a request comes from, for limits by address. */
#ifndef CORE_CLIENT_ADDRESS_H
#define CORE_CLIENT_ADDRESS_H

#include "core/arena.h"

/*
 * client_address_find: the address of a client.  peer is the address that our
 * front server saw; forwarded is X-Forwarded-For as it came, or NULL.  The
 * header counts only from a proxy on this machine, because anyone may send it:
 * then the result is its last address, which the proxy saw itself.  Without an
 * address there the result is peer.  Borrowed, or in the arena.
 */
const char *client_address_find(
    struct arena *a, const char *peer, const char *forwarded);

#endif
