#include "core/log.h"

#include "core/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4000
#define VALUE_MAX_BYTES 600

static const char *program = "platen";
static enum log_level threshold = LOG_INFO;

static const char *const level_names[] = {"debug", "info", "warn", "error"};

void
log_init(const char *name, enum log_level least)
{
	program = name;
	threshold = least;
}

int
log_level_parse(const char *s)
{
	int i;

	for (i = LOG_DEBUG; i <= LOG_ERROR; i++)
		if (strcmp(s, level_names[i]) == 0)
			return i;
	return -1;
}

const char *
log_num_r(char buf[24], long long n)
{
	snprintf(buf, 24, "%lld", n);
	return buf;
}

static bool
is_plain(const char *s)
{
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= ' ' || *s == '"' || *s == '\\' ||
		    *s == '=' || *s == 0x7f)
			return false;
	return true;
}

static void
add_value(struct buf *b, const char *s)
{
	size_t left = VALUE_MAX_BYTES;

	if (s == NULL || is_plain(s)) {
		buf_add(b, s ? s : "-", s ? strnlen(s, left) : 1);
		return;
	}
	buf_addc(b, '"');
	for (; *s != '\0' && left > 0; s++, left--) {
		if (*s == '"' || *s == '\\')
			buf_printf(b, "\\%c", *s);
		else if (*s == '\n')
			buf_adds(b, "\\n");
		else if ((unsigned char)*s < ' ' || *s == 0x7f)
			buf_printf(b, "\\x%02x", (unsigned char)*s);
		else
			buf_addc(b, *s);
	}
	buf_addc(b, '"');
}

static void
add_stamp(struct buf *b, const char *level)
{
	struct timespec now;
	struct tm tm;
	char t[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(t, sizeof(t), "%Y-%m-%dT%H:%M:%S", &tm);
	buf_printf(b, "%s.%03ldZ %s[%d] %s ", t, now.tv_nsec / 1000000, program,
	    (int)getpid(), level);
}

/*
 * One write per line, so lines of several processes do not mix.  The line feed
 * is not of the buffer, which may be full.
 */
static void
log_emit(struct buf *b)
{
	char end[] = "\n";
	const struct iovec v[] = {{b->data, b->len}, {end, 1}};
	ssize_t ignored = writev(STDERR_FILENO, v, 2);

	(void)ignored;
	buf_release(b);
}

void
log_at(enum log_level level, const char *event, ...)
{
	const char *key;
	struct buf b;
	va_list ap;

	if (level < threshold)
		return;
	buf_init(&b, LINE_MAX_BYTES);
	add_stamp(&b, level_names[level]);
	buf_adds(&b, event);
	va_start(ap, event);
	while ((key = va_arg(ap, const char *)) != NULL) {
		buf_printf(&b, " %s=", key);
		add_value(&b, va_arg(ap, const char *));
	}
	va_end(ap);
	log_emit(&b);
}

void
fatal(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", program);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

void
bug_at(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: bug at %s:%d: ", program, file, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}
