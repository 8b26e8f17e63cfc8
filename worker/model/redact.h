/*
 * redact: strikes keys and passwords of the configuration out of a text.
 * Servers like to quote them in their errors.
 */
#ifndef WORKER_MODEL_REDACT_H
#define WORKER_MODEL_REDACT_H

struct arena;
struct conf;

/*
 * redact_secrets: text with "***" for every key, and for the user and password
 * of every address in the configuration; in the arena, or text itself.
 */
const char *redact_secrets(
    struct arena *a, const struct conf *conf, const char *text);

#endif
