/* place: where the programs and the files that belong to them are. */
#ifndef CLI_INSTALL_PATHS_H
#define CLI_INSTALL_PATHS_H

#include "core/arena.h"

/* place_programs: the folder of the running program; fatal when unknown. */
const char *place_programs(struct arena *a);

/*
 * place_root: the nearest folder above the running program that holds
 * lighttpd.conf and static/ (the checkout; or PREFIX/share/platen for a
 * program in PREFIX/bin).  NULL where there is none.
 */
const char *place_root(struct arena *a);

#endif
