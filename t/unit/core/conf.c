/* The configuration: a wrong value must be named, not guessed around. */
#include "core/conf.h"

#include "t/tap.h"

#include <sys/wait.h>
#include <unistd.h>

static void
has_its_defaults(void)
{
	struct conf c;

	setenv("PLATEN_RUN_VAR", "/srv/p", 1);
	conf_load(&c);
	is_int(c.worker_slots, 5, "five slots");
	is(c.live_socket, "/srv/p/run/live.sock", "paths follow run.var");
	is(c.redis_url, "unix:/srv/p/run/redis.sock",
	    "and the servers' places");
	conf_release(&c);
}

static void
takes_variables_and_says_what_is_wrong(void)
{
	struct conf c;

	setenv("PLATEN_CRAWL_ALLOW", "127.0.0.1:8080, 10.0.0.0/8", 1);
	setenv("PLATEN_CRAWL_IN_FLIGHT", "3", 1);
	conf_load(&c);
	is(c.crawl_allow, "127.0.0.1:8080, 10.0.0.0/8", "text from a variable");
	is_int(c.crawl_in_flight, 3, "a number from a variable");
	is(conf_set(&c, "worker.slots", "0"),
	    "worker.slots takes 1 to 256 slots, not 0", "out of range");
	is(conf_set(&c, "worker.slots", "5x"),
	    "worker.slots takes a whole number, not \"5x\"", "not a number");
	is(conf_set(&c, "worker.slot", "5"), "there is no key \"worker.slot\"",
	    "an unknown key");
	is(conf_set(&c, "worker.slots", "6"), NULL, "a good value");
	is_int(c.worker_slots, 6, "is taken");
	conf_release(&c);
	unsetenv("PLATEN_CRAWL_ALLOW");
	unsetenv("PLATEN_CRAWL_IN_FLIGHT");
}

/* Loads the file in a child; its exit status. */
static int
load_with_file(const char *text)
{
	char path[] = "/tmp/platen-conf-XXXXXX";
	int fd = mkstemp(path), status;
	struct conf c;
	pid_t pid;

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return -1;
	close(fd);
	setenv("PLATEN_CONF", path, 1);
	pid = fork();
	if (pid == 0) {
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(9);
		conf_load(&c);
		_exit(c.worker_slots == 7 ? 0 : 2);
	}
	waitpid(pid, &status, 0);
	unsetenv("PLATEN_CONF");
	unlink(path);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
reads_a_file(void)
{
	is_int(load_with_file("# a comment\n\n worker.slots = 7 \n"), 0,
	    "a file's value is taken");
	is_int(
	    load_with_file("worker.slot = 7\n"), 1, "a misspelt key is fatal");
	is_int(load_with_file("worker.slots 7\n"), 1, "a line without =, too");
	is_int(load_with_file("worker.slots = 1000\n"), 1, "and a bad value");
}

int
main(void)
{
	has_its_defaults();
	takes_variables_and_says_what_is_wrong();
	reads_a_file();
	return done();
}
