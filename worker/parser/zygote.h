/*
 * zygote: a clean process from which parser children are forked.
 *
 * The process runs a program of its own (platen-parser, worker/parser/main.c),
 * so neither its memory nor its environment holds anything of ours: no key of a
 * provider, no address of a database, no page of an earlier job.  A slot
 * starts one before its first job; each parser (worker/parser/parser.h) then
 * gets a fork server of its own from it, by a fork of a small, clean process.
 */
#ifndef WORKER_PARSER_ZYGOTE_H
#define WORKER_PARSER_ZYGOTE_H

#include "worker/parser/parser.h"

#include <sys/types.h>

struct zygote {
	pid_t pid; /* 0: none */
	int fd;    /* owned */
};

/*
 * zygote_start: executes the platen-parser that lies nearest to this
 * program.  Started by root it becomes uid, unless that is 0.  false: errno
 * says why not.  End it with zygote_stop.
 */
bool zygote_start(struct zygote *s, uid_t uid);

/* zygote_stop: ends it and the fork servers that still run. */
void zygote_stop(struct zygote *s);

/* zygote_alive: false: it ended, so no parser can be started. */
bool zygote_alive(const struct zygote *s);

/*
 * zygote_fork_server: the socket of a new fork server
 * (worker/parser/fork_server.h), or -1 with errno.  A fork server that could
 * not be forked closes it.
 */
int zygote_fork_server(const struct zygote *s,
    const struct parser_limits *limits, const struct sitemap_limits *sitemap);

/*
 * zygote_main: what platen-parser does, on descriptor 0, until the other
 * end closes it; returns the exit code.
 */
int zygote_main(int argc, char **argv);

#endif
