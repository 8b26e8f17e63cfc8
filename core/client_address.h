/* visitor: whose request it is, for what one address may do. */
#ifndef CORE_CLIENT_ADDRESS_H
#define CORE_CLIENT_ADDRESS_H

#include "core/arena.h"

/*
 * visitor_address: the address of a visitor.  peer is who sent the request to
 * our front server; forwarded is X-Forwarded-For as it came, or NULL.  Only a
 * proxy on this machine is believed: anyone may send the header.  It is its
 * last address, which the proxy has seen itself; what is no address tells
 * nothing.  Borrowed, or in the arena.
 */
const char *visitor_address(
    struct arena *a, const char *peer, const char *forwarded);

#endif
