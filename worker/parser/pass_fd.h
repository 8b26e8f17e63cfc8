/* pass_fd: passes a descriptor, with some bytes, over a packet socket. */
#ifndef WORKER_PARSER_PASS_FD_H
#define WORKER_PARSER_PASS_FD_H

#include <stdbool.h>
#include <stddef.h>

/* pass_fd_send: sends fd with n bytes (one at least) as one packet. */
bool pass_fd_send(int sock, int fd, const void *bytes, size_t n);

/*
 * pass_fd_receive: waits for such a packet of exactly n bytes; -1 when the
 * socket is closed or a different packet came.
 */
int pass_fd_receive(int sock, void *bytes, size_t n);

#endif
