#include "core/disk.h"

#include <sys/statvfs.h>

long long
disk_free_megabytes(const char *path)
{
	struct statvfs fs;

	if (statvfs(path, &fs) != 0)
		return -1;
	return (long long)((unsigned long long)fs.f_bavail * fs.f_frsize >> 20);
}
