/*
 * copy_thread: the thread that copies large results into the spool.
 *
 * Requests that wait for a copy wait here, in their order, and hold no thread
 * that pages need.
 */
#ifndef FCGI_COPY_THREAD_H
#define FCGI_COPY_THREAD_H

#include "core/conf.h"

#include <stdbool.h>

struct copy_thread;
struct fcgi_exchange;

struct copy_thread *copy_thread_start(const struct conf *conf);

/*
 * copy_thread_take: the thread owns x from now on and answers it; false: too
 * many requests wait already.
 */
bool copy_thread_take(struct copy_thread *c, struct fcgi_exchange *x);

/* copy_thread_stop: answers the requests that wait, then ends the thread. */
void copy_thread_stop(struct copy_thread *c);

#endif
