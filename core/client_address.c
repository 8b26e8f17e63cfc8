#include "core/client_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

static bool
is_loopback(const char *address)
{
	struct in6_addr six;

	if (inet_pton(AF_INET6, address, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six) ||
		       (IN6_IS_ADDR_V4MAPPED(&six) && six.s6_addr[12] == 127);
	return strncmp(address, "127.", 4) == 0;
}

static bool
is_address(const char *s)
{
	struct in6_addr any;

	return inet_pton(AF_INET, s, &any) == 1 ||
	       inet_pton(AF_INET6, s, &any) == 1;
}

/* The last word of a list, trimmed. */
static const char *
last_word(struct arena *a, const char *list)
{
	const char *comma = strrchr(list, ',');
	const char *s = comma == NULL ? list : comma + 1;

	s += strspn(s, " \t");
	return arena_strndup(a, s, strcspn(s, " \t"));
}

const char *
client_address_find(struct arena *a, const char *peer, const char *forwarded)
{
	const char *last;

	if (peer == NULL || forwarded == NULL || !is_loopback(peer))
		return peer;
	last = last_word(a, forwarded);
	return is_address(last) ? last : peer;
}
