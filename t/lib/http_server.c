/*
 * http_server: a small HTTP server on loopback that t/unit/worker/fetch/fetch.c
 * includes, one thread per connection.  Each path misbehaves in one way; see
 * answer().
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

static atomic_int served;  /* requests */
static atomic_int at_once; /* being answered now */
static atomic_int most;    /* the largest at_once was */
static atomic_int flaky;   /* requests for /flaky, /busy */
static int server_port;
static __thread int nth; /* request of its connection, from 1 */

static void
nap(int ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000L};

	nanosleep(&t, NULL);
}

static void
put(int fd, const void *p, size_t n)
{
	(void)send(fd, p, n, MSG_NOSIGNAL);
}

static void
reply(int fd, const char *status, const char *headers, const char *body)
{
	char buf[20000];
	int n = snprintf(buf, sizeof(buf),
	    "HTTP/1.1 %s\r\nContent-Length: %zu\r\n%s\r\n%s", status,
	    strlen(body), headers, body);

	put(fd, buf, (size_t)n);
}

static void
redirect(int fd, const char *to)
{
	char header[1024];

	snprintf(header, sizeof(header), "Location: %s\r\n", to);
	reply(fd, "302 Found", header, "moved");
}

/* Gzip of n blanks: a bomb when n is large. */
static void
zipped(int fd, size_t n)
{
	char *in = malloc(n), head[200];
	z_stream z = {0};
	unsigned char *out;

	memset(in, ' ', n);
	deflateInit2(&z, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
	z.next_in = (Bytef *)in;
	z.avail_in = (uInt)n;
	z.avail_out = (uInt)deflateBound(&z, n) + 100;
	z.next_out = out = malloc(z.avail_out);
	deflate(&z, Z_FINISH);
	put(fd, head,
	    (size_t)snprintf(head, sizeof(head),
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
		"Content-Length: %lu\r\n\r\n",
		z.total_out));
	put(fd, out, z.total_out);
	deflateEnd(&z);
	free(in);
	free(out);
}

/* Without an end, until the client goes. */
static void
endless(int fd, int bytes, int pause)
{
	char chunk[5000];
	int n = snprintf(chunk, sizeof(chunk), "%x\r\n", bytes);

	memset(chunk + n, 'x', (size_t)bytes);
	memcpy(chunk + n + bytes, "\r\n", 2);
	put(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 47);
	while (send(fd, chunk, (size_t)(n + bytes + 2), MSG_NOSIGNAL) > 0)
		nap(pause);
}

/* An answer with n headers that say nothing. */
static void
headers(int fd, int n)
{
	static const char line[] = "X-Robots-Tag:\r\n";
	char all[5000];
	size_t len = 0;

	put(fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", 36);
	for (; n > 0; n--) {
		memcpy(all + len, line, sizeof(line) - 1);
		len += sizeof(line) - 1;
		if (n > 1 && len + sizeof(line) < sizeof(all))
			continue;
		put(fd, all, len);
		len = 0;
	}
	put(fd, "\r\n", 2);
}

/* reset: the connection ends with RST, without a byte of an answer. */
static void
reset(int fd)
{
	struct linger now = {1, 0};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

/* closing: an answer after a moment, as of a server that closes each time. */
static int
closing(int fd)
{
	nap(100);
	put(fd, "HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nbye\n", 42);
	return 1;
}

/* Misbehaviour that ends the connection; 0: the path is another's. */
static int
misbehave(int fd, const char *path, const char *request)
{
	char c;

	if (strcmp(path, "/big") == 0)
		endless(fd, 4096, 0);
	else if (strcmp(path, "/slow") == 0)
		endless(fd, 1, 50);
	else if (strcmp(path, "/hang") == 0)
		(void)!read(fd, &c, 1);
	else if (strcmp(path, "/junk") == 0)
		put(fd, "hello there\r\n\r\n", 15);
	else if (strcmp(path, "/short") == 0)
		put(fd, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf",
		    43);
	else if (strcmp(path, "/flaky") == 0 && flaky++ == 0)
		(void)request;
	else if (strncmp(path, "/closing", 8) == 0)
		return closing(fd);
	else if (strncmp(path, "/once", 5) == 0 && nth > 1)
		reset(fd);
	else if (strcmp(path, "/reset") != 0)
		return 0;
	return 1;
}

static void
answer_odd(int fd, const char *path, const char *request)
{
	if (strcmp(path, "/gzip") == 0)
		zipped(fd, 1000);
	else if (strcmp(path, "/bomb") == 0)
		zipped(fd, 12 << 20);
	else if (strcmp(path, "/mislabelled") == 0)
		reply(fd, "200 OK",
		    strstr(request, "Accept-Encoding")
			? "Content-Encoding: gzip\r\n"
			: "",
		    "plain");
	else if (strcmp(path, "/busy") == 0 && flaky++ < 1)
		reply(fd, "503 Service Unavailable", "Retry-After: 1\r\n", "");
	else if (strcmp(path, "/busy-for-long") == 0)
		reply(fd, "429 Too Many Requests", "Retry-After: 3600\r\n", "");
	else if (strcmp(path, "/always-503") == 0)
		reply(fd, "503 Service Unavailable", "", "sorry");
	else if (strcmp(path, "/headers") == 0)
		headers(fd, 15000);
	else if (strcmp(path, "/missing") == 0)
		reply(fd, "404 Not Found", "Content-Type: text/html\r\n", "no");
	else if (strcmp(path, "/image") == 0)
		reply(fd, "200 OK", "Content-Type: Image/PNG\r\n", "png");
	else if (strcmp(path, "/etag") == 0)
		reply(fd,
		    strstr(request, "If-None-Match: \"v1\"\r\n")
			? "304 Not Modified"
			: "200 OK",
		    "ETag: \"v1\"\r\nLast-Modified: then\r\n"
		    "X-Robots-Tag: noindex\r\nx-robots-tag: noarchive\r\n"
		    "Content-Type: text/HTML; Charset=\"ISO-8859-1\"\r\n",
		    "");
	else if (strcmp(path, "/echo") == 0)
		reply(fd, "200 OK", "Content-Type: text/plain\r\n", request);
	else
		reply(fd, "200 OK", "Content-Type: text/html\r\n", path);
}

static void
answer(int fd, const char *path, const char *request)
{
	char to[600];
	int n;

	if (sscanf(path, "/redirect/%d", &n) == 1 && n > 0) {
		snprintf(to, sizeof(to), "../redirect/%d?utm_source=x", n - 1);
		redirect(fd, to);
	} else if (strcmp(path, "/a") == 0) {
		redirect(fd, "/b#x");
	} else if (strcmp(path, "/b") == 0 || strcmp(path, "/self") == 0) {
		redirect(fd, path[1] == 'b' ? "/a" : "/self");
	} else if (strncmp(path, "/to?", 4) == 0) {
		redirect(fd, path + 4);
	} else if (strcmp(path, "/to6") == 0) {
		redirect(fd, "http://[::1]:1/");
	} else if (strcmp(path, "/nowhere") == 0) {
		reply(fd, "302 Found", "", "");
	} else {
		if (strncmp(path, "/nap", 4) == 0)
			nap(30);
		answer_odd(fd, path, request);
	}
}

static void *
serve(void *arg)
{
	int fd = (int)(long)arg, end = 0, now;
	char in[20000], path[600];
	size_t n = 0;

	while (!end) {
		ssize_t got = read(fd, in + n, sizeof(in) - n - 1);

		if (got <= 0)
			break;
		n += (size_t)got;
		in[n] = '\0';
		if (in[0] != 'G') {
			put(fd, "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
			break;
		}
		if (strstr(in, "\r\n\r\n") == NULL ||
		    sscanf(in, "GET %599s", path) != 1)
			continue;
		served++;
		nth++;
		now = ++at_once;
		if (now > most)
			most = now;
		end = misbehave(fd, path, in);
		if (!end)
			answer(fd, path, in);
		at_once--;
		n = 0;
	}
	nth = 0;
	close(fd);
	return NULL;
}

static void *
listen_on(void *arg)
{
	int fd, s = (int)(long)arg;
	pthread_t t;

	while ((fd = accept(s, NULL, NULL)) >= 0)
		if (pthread_create(&t, NULL, serve, (void *)(long)fd) == 0)
			pthread_detach(t);
	return NULL;
}

/* A port nobody listens on, or a socket that listens on it. */
static int
any_port(int *s)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	socklen_t n = sizeof(in);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(*s, (struct sockaddr *)&in, sizeof(in)) != 0 ||
	    getsockname(*s, (struct sockaddr *)&in, &n) != 0)
		abort();
	return ntohs(in.sin_port);
}

static void
start_server(void)
{
	pthread_t t;
	int s;

	server_port = any_port(&s);
	if (listen(s, 128) != 0 ||
	    pthread_create(&t, NULL, listen_on, (void *)(long)s) != 0)
		abort();
	pthread_detach(t);
}
