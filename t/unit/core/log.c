/* log: whatever is logged, a line is a line. */
#include "core/log.h"

#include "t/tap.h"

#include <string.h>
#include <unistd.h>

/* What one event with these two values looks like, in a static buffer. */
static const char *
line_of(const char *a, const char *b)
{
	static char text[16384];
	int pair[2], err = dup(STDERR_FILENO);
	ssize_t n;

	if (pipe(pair) != 0)
		return "no pipe";
	dup2(pair[1], STDERR_FILENO);
	log_warn("event", "a", a, "b", b);
	log_warn("next", "a", "1");
	dup2(err, STDERR_FILENO);
	close(err);
	close(pair[1]);
	n = read(pair[0], text, sizeof(text) - 1);
	close(pair[0]);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static int
lines(const char *s)
{
	int n = 0;

	for (; (s = strchr(s, '\n')) != NULL; s++)
		n++;
	return n;
}

int
main(void)
{
	char nasty[601];
	const char *text = line_of("x y", "a\"b\nc");

	memset(nasty, '\1', 600);
	nasty[600] = '\0';
	ok(strstr(text, " warn event a=\"x y\" b=\"a\\\"b\\nc\"\n") != NULL,
	    "values are quoted");
	is_int(lines(text), 2, "one line each");
	text = line_of(nasty, nasty);
	is_int(lines(text), 2, "one that is too long is one line");
	ok(strstr(text, "\n2") != NULL, "and the next begins a line");
	return done();
}
