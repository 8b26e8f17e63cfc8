#include "core/privileges.h"

#include "core/log.h"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

void
privileges_drop(uid_t uid)
{
	int signal = 0;

	/* A change of user clears it. */
	prctl(PR_GET_PDEATHSIG, &signal);
	if (uid != 0 && geteuid() == 0 &&
	    (setgroups(0, NULL) != 0 || setresgid(uid, uid, uid) != 0 ||
		setresuid(uid, uid, uid) != 0))
		fatal("cannot become user %d: %s", (int)uid, strerror(errno));
	if (prctl(PR_SET_PDEATHSIG, signal) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0) != 0)
		fatal("cannot give up privileges: %s", strerror(errno));
}
