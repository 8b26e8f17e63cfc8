/*
 * secret: keys and passwords of the configuration are for nobody's eyes, but
 * servers like to quote them in their errors.
 */
#ifndef WORKER_MODEL_SECRET_H
#define WORKER_MODEL_SECRET_H

struct arena;
struct conf;

/*
 * secret_strike: text with "***" for every key, and for the user and password
 * of every address in the configuration; in the arena, or text itself.
 */
const char *secret_strike(
    struct arena *a, const struct conf *conf, const char *text);

#endif
