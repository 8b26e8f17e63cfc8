#include "fcgi/connections.h"

#include "core/arena.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define REPLY_BYTES 32768
#define WAIT_MS 200

/* What is asked for: our port, and the other side's network. */
struct peer {
	int family;
	unsigned char address[16];
	size_t bytes;   /* of it that count */
	in_port_t port; /* network order */
};

struct question {
	struct nlmsghdr head;
	struct inet_diag_req_v2 request;
};

static bool
peer_parse(struct peer *p, const char *address, const char *port)
{
	static const unsigned char mapped[12] = {
	    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	memset(p, 0, sizeof(*p));
	if (address == NULL || port == NULL)
		return false;
	p->port = htons((in_port_t)atoi(port));
	p->family = strchr(address, ':') == NULL ? AF_INET : AF_INET6;
	p->bytes = p->family == AF_INET ? 4 : 8;
	if (inet_pton(p->family, address, p->address) != 1)
		return false;
	/* IPv4 on a socket of both families: the whole address counts. */
	if (p->family == AF_INET6 && memcmp(p->address, mapped, 12) == 0)
		p->bytes = 16;
	return true;
}

static bool
diag_request(int fd, const struct peer *p)
{
	struct question q = {
	    .head =
		{
		    .nlmsg_len = sizeof(q),
		    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
		    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
	    .request =
		{
		    .sdiag_family = (unsigned char)p->family,
		    .sdiag_protocol = IPPROTO_TCP,
		    /* Those that hold something of ours. */
		    .idiag_states = 1u << TCP_ESTABLISHED |
				    1u << TCP_FIN_WAIT1 | 1u << TCP_CLOSE_WAIT,
		    .id.idiag_sport = p->port,
		},
	};

	return send(fd, &q, sizeof(q), 0) == (ssize_t)sizeof(q);
}

static bool
socket_matches(const struct peer *p, const struct nlmsghdr *h)
{
	const struct inet_diag_msg *m = NLMSG_DATA(h);

	return m->id.idiag_sport == p->port &&
	       memcmp(m->id.idiag_dst, p->address, p->bytes) == 0;
}

/* One datagram of the answer; false: it was the last, or none came. */
static bool
diag_count(int fd, const struct peer *p, int *n)
{
	union {
		char bytes[REPLY_BYTES];
		struct nlmsghdr align;
	} reply;
	ssize_t got = recv(fd, reply.bytes, sizeof(reply.bytes), 0);
	unsigned left = got > 0 ? (unsigned)got : 0;
	struct nlmsghdr *h = &reply.align;

	if (got <= 0)
		return false;
	for (; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
		if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR)
			return false;
		*n += socket_matches(p, h);
	}
	return true;
}

int
connections_count(const char *address, const char *port)
{
	struct timeval wait = {0, WAIT_MS * 1000};
	struct peer p;
	int fd, n = 0;

	if (!peer_parse(&p, address, port))
		return 0;
	fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	if (fd < 0)
		return 0;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	if (diag_request(fd, &p))
		while (diag_count(fd, &p, &n))
			;
	close(fd);
	return n;
}

const char *
connections_network(struct arena *a, const char *address)
{
	char text[INET6_ADDRSTRLEN];
	struct peer p;

	/* The port does not matter here. */
	if (!peer_parse(&p, address, "0"))
		return "unknown";
	if (p.family == AF_INET || p.bytes == 16)
		return arena_printf(a, "%u.%u.%u.%u", p.address[p.bytes - 4],
		    p.address[p.bytes - 3], p.address[p.bytes - 2],
		    p.address[p.bytes - 1]);
	memset(p.address + p.bytes, 0, sizeof(p.address) - p.bytes);
	if (inet_ntop(AF_INET6, p.address, text, sizeof(text)) == NULL)
		return "unknown";
	return arena_printf(a, "%s/64", text);
}
