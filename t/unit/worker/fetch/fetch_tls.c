/* fetch_tls: https is fetched when its certificate holds, else it is said why.
 */
#include "t/tap.h"

#include "core/arena.h"
#include "core/clock.h"
#include "worker/fetch/fetch.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DAY (24L * 60 * 60)

static struct arena a;
static char folder[] = "/tmp/platen-tls-XXXXXX";

/* A certificate for name, valid between two times from now (seconds). */
static const char *
make_certificate(const char *name, long from, long to)
{
	const char *path = arena_printf(&a, "%s/%s.pem", folder, name);
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	X509_NAME *n = X509_get_subject_name(x);
	FILE *f = fopen(path, "w");

	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), from);
	X509_gmtime_adj(X509_getm_notAfter(x), to);
	X509_NAME_add_entry_by_txt(
	    n, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(x, n);
	X509_set_pubkey(x, key);
	if (f == NULL || X509_sign(x, key, EVP_sha256()) == 0 ||
	    PEM_write_X509(f, x) != 1 ||
	    PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) != 1)
		abort();
	fclose(f);
	X509_free(x);
	EVP_PKEY_free(key);
	return path;
}

static int
free_port(void)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	socklen_t n = sizeof(in);
	int s = socket(AF_INET, SOCK_STREAM, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(s, (struct sockaddr *)&in, sizeof(in)) != 0 ||
	    getsockname(s, (struct sockaddr *)&in, &n) != 0)
		abort();
	close(s);
	return ntohs(in.sin_port);
}

/* Waits until someone listens; false when the server ended first. */
static bool
is_up(pid_t pid, int port)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct timespec pause = {0, 20 * 1000 * 1000};
	int s, rc = -1;

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	in.sin_port = htons((uint16_t)port);
	for (int i = 0; i < 500 && rc != 0; i++) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return false;
		nanosleep(&pause, NULL);
		s = socket(AF_INET, SOCK_STREAM, 0);
		rc = connect(s, (struct sockaddr *)&in, sizeof(in));
		close(s);
	}
	return rc == 0;
}

/* Answers many at once with HTTP/1.0, 0.1 s each, and closes. */
static const char closing[] =
    "import http.server, ssl, sys, time\n"
    "class H(http.server.BaseHTTPRequestHandler):\n"
    "    def log_message(self, *a): pass\n"
    "    def do_GET(self):\n"
    "        time.sleep(0.1)\n"
    "        self.send_response(200)\n"
    "        self.send_header('Content-Length', '2')\n"
    "        self.end_headers()\n"
    "        self.wfile.write(b'ok')\n"
    "class S(http.server.ThreadingHTTPServer): request_queue_size = 128\n"
    "s = S(('127.0.0.1', int(sys.argv[2])), H)\n"
    "c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n"
    "c.load_cert_chain(sys.argv[1])\n"
    "s.socket = c.wrap_socket(s.socket, server_side=True,\n"
    "    do_handshake_on_connect=False)\n"
    "s.serve_forever()\n";

static pid_t
serve(const char *certificate, int port, bool closes)
{
	const char *where = arena_printf(&a, "127.0.0.1:%d", port);
	pid_t pid = fork();
	int null;

	if (pid == 0) {
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		if (closes)
			execlp("python3", "python3", "-c", closing, certificate,
			    arena_printf(&a, "%d", port), (char *)NULL);
		execlp("openssl", "openssl", "s_server", "-accept", where,
		    "-cert", certificate, "-key", certificate, "-www", "-quiet",
		    (char *)NULL);
		_exit(127);
	}
	if (pid < 0)
		abort();
	if (is_up(pid, port))
		return pid;
	return -1;
}

static void
on_done(void *ctx, void *user, struct fetch_result *r)
{
	(void)ctx;
	if (r->why != NULL)
		printf("# %s\n", r->why);
	*(const char **)user = arena_printf(&a, "%s %d %s",
	    fetch_error_name(r->error), r->status, r->why ? r->why : "");
}

/* What comes of n times https://name/, trusting the authority, or NULL. */
static const char *
fetch_times(int n, const char *name, int port, const char *authority)
{
	const struct guard *g;
	const char *why, *what = "nothing";
	struct fetcher *f;
	struct fetch_policy p = {
	    .user_agent = "test",
	    .max_in_flight = 8,
	    .max_per_host = 8,
	    .max_bytes = 1 << 20,
	    .connect_ms = 5000,
	    .total_ms = 5000,
	    .ca_file = authority,
	    .done = on_done,
	};

	p.connect_to = arena_printf(&a, "%s:443:127.0.0.1:%d", name, port);
	if (guard_new(&a, "127.0.0.1", NULL, &g, &why) != OK)
		abort();
	p.guard = g;
	if (fetcher_new(&p, &f, &why) != OK)
		abort();
	for (int i = 0; i < n; i++)
		fetcher_add(
		    f, arena_printf(&a, "https://%s/%d", name, i), &what, NULL);
	while (fetcher_pending(f) > 0)
		if (fetcher_poll(f, NULL, 0, 500) != OK)
			abort();
	fetcher_free(f);
	return what;
}

static const char *
fetch(const char *name, int port, const char *authority)
{
	return fetch_times(1, name, port, authority);
}

/* Without HTTP/2, and without keeping a connection. */
static void
closes_each_connection(void)
{
	const char *certificate = make_certificate("close.example", -DAY, DAY);
	int port = free_port();
	pid_t pid = serve(certificate, port, true);
	const char *got;
	int64_t t0;

	if (pid < 0) {
		skip(2, "python3 does not run here");
		return;
	}
	t0 = clock_ms();
	got = fetch_times(40, "close.example", port, certificate);
	ok(strncmp(got, "ok 200", 6) == 0, "a TLS server that closes");
	within((double)(clock_ms() - t0) / 1000, 2.5,
	    "a TLS server that closes is read several pages at once");
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

static void
check(const char *name, long from, long to)
{
	const char *certificate = make_certificate(name, from, to), *got;
	int port = free_port();
	pid_t pid = serve(certificate, port, false);

	if (pid < 0) {
		skip(4, "openssl s_server does not run here");
		return;
	}
	if (to < 0) {
		got = fetch(name, port, certificate);
		ok(strstr(got, "tls 0") && strstr(got, "has expired"),
		    "a certificate that has expired");
	} else {
		ok(strncmp(fetch(name, port, certificate), "ok 200", 6) == 0,
		    "a certificate of a trusted authority");
		got = fetch(name, port, NULL);
		ok(strstr(got, "tls 0") && strstr(got, "signed by itself"),
		    "a certificate nobody knows");
		got = fetch("other.example", port, certificate);
		ok(strstr(got, "tls 0") && strstr(got, "another name"),
		    "a certificate of another name");
	}
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

int
main(void)
{
	if (mkdtemp(folder) == NULL)
		abort();
	check("good.example", -DAY, DAY);
	check("old.example", -2 * DAY, -DAY);
	closes_each_connection();
	unlink(arena_printf(&a, "%s/close.example.pem", folder));
	unlink(arena_printf(&a, "%s/good.example.pem", folder));
	unlink(arena_printf(&a, "%s/old.example.pem", folder));
	rmdir(folder);
	arena_release(&a);
	return done();
}
