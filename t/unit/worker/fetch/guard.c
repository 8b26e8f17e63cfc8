/* guard: no spelling of an internal address is ever connected to. */
#include "t/tap.h"

#include "worker/fetch/guard.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

static struct arena a;

static const struct guard *
guard(const char *allow)
{
	const struct guard *g = NULL;
	const char *why = NULL;

	if (guard_new(&a, allow, "8080 8443", &g, &why) != OK) {
		printf("# %s\n", why);
		abort();
	}
	return g;
}

static const char *
judge(const struct guard *g, const char *text, int port)
{
	union {
		struct sockaddr sa;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} u = {0};

	if (strchr(text, ':') != NULL) {
		u.v6.sin6_family = AF_INET6;
		u.v6.sin6_port = htons((uint16_t)port);
		if (inet_pton(AF_INET6, text, &u.v6.sin6_addr) != 1)
			abort();
	} else {
		u.v4.sin_family = AF_INET;
		u.v4.sin_port = htons((uint16_t)port);
		if (inet_pton(AF_INET, text, &u.v4.sin_addr) != 1)
			abort();
	}
	return guard_refuses(g, &u.sa);
}

static void
refuses_internal(void)
{
	static const char *const t[] = {"0.0.0.0", "0.1.2.3", "10.0.0.1",
	    "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
	    "127.255.255.254", "169.254.169.254", "172.16.0.1",
	    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
	    "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
	    "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1",
	    "255.255.255.255", "::", "::1", "::127.0.0.1", "::8.8.8.8",
	    "::ffff:127.0.0.1", "::ffff:10.1.2.3", "::ffff:169.254.169.254",
	    "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1", "100::1",
	    "2001::1", "2001:0:4136:e378::1", "2001:10::1", "2001:20::1",
	    "2001:db8::1", "2002:7f00:1::1", "2002:808:808::", "3fff::1",
	    "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "febf::1",
	    "fec0::1", "ff02::1", "4000::1", "e000::1", "1::1"};
	const struct guard *g = guard("");

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const char *why = judge(g, t[i], 80);

		ok(why != NULL, "%s is refused: %s", t[i], why ? why : "-");
	}
}

static void
takes_public(void)
{
	static const char *const t[] = {"1.1.1.1", "8.8.8.8", "9.255.255.255",
	    "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
	    "128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0",
	    "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
	    "198.20.0.0", "223.255.255.255", "::ffff:8.8.8.8", "2001:200::1",
	    "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1",
	    "3ffe:ffff::1", "2003::1"};
	const struct guard *g = guard(NULL);

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		ok(judge(g, t[i], 443) == NULL, "%s is fetched", t[i]);
}

/* The machine's own public address leads to its own services. */
static void
refuses_itself(void)
{
	const struct guard *g = guard("");
	struct ifaddrs *all, *i;

	if (getifaddrs(&all) != 0) {
		skip(1, "no interfaces can be read");
		return;
	}
	for (i = all; i != NULL; i = i->ifa_next)
		if (i->ifa_addr != NULL &&
		    (i->ifa_addr->sa_family == AF_INET ||
			i->ifa_addr->sa_family == AF_INET6))
			ok(guard_refuses(g, i->ifa_addr) != NULL,
			    "our own address on %s", i->ifa_name);
	freeifaddrs(all);
}

static void
obeys_its_list(void)
{
	static const struct {
		const char *allow, *address;
		int port, taken;
	} t[] = {
	    {"127.0.0.1", "127.0.0.1", 80, 1},
	    {"127.0.0.1", "127.0.0.2", 80, 0},
	    {"127.0.0.1", "::ffff:127.0.0.1", 80, 1},
	    {"127.0.0.1", "64:ff9b::7f00:1", 80, 0},
	    {"127.0.0.1:8080", "127.0.0.1", 8080, 1},
	    {"127.0.0.1:8080", "127.0.0.1", 80, 0},
	    {"127.0.0.1:8080,127.0.0.1:80", "127.0.0.1", 80, 1},
	    {"10.0.0.0/8", "10.9.8.7", 80, 1},
	    {"10.0.0.0/8", "11.0.0.1", 80, 1},
	    {"10.0.0.0/9", "10.128.0.1", 80, 0},
	    {"10.0.0.0/8:443", "10.9.8.7", 443, 1},
	    {"10.0.0.0/8:443", "10.9.8.7", 80, 0},
	    {"0.0.0.0/0", "127.0.0.1", 80, 1},
	    {"0.0.0.0/0", "::1", 80, 0},
	    {" ,, 10.0.0.1\t127.0.0.1\n", "127.0.0.1", 80, 1},
	    {"::1", "::1", 80, 1},
	    {"[::1]", "::1", 80, 1},
	    {"[::1]:8080", "::1", 8080, 1},
	    {"[::1]:8080", "::1", 80, 0},
	    {"fd00::/8", "fd12::1", 80, 1},
	    {"[fd00::]/8:443", "fd12::1", 443, 1},
	    {"[fd00::/8]:443", "fd12::1", 80, 0},
	    {"::ffff:10.0.0.0/104", "10.1.1.1", 80, 1},
	    {"::ffff:127.0.0.1", "127.0.0.1", 80, 1},
	    {"64:ff9b::/96", "64:ff9b::808:808", 80, 1},
	    {"64:ff9b::/96", "64:ff9b::7f00:1", 80, 0},
	    {"64:ff9b::/96 127.0.0.0/8", "64:ff9b::7f00:1", 80, 1},
	    {"64:ff9b::7f00:1", "64:ff9b::7f00:1", 80, 1},
	    {"2002::/16", "2002:a00:1::1", 80, 0},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		ok((judge(guard(t[i].allow), t[i].address, t[i].port) ==
		       NULL) == t[i].taken,
		    "'%s' %s %s port %d", t[i].allow,
		    t[i].taken ? "takes" : "leaves", t[i].address, t[i].port);
}

static void
explains_bad_lists(void)
{
	static const char *const t[] = {"localhost", "10.0.0.0/33", "10.0.0",
	    "10.0.0.1:", "10.0.0.1:0", "10.0.0.1:70000", "10.0.0.1:x", "[::1",
	    "::1]", "[::1]x", "::1/129", "10.0.0.0/", "10.0.0.0/-1",
	    "127.0.0.1 10.0.0.0/8x", "0x7f.1", "[]", "/8", ":80", "1.2.3.4/ 8"};
	const struct guard *g;
	const char *why;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		why = NULL;
		ok(guard_new(&a, t[i], NULL, &g, &why) == E_INPUT &&
			why != NULL,
		    "'%s' is no list", t[i]);
	}
	printf("# %s\n", why);
}

static bool
visits(const struct guard *g, const char *text, int port)
{
	struct sockaddr_in in = {
	    .sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct sockaddr sa;

	if (inet_pton(AF_INET, text, &in.sin_addr) != 1)
		abort();
	memcpy(&sa, &in, sizeof(in));
	return !guard_refuses_port(g, &sa);
}

static void
knows_web_ports(void)
{
	static const char *const bad[] = {
	    "0", "65536", "http", "80-90", "8080;", "-1", "80:81"};
	const struct guard *g = guard("9.9.9.0/24 8.8.8.8:2200");
	const char *why;

	ok(visits(g, "1.1.1.1", 80) && visits(g, "1.1.1.1", 443),
	    "web servers have the ports 80 and 443");
	ok(visits(g, "1.1.1.1", 8080) && visits(g, "1.1.1.1", 8443),
	    "and those of crawl.ports");
	ok(!visits(g, "1.1.1.1", 22) && !visits(g, "1.1.1.1", 8081) &&
		!visits(g, "1.1.1.1", 0),
	    "and no others");
	ok(visits(g, "9.9.9.9", 22), "a network of crawl.allow has any");
	ok(visits(g, "8.8.8.8", 2200) && !visits(g, "8.8.8.8", 22),
	    "an address with a port has that one");
	is(guard_ports(g, &a), "80, 443, 8080 and 8443", "which can be said");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		why = NULL;
		ok(guard_new(&a, NULL, bad[i], &g, &why) == E_INPUT &&
			why != NULL && strstr(why, "crawl.ports") != NULL,
		    "crawl.ports '%s' is refused", bad[i]);
	}
}

static void
guards_curl(void)
{
	struct guard_watch w = {.guard = guard("127.0.0.1:81")};
	struct curl_sockaddr sa = {.family = AF_INET,
	    .socktype = SOCK_STREAM,
	    .addrlen = sizeof(struct sockaddr_in)};
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(80)};
	curl_socket_t s;

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	memcpy(&sa.addr, &in, sizeof(in));
	ok(guard_opensocket(&w, CURLSOCKTYPE_IPCXN, &sa) == CURL_SOCKET_BAD,
	    "curl gets no socket for a refused address");
	is_int(w.refused, 1, "which is remembered");
	is(w.address, "127.0.0.1", "with the address");
	is(w.reason, "a loopback address", "and the reason");
	in.sin_port = htons(81);
	memcpy(&sa.addr, &in, sizeof(in));
	s = guard_opensocket(&w, CURLSOCKTYPE_IPCXN, &sa);
	ok(s != CURL_SOCKET_BAD && w.opened == 1, "and one for an allowed one");
	close(s);
}

/* Every range of the shared list, where that is at hand. */
static void
covers_the_list(const char *path)
{
	const struct guard *g = guard("");
	char line[512], *slash;
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		skip(1, "../shared/cases/ssrf-ranges.tsv is not here");
		return;
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		/* "unwrap, then test": only the mapped ones lead on. */
		if (line[0] == '#' || strncmp(line, "::ffff:", 7) == 0)
			continue;
		slash = strchr(line, '/');
		if (slash == NULL)
			continue;
		*slash = '\0';
		ok(judge(g, line, 80) != NULL, "the list's %s", line);
	}
	fclose(f);
}

int
main(void)
{
	refuses_internal();
	takes_public();
	refuses_itself();
	obeys_its_list();
	explains_bad_lists();
	knows_web_ports();
	guards_curl();
	covers_the_list("../shared/cases/ssrf-ranges.tsv");
	arena_release(&a);
	return done();
}
