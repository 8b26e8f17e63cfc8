/* connections: the addresses of visitors, and how many connections each has. */
#ifndef FCGI_CONNECTIONS_H
#define FCGI_CONNECTIONS_H

struct arena;

/*
 * connections_count: TCP connections of this machine's port with that address,
 * an IPv6 one with its whole /64; both as CGI variables, and either may be
 * NULL. 0 where the kernel does not say.
 */
int connections_count(const char *address, const char *port);

/*
 * connections_network: what counts as one visitor of an address (may be NULL):
 * an IPv4 address, or the /64 of an IPv6 one.
 */
const char *connections_network(struct arena *a, const char *address);

#endif
