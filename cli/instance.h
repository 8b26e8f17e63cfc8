/*
 * instance: which Platen runs in this folder, and with which settings.
 *
 * `platen run` writes run.var/run/instance.conf, and, where run.var is not the
 * folder "var" it was started beside, a file in var/instances/ that says where
 * it is.  The other commands take their settings from there.  Files that a
 * killed Platen left behind are ignored: the lock of its folder is free.
 */
#ifndef CLI_INSTANCE_H
#define CLI_INSTANCE_H

#include "core/conf.h"

#include <stdbool.h>

/* instance_record: writes that this process runs Platen, and its settings. */
void instance_record(struct arena *a, const struct conf *c);

/* instance_forget: takes back what instance_record wrote. */
void instance_forget(struct arena *a, const struct conf *c);

/*
 * instance_find: from now on conf_load() gives the settings of the Platen that
 * runs here; the environment and PLATEN_CONF override them.  False, after
 * printing the choices: several run here.
 */
bool instance_find(struct arena *a);

#endif
