/*
 * A platen-worker whose jobs do what their order says, for tests of the
 * supervisor: the real main loop and the real slots around fake types.
 *
 * input: {"pages": N, "ms": M}  N pages, M ms each; every page is told
 *   "fail": sentence, "permanent": bool, "until": n   attempts up to n fail
 *   "crash": signal, "until": n                       attempts up to n die
 *   "quota": ms, "until": n   attempts up to n find the quota used up; with
 *                         "fail" they cannot do without
 *   "after": ms           with "fail": no other try before
 *   "calls": true         every page is a call of the model
 *   "deaf": true          goes on when told to stop
 *   "bytes": n            size of the result
 *   "say": line           one raw line over the wire
 *   "link": path          the result is a symbolic link
 *   "host": name, "urls": n   what it learns about a host
 */
#include "core/json.h"
#include "core/log.h"
#include "worker/job/gentype.h"
#include "worker/job/model_use.h"
#include "worker/job/wire.h"
#include "worker/model/provider.h"
#include "worker/slot/slot_main.h"
#include "worker/supervisor/supervisor.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
put_file(struct job *job, const char *name, long pages, bool partial)
{
	const char *path = job_path(job, name);
	long bytes = (long)json_num(job->input, "bytes", 0);
	FILE *f = fopen(path, "w");

	if (f == NULL)
		fatal("cannot write %s", path);
	fprintf(f, "# %ld pages in attempt %d\n", pages, job->attempt);
	for (long i = 0; i < bytes; i++)
		fputc('x', f);
	fclose(f);
	job_artifact(job, name, "text/plain; charset=utf-8", path, partial);
}

/* What is wrong with this attempt, before anything is done. */
static enum rc
misbehave(struct job *job)
{
	const char *fail = json_str(job->input, "fail", NULL);
	const char *line = json_str(job->input, "say", NULL);
	int sig = (int)json_num(job->input, "crash", 0);

	if (job->attempt > json_num(job->input, "until", 1000))
		return OK;
	job_quota(job, (long)json_num(job->input, "quota", 0),
	    "The fake's quota is used up.");
	job_later(job, (long)json_num(job->input, "after", 0));
	if (sig != 0) {
		signal(sig, SIG_DFL);
		raise(sig);
	}
	if (line != NULL)
		dprintf(SLOT_WIRE_FD, "%s\n", line);
	if (fail != NULL)
		return job_fail(
		    job, json_flag(job->input, "permanent", false), "%s", fail);
	return OK;
}

static enum rc
run(struct job *job)
{
	long pages = (long)json_num(job->input, "pages", 1);
	int ms = (int)json_num(job->input, "ms", 0);
	bool deaf = json_flag(job->input, "deaf", false);
	const char *link = json_str(job->input, "link", NULL);
	enum rc rc = misbehave(job);

	for (long i = 1; rc == OK && i <= pages; i++) {
		if (ms > 0)
			poll(NULL, 0, ms);
		if (json_flag(job->input, "calls", false))
			(void)job_call(job, job->provider);
		if (job_stopping(job) && !deaf)
			return E_STOPPED;
		job_progress(job, i, pages, "fetch", "reading pages");
		put_file(job, "llms.txt", i, true);
	}
	if (rc != OK)
		return rc;
	if (json_str(job->input, "host", NULL) != NULL)
		job_host(job, json_str(job->input, "host", ""),
		    (long)json_num(job->input, "urls", 0), true);
	job_entries(job, pages);
	put_file(job, "llms.txt", pages, false);
	put_file(job, "report.json", pages, false);
	if (link != NULL) {
		unlink("llms.txt");
		if (symlink(link, "llms.txt") != 0)
			fatal("cannot link");
	}
	return OK;
}

/* Counts what the host's name says: "n30-ms10.example", or fails, or dies. */
static enum rc
count(struct job *job)
{
	const char *host = json_str(job->input, "hostname", "");
	int n = 0, ms = 0;

	if (strncmp(host, "bad", 3) == 0)
		return job_fail(job, true, "There is no host %s.", host);
	if (strncmp(host, "dies", 4) == 0)
		abort();
	if (sscanf(host, "n%d-ms%d", &n, &ms) != 2)
		return job_fail(job, true, "What a name.");
	for (int i = 1; i <= n; i++) {
		poll(NULL, 0, ms);
		if (job_stopping(job))
			return E_STOPPED;
		job_host(job, host, i, i == n);
	}
	return OK;
}

static const struct gentype fake = {.name = "llms_txt", .run = run};
static const struct gentype analyze = {
    .name = "analyze", .internal = true, .run = count};
const struct gentype *const gentypes[] = {&analyze, &fake, NULL};

static const struct provider builtin = {.name = "builtin"};
static const struct provider slow = {.name = "slow"};
const struct provider *const providers[] = {&builtin, &slow, NULL};

int
main(int argc, char **argv)
{
	struct conf conf;
	int code;

	if (argc == 3 && strcmp(argv[1], "--slot") == 0)
		return slot_main(atoi(argv[2]));
	conf_load(&conf);
	log_init(
	    "platen-worker", (enum log_level)log_level_parse(conf.log_level));
	code = supervisor_run(
	    &conf, (const char *const[]){builtin.name, slow.name, NULL});
	conf_release(&conf);
	return code;
}
