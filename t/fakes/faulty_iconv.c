/*
 * faulty_iconv: a C library with a hole, to be preloaded (LD_PRELOAD) into the
 * released programs.  A page in an old encoding that holds one of the words
 * below meets the hole, as a page that was made for it would: so tests crash
 * the real parser child, in its real sandbox, and no program of ours has a
 * switch for it.
 */
#include <dlfcn.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MB (1u << 20)

typedef size_t iconv_fn(iconv_t, char **, size_t *, char **, size_t *);

static void
crash(void)
{
	volatile char *volatile nowhere = (char *)8;

	*nowhere = 1;
}

static void
never_end(void)
{
	for (volatile unsigned i = 0;; i++)
		continue;
}

/* All there is; whoever asks next gets none. */
static void
eat_memory(void)
{
	char *p;

	for (size_t n = 16 * MB; n > 64; n /= 2)
		while ((p = malloc(n)) != NULL)
			memset(p, 1, n);
}

/* What code of a stranger would try first. */
static void
call_home(void)
{
	(void)socket(AF_INET, SOCK_STREAM, 0);
}

static void
run_a_shell(void)
{
	(void)execl("/bin/sh", "sh", "-c", "true", (char *)NULL);
}

static const struct hole {
	const char *word;
	void (*fall)(void);
} holes[] = {
    {"word-that-crashes", crash},
    {"word-that-never-ends", never_end},
    {"word-that-eats-memory", eat_memory},
    {"word-that-calls-home", call_home},
    {"word-that-runs-a-shell", run_a_shell},
};

size_t
iconv(iconv_t cd, char **in, size_t *left, char **out, size_t *room)
{
	iconv_fn *next = (iconv_fn *)dlsym(RTLD_NEXT, "iconv");
	const char *p = in == NULL ? NULL : *in;

	for (size_t i = 0; p != NULL && i < sizeof(holes) / sizeof(*holes); i++)
		if (memmem(p, *left, holes[i].word, strlen(holes[i].word)))
			holes[i].fall();
	return next(cd, in, left, out, room);
}
