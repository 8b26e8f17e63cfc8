#include "ws/pg_call.h"

#include "core/log.h"

#include <stdlib.h>
#include <string.h>

static char *
copy_string(const char *s)
{
	char *p = s == NULL ? NULL : strdup(s);

	if (s != NULL && p == NULL)
		fatal("out of memory");
	return p;
}

struct pg_call *
pg_call_new(const char *account, enum query q, struct db_args args,
    pg_done *done, void *arg)
{
	struct pg_call *c = calloc(1, sizeof(*c));

	if (args.n != query_defs[q].nparams)
		BUG("query %s takes %d parameters, not %d", query_defs[q].name,
		    query_defs[q].nparams, args.n);
	if (c == NULL ||
	    (c->v = calloc((size_t)args.n + 1, sizeof(*c->v))) == NULL)
		fatal("out of memory");
	c->q = q;
	c->account = copy_string(account);
	c->n = args.n;
	for (int i = 0; i < args.n; i++)
		c->v[i] = copy_string(args.v[i]);
	c->done = done;
	c->arg = arg;
	return c;
}

void
pg_queue_init(struct pg_queue *q)
{
	*q = (struct pg_queue){.last = &q->first};
}

void
pg_queue_put(struct pg_queue *q, struct pg_call *c)
{
	c->next = NULL;
	*q->last = c;
	q->last = &c->next;
	q->n++;
}

struct pg_call *
pg_queue_get(struct pg_queue *q)
{
	struct pg_call *c = q->first;

	if (c == NULL)
		return NULL;
	q->first = c->next;
	if (q->first == NULL)
		q->last = &q->first;
	q->n--;
	return c;
}

/* Ends a call that is in no queue any more. */
void
pg_call_finish(struct pg_call *c)
{
	struct rows rows = {c->kept, 0};

	if (c->rc == OK && c->kept != NULL)
		rows.n = PQntuples(c->kept);
	if (c->done != NULL)
		c->done(c->arg, c->rc, &rows);
	PQclear(c->kept);
	for (int i = 0; i < c->n; i++)
		free(c->v[i]);
	free(c->v);
	free(c->account);
	free(c);
}

void
pg_queue_fail(struct pg_queue *q)
{
	/* What done() asks for anew goes to the end: take the list first. */
	struct pg_call *c = q->first, *next;

	pg_queue_init(q);
	for (; c != NULL; c = next) {
		next = c->next;
		c->rc = E_UNAVAILABLE;
		pg_call_finish(c);
	}
}

void
pg_queue_forget(struct pg_queue *q)
{
	for (struct pg_call *c = q->first; c != NULL; c = c->next)
		c->done = NULL;
	pg_queue_fail(q);
}
