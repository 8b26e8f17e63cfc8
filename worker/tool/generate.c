/*
 * generate_files: a site's files in one shot, with no server and no database.
 *
 * It runs the generation type that the service runs, in this process, with a
 * sink that draws a progress line; so the files are the same, byte for byte.
 */
#include "core/arena.h"
#include "core/clock.h"
#include "core/conf.h"
#include "core/json.h"
#include "core/order.h"
#include "core/site_input.h"
#include "core/text.h"
#include "worker/job/gentype.h"
#include "worker/job/job.h"
#include "worker/model/provider.h"
#include "worker/tool/tool.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

const struct tool tool_generate;

/* Without a terminal a stage is told once, then every so often, ms. */
#define PLAIN_MS 5000
/* Cells of the bar on a terminal. */
#define BAR 20

enum {
	OPT_LIMIT = 256,
	OPT_INCLUDE,
	OPT_EXCLUDE,
	OPT_PROVIDER,
	OPT_LANGUAGE,
	OPT_CACHE
};

static const struct option options[] = {
    {"output", required_argument, NULL, 'o'},
    {"limit", required_argument, NULL, OPT_LIMIT},
    {"include", required_argument, NULL, OPT_INCLUDE},
    {"exclude", required_argument, NULL, OPT_EXCLUDE},
    {"provider", required_argument, NULL, OPT_PROVIDER},
    {"language", required_argument, NULL, OPT_LANGUAGE},
    {"cache", required_argument, NULL, OPT_CACHE},
    {NULL, 0, NULL, 0},
};

/* Set by a signal: finish at once. */
static volatile sig_atomic_t stopped;

struct screen {
	bool terminal;
	bool drawn; /* a line stands there without its end */
	const char *stage;
	int64_t told_ms;
	const char *out;   /* where results go */
	bool made;         /* we made that folder */
	const char *cache; /* the folder of caches; NULL: none is wanted */
	bool lost;         /* one could not be put there */
};

/* ---- the sink ---- */

static void
clear_line(struct screen *s)
{
	if (s->drawn)
		fputs("\r\033[K", stderr);
	s->drawn = false;
}

static int
terminal_width(void)
{
	struct winsize w;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 1)
		return w.ws_col;
	return 80;
}

/*
 * draw_progress: "[#####     ] Read 120 of 530 pages", on the line of the last
 * one and never longer than that; without the bar where there is no room for
 * it.
 */
static void
draw_progress(struct screen *s, const struct job *job, const char *message)
{
	int room = terminal_width() - 1, cells = room < 2 * BAR ? 0 : BAR;
	int full =
	    job->outcome.total > 0
		? (int)(cells * job->outcome.processed / job->outcome.total)
		: 0;
	struct arena a;

	arena_init(&a);
	fputs("\r\033[K", stderr);
	if (cells > 0)
		room -= fprintf(stderr, "[%.*s%*s] ", full,
		    "####################", cells - full, "");
	fputs(text_line(&a, message, (size_t)room), stderr);
	fflush(stderr);
	s->drawn = true;
	arena_release(&a);
}

static void
show_progress(struct job *job, const char *stage, const char *message)
{
	struct screen *s = job->sink_arg;
	int64_t now = clock_ms();

	if (strcmp(stage, "done") == 0) {
		clear_line(s);
		fprintf(stderr, "%s\n", message);
		return;
	}
	if (s->terminal) {
		draw_progress(s, job, message);
		return;
	}
	if (stage == s->stage && now - s->told_ms < PLAIN_MS)
		return;
	s->stage = stage;
	s->told_ms = now;
	fprintf(stderr, "%s\n", message);
}

static void
keep_artifact(struct job *job, const char *name, const char *mime,
    const char *path, bool partial)
{
	struct screen *s = job->sink_arg;
	const char *to = arena_printf(job->arena, "%s/%s", s->out, name);

	(void)mime;
	if (partial)
		return;
	clear_line(s);
	if (rename(path, to) != 0) {
		fprintf(stderr, "platen: cannot write %s: %s\n", to,
		    strerror(errno));
		s->lost = true;
		return;
	}
	printf("%s\n", to);
}

static bool
is_stopping(struct job *job)
{
	(void)job;
	return stopped != 0;
}

static const struct job_sink sink = {
    .progress = show_progress,
    .artifact = keep_artifact,
    .stopping = is_stopping,
};

/* ---- the command line ---- */

static int
read_arguments(int argc, char **argv, struct job *job, struct screen *s)
{
	int c, code = 0;

	opterr = 0;
	while (code == 0 &&
	       (c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		if (c == 'o')
			s->out = optarg;
		else if (c == OPT_LIMIT)
			code =
			    tool_limit(job->input, optarg)
				? 0
				: tool_misused(&tool_generate,
				      "--limit needs a whole number, not '%s'",
				      optarg);
		else if (c == OPT_INCLUDE)
			tool_glob(job->input, "include", optarg);
		else if (c == OPT_EXCLUDE)
			tool_glob(job->input, "exclude", optarg);
		else if (c == OPT_LANGUAGE)
			json_put_str(job->input, "language", optarg);
		else if (c == OPT_PROVIDER)
			job->provider = optarg;
		else if (c == OPT_CACHE)
			s->cache = optarg;
		else
			code = tool_misused(&tool_generate,
			    "unknown option '%s', or its value is missing",
			    argv[optind - 1]);
	}
	if (code != 0)
		return code;
	if (optind != argc - 1)
		return tool_misused(&tool_generate, "%s",
		    optind == argc ? "missing argument: URL"
				   : "give exactly one site");
	json_put_str(job->input, "hostname", argv[optind]);
	return 0;
}

/* ---- the run ---- */

static void
on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

static void
catch_signals(void)
{
	struct sigaction sa = {.sa_handler = on_signal};

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* make_folders: the output folder, and an empty one in it to work in. */
static const char *
make_folders(struct arena *a, struct screen *s)
{
	char *work = arena_printf(a, "%s/.platen-XXXXXX", s->out);

	s->made = mkdir(s->out, 0777) == 0;
	if (!s->made && errno != EEXIST) {
		fprintf(stderr, "platen: cannot make %s: %s\n", s->out,
		    strerror(errno));
		return NULL;
	}
	if (mkdtemp(work) == NULL) {
		fprintf(stderr, "platen: cannot write in %s: %s\n", s->out,
		    strerror(errno));
		return NULL;
	}
	return work;
}

static void
remove_folder(struct arena *a, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *d;

	while (dir != NULL && (d = readdir(dir)) != NULL)
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			(void)unlink(arena_printf(a, "%s/%s", path, d->d_name));
	if (dir != NULL)
		closedir(dir);
	(void)rmdir(path);
}

/* set_cache_paths: the host's file in the folder of caches. */
static bool
set_cache_paths(struct job *job, struct screen *s)
{
	struct arena *a = job->arena;
	struct site_input in;
	const char *why;
	char *name;

	if (s->cache == NULL ||
	    site_input_parse(
		a, json_str(job->input, "hostname", ""), &in, &why) != OK)
		return true; /* the job says what is wrong with the site */
	if (mkdir(s->cache, 0777) != 0 && errno != EEXIST) {
		fprintf(stderr, "platen: cannot make %s: %s\n", s->cache,
		    strerror(errno));
		return false;
	}
	name = arena_strdup(a, in.name);
	for (char *p = name; *p != '\0'; p++)
		if (strchr("/:[]%", *p) != NULL || (*p == '.' && p == name))
			*p = '_';
	job->given[SOURCE_SITE_CACHE] =
	    arena_printf(a, "%s/%s.cache", s->cache, name);
	/* It is read from a disk, not sent to one: mostly unpacked. */
	job->cache_plain = (size_t)job->conf->cache_host_bytes / 2;
	job->cache_new = arena_printf(
	    a, "%s.%ld", job->given[SOURCE_SITE_CACHE], (long)getpid());
	return true;
}

static void
publish_cache(const struct job *job, enum rc rc)
{
	if (job->cache_new == NULL)
		return;
	if (rc != OK)
		(void)unlink(job->cache_new);
	else if (rename(job->cache_new, job->given[SOURCE_SITE_CACHE]) != 0 &&
		 errno != ENOENT)
		fprintf(stderr, "platen: cannot write %s: %s\n",
		    job->given[SOURCE_SITE_CACHE], strerror(errno));
}

static int
print_end(const struct job *job, struct screen *s, enum rc rc)
{
	clear_line(s);
	if (rc == OK && job->note != NULL) {
		fputs("platen: the model stopped before the end: ", stderr);
		tool_print(stderr, job->note);
		fputc('\n', stderr);
	}
	if (rc == OK && !s->lost)
		return 0;
	if (rc == E_STOPPED)
		fputs("platen: stopped\n", stderr);
	else if (rc != OK)
		fprintf(stderr, "platen: %s\n",
		    job->outcome.error != NULL ? job->outcome.error
					       : rc_name(rc));
	return 1;
}

static int
generate_files(struct job *job, struct screen *s)
{
	enum rc rc;

	if (!set_cache_paths(job, s))
		return 1;
	job->dir = make_folders(job->arena, s);
	if (job->dir == NULL)
		return 1;
	catch_signals();
	rc = gentype_llms_txt.run(job);
	publish_cache(job, rc);
	remove_folder(job->arena, job->dir);
	if (rc != OK && s->made)
		(void)rmdir(s->out); /* unless something is in it */
	return print_end(job, s, rc);
}

/* As an order over the web, one for a provider that is not set up is none. */
static int
check_provider(const struct job *job)
{
	const struct order_provider *p = order_provider_find(job->provider);

	if (p == NULL)
		return tool_misused(
		    &tool_generate, "unknown provider '%s'", job->provider);
	if (!order_provider_ready(p, job->conf))
		return tool_fails("%s is not configured; set %s.",
		    provider_find(p->name)->label, p->key);
	return 0;
}

static int
run(int argc, char **argv)
{
	struct arena a;
	struct conf conf;
	struct screen screen = {
	    .terminal = isatty(STDERR_FILENO) != 0, .out = "."};
	struct job job = {
	    .id = "00000000-0000-7000-8000-000000000000",
	    .type = gentype_llms_txt.name,
	    .provider = "builtin",
	    .attempt = 1,
	    .arena = &a,
	    .sink = &sink,
	    .sink_arg = &screen,
	};
	int code;

	arena_init(&a);
	job.input = json_new(&a);
	code = read_arguments(argc, argv, &job, &screen);
	if (code == 0) {
		tool_warn_unknown();
		conf_load(&conf);
		job.conf = &conf;
		code = check_provider(&job);
		if (code == 0)
			code = generate_files(&job, &screen);
		conf_release(&conf);
	}
	arena_release(&a);
	return code;
}

const struct tool tool_generate = {
    .name = "generate",
    .usage = "generate URL [-o DIR] [--limit N] [--include GLOB]... "
	     "[--exclude GLOB]... [--language TAG] [--provider NAME] "
	     "[--cache DIR]",
    .run = run,
};
