#include "worker/supervisor/job_files.h"

#include "core/log.h"
#include "worker/job/gentype.h"
#include "worker/supervisor/site_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
job_files_create(int dir, const char *name)
{
	int fd;

	(void)unlinkat(dir, name, 0);
	fd = openat(dir, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	/* Whoever the slot is, it may read. */
	if (fd >= 0)
		(void)fchmod(fd, 0644);
	return fd;
}

bool
job_files_write(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

const char *
job_files_name(const struct running_job *job, struct json_object *input,
    enum job_source source)
{
	const struct job_file *f =
	    gentype_gather(gentype_find(job->type), input);

	for (; f->name != NULL; f++)
		if (f->source == source)
			return f->name;
	return NULL;
}

/* Whatever made an earlier attempt fail is not to be the cache again. */
static bool
has_never_failed(const struct running_job *job)
{
	return row_int(&job->row, 0, "failures") == 0 &&
	       row_int(&job->row, 0, "crashes") == 0;
}

static enum rc
put_edits(struct running_job *job, const char *name)
{
	const char *text;
	bool good;
	int fd;

	if (row_null(&job->row, 0, "edits"))
		return OK;
	text = row_text(&job->row, 0, "edits");
	fd = job_files_create(job->dir, name);
	good = fd >= 0 && job_files_write(fd, text, strlen(text));
	if (!good)
		running_job_fail(job, false,
		    "The worker could not write the edits by hand: %s.",
		    strerror(errno));
	if (fd >= 0)
		close(fd);
	return good ? OK : E_UNAVAILABLE;
}

enum rc
job_files_put(
    struct worker *w, struct running_job *job, struct json_object *input)
{
	const struct job_file *f =
	    gentype_gather(gentype_find(job->type), input);
	enum rc rc = OK;

	/* Only a generation has a row, and a host that is its own. */
	for (; job->row.n > 0 && f->name != NULL && rc == OK; f++) {
		if (f->source == SOURCE_EDITS)
			rc = put_edits(job, f->name);
		else if (f->source == SOURCE_SITE_CACHE &&
			 site_cache_wanted(w, job) && has_never_failed(job))
			site_cache_give(w, job, f->name);
	}
	return rc;
}
