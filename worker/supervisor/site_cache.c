#include "worker/supervisor/site_cache.h"

#include "core/log.h"
#include "worker/job/job.h"
#include "worker/supervisor/artifacts.h"
#include "worker/supervisor/job_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One part, bytes; twice that as a parameter. */
#define PART (256 << 10)

bool
site_cache_wanted(const struct worker *w, const struct running_job *work)
{
	return w->conf->cache_on && work->row.n > 0 &&
	       !row_null(&work->row, 0, "hostname");
}

static const char *
host_of(const struct running_job *work)
{
	return row_text(&work->row, 0, "hostname");
}

/* ---- to the slot ---- */

/* give_parts: false when one is missing: another job replaced them. */
static bool
give_parts(struct worker *w, const char *host, const struct rows *head, int fd)
{
	const char *version = row_text(head, 0, "version");
	int parts = (int)row_int(head, 0, "parts");
	bool whole = true;
	struct arena a;

	arena_init(&a);
	for (int i = 0; i < parts && whole; i++) {
		const char *body;
		struct rows r;
		size_t len;

		whole = db_one(w->db, &a, NULL, Q_SITE_CACHE_PART, &r,
			    DB_ARGS(host, version, db_int(&a, i))) == OK;
		if (!whole)
			break;
		body = row_bytes(&r, 0, "body", &a, &len);
		whole = job_files_write(fd, body, len);
		arena_reset(&a);
	}
	arena_release(&a);
	return whole;
}

void
site_cache_give(
    struct worker *w, const struct running_job *work, const char *name)
{
	const char *host = host_of(work);
	struct rows head;
	int fd;

	if (db_one(w->db, &w->scratch, NULL, Q_SITE_CACHE_FIND, &head,
		DB_ARGS(host)) != OK)
		return;
	fd = job_files_create(work->dir, name);
	if (fd < 0) {
		log_warn(
		    "cache_not_given", "host", host, "why", strerror(errno));
		return;
	}
	if (!give_parts(w, host, &head, fd)) {
		log_info("cache_not_given", "host", host, "why",
		    "a part is missing");
		(void)unlinkat(work->dir, name, 0);
	}
	close(fd);
}

/* ---- from the slot ---- */

static enum rc
put_part(struct worker *w, const char *host, const char *version, int part,
    int parts, const char *body, size_t len)
{
	struct arena a;
	enum rc rc;

	arena_init(&a);
	rc = db_run(w->db, &a, NULL, Q_SITE_CACHE_PUT, NULL,
	    DB_ARGS(host, version, db_int(&a, part), db_int(&a, parts),
		db_bytea(&a, body, len)));
	arena_release(&a);
	return rc;
}

static enum rc
put_parts(
    struct worker *w, const char *host, const char *version, int fd, off_t size)
{
	int parts = (int)((size + PART - 1) / PART);
	char *body = arena_alloc(&w->scratch, PART);
	enum rc rc = OK;

	for (int i = 0; i < parts && rc == OK; i++) {
		ssize_t n = pread(fd, body, PART, (off_t)i * PART);

		/* It shrank: what follows would be no file of a cache. */
		if (n <= 0 || (i + 1 < parts && n < PART))
			return E_INPUT;
		rc = put_part(w, host, version, i, parts, body, (size_t)n);
	}
	return rc;
}

static enum rc
site_cache_replace(struct worker *w, const char *host, int fd, off_t size)
{
	char version[UUID_LEN + 1];
	enum rc rc;

	uuid_make(version);
	rc = db_begin(w->db, NULL, NULL, NULL);
	if (rc != OK)
		return rc;
	rc = put_parts(w, host, version, fd, size);
	if (rc == OK)
		rc = db_run(w->db, &w->scratch, NULL, Q_SITE_CACHE_FORGET, NULL,
		    DB_ARGS(host, version));
	if (rc == OK)
		return db_commit(w->db);
	db_rollback(w->db);
	return rc;
}

void
site_cache_take(struct worker *w, const struct running_job *work)
{
	const char *host = host_of(work);
	off_t size = 0;
	int fd = artifacts_open(work->dir, JOB_CACHE_NEW, &size);
	enum rc rc = E_TOOBIG;

	/* There is none when nothing changed. */
	if (fd < 0)
		return;
	if (size <= w->conf->cache_host_bytes)
		rc = site_cache_replace(w, host, fd, size);
	if (rc != OK)
		log_warn("cache_not_stored", "host", host, "rc", rc_name(rc),
		    "bytes", log_num(size));
	close(fd);
}
