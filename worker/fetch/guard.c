#include "worker/fetch/guard.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An address of either family; IPv4 in the first four bytes. */
struct address {
	unsigned char b[16];
	bool v6;
	int port; /* 0: any */
};

struct network {
	struct address net;
	unsigned bits;
};

struct guard {
	struct network *allow;
	size_t allow_n;
	struct address *own; /* of this machine's interfaces */
	size_t own_n;
	int ports[GUARD_PORTS]; /* beside 80 and 443 */
	size_t ports_n;
};

/* See address_ranges.def. */
enum address_range_kind { RANGE_IPV4, RANGE_IPV6, RANGE_IPV6_OUTSIDE };

struct address_range {
	enum address_range_kind kind;
	const char *net;
	unsigned bits;
	const char *what; /* ends "it is ..." */
};

static const struct address_range ranges[] = {
#define ADDRESS_RANGE(kind, net, bits, what) {RANGE_##kind, net, bits, what},
#include "worker/fetch/address_ranges.def"
#undef ADDRESS_RANGE
};

static bool
net_covers(const unsigned char *net, unsigned bits, const unsigned char *b)
{
	unsigned rest = bits % 8;

	if (memcmp(net, b, bits / 8) != 0)
		return false;
	if (rest == 0)
		return true;
	return ((net[bits / 8] ^ b[bits / 8]) >> (8 - rest)) == 0;
}

static const char *
find_range(enum address_range_kind kind, const struct address *a)
{
	unsigned char net[16];
	int family = a->v6 ? AF_INET6 : AF_INET;

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (ranges[i].kind == kind &&
		    inet_pton(family, ranges[i].net, net) == 1 &&
		    net_covers(net, ranges[i].bits, a->b))
			return ranges[i].what;
	return NULL;
}

static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

/*
 * The IPv4 address an IPv6 one leads to: mapped and compatible (RFC 4291),
 * NAT64 (RFC 6052, 8215) and 6to4 (RFC 3056).
 */
static bool
address_unwrap(const struct address *a, struct address *out)
{
	static const unsigned char compatible[12];
	static const unsigned char nat64[4] = {0x00, 0x64, 0xff, 0x9b};
	const unsigned char *at = a->b + 12;

	if (!a->v6)
		return false;
	if (a->b[0] == 0x20 && a->b[1] == 0x02)
		at = a->b + 2;
	else if (memcmp(a->b, mapped, 12) != 0 &&
		 memcmp(a->b, compatible, 12) != 0 &&
		 memcmp(a->b, nat64, 4) != 0)
		return false;
	memset(out, 0, sizeof(*out));
	memcpy(out->b, at, 4);
	out->port = a->port;
	return true;
}

/* Mapped addresses are IPv4 to the kernel too; judge them as such. */
static void
address_unmap(struct address *a)
{
	struct address v4;

	if (memcmp(a->b, mapped, 12) == 0 && address_unwrap(a, &v4))
		*a = v4;
}

static bool
address_of(const struct sockaddr *sa, struct address *out)
{
	memset(out, 0, sizeof(*out));
	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, sa, sizeof(in));
		memcpy(out->b, &in.sin_addr, 4);
		out->port = ntohs(in.sin_port);
	} else if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in;

		memcpy(&in, sa, sizeof(in));
		memcpy(out->b, &in.sin6_addr, 16);
		out->port = ntohs(in.sin6_port);
		out->v6 = true;
	} else {
		return false;
	}
	address_unmap(out);
	return true;
}

static bool
is_own(const struct guard *g, const struct address *a)
{
	for (size_t i = 0; i < g->own_n; i++)
		if (g->own[i].v6 == a->v6 &&
		    memcmp(g->own[i].b, a->b, a->v6 ? 16 : 4) == 0)
			return true;
	return false;
}

/* Whether an entry of the list takes the address; *exact when it is named. */
static bool
is_allowed(const struct guard *g, const struct address *a, bool *exact)
{
	bool found = false;

	*exact = false;
	for (size_t i = 0; i < g->allow_n; i++) {
		const struct network *n = &g->allow[i];

		if (n->net.v6 != a->v6 ||
		    (n->net.port != 0 && n->net.port != a->port) ||
		    !net_covers(n->net.b, n->bits, a->b))
			continue;
		found = true;
		*exact |= n->bits == (a->v6 ? 128 : 32);
	}
	return found;
}

static const char *
guard_refuses_address(const struct guard *g, const struct address *a)
{
	struct address inner;
	const char *what;
	bool exact;

	if (is_allowed(g, a, &exact)) {
		/* A network that carries IPv4 is only as open as that is. */
		return !exact && address_unwrap(a, &inner)
			   ? guard_refuses_address(g, &inner)
			   : NULL;
	}
	what = find_range(a->v6 ? RANGE_IPV6_OUTSIDE : RANGE_IPV4, a);
	if (what != NULL)
		return what;
	if (a->v6 && (a->b[0] & 0xe0) != 0x20)
		return "a reserved address";
	if (a->v6 && (what = find_range(RANGE_IPV6, a)) != NULL)
		return what;
	return is_own(g, a) ? "an address of this server" : NULL;
}

const char *
guard_refuses(const struct guard *g, const struct sockaddr *sa)
{
	struct address a;

	if (!address_of(sa, &a))
		return "no internet address";
	return guard_refuses_address(g, &a);
}

static bool
is_web_port(const struct guard *g, int port)
{
	bool found = port == 80 || port == 443;

	for (size_t i = 0; i < g->ports_n; i++)
		found |= g->ports[i] == port;
	return found;
}

bool
guard_refuses_port(const struct guard *g, const struct sockaddr *sa)
{
	struct address a;
	bool exact;

	return address_of(sa, &a) && !is_web_port(g, a.port) &&
	       !is_allowed(g, &a, &exact);
}

const char *
guard_ports(const struct guard *g, struct arena *a)
{
	const char *s = g->ports_n == 0 ? "80 and 443" : "80, 443";

	for (size_t i = 0; i < g->ports_n; i++)
		s = arena_printf(a, "%s%s%d", s,
		    i + 1 < g->ports_n ? ", " : " and ", g->ports[i]);
	return s;
}

/* ---- the operator's list ------------------------------------------------- */

static bool
parse_number(const char *s, unsigned max, unsigned *out)
{
	char *end;
	unsigned long n;

	if (*s < '0' || *s > '9')
		return false;
	n = strtoul(s, &end, 10);
	if (*end != '\0' || n > max)
		return false;
	*out = (unsigned)n;
	return true;
}

static bool
parse_address(const char *s, struct address *out)
{
	out->v6 = strchr(s, ':') != NULL;
	return inet_pton(out->v6 ? AF_INET6 : AF_INET, s, out->b) == 1;
}

/*
 * Takes ":port" off the end.  In brackets it follows them; without, an entry
 * of more than one colon is an IPv6 address and has none.
 */
static bool
parse_port(char *s, struct address *a)
{
	char *close = strrchr(s, ']'), *colon = strrchr(s, ':');
	unsigned port;

	if (colon == NULL || (close != NULL && colon < close) ||
	    (close == NULL && strchr(s, ':') != colon))
		return true;
	if (!parse_number(colon + 1, 65535, &port) || port == 0)
		return false;
	a->port = (int)port;
	*colon = '\0';
	return true;
}

/* "[fd00::]/8" and "[fd00::/8]" both lose their brackets. */
static bool
drop_brackets(char *s)
{
	char *close = strchr(s, ']');

	if (s[0] != '[')
		return close == NULL;
	if (close == NULL || (close[1] != '\0' && close[1] != '/'))
		return false;
	memmove(close, close + 1, strlen(close + 1) + 1);
	memmove(s, s + 1, strlen(s + 1) + 1);
	return true;
}

static bool
parse_entry(char *s, struct network *out)
{
	char *slash;
	unsigned width;

	memset(out, 0, sizeof(*out));
	if (!parse_port(s, &out->net) || !drop_brackets(s))
		return false;
	slash = strchr(s, '/');
	if (slash != NULL)
		*slash++ = '\0';
	if (!parse_address(s, &out->net))
		return false;
	width = out->net.v6 ? 128 : 32;
	out->bits = width;
	if (slash != NULL && !parse_number(slash, width, &out->bits))
		return false;
	/* A mapped entry means the IPv4 it holds. */
	if (out->net.v6 && out->bits >= 96) {
		address_unmap(&out->net);
		out->bits -= out->net.v6 ? 0 : 96;
	}
	return true;
}

static enum rc
parse_allow(
    struct arena *a, struct guard *g, const char *list, const char **why)
{
	static const char separators[] = ", \t\r\n";
	char *entry;
	size_t n;

	g->allow = arena_array(a, strlen(list) / 2 + 1, sizeof(*g->allow));
	for (const char *s = list + strspn(list, separators); *s != '\0';
	     s += strspn(s, separators)) {
		n = strcspn(s, separators);
		entry = arena_strndup(a, s, n);
		if (!parse_entry(entry, &g->allow[g->allow_n])) {
			*why = arena_printf(a,
			    "crawl.allow: \"%.*s\" is not an address "
			    "(10.0.0.1, ::1), a "
			    "network (10.0.0.0/8, fd00::/8) or one of these "
			    "with a port (10.0.0.1:8080, [::1]:8080).",
			    (int)(n < 80 ? n : 80), s);
			return E_INPUT;
		}
		g->allow_n++;
		s += n;
	}
	return OK;
}

static enum rc
parse_ports(
    struct arena *a, struct guard *g, const char *list, const char **why)
{
	static const char separators[] = ", \t\r\n";
	unsigned port;
	size_t n;

	for (const char *s = list + strspn(list, separators); *s != '\0';
	     s += n + strspn(s + n, separators)) {
		n = strcspn(s, separators);
		if (!parse_number(arena_strndup(a, s, n), 65535, &port) ||
		    port == 0) {
			*why = arena_printf(a,
			    "crawl.ports: \"%.*s\" is not a port from 1 to "
			    "65535.",
			    (int)(n < 80 ? n : 80), s);
			return E_INPUT;
		}
		if (g->ports_n == GUARD_PORTS) {
			*why = arena_printf(a,
			    "crawl.ports: there are more than %d ports.",
			    GUARD_PORTS);
			return E_INPUT;
		}
		g->ports[g->ports_n++] = (int)port;
	}
	return OK;
}

static void
read_own(struct arena *a, struct guard *g)
{
	struct ifaddrs *all = NULL, *i;
	size_t n = 0;

	/* Without them the ranges still hold. */
	if (getifaddrs(&all) != 0)
		return;
	for (i = all; i != NULL; i = i->ifa_next)
		n++;
	g->own = arena_array(a, n + 1, sizeof(*g->own));
	for (i = all; i != NULL; i = i->ifa_next)
		if (i->ifa_addr != NULL &&
		    address_of(i->ifa_addr, &g->own[g->own_n]))
			g->own_n++;
	freeifaddrs(all);
}

enum rc
guard_new(struct arena *a, const char *allow, const char *ports,
    const struct guard **out, const char **why)
{
	struct guard *g = arena_alloc(a, sizeof(*g));
	enum rc rc;

	rc = parse_allow(a, g, allow ? allow : "", why);
	if (rc == OK)
		rc = parse_ports(a, g, ports ? ports : "", why);
	if (rc != OK)
		return rc;
	read_own(a, g);
	*out = g;
	return OK;
}

curl_socket_t
guard_opensocket(void *watch, curlsocktype purpose, struct curl_sockaddr *sa)
{
	struct guard_watch *w = watch;
	const char *reason = NULL;
	struct address a;
	bool exact;

	(void)purpose;
	if (w->guard != NULL)
		reason = guard_refuses(w->guard, &sa->addr);
	if (reason != NULL) {
		w->refused++;
		w->reason = reason;
		w->address[0] = '\0';
		if (address_of(&sa->addr, &a))
			inet_ntop(a.v6 ? AF_INET6 : AF_INET, a.b, w->address,
			    sizeof(w->address));
		return CURL_SOCKET_BAD;
	}
	if (w->guard != NULL && !w->routed &&
	    guard_refuses_port(w->guard, &sa->addr)) {
		w->ports++;
		return CURL_SOCKET_BAD;
	}
	w->allowed = w->guard != NULL && address_of(&sa->addr, &a) &&
		     is_allowed(w->guard, &a, &exact);
	w->opened++;
	return socket(sa->family, sa->socktype | SOCK_CLOEXEC, sa->protocol);
}
