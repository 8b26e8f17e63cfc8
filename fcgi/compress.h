/*
 * compress: compresses pages and JSON, by gzip or brotli.
 *
 * A secret that is compressed together with text a stranger chose (a query)
 * leaks through the length of the answer (BREACH).  So forms have a new token
 * on each page (csrf.h), and an answer with any other secret is reply.exact.
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
