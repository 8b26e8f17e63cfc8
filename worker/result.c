#include "worker/result.h"

#include "core/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens a file of the slot's own; -1 for anything that is not one. */
static int
open_plain(int dir, const char *file, off_t *size)
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

/* What the file holds, at most max bytes. */
static enum rc
read_file(struct arena *a, int fd, off_t size, int max, char **p, size_t *len)
{
	ssize_t n = 0;

	if (size > max)
		return E_TOOBIG;
	*p = arena_alloc(a, (size_t)size + 1);
	for (*len = 0; *len < (size_t)size; *len += (size_t)n) {
		n = read(fd, *p + *len, (size_t)size - *len);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0)
			return E_INPUT;
		else if (n == 0)
			break;
	}
	return OK;
}

static enum rc
read_artifact(struct worker *w, struct work *work, const struct artifact *art,
    struct arena *a, char **body, size_t *len)
{
	off_t size = 0;
	enum rc rc = E_INPUT;
	int fd;

	fd = open_plain(work->dir, art->file, &size);
	if (fd >= 0) {
		rc = read_file(
		    a, fd, size, w->conf->worker_artifact_bytes, body, len);
		close(fd);
	}
	if (art->partial)
		return rc;
	if (rc == E_TOOBIG)
		work_fail(work, true,
		    "The result %s has %lld bytes, and worker.artifact_bytes "
		    "allows %d. Order fewer pages.",
		    art->name, (long long)size, w->conf->worker_artifact_bytes);
	else if (rc != OK)
		work_fail(
		    work, false, "The result %s could not be read.", art->name);
	return rc;
}

enum rc
result_put(struct worker *w, struct work *work, const struct artifact *art)
{
	unsigned char hash[SHA256_BYTES];
	struct arena a;
	struct rows r;
	char *body;
	size_t len;
	enum rc rc;

	/* Of its own: a large result must not stay with the scratch. */
	arena_init(&a);
	rc = read_artifact(w, work, art, &a, &body, &len);
	if (rc == OK) {
		sha256(body, len, hash);
		rc = db_one(w->db, &a, NULL, Q_ARTIFACT_PUT, &r,
		    DB_ARGS(work->id, db_int(&a, work->attempt), art->name,
			art->mime, art->partial ? "true" : "false",
			db_bytea(&a, hash, sizeof(hash)),
			db_bytea(&a, body, len)));
	}
	arena_release(&a);
	return rc;
}

const char *
result_json(struct arena *a, const struct work *work)
{
	struct json_object *o = json_new(a);
	struct json_object *list = json_object_new_array(), *facts = NULL;
	const char *why;

	if (work->facts != NULL)
		facts = json_parse(a, work->facts, strlen(work->facts), &why);
	if (facts != NULL)
		o = facts;
	for (int i = 0; i < work->nartifacts; i++)
		if (!work->artifacts[i].partial)
			json_object_array_add(list,
			    json_object_new_string(work->artifacts[i].name));
	json_put(o, "artifacts", list);
	return json_text(o);
}

const char *
result_names(struct arena *a, const struct work *work)
{
	const char *names[WORK_ARTIFACTS];
	size_t n = 0;

	for (int i = 0; i < work->nartifacts; i++)
		if (!work->artifacts[i].partial)
			names[n++] = work->artifacts[i].name;
	return pg_array(a, names, n);
}
