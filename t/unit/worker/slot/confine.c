/* confine: a slot that was taken over finds nothing but the network. */
#include "t/tap.h"

#include "core/sanitized.h"
#include "worker/slot/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
opens(const char *path, int how)
{
	int fd = open(path, how | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void
files(const char *secret)
{
	enum rc rc = confine_files();

	if (rc == E_NOTFOUND) {
		ok(true, "# SKIP this kernel has no Landlock");
		return;
	}
	is_int(rc, OK, "the folder is all it has");
	ok(!opens(secret, O_RDONLY), "a file beside it cannot be read");
	ok(!opens("../other", O_WRONLY | O_CREAT), "nor one be made there");
	ok(!opens("/etc/shadow", O_RDONLY), "nor others of the system");
	ok(!opens("/proc/1/environ", O_RDONLY), "nor another process");
	ok(opens("mine", O_RDWR | O_CREAT), "a file of its own can be made");
	ok(rename("mine", "yours") == 0, "and renamed");
	ok(mkdir("sub", 0700) == 0 && opens("sub/a", O_RDWR | O_CREAT),
	    "and folders");
	ok(opens("/etc/hosts", O_RDONLY), "the resolver has its files");
	ok(opens("/dev/null", O_RDWR), "and there is /dev/null");
}

static void
calls(void)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
	char *argv[] = {(char[]){"true"}, NULL};
	int pair[2];

	is_int(confine_calls(), OK, "calls are confined");
	if (SANITIZED)
		return;
	ok(socket(AF_UNIX, SOCK_STREAM, 0) < 0, "no unix socket is opened");
	ok(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0,
	    "but a pair for a parser");
	ok(socket(AF_INET, SOCK_STREAM, 0) >= 0, "sites can be visited");
	ok(getaddrinfo("localhost", "80", &hints, &found) == 0,
	    "and names be looked up");
	ok(ptrace(PTRACE_TRACEME, 0, 0, 0) < 0, "nothing is traced");
	execv("/bin/true", argv);
	ok(errno == EPERM || errno == EACCES, "no program is started");
}

int
main(void)
{
	char top[] = "/tmp/platen-confine-XXXXXX", secret[64], work[64];

	if (mkdtemp(top) == NULL)
		return 1;
	snprintf(secret, sizeof(secret), "%s/secret", top);
	snprintf(work, sizeof(work), "%s/work", top);
	if (!opens(secret, O_WRONLY | O_CREAT) || mkdir(work, 0700) != 0 ||
	    chdir(work) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return 1;
	files(secret);
	calls();
	return done();
}
