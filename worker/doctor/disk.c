/* Room and permissions where the service keeps its files. */
#include "worker/doctor/doctor.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MIB (1024ULL * 1024)
/* A large generation with its files takes some hundred of them. */
#define LOW_MIB 1024
#define EMPTY_MIB 128
#define LOW_FILES 10000

static void
check_room(const struct doctor *d)
{
	const char *var = d->conf->run_var;
	unsigned long long mib;
	struct statvfs fs;

	if (statvfs(var, &fs) != 0) {
		doctor_report(d, DOCTOR_WARN, "disk",
		    "The room left under %s is not known: %s.", var,
		    strerror(errno));
		return;
	}
	mib = (unsigned long long)fs.f_bavail * fs.f_frsize / MIB;
	if (fs.f_files > 0 && fs.f_favail < LOW_FILES)
		doctor_report(d, DOCTOR_WARN, "disk",
		    "Only %llu more files can be made under %s. Remove what "
		    "is not needed.",
		    (unsigned long long)fs.f_favail, var);
	else if (mib < LOW_MIB)
		doctor_report(d, mib < EMPTY_MIB ? DOCTOR_FAIL : DOCTOR_WARN,
		    "disk",
		    "Only %llu MiB are free under %s. Free some space, or "
		    "point run.var to a larger disk.",
		    mib, var);
	else
		doctor_report(d, DOCTOR_OK, "disk",
		    "%llu GiB are free under %s.", mib / 1024, var);
}

void
doctor_disk(const struct doctor *d)
{
	const char *var = d->conf->run_var;
	struct stat st;

	if (stat(var, &st) != 0 || !S_ISDIR(st.st_mode)) {
		doctor_report(d, DOCTOR_FAIL, "var",
		    "There is no folder %s (run.var). `platen run` makes it; "
		    "PLATEN_RUN_VAR chooses another.",
		    var);
		return;
	}
	if (euidaccess(var, R_OK | W_OK | X_OK) != 0)
		doctor_report(d, DOCTOR_FAIL, "var",
		    "This user cannot write to %s (run.var): %s. Run this as "
		    "the user that runs Platen, or change the folder's owner.",
		    var, strerror(errno));
	else
		doctor_report(
		    d, DOCTOR_OK, "var", "%s can be written to.", var);
	check_room(d);
}
