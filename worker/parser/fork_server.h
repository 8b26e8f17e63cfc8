/*
 * keeper: the small process that forks parser children.
 *
 * A keeper is forked by a fork server (worker/parser/zygote.h), so that a child
 * inherits a clean memory with the converters loaded and nothing else.  One
 * child at a time: it forks one for each socket it is sent, says its pid,
 * waits for it, says how it ended.
 */
#ifndef WORKER_PARSER_FORK_SERVER_H
#define WORKER_PARSER_FORK_SERVER_H

#include "worker/parser/parser.h"

#include <stdint.h>

/* What the keeper says, twice per child. */
struct keeper_word {
	int32_t pid;    /* of the child; -1 when it could not be made */
	int32_t status; /* as of waitpid; 0 while it lives */
};

/* keeper_run: the keeper itself, on descriptor 0; returns when that ends. */
void keeper_run(
    const struct parser_limits *limits, const struct sitemap_limits *sitemap);

/*
 * keeper_spawn: a child with one end of a socket pair; the other, not
 * blocking, goes to *fd.  Returns its pid, or -1.
 */
pid_t keeper_spawn(int keeper, int *fd);

/* keeper_wait: how the child ended; false when the keeper is gone too. */
bool keeper_wait(int keeper, int *status);

#endif
