#include "worker/parser/parser_child.h"

#include "core/log.h"
#include "worker/extract/sitemap.h"
#include "worker/extract/page_codec.h"

#include <errno.h>
#include <malloc.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* Memory a page may leave behind; more is given back to the system. */
#define KEEP_BYTES (4u << 20)

/* One order that has begun. */
struct parser_job {
	bool used;
	uint32_t id;
	enum parser_kind kind;
	struct arena arena; /* the strings of its BEGIN */
	struct parser_request rq;
	struct buf bytes;        /* a page, whole */
	struct sitemap *sitemap; /* or a sitemap, as it comes */
	size_t entries;          /* in the frame under way */
	size_t entries_at;       /* where that frame's count is */
	struct child *child;
};

struct child {
	int fd;
	const struct parser_limits *limits;
	const struct sitemap_limits *sitemap;
	struct buf out;
	struct arena arena; /* of the page at work */
	struct parser_job jobs[PARSER_FEEDS + 1];
	char frame[CODEC_CHUNK];
};

static void
read_all(struct child *c, void *to, size_t n)
{
	char *p = to;

	while (n > 0) {
		ssize_t got = read(c->fd, p, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			_exit(0); /* the slot is gone */
		p += got;
		n -= (size_t)got;
	}
}

static void
write_all(struct child *c)
{
	size_t at = 0;

	/* An answer that does not fit a frame is our bug: limits see to it. */
	if (!buf_ok(&c->out))
		_exit(PARSER_EXIT_MEMORY);
	while (at < c->out.len) {
		ssize_t n = write(c->fd, c->out.data + at, c->out.len - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(0);
		at += (size_t)n;
	}
	buf_clear(&c->out);
}

/* set_cpu_timer: SIGPROF ends this process after so much CPU time; 0 stops it.
 */
static void
set_cpu_timer(unsigned ms)
{
	struct itimerval it = {.it_value = {.tv_sec = ms / 1000,
				   .tv_usec = (suseconds_t)(ms % 1000) * 1000}};

	setitimer(ITIMER_PROF, &it, NULL);
}

static struct parser_job *
job_find(struct child *c, uint32_t id)
{
	for (size_t i = 0; i < sizeof(c->jobs) / sizeof(*c->jobs); i++)
		if (c->jobs[i].used && c->jobs[i].id == id)
			return &c->jobs[i];
	_exit(PARSER_EXIT_PROTOCOL);
}

static void
job_end(struct parser_job *j)
{
	if (j->sitemap != NULL)
		sitemap_free(j->sitemap);
	buf_release(&j->bytes);
	arena_release(&j->arena);
	memset(j, 0, sizeof(*j));
}

/* flush_entries: sends the frame of entries under way. */
static void
flush_entries(struct parser_job *j)
{
	struct child *c = j->child;
	uint32_t n = (uint32_t)j->entries;
	size_t head = sizeof(struct codec_head);

	if (n == 0)
		return;
	if (buf_ok(&c->out))
		memcpy(c->out.data + j->entries_at + head, &n, sizeof(n));
	codec_shut(&c->out, j->entries_at);
	write_all(c);
	j->entries = 0;
}

static void
send_entry(void *ctx, const struct sitemap_entry *e)
{
	struct parser_job *j = ctx;
	struct child *c = j->child;

	if (j->entries == 0) {
		j->entries_at = codec_open(&c->out, CODEC_ENTRIES, j->id);
		codec_put32(&c->out, 0);
	}
	codec_put_entry(&c->out, e);
	if (++j->entries == CODEC_PORTION || c->out.len > CODEC_CHUNK * 4)
		flush_entries(j);
}

static const char *
keep_string(struct parser_job *j, const char *s)
{
	return s == NULL ? NULL : arena_strdup(&j->arena, s);
}

static void
job_begin(struct child *c, uint32_t id, struct codec_reader *r)
{
	struct parser_job *j = NULL;

	for (size_t i = 0; i < sizeof(c->jobs) / sizeof(*c->jobs); i++)
		if (!c->jobs[i].used)
			j = &c->jobs[i];
	if (j == NULL)
		_exit(PARSER_EXIT_PROTOCOL);
	j->used = true;
	j->id = id;
	j->child = c;
	arena_init(&j->arena);
	/* One byte more than the limit lets the reader see the cut. */
	buf_init(&j->bytes, c->limits->doc.input + 1);
	j->kind = codec_get32(r);
	j->rq.url = keep_string(j, codec_gets(r));
	j->rq.content_type = keep_string(j, codec_gets(r));
	j->rq.robots_tag = keep_string(j, codec_gets(r));
	if (r->failed)
		_exit(PARSER_EXIT_PROTOCOL);
	if (j->kind == PARSER_SITEMAP)
		j->sitemap = sitemap_new(c->sitemap, send_entry, j);
}

/* job_start: tells the slot whom to blame, and sets the clock. */
static void
job_start(struct child *c, const struct parser_job *j)
{
	codec_shut(&c->out, codec_open(&c->out, CODEC_START, j->id));
	write_all(c);
	set_cpu_timer(c->limits->cpu_ms);
}

static void
job_data(struct child *c, struct parser_job *j, const char *bytes, size_t n)
{
	if (j->kind == PARSER_PAGE) {
		if (n > j->bytes.max - j->bytes.len)
			n = j->bytes.max - j->bytes.len;
		buf_add(&j->bytes, bytes, n);
		return;
	}
	job_start(c, j);
	if (sitemap_feed(j->sitemap, bytes, n) != OK) {
		/* It wants no more; its report says why. */
	}
	flush_entries(j);
	set_cpu_timer(0);
}

static void
job_page(struct child *c, struct parser_job *j)
{
	struct page_reader_input in = {
	    .url = j->rq.url,
	    .content_type = j->rq.content_type,
	    .robots_tag = j->rq.robots_tag,
	    .agent = c->limits->agent,
	    .bytes = j->bytes.data,
	    .len = j->bytes.len,
	};
	struct html_page d;
	bool large;
	size_t at;

	job_start(c, j);
	page_reader_read(&c->arena, &in, &c->limits->doc, &d);
	set_cpu_timer(0);
	at = codec_open(&c->out, CODEC_PAGE, j->id);
	codec_put_page(&c->out, &d);
	codec_shut(&c->out, at);
	write_all(c);
	large = c->arena.used > KEEP_BYTES;
	arena_reset(&c->arena);
	if (large || c->out.cap > KEEP_BYTES) {
		buf_release(&c->out);
		malloc_trim(0);
	}
}

static void
job_report(struct child *c, struct parser_job *j)
{
	struct sitemap_report rep;
	size_t at;

	job_start(c, j);
	sitemap_end(j->sitemap, &rep);
	set_cpu_timer(0);
	flush_entries(j);
	at = codec_open(&c->out, CODEC_REPORT, j->id);
	codec_put_report(&c->out, &rep);
	codec_shut(&c->out, at);
	write_all(c);
}

static void
child_frame(struct child *c, const struct codec_head *h)
{
	struct codec_reader r = {.p = c->frame, .end = c->frame + h->len};
	struct parser_job *j;

	if (h->type == CODEC_BEGIN) {
		job_begin(c, h->id, &r);
		return;
	}
	j = job_find(c, h->id);
	if (h->type == CODEC_DATA) {
		job_data(c, j, c->frame, h->len);
		return;
	}
	if (h->type != CODEC_END)
		_exit(PARSER_EXIT_PROTOCOL);
	if (j->kind == PARSER_PAGE)
		job_page(c, j);
	else
		job_report(c, j);
	job_end(j);
}

void
parser_child(int fd, const struct parser_limits *limits,
    const struct sitemap_limits *sitemap)
{
	struct child *c;
	struct arena own;

	/* Large blocks go back to the system when they are freed. */
	mallopt(M_MMAP_THRESHOLD, 256 << 10);
	mallopt(M_TRIM_THRESHOLD, 1 << 20);
	arena_init(&own);
	c = arena_alloc(&own, sizeof(*c));
	c->fd = fd;
	c->limits = limits;
	c->sitemap = sitemap;
	buf_init(&c->out, CODEC_MAX);
	arena_init(&c->arena);
	for (;;) {
		struct codec_head h;

		read_all(c, &h, sizeof(h));
		if (h.len > sizeof(c->frame))
			_exit(PARSER_EXIT_PROTOCOL);
		read_all(c, c->frame, h.len);
		child_frame(c, &h);
	}
}
