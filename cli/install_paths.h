/* install_paths: where the programs and the files that belong to them are. */
#ifndef CLI_INSTALL_PATHS_H
#define CLI_INSTALL_PATHS_H

#include "core/arena.h"

/* install_paths_programs: the folder of the running program; fatal when
 * unknown. */
const char *install_paths_programs(struct arena *a);

/*
 * install_paths_root: the nearest folder above the running program that holds
 * lighttpd.conf and static/ (the checkout; or PREFIX/share/platen for a
 * program in PREFIX/bin).  NULL where there is none.
 */
const char *install_paths_root(struct arena *a);

#endif
