/* disk: how much room is left. */
#ifndef CORE_DISK_H
#define CORE_DISK_H

/*
 * disk_free_megabytes: what users other than root may still write on the disk
 * of this folder, in MB of 2^20 bytes; -1: it is not known.
 */
long long disk_free_megabytes(const char *path);

#endif
