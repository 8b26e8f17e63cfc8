/*
 * slot_main: a slot process from the inside, `platen-worker --slot N`.
 *
 * Waits for one job after the other on descriptor SLOT_WIRE_FD and runs its
 * type in the current directory, which is the job's own and empty.  It has no
 * database and no Redis; as root it becomes worker.slot_uid before the first
 * job.  The key of a provider comes with the permission to call its model; a
 * process that was given one gets no other job.
 */
#ifndef WORKER_SLOT_SLOT_MAIN_H
#define WORKER_SLOT_SLOT_MAIN_H

/* slot_main: returns the exit code once the supervisor closes the wire. */
int slot_main(int number);

#endif
