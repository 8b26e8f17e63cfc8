/* redis: where an operator's redis.url leads. */
#include "core/redis.h"

#include "t/tap.h"

static struct arena a;

/* What a url comes to: "host port user password database", "-" for none. */
static const char *
read_as(const char *url)
{
	struct redis_where w;
	const char *wrong = redis_parse(&a, url, &w);

	if (wrong != NULL)
		return wrong;
	if (w.path != NULL)
		return w.path;
	return arena_printf(&a, "%s %d %s %s %d", w.host, w.port,
	    w.user == NULL ? "-" : w.user,
	    w.password == NULL ? "-" : w.password, w.database);
}

int
main(void)
{
	arena_init(&a);
	is(read_as("unix:/run/redis.sock"), "/run/redis.sock", "a socket");
	is(read_as("unix://web:pw@/a@/b.sock"), "/a@/b.sock",
	    "a socket with a user");
	is(read_as("redis://r.test"), "r.test 6379 - - 0", "a host");
	is(read_as("redis://:pw@r.test:6380/2"), "r.test 6380 - pw 2",
	    "a password, a port, a database");
	is(read_as("redis://pw@r.test"), "r.test 6379 - pw 0",
	    "a password without its colon");
	is(read_as("redis://ann:pw@r.test"), "r.test 6379 ann pw 0",
	    "a user of Redis");
	is(read_as("redis://ann:p%40%3a%2F%zz@r.test"),
	    "r.test 6379 ann p@:/%zz 0", "signs that a URL cannot hold");
	is(read_as("redis://[::1]:6380"), "::1 6380 - - 0",
	    "an IPv6 address stands in brackets");
	is(read_as("redis://[::1]/1"), "::1 6379 - - 1", "without a port, too");
	is(read_as("redis://r.test:x"), "redis.url: the port is 1 to 65535",
	    "a wrong port is named");
	is(read_as("redis://r.test/x"), "redis.url: the database is a number",
	    "and a wrong database");
	is(read_as("http://r.test"), "redis.url starts with unix: or redis://",
	    "and another scheme");
	arena_release(&a);
	return done();
}
