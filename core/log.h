/*
 * log: one line per event on stderr, "time level event key=value ...".
 *
 * Values are escaped, so no input can forge a line.  Never log a token, a
 * password, a cookie or a query string.  The level and the stop flag are the
 * only mutable globals of the product.
 */
#ifndef CORE_LOG_H
#define CORE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/*
 * log_at: writes one event.  The arguments after the name are pairs of key
 * and value, both const char *, closed by NULL; a NULL value prints as "-".
 */
void log_at(enum log_level level, const char *event, ...)
    __attribute__((sentinel));

#define log_debug(...) log_at(LOG_DEBUG, __VA_ARGS__, NULL)
#define log_info(...) log_at(LOG_INFO, __VA_ARGS__, NULL)
#define log_warn(...) log_at(LOG_WARN, __VA_ARGS__, NULL)
#define log_error(...) log_at(LOG_ERROR, __VA_ARGS__, NULL)

/* log_num: a number as a value, valid to the end of the full expression. */
#define log_num(n) log_num_r((char[24]){0}, (n))
const char *log_num_r(char buf[24], long long n);

/* log_init: name is the program ("platen-web"), shown in each line. */
void log_init(const char *name, enum log_level least);

/* log_level_parse: "debug" "info" "warn" "error"; -1 for anything else. */
int log_level_parse(const char *s);

/* fatal: bad configuration or no memory at start; says why and exits 1. */
void fatal(const char *fmt, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

/* BUG: an invariant of ours is broken; says where and aborts. */
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
void bug_at(const char *file, int line, const char *fmt, ...)
    __attribute__((noreturn, format(printf, 3, 4)));

#endif
