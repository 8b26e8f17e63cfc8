/*
 * fork_server: the small process that forks parser children.
 *
 * The zygote (worker/parser/zygote.h) forks one for each parser, so that a
 * child inherits a clean memory with the converters loaded and nothing else.
 * One child at a time: it forks one for each socket it is sent, says its pid,
 * waits for it, says how it ended.
 */
#ifndef WORKER_PARSER_FORK_SERVER_H
#define WORKER_PARSER_FORK_SERVER_H

#include "worker/parser/parser.h"

#include <stdint.h>

/* What the fork server says, twice per child. */
struct fork_server_reply {
	int32_t pid;    /* of the child; -1 when it could not be made */
	int32_t status; /* as of waitpid; 0 while it lives */
};

/* fork_server_run: the fork server itself, on descriptor 0; returns when that
 * ends.
 */
void fork_server_run(
    const struct parser_limits *limits, const struct sitemap_limits *sitemap);

/*
 * fork_server_spawn: a child with one end of a socket pair; the other, not
 * blocking, goes to *fd.  Returns its pid, or -1.
 */
pid_t fork_server_spawn(int fork_server, int *fd);

/* fork_server_wait: how the child ended; false when the fork server is gone
 * too. */
bool fork_server_wait(int fork_server, int *status);

#endif
