/* The cache's file: what is kept comes back, what is damaged does not. */
#include "core/log.h"
#include "worker/cache/cache.h"
#include "worker/cache/cache_file.h"

#include "t/tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/platen-cache-XXXXXX";
static char old[64], fresh[64];

static const struct cache_validators mark = {
    "\"v1\"", "then", "text/html", "utf-8", "noindex", {1, 2, 3}};

static struct cache *
open_as(struct arena *a, const char *reader, size_t max, size_t unpacked_bytes)
{
	struct cache_options o = {.old = old,
	    .fresh = fresh,
	    .reader = reader,
	    .max_bytes = max,
	    .unpacked_bytes = unpacked_bytes,
	    .days = 30};

	return cache_open(a, &o);
}

static struct cache *
open_one(struct arena *a)
{
	return open_as(a, "me", 1 << 20, 0);
}

/* end: the fresh file, if there is one, becomes the old; its size, or 0. */
static long
end(struct arena *a, struct cache *c)
{
	struct stat st;

	if (cache_finish(c) != OK || stat(fresh, &st) != 0)
		st.st_size = 0;
	arena_release(a);
	(void)rename(fresh, old);
	return (long)st.st_size;
}

static const char *
text_of(struct cache *c, enum cache_kind kind, const char *key, struct arena *a)
{
	const struct cache_item *item = cache_find(c, kind, key);
	size_t len = 0;
	const char *s = item == NULL ? NULL : cache_read(c, item, a, &len);

	return s == NULL || strlen(s) != len ? "nothing" : s;
}

static void
fill(void)
{
	struct arena a;
	struct cache *c;
	char many[4000];

	memset(many, 'x', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';
	(void)unlink(old);
	arena_init(&a);
	c = open_one(&a);
	ok(!cache_has_earlier(c), "without a file there is no earlier run");
	ok(cache_find(c, CACHE_PAGE, "http://a/") == NULL, "nothing is known");
	cache_put(c, CACHE_PAGE, "http://a/", &mark, "page a", 6);
	cache_put(c, CACHE_PAGE, "http://a/", &mark, "once more", 9);
	cache_put(c, CACHE_PAGE, "http://b/", &mark, many, strlen(many));
	cache_put(c, CACHE_ROBOTS, "http://a/", &mark, "robots", 6);
	cache_put(c, CACHE_ANSWER, "question", NULL, "{\"a\":1}", 7);
	ok(end(&a, c) > 0 && end(&a, open_one(&a)) == 0,
	    "what brings nothing new writes no file");
}

static void
comes_back(void)
{
	const struct cache_item *item;
	struct cache_validators m;
	struct cache *c;
	struct arena a;

	fill();
	arena_init(&a);
	c = open_one(&a);
	ok(cache_has_earlier(c), "the file is used");
	is(text_of(c, CACHE_PAGE, "http://a/", &a), "page a",
	    "the first of a key stays");
	is(text_of(c, CACHE_ROBOTS, "http://a/", &a), "robots",
	    "kinds do not mix");
	is(text_of(c, CACHE_ANSWER, "question", &a), "{\"a\":1}",
	    "an answer comes back");
	is_int(strlen(text_of(c, CACHE_PAGE, "http://b/", &a)), 3999,
	    "and what was packed");
	item = cache_find(c, CACHE_PAGE, "http://a/");
	ok(item != NULL && cache_validators(c, item, &a, &m), "it has a mark");
	is(m.etag, "\"v1\"", "ETag");
	is(m.last_modified, "then", "Last-Modified");
	is(m.type, "text/html", "type");
	is(m.charset, "utf-8", "charset");
	is(m.robots_tag, "noindex", "X-Robots-Tag");
	ok(memcmp(m.hash, mark.hash, CACHE_HASH) == 0, "hash");
	ok(!cache_is_old(c, item), "it is fresh");
	arena_release(&a);
}

static void
goes_on(void)
{
	struct cache_validators next = mark;
	const struct cache_item *item;
	struct cache_validators m;
	struct cache *c;
	struct arena a;

	fill();
	arena_init(&a);
	c = open_one(&a);
	next.etag = "\"v2\"";
	cache_renew(c, cache_find(c, CACHE_PAGE, "http://a/"), &next, false);
	ok(end(&a, c) > 0, "a new mark makes a new file");
	arena_init(&a);
	c = open_one(&a);
	item = cache_find(c, CACHE_PAGE, "http://a/");
	ok(item != NULL && cache_validators(c, item, &a, &m),
	    "the page is in it");
	is(m.etag, "\"v2\"", "under its new mark");
	is(text_of(c, CACHE_PAGE, "http://a/", &a), "page a", "unchanged");
	is(text_of(c, CACHE_ROBOTS, "http://a/", &a), "robots",
	    "and what the run did not need");
	cache_put(c, CACHE_PAGE, "http://a/", &mark, "page a, new", 11);
	(void)end(&a, c);
	arena_init(&a);
	c = open_one(&a);
	is(text_of(c, CACHE_PAGE, "http://a/", &a), "page a, new",
	    "what was read anew replaces it");
	arena_release(&a);
}

static void
other_reader(void)
{
	struct cache *c;
	struct arena a;

	fill();
	arena_init(&a);
	c = open_as(&a, "another", 1 << 20, 0);
	is(text_of(c, CACHE_PAGE, "http://a/", &a), "nothing",
	    "another reader reads pages anew");
	is(text_of(c, CACHE_ANSWER, "question", &a), "{\"a\":1}",
	    "but does not ask the model again");
	cache_put(c, CACHE_PAGE, "http://c/", &mark, "c", 1);
	(void)end(&a, c);
	arena_init(&a);
	c = open_as(&a, "another", 1 << 20, 0);
	is(text_of(c, CACHE_PAGE, "http://c/", &a), "c", "what it read");
	is(text_of(c, CACHE_PAGE, "http://b/", &a), "nothing",
	    "and no other's pages");
	arena_release(&a);
}

static void
other_variant(void)
{
	struct cache_options o = {.old = old,
	    .fresh = fresh,
	    .reader = "me",
	    .variant = "de",
	    .max_bytes = 1 << 20,
	    .days = 30};
	struct cache *c;
	struct arena a;

	fill();
	arena_init(&a);
	c = cache_open(&a, &o);
	is(text_of(c, CACHE_PAGE, "http://a/", &a), "nothing",
	    "another language's page is another page");
	is(text_of(c, CACHE_ANSWER, "question", &a), "{\"a\":1}",
	    "but a question is a question");
	arena_release(&a);
}

static void
has_limits(void)
{
	struct cache *c;
	struct arena a;
	char key[32], bytes[1000];
	long size;

	(void)unlink(old);
	arena_init(&a);
	c = open_as(&a, "me", 10000, SIZE_MAX);
	memset(bytes, 'y', sizeof(bytes));
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof(key), "http://a/%d", i);
		cache_put(c, CACHE_PAGE, key, &mark, bytes, sizeof(bytes));
	}
	size = end(&a, c);
	ok(size > 5000 && size <= 10000, "a file keeps to its limit: %ld",
	    size);
	arena_init(&a);
	c = open_as(&a, "me", 10000, SIZE_MAX);
	ok(cache_find(c, CACHE_PAGE, "http://a/0") != NULL &&
		cache_find(c, CACHE_PAGE, "http://a/99") == NULL,
	    "what came too late is left out");
	arena_release(&a);
}

/* ---- days ---- */

struct dated {
	int fd;
	unsigned used, read;
};

static void
set_days(void *ctx, const struct cache_file_record *r, uint64_t at)
{
	const struct dated *d = ctx;
	struct cache_file_record now = *r;
	char head[1000];

	now.used_day -= d->used;
	now.read_day -= d->read;
	(void)cache_file_bytes(d->fd, head, now.head_len, at - now.head_len);
	now.crc = cache_file_crc(&now, head);
	(void)!pwrite(
	    d->fd, &now, sizeof(now), (off_t)(at - now.head_len - sizeof(now)));
}

/* made_older: as if the file had been made so many days ago. */
static void
made_older(unsigned used, unsigned read)
{
	unsigned char reader[CACHE_HASH];
	struct dated d = {open(old, O_RDWR), used, read};

	fill();
	close(d.fd);
	d.fd = open(old, O_RDWR);
	ok(cache_file_scan(d.fd, reader, set_days, &d) == NULL,
	    "it is made older");
	close(d.fd);
}

static void
ages(void)
{
	const struct cache_item *item;
	struct cache *c;
	struct arena a;

	made_older(3, 31);
	arena_init(&a);
	c = open_one(&a);
	item = cache_find(c, CACHE_PAGE, "http://a/");
	ok(item != NULL && cache_is_old(c, item),
	    "after its days a page is read anew");
	cache_renew(c, item, NULL, true);
	(void)end(&a, c);
	arena_init(&a);
	c = open_one(&a);
	item = cache_find(c, CACHE_PAGE, "http://a/");
	ok(item != NULL && !cache_is_old(c, item), "and is young then");
	arena_release(&a);

	made_older(20, 20);
	arena_init(&a);
	c = open_one(&a);
	cache_renew(c, cache_find(c, CACHE_PAGE, "http://a/"), NULL, false);
	ok(end(&a, c) > 0, "use keeps a record, so its day is written");
	made_older(31, 31);
	arena_init(&a);
	c = open_one(&a);
	cache_put(c, CACHE_ANSWER, "another", NULL, "{}", 2);
	(void)end(&a, c);
	arena_init(&a);
	c = open_one(&a);
	ok(cache_find(c, CACHE_ANSWER, "another") != NULL &&
		cache_find(c, CACHE_PAGE, "http://a/") == NULL,
	    "what nobody needed for its days is gone");
	arena_release(&a);
}

/* ---- damage ---- */

static size_t
slurp(char *to, size_t size)
{
	int fd = open(old, O_RDONLY);
	ssize_t n = read(fd, to, size);

	close(fd);
	return n < 0 ? 0 : (size_t)n;
}

static void
spill(const char *from, size_t n)
{
	int fd = open(old, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	(void)!write(fd, from, n);
	close(fd);
}

/* tell: what of the file counts; a byte for each thing that does. */
static int
tell(void)
{
	struct cache *c;
	struct arena a;
	int n;

	arena_init(&a);
	c = open_one(&a);
	n = strcmp(text_of(c, CACHE_PAGE, "http://a/", &a), "page a") == 0;
	n += strlen(text_of(c, CACHE_PAGE, "http://b/", &a)) == 3999;
	n += strcmp(text_of(c, CACHE_ROBOTS, "http://a/", &a), "robots") == 0;
	n += strcmp(text_of(c, CACHE_ANSWER, "question", &a), "{\"a\":1}") == 0;
	arena_release(&a);
	return n;
}

static void
is_damaged(void)
{
	static char bytes[8192], bad[8192];
	size_t n, whole = 0, wrong = 0;

	fill();
	n = slurp(bytes, sizeof(bytes));
	is_int(tell(), 4, "the file is whole");
	for (size_t i = 0; i < n; i++) {
		spill(bytes, i);
		whole += tell() != 0;
	}
	is_int(whole, 0, "cut anywhere, none of it counts");
	for (size_t i = 0; i < n; i++) {
		memcpy(bad, bytes, n);
		bad[i] ^= 0x10;
		spill(bad, n);
		wrong += tell() == 4;
	}
	is_int(wrong, 0, "a changed bit never goes unseen");
	memcpy(bad, bytes, n);
	bad[n] = 0;
	spill(bad, n + 1);
	is_int(tell(), 0, "nor does a longer file");
	spill("", 0);
	is_int(tell(), 0, "an empty file is none");
	(void)unlink(old);
	ok(symlink("/etc/passwd", old) == 0 && tell() == 0, "nor is a link");
	(void)unlink(old);
}

int
main(void)
{
	log_init("cache", LOG_ERROR);
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(old, sizeof(old), "%s/old", dir);
	snprintf(fresh, sizeof(fresh), "%s/new", dir);
	comes_back();
	goes_on();
	other_reader();
	other_variant();
	has_limits();
	ages();
	is_damaged();
	(void)unlink(old);
	(void)rmdir(dir);
	return done();
}
