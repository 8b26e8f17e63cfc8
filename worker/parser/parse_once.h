/* parse_once: one file through a sandboxed parser child, and no more. */
#ifndef WORKER_PARSER_PARSE_ONCE_H
#define WORKER_PARSER_PARSE_ONCE_H

#include "core/rc.h"
#include "worker/parser/parser.h"

/*
 * parse_once: starts a parser, gives it the order with all its bytes, and
 * calls result with what comes back until the last of it.  E_UNAVAILABLE: no
 * process could be started.  A file that kills the child is no error here:
 * the last result tells it.
 */
MUST_CHECK enum rc parse_once(const struct parser_limits *limits,
    const struct parser_request *rq,
    void (*result)(void *ctx, const struct parser_result *r), void *ctx);

#endif
