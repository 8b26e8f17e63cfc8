#include "fcgi/artifact.h"

#include "core/buf.h"
#include "fcgi/conditional.h"
#include "fcgi/model.h"
#include "fcgi/request.h"
#include "fcgi/spool.h"

#include <ctype.h>
#include <string.h>

/* So much is read from the database at a time (bytes). */
#define SLICE (256u << 10)

/* What a foreign site wrote is shown, never run. */
#define ARTIFACT_POLICY "default-src 'none'; form-action 'none'; sandbox"

/* Of a file's name on the reader's disk. */
#define SUBJECT_MAX 255
#define ALPHANUMERIC \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* What is known before any byte is read. */
struct file {
	const char *id; /* of the generation */
	const char *name;
	const char *sha256; /* hex */
	const char *etag;   /* with its quotes */
	const char *mime;
	size_t size;
};

const char *
artifact_etag(struct arena *a, const char *sha256)
{
	return arena_printf(a, "\"%.32s\"", sha256);
}

static enum rc
look_up(struct request *rq, struct file *f)
{
	struct rows r;
	enum rc rc;

	rc = db_one(rq->db, rq->arena, rq->session.account, Q_ARTIFACT_HEAD, &r,
	    DB_ARGS(f->id, f->name));
	if (rc == E_NOTFOUND)
		return request_fail(rq, rc,
		    "This file doesn't exist yet, or you don't have access to "
		    "it.");
	if (rc != OK)
		return rc;
	f->sha256 = row_text(&r, 0, "sha256");
	f->etag = artifact_etag(rq->arena, f->sha256);
	f->mime = row_text(&r, 0, "mime");
	f->size = (size_t)row_int(&r, 0, "size");
	return OK;
}

static void
release_buf(void *b)
{
	buf_release(b);
}

/* A file that is read piece by piece. */
struct reader {
	struct request *rq;
	const struct file *f;
	size_t end;
	struct arena piece; /* owns the last one */
};

static void
reader_release(void *reader)
{
	arena_release(&((struct reader *)reader)->piece);
}

static struct reader *
reader_new(struct request *rq, const struct file *f, size_t end)
{
	struct reader *r = arena_alloc(rq->arena, sizeof(*r));

	r->rq = rq;
	r->f = f;
	r->end = end;
	arena_init(&r->piece);
	arena_defer(rq->arena, reader_release, r);
	return r;
}

/* The bytes from at on; E_LATE: the file was replaced while we read. */
static enum rc
reader_next(void *ctx, size_t at, const char **p, size_t *n)
{
	struct reader *r = ctx;
	size_t part = r->end - at < SLICE ? r->end - at : SLICE;
	struct rows rows;
	enum rc rc;

	arena_reset(&r->piece);
	rc = db_one(r->rq->db, &r->piece, r->rq->session.account,
	    Q_ARTIFACT_SLICE, &rows,
	    DB_ARGS(r->f->id, r->f->name, r->f->sha256,
		db_int(&r->piece, (int64_t)at + 1),
		db_int(&r->piece, (int64_t)part)));
	if (rc != OK)
		return rc == E_NOTFOUND ? E_LATE : rc;
	*p = row_bytes(&rows, 0, "body", &r->piece, n);
	return *n == part ? OK : E_LATE;
}

static enum rc
read_bytes(struct request *rq, const struct file *f, size_t first, size_t n,
    const char **body)
{
	struct buf *b = arena_alloc(rq->arena, sizeof(*b));
	struct reader *r = reader_new(rq, f, first + n);
	size_t at, got;
	const char *p;
	enum rc rc;

	buf_init(b, n);
	arena_defer(rq->arena, release_buf, b);
	for (at = first; at < first + n; at += got) {
		rc = reader_next(r, at, &p, &got);
		if (rc != OK)
			return rc;
		buf_add(b, p, got);
	}
	*body = b->data;
	return buf_ok(b) ? OK : E_LATE;
}

/* Too large for memory: by the front server, or piece by piece. */
static enum rc
send_large(struct request *rq, int status, const struct file *f,
    const char *type, size_t first, size_t n)
{
	struct spool_source *from = arena_alloc(rq->arena, sizeof(*from));

	from->size = f->size;
	from->read = reader_next;
	from->ctx = reader_new(rq, f, f->size);
	return reply_large(rq, status, type, f->sha256, from, first, n);
}

/* What the result is of: a host with its port, or words of its title. */
static const char *
result_subject(struct request *rq, const struct rows *r)
{
	struct json_object *facts = generation_result(rq->arena, r, 0);
	const char *s = json_str(facts, "title", "");
	char *safe = arena_alloc(rq->arena, SUBJECT_MAX + 1), *to = safe;

	if (!row_null(r, 0, "hostname"))
		s = row_text(r, 0, "hostname");
	for (; *s != '\0' && to < safe + SUBJECT_MAX; s++)
		if (isalnum((unsigned char)*s) || *s == '.' || *s == '-')
			*to++ = *s;
		else if (*s == ' ')
			*to++ = '-';
		else if (*s == ':')
			*to++ = '_';
	*to = '\0';
	/* A title in other letters leaves nothing that a file can be named. */
	return strpbrk(safe, ALPHANUMERIC) == NULL ? rq->param.id : safe;
}

/*
 * "llms.txt" of example.org:8080 is saved as "llms-example.org_8080.txt",
 * "story.md" as "story-The-Fox.md".
 */
static enum rc
put_disposition(struct request *rq)
{
	const char *dot = strrchr(rq->param.name, '.');
	struct rows r;
	enum rc rc;

	rc = model_row(rq, rq->param.id, &r);
	if (rc != OK)
		return rc;
	if (dot == NULL)
		dot = rq->param.name + strlen(rq->param.name);
	reply_header(rq, "Content-Disposition",
	    arena_printf(rq->arena, "attachment; filename=\"%.*s-%s%s\"",
		(int)(dot - rq->param.name), rq->param.name,
		result_subject(rq, &r), dot));
	return OK;
}

static enum rc
send_range(struct request *rq, const struct file *f, const char *type)
{
	const char *if_range = request_header(rq, "HTTP_IF_RANGE");
	const char *header = request_header(rq, "HTTP_RANGE");
	size_t first = 0, last = 0, n = f->size;
	const char *body = "";
	enum byte_range range;
	enum rc rc = OK;
	int status;

	/* RFC 9110, section 14.2: a range is for GET alone. */
	if (rq->head || (if_range != NULL && strcmp(if_range, f->etag) != 0))
		header = NULL;
	range = range_parse(header, f->size, &first, &last);
	if (range == RANGE_NONE) {
		reply_header(rq, "Content-Range",
		    arena_printf(rq->arena, "bytes */%zu", f->size));
		rq->problem.status = 416;
		return request_fail(rq, E_INPUT,
		    "The requested range is outside the file, which has %zu "
		    "bytes.",
		    f->size);
	}
	/* Of what it sends itself the front server makes the parts, too. */
	if (range == RANGE_PART && last - first >= REPLY_INLINE &&
	    reply_front_parts(rq))
		range = RANGE_WHOLE;
	status = range == RANGE_PART ? 206 : 200;
	if (range == RANGE_PART) {
		n = last - first + 1;
		reply_header(rq, "Content-Range",
		    arena_printf(
			rq->arena, "bytes %zu-%zu/%zu", first, last, f->size));
	}
	if (n > REPLY_INLINE)
		return send_large(
		    rq, status, f, type, range == RANGE_PART ? first : 0, n);
	if (!rq->head)
		rc = read_bytes(rq, f, first, n, &body);
	if (rc != OK)
		return rc;
	return reply_text(rq, status, type, body, n);
}

static enum rc
check_download(struct request *rq)
{
	const char *s = params_get(&rq->query, "download");

	if (s == NULL || strcmp(s, "0") == 0)
		return OK;
	if (strcmp(s, "1") != 0)
		return request_query_field(
		    rq, "download", "The parameter download must be 1 or 0.");
	return put_disposition(rq);
}

static const char *
type_of(const struct file *f, bool as_text)
{
	if (as_text && strncmp(f->mime, "image/", 6) != 0)
		return "text/plain; charset=utf-8";
	return f->mime;
}

static enum rc
send_once(struct request *rq, bool as_text)
{
	const char *none = request_header(rq, "HTTP_IF_NONE_MATCH");
	const char *match = request_header(rq, "HTTP_IF_MATCH");
	struct file *f = arena_alloc(rq->arena, sizeof(*f));
	enum rc rc;

	f->id = rq->param.id;
	f->name = rq->param.name;
	rc = look_up(rq, f);
	if (rc == OK)
		rc = check_download(rq);
	if (rc != OK)
		return rc;
	if (match != NULL && !etag_listed(match, f->etag, false)) {
		rq->problem.status = 412;
		return request_fail(rq, E_CONFLICT,
		    "The file has changed since you opened it.");
	}
	/* Kept by the browser that owns it, asked for anew each time. */
	rq->reply.cache = "private, no-cache";
	rq->reply.policy = ARTIFACT_POLICY;
	reply_header(rq, "ETag", f->etag);
	reply_header(rq, "Accept-Ranges", "bytes");
	if (none != NULL && etag_listed(none, f->etag, true))
		return reply_empty(rq, 304);
	return send_range(rq, f, type_of(f, as_text));
}

enum rc
artifact_send(struct request *rq, bool as_text)
{
	const char *headers = rq->reply.headers;
	int tries = 3;
	enum rc rc;

	/* Its tag and its parts are those of the bytes as they are. */
	rq->reply.exact = true;
	do {
		rq->reply.headers = headers;
		rc = send_once(rq, as_text);
	} while (rc == E_LATE && --tries > 0);
	/* What was said of the file is not true of an error. */
	if (rc != OK && rq->problem.status != 416)
		rq->reply.headers = headers;
	return rc == E_LATE ? E_UNAVAILABLE : rc;
}

enum rc
artifact_read(struct request *rq, const char *id, const char *name,
    struct artifact_file *out)
{
	struct file f = {.id = id, .name = name};
	int tries = 3;
	enum rc rc;

	do {
		rc = look_up(rq, &f);
		if (rc == OK)
			rc = read_bytes(rq, &f, 0, f.size, &out->bytes);
	} while (rc == E_LATE && --tries > 0);
	out->len = f.size;
	out->sha256 = f.sha256;
	out->etag = f.etag;
	return rc == E_LATE ? E_UNAVAILABLE : rc;
}
