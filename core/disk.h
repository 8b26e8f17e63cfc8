/* disk: free space. */
#ifndef CORE_DISK_H
#define CORE_DISK_H

/*
 * disk_free_megabytes: what users other than root may still write to the disk
 * of this folder, in MB of 2^20 bytes; -1: unknown.
 */
long long disk_free_megabytes(const char *path);

#endif
