/*
 * compress: pages and JSON on their way, by gzip or brotli.
 *
 * What is compressed beside something that a stranger chose (a query) gives
 * its secrets away by its length (BREACH).  So the tokens of forms are others
 * on each page (csrf.h), and an answer with another secret is reply.exact.
 */
#ifndef FCGI_COMPRESS_H
#define FCGI_COMPRESS_H

struct request;

/*
 * compress_reply: the reply's body in a coding that the client takes.  Small
 * ones, those that are exact and what does not get smaller stay as they are.
 */
void compress_reply(struct request *rq);

#endif
