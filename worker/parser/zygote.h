/*
 * fork_server: a clean process from which parser children are forked.
 *
 * The process runs a program of its own (platen-parser, worker/parser/main.c),
 * so neither its memory nor its environment holds anything of ours: no key of a
 * provider, no address of a database, no page of an earlier job.  A slot
 * starts one before its first job; each parser (worker/parser/parser.h) then
 * gets a keeper of its own from it, by a fork of a small, clean process.
 */
#ifndef WORKER_PARSER_ZYGOTE_H
#define WORKER_PARSER_ZYGOTE_H

#include "worker/parser/parser.h"

#include <sys/types.h>

struct fork_server {
	pid_t pid; /* 0: none */
	int fd;    /* owned */
};

/*
 * fork_server_start: executes the platen-parser that lies nearest to this
 * program.  Started by root it becomes uid, unless that is 0.  false: errno
 * says why not.  End it with fork_server_stop.
 */
bool fork_server_start(struct fork_server *s, uid_t uid);

/* fork_server_stop: ends it and the keepers that still run. */
void fork_server_stop(struct fork_server *s);

/* fork_server_alive: false: it ended, so no parser can be started. */
bool fork_server_alive(const struct fork_server *s);

/*
 * fork_server_keeper: the socket of a new keeper (worker/parser/fork_server.h),
 * or -1 with errno.  A keeper that could not be forked closes it.
 */
int fork_server_keeper(const struct fork_server *s,
    const struct parser_limits *limits, const struct sitemap_limits *sitemap);

/*
 * fork_server_main: what platen-parser does, on descriptor 0, until the other
 * end closes it; returns the exit code.
 */
int fork_server_main(int argc, char **argv);

#endif
