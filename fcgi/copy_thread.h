/*
 * copier: the thread that copies large results into the spool.
 *
 * Requests that wait for a copy wait here, in their order, and hold no thread
 * that pages need.
 */
#ifndef FCGI_COPY_THREAD_H
#define FCGI_COPY_THREAD_H

#include "core/conf.h"

#include <stdbool.h>

struct copier;
struct exchange;

struct copier *copy_thread_start(const struct conf *conf);

/* copy_thread_take: the copier answers it and owns it; false: too many wait. */
bool copy_thread_take(struct copier *c, struct exchange *x);

/* copy_thread_stop: answers what waits, and ends. */
void copy_thread_stop(struct copier *c);

#endif
