/* tree: emptying folders that a stranger may write to. */
#ifndef WORKER_SUPERVISOR_RMTREE_H
#define WORKER_SUPERVISOR_RMTREE_H

/* rmtree_empty: removes all that is in the folder; never follows a link. */
void rmtree_empty(int dir);

/* rmtree_remove: removes a folder of dir and all in it, if it is there. */
void rmtree_remove(int dir, const char *name);

#endif
