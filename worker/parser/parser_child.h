/* parser_child: the sandboxed end of parser.h. */
#ifndef WORKER_PARSER_PARSER_CHILD_H
#define WORKER_PARSER_PARSER_CHILD_H

#include "worker/parser/parser.h"

/* Exit codes the other end tells apart; fatal() (no memory) is 1. */
#define PARSER_EXIT_MEMORY 1
#define PARSER_EXIT_PROTOCOL 3
#define PARSER_EXIT_SANDBOX 4

#define PARSER_FEEDS 32 /* sitemaps open at the same time, at most */

/* parser_child: answers orders on fd until it closes. */
void parser_child(int fd, const struct parser_limits *limits,
    const struct sitemap_limits *sitemap);

#endif
