#include "fcgi/copy_thread.h"

#include "core/log.h"
#include "fcgi/fcgi_exchange.h"

#include <pthread.h>
#include <stdlib.h>

/* So many requests may wait for a copy. */
#define WAITING_MAX 256

struct copy_thread {
	pthread_t thread;
	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t change;
	struct fcgi_exchange *first, **last;
	int waiting;
	bool stopping;
	struct db *db; /* the thread's own */
};

/* The next one; NULL: none, and there will be none. */
static struct fcgi_exchange *
copy_thread_next(struct copy_thread *c)
{
	struct fcgi_exchange *x;

	pthread_mutex_lock(&c->lock);
	while (c->first == NULL && !c->stopping)
		pthread_cond_wait(&c->change, &c->lock);
	x = c->first;
	if (x != NULL) {
		c->first = x->next;
		if (c->first == NULL)
			c->last = &c->first;
		c->waiting--;
	}
	pthread_mutex_unlock(&c->lock);
	return x;
}

static void *
copy_thread_run(void *arg)
{
	struct copy_thread *c = arg;
	struct fcgi_exchange *x;

	while ((x = copy_thread_next(c)) != NULL) {
		x->rq.db = c->db;
		reply_copied(&x->rq);
		fcgi_exchange_end(x);
		fcgi_exchange_free(x);
	}
	return NULL;
}

struct copy_thread *
copy_thread_start(const struct conf *conf)
{
	struct copy_thread *c = calloc(1, sizeof(*c));

	if (c == NULL)
		fatal("out of memory");
	c->last = &c->first;
	c->db = db_open(conf->db_conninfo, "platen_web", "platen-web copy");
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->change, NULL);
	if (pthread_create(&c->thread, NULL, copy_thread_run, c) != 0)
		fatal("cannot start a thread");
	return c;
}

bool
copy_thread_take(struct copy_thread *c, struct fcgi_exchange *x)
{
	bool room;

	pthread_mutex_lock(&c->lock);
	room = c->waiting < WAITING_MAX;
	if (room) {
		x->next = NULL;
		*c->last = x;
		c->last = &x->next;
		c->waiting++;
		pthread_cond_signal(&c->change);
	}
	pthread_mutex_unlock(&c->lock);
	return room;
}

void
copy_thread_stop(struct copy_thread *c)
{
	pthread_mutex_lock(&c->lock);
	c->stopping = true;
	pthread_cond_signal(&c->change);
	pthread_mutex_unlock(&c->lock);
	pthread_join(c->thread, NULL);
	pthread_mutex_destroy(&c->lock);
	pthread_cond_destroy(&c->change);
	db_close(c->db);
	free(c);
}
