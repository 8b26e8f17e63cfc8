/* peers: how many connections an address has with the front server. */
#ifndef FCGI_PEERS_H
#define FCGI_PEERS_H

/*
 * peers_count: TCP connections of this machine's port with that address, an
 * IPv6 one with its whole /64; both as CGI variables, and either may be NULL.
 * 0 where the kernel does not say.
 */
int peers_count(const char *address, const char *port);

#endif
