/*
 * What a listener sees of a generation, and of the count of a host, on the
 * fake sites of t/fakes/site.pl.
 */
#include "core/arena.h"
#include "core/clock.h"
#include "core/conf.h"
#include "core/json.h"
#include "t/tap.h"
#include "worker/job/gentype.h"
#include "worker/job/job.h"
#include "worker/llms/check.h"

#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct fake {
	pid_t pid;
	int port;
};

/* What was told of one job. */
struct heard {
	long processed, total;
	int back; /* times that progress went back */
	int reports;
	int partial;  /* previews */
	int bad;      /* of them not valid */
	int complete; /* artifacts */
	long urls;    /* of the host */
	bool counted;
	int shrunk;   /* times that the count went back */
	long stop_at; /* pages after which to stop; 0: never */
	int64_t stop_ms;
};

static bool
start_fake(struct fake *f)
{
	char line[64] = "";
	int fd[2];
	FILE *in;

	if (pipe(fd) != 0)
		return false;
	f->pid = fork();
	if (f->pid == 0) {
		dup2(fd[1], STDOUT_FILENO);
		execlp("perl", "perl", "t/fakes/site.pl", (char *)NULL);
		_exit(127);
	}
	close(fd[1]);
	in = fdopen(fd[0], "r");
	if (fgets(line, sizeof(line), in) == NULL ||
	    sscanf(line, "port %d", &f->port) != 1)
		return false;
	fclose(in);
	return true;
}

/* ---- the sink ---- */

static void
progress(struct job *job, const char *stage, const char *message)
{
	struct heard *h = job->sink_arg;

	(void)stage;
	h->reports++;
	h->back += job->outcome.processed < h->processed ||
		   job->outcome.total < h->total ||
		   job->outcome.processed > job->outcome.total ||
		   *message == '\0';
	h->processed = job->outcome.processed;
	h->total = job->outcome.total;
	if (h->stop_at > 0 && h->processed >= h->stop_at && h->stop_ms == 0)
		h->stop_ms = clock_ms();
}

static bool
is_valid(struct arena *a, const char *path)
{
	struct check_report r;
	char *text = arena_alloc(a, 1 << 20);
	FILE *in = fopen(path, "r");
	size_t n = in == NULL ? 0 : fread(text, 1, 1 << 20, in);

	if (in != NULL)
		fclose(in);
	return check_llms(a, text, n, &r) == OK;
}

static void
artifact(struct job *job, const char *name, const char *mime, const char *path,
    bool partial)
{
	struct heard *h = job->sink_arg;
	bool index = strcmp(name, "llms.txt") == 0;

	(void)mime;
	h->partial += partial;
	h->complete += !partial;
	if (index && !is_valid(job->arena, path))
		h->bad++;
}

static void
host(struct job *job, const char *hostname, long urls, bool complete)
{
	struct heard *h = job->sink_arg;

	(void)hostname;
	h->shrunk += urls < h->urls;
	h->urls = urls;
	h->counted = complete;
}

static bool
stopping(struct job *job)
{
	return ((struct heard *)job->sink_arg)->stop_ms != 0;
}

static const struct job_sink sink = {.progress = progress,
    .artifact = artifact,
    .host = host,
    .stopping = stopping};

/* ---- a job ---- */

static void
remove_files(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *d;
	char name[1024];

	while (dir != NULL && (d = readdir(dir)) != NULL) {
		snprintf(name, sizeof(name), "%s/%s", path, d->d_name);
		unlink(name);
	}
	if (dir != NULL)
		closedir(dir);
	rmdir(path);
}

static enum rc
run(const struct fake *f, const char *type, const char *name, long limit,
    struct arena *a, struct heard *h, const char **error)
{
	char dir[] = "/tmp/platen-unit-XXXXXX";
	struct conf conf;
	struct job job = {.id = "1",
	    .type = type,
	    .provider = "builtin",
	    .attempt = 1,
	    .arena = a,
	    .sink = &sink,
	    .sink_arg = h};
	enum rc rc;

	setenv("PLATEN_CRAWL_ALLOW", "127.0.0.1", 1);
	setenv("PLATEN_CRAWL_CONNECT_TO",
	    arena_printf(a, "%s:80:127.0.0.1:%d", name, f->port), 1);
	conf_load(&conf);
	job.conf = &conf;
	job.dir = mkdtemp(dir);
	job.input = json_new(a);
	json_put_str(job.input, "hostname", name);
	if (limit > 0)
		json_put_num(job.input, "limit", limit);
	rc = gentype_find(type)->run(&job);
	if (error != NULL)
		*error = job.outcome.error;
	remove_files(dir);
	conf_release(&conf);
	return rc;
}

static void
tells_its_progress(const struct fake *f)
{
	struct heard h = {0};
	struct arena a;

	arena_init(&a);
	is_int(run(f, "llms_txt", "slow.test", 0, &a, &h, NULL), OK,
	    "a slow site is made");
	is_int(h.back, 0, "its progress never goes back");
	is_int(h.processed, 60, "it ends with every page");
	is_int(h.total, 60, "of all pages");
	ok(h.reports > 10, "it was told all the way");
	ok(h.partial > 0, "a preview came before the end");
	is_int(h.bad, 0, "each preview was a valid file");
	is_int(h.complete, 3, "three files came of it");
	arena_release(&a);
}

static void
stops_at_once(const struct fake *f)
{
	struct heard h = {.stop_at = 3};
	struct arena a;

	arena_init(&a);
	is_int(run(f, "llms_txt", "slow.test", 0, &a, &h, NULL), E_STOPPED,
	    "a canceled generation stops");
	within((double)(clock_ms() - h.stop_ms) / 1000, 1,
	    "a canceled generation stops soon");
	is_int(h.complete, 0, "and leaves nothing");
	arena_release(&a);
}

static void
keeps_its_limit(const struct fake *f)
{
	struct heard h = {0};
	struct arena a;

	arena_init(&a);
	is_int(run(f, "llms_txt", "big.test", 10, &a, &h, NULL), OK,
	    "ten pages of five thousand");
	is_int(h.total, 10, "are ten pages");
	arena_release(&a);
}

static void
counts_a_host(const struct fake *f)
{
	struct heard map = {0}, links = {0}, none = {0};
	const char *error = NULL;
	struct arena a;

	arena_init(&a);
	is_int(run(f, "analyze", "big.test", 0, &a, &map, NULL), OK,
	    "a host with a sitemap is counted");
	is_int(map.urls, 5000, "all of it");
	ok(map.counted, "to the end");
	is_int(run(f, "analyze", "trap.test", 0, &a, &links, NULL), OK,
	    "a host without one, too");
	ok(links.urls > 10 && links.urls < 100, "by its links");
	ok(links.counted, "to the end");
	is_int(map.shrunk + links.shrunk, 0, "no count goes back");
	ok(run(f, "analyze", "robots5xx.test", 0, &a, &none, &error) != OK,
	    "a host that wants no visits is not");
	ok(error != NULL && strstr(error, "try again later") != NULL,
	    "and says so");
	arena_release(&a);
}

static void
gets_out_of_traps(const struct fake *f)
{
	struct heard session = {0}, filters = {0};
	struct arena a;

	arena_init(&a);
	is_int(run(f, "analyze", "session.test", 0, &a, &session, NULL), OK,
	    "a site that makes a session for each link is counted");
	is_int(session.urls, 4, "each page once");
	is_int(run(f, "analyze", "filters.test", 0, &a, &filters, NULL), OK,
	    "filters in any order in the path are counted");
	ok(filters.urls >= 8 && filters.urls < 100, "as %ld pages",
	    filters.urls);
	arena_release(&a);
}

static void
tells_why_not(const struct fake *f)
{
	const char *error = NULL;
	struct heard h = {0};
	struct arena a;

	arena_init(&a);
	ok(run(f, "llms_txt", "disallow.test", 0, &a, &h, &error) != OK,
	    "a forbidden site is not made");
	ok(error != NULL && strstr(error, "robots.txt") != NULL,
	    "and the sentence says why");
	arena_release(&a);
}

int
main(void)
{
	struct fake f;

	if (!start_fake(&f)) {
		printf("Bail out! the fake site does not start\n");
		return 1;
	}
	tells_its_progress(&f);
	stops_at_once(&f);
	keeps_its_limit(&f);
	counts_a_host(&f);
	gets_out_of_traps(&f);
	tells_why_not(&f);
	kill(f.pid, SIGTERM);
	waitpid(f.pid, NULL, 0);
	return done();
}
