/*
 * instance: which Platen runs in this folder, and with which settings.
 *
 * `platen run` writes run.var/run/instance.conf, and, where run.var is not the
 * folder "var" it was started beside, a file in var/instances/ that says where
 * it is.  The other commands take their settings from there.  What a Platen
 * left that was killed counts for nothing: the lock of its folder is free.
 */
#ifndef CLI_INSTANCE_H
#define CLI_INSTANCE_H

#include "core/conf.h"

#include <stdbool.h>

/* instance_record: this process runs it; says so in the folder. */
void instance_record(struct arena *a, const struct conf *c);

/* instance_forget: takes back what instance_record wrote. */
void instance_forget(struct arena *a, const struct conf *c);

/*
 * instance_find: conf_load() gives the settings of the Platen that runs here
 * from now on; those of the environment and of PLATEN_CONF go first.  false,
 * having said why: there are several.
 */
bool instance_find(struct arena *a);

#endif
