/* tree: emptying folders that a stranger may write to. */
#ifndef WORKER_SUPERVISOR_RMTREE_H
#define WORKER_SUPERVISOR_RMTREE_H

/* tree_empty: removes all that is in the folder; never follows a link. */
void tree_empty(int dir);

/* tree_remove: removes a folder of dir and all in it, if it is there. */
void tree_remove(int dir, const char *name);

#endif
