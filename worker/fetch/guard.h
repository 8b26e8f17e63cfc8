/*
 * guard: no connection to an internal address, whatever name led there.
 *
 * It judges the resolved address at the moment the socket is opened, so
 * neither a spelling, a redirect nor a change of DNS gets round it.  What is
 * refused: IANA's special-purpose registries, every IPv6 address outside
 * 2000::/3, IPv4 inside IPv6, and this machine's own addresses; unless the
 * operator's list (crawl.allow) lets it through.  Of what is left only the
 * ports of web servers are connected to.
 */
#ifndef WORKER_FETCH_GUARD_H
#define WORKER_FETCH_GUARD_H

#include "core/arena.h"
#include "core/rc.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <sys/socket.h>

struct guard;

/* Ports beside 80 and 443, most. */
#define GUARD_PORTS 64

/*
 * guard_new: ports is the list "8080, 8443" of ports beside 80 and 443, ""
 * or NULL for none; allow is the list "10.0.0.0/8, 127.0.0.1:8080 [::1]:8080
 * fd00::/8", separated by commas or spaces, "" or NULL for none.  A port
 * limits the entry to it.  Reads the machine's own addresses.  E_INPUT: *why
 * names the key (crawl.allow, crawl.ports) and the bad entry.
 */
enum rc guard_new(struct arena *a, const char *allow, const char *ports,
    const struct guard **out, const char **why) MUST_CHECK;

/*
 * guard_refuses: NULL when the address may be connected to, else why not, as
 * the end of a sentence ("a loopback address").
 */
const char *guard_refuses(const struct guard *g, const struct sockaddr *sa);

/*
 * guard_refuses_port: the port is not one of a public host's web server.  For
 * an address that guard_refuses lets through.
 */
bool guard_refuses_port(const struct guard *g, const struct sockaddr *sa);

/* guard_ports: "80, 443 and 8080", for sentences. */
const char *guard_ports(const struct guard *g, struct arena *a);

/* One per transfer: what the guard saw. */
struct guard_watch {
	const struct guard *guard; /* NULL lets everything through */
	bool routed;      /* crawl.connect_to leads there: any port is right */
	unsigned opened;  /* sockets let through */
	bool allowed;     /* the last of them by the operator's list */
	unsigned ports;   /* ports refused */
	unsigned refused; /* addresses refused */
	const char *reason; /* of the last refusal */
	char address[64];   /* that address as text */
};

/* guard_opensocket: CURLOPT_OPENSOCKETFUNCTION; its data is a guard_watch. */
curl_socket_t guard_opensocket(
    void *watch, curlsocktype purpose, struct curl_sockaddr *sa);

#endif
