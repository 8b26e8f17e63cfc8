#include "worker/supervisor/artifacts.h"

#include "core/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Larger files travel in pieces of so many bytes. */
#define PIECE_BYTES (1 << 20)
/* What the server may take to put 64 MB together on a busy machine. */
#define PATIENCE_MS 60000

int
artifacts_open(int dir, const char *file, off_t *size)
{
	struct stat folder, st;
	int fd;

	fd = openat(dir, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(dir, &folder) == 0 && fstat(fd, &st) == 0 &&
	    S_ISREG(st.st_mode) && st.st_uid == folder.st_uid) {
		*size = st.st_size;
		return fd;
	}
	close(fd);
	return -1;
}

/* Up to n bytes; fewer only at the end of the file.  -1: a failure. */
static ssize_t
read_some(int fd, char *to, size_t n)
{
	size_t have = 0;

	while (have < n) {
		ssize_t got = read(fd, to + have, n - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

static enum rc
put_whole(struct worker *w, struct running_job *work,
    const struct artifact *art, struct arena *a, int fd, off_t size)
{
	unsigned char hash[SHA256_BYTES];
	char *body = arena_alloc(a, (size_t)size + 1);
	ssize_t len = read_some(fd, body, (size_t)size);
	struct rows r;

	if (len < 0)
		return E_INPUT;
	sha256_hash(body, (size_t)len, hash);
	return db_one(w->db, a, NULL, Q_ARTIFACT_PUT, &r,
	    DB_ARGS(work->id, db_int(a, work->attempt), art->name, art->mime,
		art->partial ? "true" : "false",
		db_bytea(a, hash, sizeof(hash)),
		db_bytea(a, body, (size_t)len)));
}

/*
 * In a transaction: a statement holds its parameters several times over, so
 * a large file travels in pieces and is put together by the server.
 */
static enum rc
put_pieces(struct worker *w, struct running_job *work,
    const struct artifact *art, struct arena *a, int fd, off_t size)
{
	struct arena scratch;
	struct rows r;
	const char *id;
	enum rc rc = db_one(w->db, a, NULL, Q_ARTIFACT_STAGE, &r, DB_NONE);

	if (rc != OK)
		return rc;
	id = row_text(&r, 0, "id");
	db_set_timeout(w->db, PATIENCE_MS);
	arena_init(&scratch);
	for (off_t at = 0; rc == OK && at < size;) {
		char *piece = arena_alloc(&scratch, PIECE_BYTES);
		off_t left = size - at;
		ssize_t n = read_some(
		    fd, piece, left < PIECE_BYTES ? (size_t)left : PIECE_BYTES);

		if (n < 0)
			rc = E_INPUT;
		if (n <= 0)
			break;
		rc = db_run(w->db, &scratch, NULL, Q_ARTIFACT_STAGE_ADD, NULL,
		    DB_ARGS(id, db_int(&scratch, at),
			db_bytea(&scratch, piece, (size_t)n)));
		at += n;
		arena_reset(&scratch);
	}
	arena_release(&scratch);
	if (rc != OK)
		return rc;
	return db_one(w->db, a, NULL, Q_ARTIFACT_STAGE_PUT, &r,
	    DB_ARGS(work->id, db_int(a, work->attempt), art->name, art->mime,
		art->partial ? "true" : "false", id));
}

static enum rc
artifact_store(struct worker *w, struct running_job *work,
    const struct artifact *art, struct arena *a, int fd, off_t size)
{
	enum rc rc;

	if (size > w->conf->worker_artifact_bytes)
		return E_TOOBIG;
	if (size <= PIECE_BYTES)
		return put_whole(w, work, art, a, fd, size);
	/* A final one is put in the transaction that ends the job. */
	if (!art->partial)
		return put_pieces(w, work, art, a, fd, size);
	rc = db_begin(w->db, NULL, NULL, NULL);
	if (rc != OK)
		return rc;
	rc = put_pieces(w, work, art, a, fd, size);
	if (rc == OK)
		return db_commit(w->db);
	db_rollback(w->db);
	return rc;
}

static void
artifact_tell(struct worker *w, struct running_job *work,
    const struct artifact *art, enum rc rc, off_t size)
{
	if (rc == E_TOOBIG)
		running_job_fail(work, true,
		    "The file %s has %lld bytes. The maximum is %d "
		    "(worker.artifact_bytes). Try fewer pages.",
		    art->name, (long long)size, w->conf->worker_artifact_bytes);
	else if (rc == E_INPUT)
		running_job_fail(
		    work, false, "The result %s could not be read.", art->name);
}

enum rc
artifacts_put(
    struct worker *w, struct running_job *work, const struct artifact *art)
{
	enum rc rc = E_INPUT;
	struct arena a;
	off_t size = 0;
	int fd = artifacts_open(work->dir, art->file, &size);

	/* Of its own: a large result must not stay with the scratch. */
	arena_init(&a);
	if (fd >= 0) {
		rc = artifact_store(w, work, art, &a, fd, size);
		close(fd);
	}
	arena_release(&a);
	if (!art->partial)
		artifact_tell(w, work, art, rc, size);
	return rc;
}

const char *
artifacts_json(struct arena *a, const struct running_job *work)
{
	struct json_object *o = json_new(a);
	struct json_object *list = json_object_new_array();

	if (work->outcome.facts != NULL) {
		json_object_object_foreach(work->outcome.facts, key, fact)
		{
			json_put(o, key, json_object_get(fact));
		}
	}
	for (int i = 0; i < work->nartifacts; i++)
		if (!work->artifacts[i].partial)
			json_object_array_add(list,
			    json_object_new_string(work->artifacts[i].name));
	json_put(o, "artifacts", list);
	return json_text(o);
}

const char *
artifacts_names(struct arena *a, const struct running_job *work)
{
	const char *names[WORK_ARTIFACTS];
	size_t n = 0;

	for (int i = 0; i < work->nartifacts; i++)
		if (!work->artifacts[i].partial)
			names[n++] = work->artifacts[i].name;
	return pg_array(a, names, n);
}
