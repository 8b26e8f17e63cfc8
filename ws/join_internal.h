/* join_parts: what join.c reads and join_answer.c tells. */
#ifndef WS_JOIN_INTERNAL_H
#define WS_JOIN_INTERNAL_H

#include "ws/client.h"
#include "ws/join.h"
#include "ws/pg.h"
#include "ws/present_state.h"

enum join_stage {
	STAGE_WAIT,   /* for the room */
	STAGE_ROWS,   /* for PostgreSQL */
	STAGE_REPLAY, /* for the events after the cursor */
	STAGE_SNAP,   /* for the snapshots of the last events */
	STAGE_CATCH,  /* for the room to have heard what the snapshots know */
};

struct join {
	struct client *c;
	enum join_stage stage;
	int restarts;
	bool again;
	bool all;
	struct uid *ids; /* owned, as the next three */
	int n;
	char *cursor; /* NULL: none was given */
	char **wrong;
	int nwrong;
	struct cursor from; /* where the room was when PostgreSQL was asked */
	struct pg_call *pg;
	struct history_call *history;
	struct feed_call *snap;
	struct present *v; /* what is the account's, owned */
	int nv;
	struct cursor at; /* the moment of the snapshots */
};

/*
 * Each tells the client all it asked for and ends the join.
 *
 * join_answer_present: the present states as of j->at.
 * join_answer_alone: from PostgreSQL alone, once more when Redis is back.
 * join_answer_from_log: the events after the cursor, which the room covers.
 * join_answer_from_history: the same from the stream; h stays the caller's.
 */
void join_answer_present(struct join *j);
void join_answer_alone(struct join *j);
void join_answer_from_log(struct join *j, const struct cursor *after);
void join_answer_from_history(struct join *j, const struct history *h);

#endif
