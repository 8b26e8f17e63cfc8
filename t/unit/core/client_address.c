/*
 * Whom a request counts for: visitors behind a proxy on this machine are told
 * apart, and nobody else can say to be another.
 */
#include "core/client_address.h"

#include "t/tap.h"

#include <stddef.h>

static const struct {
	const char *peer, *forwarded, *want;
} cases[] = {
    {NULL, NULL, NULL},
    {NULL, "198.51.100.1", NULL},
    {"203.0.113.5", NULL, "203.0.113.5"},
    {"203.0.113.5", "198.51.100.1", "203.0.113.5"},
    {"2001:db8::5", "198.51.100.1", "2001:db8::5"},
    {"::ffff:203.0.113.5", "198.51.100.1", "::ffff:203.0.113.5"},
    {"10.0.0.1", "198.51.100.1", "10.0.0.1"},
    {"127.0.0.1", NULL, "127.0.0.1"},
    {"127.0.0.1", "", "127.0.0.1"},
    {"127.0.0.1", "198.51.100.1", "198.51.100.1"},
    {"127.0.0.1", "10.1.1.1, 198.51.100.1", "198.51.100.1"},
    {"127.0.0.1", "198.51.100.9,\t198.51.100.1 ", "198.51.100.1"},
    {"::1", "2001:db8::7", "2001:db8::7"},
    {"::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"},
    {"127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"},
    {"127.0.0.1", "198.51.100.1:4711", "127.0.0.1"},
    {"127.0.0.1", "198.51.100.1,", "127.0.0.1"},
    {"127.0.0.1", "proxy.test", "127.0.0.1"},
};

int
main(void)
{
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is(client_address_find(&a, cases[i].peer, cases[i].forwarded),
		    cases[i].want,
		    arena_printf(&a, "peer %s, forwarded %s",
			cases[i].peer == NULL ? "none" : cases[i].peer,
			cases[i].forwarded == NULL ? "none"
						   : cases[i].forwarded));
	arena_release(&a);
	return done();
}
