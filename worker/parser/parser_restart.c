#include "worker/parser/parser_internal.h"

#include "core/log.h"
#include "worker/parser/fork_server.h"
#include "worker/parser/parser_child.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

bool
parser_hung(const struct parser *p)
{
	int64_t cpu;

	if (!parser_busy(p))
		return false;
	if (parser_clock(CLOCK_MONOTONIC) - p->alive_ms >= p->limits.wall_ms)
		return true;
	/* Its own timer comes first, unless somebody switched it off. */
	cpu = parser_clock(p->cpu);
	return cpu >= 0 && p->cpu != CLOCK_MONOTONIC &&
	       cpu - p->cpu_ms > 2 * (int64_t)p->limits.cpu_ms + 1000;
}

static enum parser_failure
failure_of_status(int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF)
		return PARSER_SLOW;
	if (WIFEXITED(status) && WEXITSTATUS(status) == PARSER_EXIT_MEMORY)
		return PARSER_MEMORY;
	return PARSER_CRASHED;
}

static const char *
failure_sentence(struct parser *p, enum parser_kind kind, enum parser_failure f)
{
	const char *what = kind == PARSER_PAGE ? "page" : "sitemap";

	switch (f) {
	case PARSER_SLOW:
		return arena_printf(&p->arena,
		    "this %s took more than %g s to parse", what,
		    p->limits.cpu_ms / 1000.0);
	case PARSER_MEMORY:
		return arena_printf(&p->arena,
		    "this %s needed more than %zu MB to parse", what,
		    p->limits.memory >> 20);
	case PARSER_LOST:
		return "the parser was restarted while this was read";
	default:
		return arena_printf(
		    &p->arena, "this %s crashed the parser", what);
	}
}

/* order_fail: the order's last result is a failure. */
static void
order_fail(struct parser *p, struct parser_order *o, enum parser_failure f)
{
	struct parser_result r = {.last = true, .failure = f};

	r.message = failure_sentence(p, o->kind, f);
	/* The query may hold what is not for logs. */
	log_warn("parser_failed", "url",
	    o->url == NULL
		? NULL
		: arena_strndup(&p->arena, o->url, strcspn(o->url, "?#")),
	    "why", r.message);
	parser_deliver(p, o, &r);
	parser_finish(p, o);
	arena_reset(&p->arena);
}

/* order_to_blame: whom to blame; the order at work, else the oldest one sent.
 */
static struct parser_order *
order_to_blame(struct parser *p)
{
	struct parser_order *o =
	    p->current != 0 ? parser_order(p, p->current) : NULL;

	if (o != NULL)
		return o;
	if (!TAILQ_EMPTY(&p->waiting))
		return TAILQ_FIRST(&p->waiting);
	TAILQ_FOREACH(o, &p->sending, link)
	if (o->begun)
		return o;
	return NULL;
}

/* rewind: what the dead child had is sent again to the next. */
static void
rewind_orders(struct parser *p)
{
	struct parser_order *o, *next;

	while ((o = TAILQ_LAST(&p->waiting, parser_orders)) != NULL) {
		TAILQ_REMOVE(&p->waiting, o, link);
		TAILQ_INSERT_HEAD(&p->sending, o, link);
	}
	for (o = TAILQ_FIRST(&p->sending); o != NULL; o = next) {
		next = TAILQ_NEXT(o, link);
		if (!o->begun)
			continue;
		if (o->fed) {
			/* Its bytes are let go already. */
			order_fail(p, o, PARSER_LOST);
			continue;
		}
		p->backlog += o->sent;
		o->begun = false;
		o->sent = 0;
		o->seen = 0;
	}
}

/* child_bury: learns how the child ended. */
static enum parser_failure
child_bury(struct parser *p, bool was_hung)
{
	enum parser_failure f = PARSER_CRASHED;
	int status;

	if (!fork_server_wait(p->fork_server_fd, &status))
		p->gone = true;
	else
		f = was_hung ? PARSER_SLOW : failure_of_status(status);
	close(p->fd);
	p->fd = -1;
	p->child = 0;
	return f;
}

void
parser_fail_all(struct parser *p)
{
	struct parser_order *o;

	while ((o = TAILQ_FIRST(&p->sending)) != NULL)
		order_fail(p, o, PARSER_LOST);
}

enum rc
parser_restart(struct parser *p, bool was_hung)
{
	enum parser_failure f;
	struct parser_order *o;

	/* What it said before it died still counts, to its last word. */
	kill(p->child, SIGKILL);
	while (parser_read(p))
		;
	f = child_bury(p, was_hung);
	o = order_to_blame(p);
	/* Who hears of a failure may send more: that is for the next child. */
	p->restarting = true;
	if (o != NULL)
		order_fail(p, o, f);
	rewind_orders(p);
	p->restarting = false;
	if (!p->gone && parser_spawn(p))
		return OK;
	p->gone = true;
	parser_fail_all(p);
	return E_UNAVAILABLE;
}
