#include "core/url.h"

#include "core/buf.h"
#include "core/text.h"
#include "core/url_host.h"
#include "core/url_noise.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What a path and a query may not hold as it is, beside spaces. */
#define PATH_BARRED "\"<>\\^`{|}[]"
#define QUERY_BARRED PATH_BARRED "'"

static const char hexdigits[] = "0123456789ABCDEF";

static bool
is_alpha(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_unreserved(unsigned char c)
{
	return is_alpha(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
	       c == '_' || c == '~';
}

static void
add_escaped(struct buf *b, unsigned char c)
{
	char e[3] = {'%', hexdigits[c >> 4], hexdigits[c & 15]};

	buf_add(b, e, sizeof(e));
}

/*
 * Adds n bytes in one percent-encoding (RFC 3986, 6.2.2): unreserved never
 * encoded, hex in upper case, everything that is barred encoded, a "%" that
 * begins no escape too.
 */
static void
add_normal(struct buf *b, const char *s, size_t n, const char *barred)
{
	size_t plain = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		int hi, lo;

		if (is_unreserved(c) || (c != '%' && c > 0x20 && c < 0x7f &&
					    strchr(barred, c) == NULL))
			continue;
		buf_add(b, s + plain, i - plain);
		plain = i + 1;
		if (c != '%' || n - i < 3 || (hi = text_hex(s[i + 1])) < 0 ||
		    (lo = text_hex(s[i + 2])) < 0) {
			add_escaped(b, c);
			continue;
		}
		c = (unsigned char)(hi << 4 | lo);
		if (is_unreserved(c))
			buf_addc(b, (char)c);
		else
			add_escaped(b, c);
		i += 2;
		plain = i + 1;
	}
	buf_add(b, s + plain, n - plain);
}

/* RFC 3986, 5.2.4, on the bytes from `from`, which begin with "/". */
static void
remove_dots(struct buf *b, size_t from)
{
	char *p = b->data + from, *w = p, *const top = p;
	const char *end = b->data + b->len;

	if (strstr(p, "/.") == NULL)
		return;
	while (p < end) {
		char *next = memchr(p + 1, '/', (size_t)(end - p - 1));
		size_t n;

		if (next == NULL)
			next = b->data + b->len;
		n = (size_t)(next - p);
		if (n == 3 && memcmp(p, "/..", 3) == 0) {
			while (w > top && *--w != '/')
				continue;
		} else if (n != 2 || p[1] != '.') {
			memmove(w, p, n);
			w += n;
			p = next;
			continue;
		}
		p = next;
		/* A dot segment at the end leaves its slash. */
		if (p == end)
			*w++ = '/';
	}
	buf_cut(b, (size_t)(w - b->data));
}

/* Cuts ";jsessionid=..." out of the segments from `from` on. */
static void
remove_session(struct buf *b, size_t from)
{
	static const char key[] = ";jsessionid=";
	char *at = b->data + from, *end;

	if (strchr(at, ';') == NULL)
		return;
	while ((at = strcasestr(at, key)) != NULL) {
		end = at + strcspn(at, "/");
		memmove(at, end, strlen(end) + 1);
		buf_cut(b, b->len - (size_t)(end - at));
	}
}

/* Adds "?a=1&b=2" without trackers and empty parameters; maybe nothing. */
static void
add_query(struct buf *b, const char *q, size_t n)
{
	const char *end;
	char sep = '?';

	if (n == 0)
		return;
	for (end = q + n; q < end && buf_ok(b);) {
		const char *amp = memchr(q, '&', (size_t)(end - q));
		size_t from = b->len;

		if (amp == NULL)
			amp = end;
		buf_addc(b, sep);
		add_normal(b, q, (size_t)(amp - q), QUERY_BARRED);
		/* The name is known only once its escapes are undone. */
		if (amp == q || url_is_noise(b->data + from + 1))
			buf_cut(b, from);
		else
			sep = '&';
		q = amp + 1;
	}
}

static int
default_port(const char *scheme)
{
	return scheme[4] == 's' ? 443 : 80;
}

/*
 * Puts the canonical URL together: site is parsed already, path begins with
 * "/"; neither path nor query need be normal.
 */
static enum rc
url_build(struct arena *a, const struct url *site, const char *path,
    size_t path_n, const char *query, size_t query_n, struct url *out)
{
	struct buf b;
	size_t from, to, host_n = strlen(site->host);
	char *p;

	buf_init(&b, 3 * URL_MAX_BYTES);
	buf_adds(&b, site->scheme);
	buf_adds(&b, "://");
	buf_adds(&b, site->host);
	if (site->port != default_port(site->scheme))
		buf_printf(&b, ":%d", site->port);
	from = b.len;
	add_normal(&b, path, path_n, PATH_BARRED);
	if (buf_ok(&b)) {
		remove_session(&b, from);
		remove_dots(&b, from);
	}
	to = b.len;
	add_query(&b, query, query_n);
	if (!buf_ok(&b) || b.len > URL_MAX_BYTES) {
		buf_release(&b);
		return E_INPUT;
	}
	/* One piece: text, path, host. */
	p = arena_alloc(a, b.len + (to - from) + host_n + 3);
	memcpy(p, b.data, b.len);
	out->scheme = site->scheme;
	out->port = site->port;
	out->text = p;
	out->target = p + from;
	out->query = to < b.len ? p + to + 1 : NULL;
	out->path = memcpy(p + b.len + 1, b.data + from, to - from);
	out->host = memcpy(p + b.len + to - from + 2, site->host, host_n);
	buf_release(&b);
	return OK;
}

/*
 * What browsers do before they parse (WHATWG URL, 4.4): white space around
 * and line breaks within go, "\" is "/" before the query; a space is encoded.
 */
static enum rc
url_clean(struct buf *b, const char *text)
{
	const unsigned char *p = (const unsigned char *)text, *end;
	bool in_path = true;

	while (*p != '\0' && *p <= ' ')
		p++;
	end = p + strlen((const char *)p);
	while (end > p && end[-1] <= ' ')
		end--;
	if ((size_t)(end - p) > URL_MAX_BYTES)
		return E_INPUT;
	for (; p < end; p++) {
		if (*p == '\t' || *p == '\n' || *p == '\r')
			continue;
		if (*p < ' ' || *p == 0x7f)
			return E_INPUT;
		if (*p == '?' || *p == '#')
			in_path = false;
		if (*p == ' ')
			buf_adds(b, "%20");
		else
			buf_addc(b, *p == '\\' && in_path ? '/' : (char)*p);
	}
	return buf_ok(b) ? OK : E_INPUT;
}

/* port_of: the n digits at s; 0: no port is called that. */
static int
port_of(const char *s, size_t n)
{
	int port = 0;

	for (; n > 0; s++, n--) {
		if (*s < '0' || *s > '9')
			return 0;
		port = port * 10 + (*s - '0');
		if (port > 65535)
			return 0;
	}
	return port;
}

/* take_site: the authority, n bytes of it, into scheme's host and port. */
static enum rc
take_site(struct arena *a, const char *s, size_t n, struct url *out)
{
	const char *port = n > 0 && s[0] == '[' ? memchr(s, ']', n) : s;

	/* A user or a password is not for a public page. */
	if (n == 0 || memchr(s, '@', n) != NULL || port == NULL)
		return E_INPUT;
	port = memchr(port, ':', n - (size_t)(port - s));
	out->port = default_port(out->scheme);
	if (port != NULL) {
		size_t digits = n - (size_t)(port - s) - 1;

		if (digits > 0)
			out->port = port_of(port + 1, digits);
		n -= digits + 1;
	}
	if (out->port == 0)
		return E_INPUT;
	return url_host_canonical(a, arena_strndup(a, s, n), &out->host);
}

/*
 * parse_absolute: rest is clean and what follows the scheme.  However many
 * slashes there are, a host comes next (WHATWG URL, 4.4, "special authority
 * ignore slashes").
 */
static enum rc
parse_absolute(
    struct arena *a, const char *scheme, const char *rest, struct url *out)
{
	struct url site = {.scheme = scheme};
	size_t n, path_n;
	const char *query;

	rest += strspn(rest, "/");
	n = strcspn(rest, "/?#");
	if (take_site(a, rest, n, &site) != OK)
		return E_INPUT;
	rest += n;
	n = strcspn(rest, "#");
	path_n = strcspn(rest, "?#");
	query = path_n < n ? rest + path_n + 1 : NULL;
	return url_build(a, &site, path_n > 0 ? rest : "/",
	    path_n > 0 ? path_n : 1, query, query != NULL ? n - path_n - 1 : 0,
	    out);
}

/* Bytes of "name:" at the start of a reference; 0 when it has no scheme. */
static size_t
scheme_length(const char *s)
{
	size_t n = 0;

	if (!is_alpha((unsigned char)s[0]))
		return 0;
	while (is_alpha((unsigned char)s[n]) || (s[n] >= '0' && s[n] <= '9') ||
	       s[n] == '+' || s[n] == '-' || s[n] == '.')
		n++;
	return s[n] == ':' ? n + 1 : 0;
}

/* web_scheme: of "http:" or "https:", which are n bytes at s; else NULL. */
static const char *
web_scheme(const char *s, size_t n)
{
	if (n == 5 && strncasecmp(s, "http:", 5) == 0)
		return "http";
	if (n == 6 && strncasecmp(s, "https:", 6) == 0)
		return "https";
	return NULL;
}

enum rc
url_parse(struct arena *a, const char *text, struct url *out)
{
	const char *scheme;
	struct buf b;
	size_t n;
	enum rc rc;

	buf_init(&b, 3 * URL_MAX_BYTES);
	rc = url_clean(&b, text);
	n = scheme_length(b.data);
	scheme = web_scheme(b.data, n);
	if (rc == OK)
		rc = scheme == NULL
			 ? E_INPUT
			 : parse_absolute(a, scheme, b.data + n, out);
	buf_release(&b);
	return rc;
}

/* The link stays on base's site: only path and query need a look. */
static enum rc
resolve_path(
    struct arena *a, const struct url *base, const char *ref, struct url *out)
{
	size_t n = strcspn(ref, "#"), path_n = strcspn(ref, "?#");
	const char *query = path_n < n ? ref + path_n + 1 : NULL;
	size_t query_n = query ? n - path_n - 1 : 0, dir;
	struct buf b;
	enum rc rc;

	if (ref[0] == '/')
		return url_build(a, base, ref, path_n, query, query_n, out);
	if (path_n == 0 && query == NULL)
		query_n = base->query ? strlen(query = base->query) : 0;
	if (path_n == 0)
		return url_build(a, base, base->path, strlen(base->path), query,
		    query_n, out);
	buf_init(&b, 4 * URL_MAX_BYTES);
	dir = (size_t)(strrchr(base->path, '/') - base->path) + 1;
	buf_add(&b, base->path, dir);
	buf_add(&b, ref, path_n);
	rc = url_build(a, base, b.data, b.len, query, query_n, out);
	buf_release(&b);
	return rc;
}

static enum rc
resolve_clean(
    struct arena *a, const struct url *base, const char *ref, struct url *out)
{
	size_t n = scheme_length(ref), site;
	const char *scheme = n == 0 ? base->scheme : web_scheme(ref, n);
	bool whole = ref[n] == '/' && ref[n + 1] == '/';

	if (scheme == NULL)
		return E_INPUT;
	/* "http:a" is "a" on a page of http, and a host's name elsewhere. */
	if (!whole && strcmp(scheme, base->scheme) == 0)
		return resolve_path(a, base, ref + n, out);
	/* Most absolute links are to the site itself. */
	site = (size_t)(base->target - base->text);
	if (strncmp(ref, base->text, site) == 0 && ref[site] == '/')
		return resolve_path(a, base, ref + site, out);
	return parse_absolute(a, scheme, ref + n, out);
}

enum rc
url_resolve(
    struct arena *a, const struct url *base, const char *ref, struct url *out)
{
	struct buf b;
	enum rc rc;

	buf_init(&b, 3 * URL_MAX_BYTES);
	rc = url_clean(&b, ref);
	if (rc == OK)
		rc = resolve_clean(a, base, b.data, out);
	buf_release(&b);
	return rc;
}

const char *
url_normalize(struct arena *a, const char *text)
{
	struct url u;

	return url_parse(a, text, &u) == OK ? u.text : NULL;
}

bool
url_port_is_default(const struct url *u)
{
	return u->port == default_port(u->scheme);
}
