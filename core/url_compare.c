#include "core/url.h"

#include "core/buf.h"
#include "core/url_noise.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What servers send for the folder itself. */
static const char *const index_names[] = {"index.html", "index.htm",
    "index.xhtml", "index.shtml", "index.php", "index.asp", "index.aspx",
    "index.jsp", "index.cgi", "index.md", "default.html", "default.htm",
    "default.asp", "default.aspx"};

static const char *
bare_host(const char *host)
{
	/* "www.org" is a domain of its own. */
	if (strncmp(host, "www.", 4) == 0 && strchr(host + 4, '.') != NULL)
		return host + 4;
	return host;
}

bool
url_same_host(const char *a, const char *b)
{
	return strcmp(bare_host(a), bare_host(b)) == 0;
}

bool
url_same_site(const struct url *a, const struct url *b)
{
	if (!url_same_host(a->host, b->host))
		return false;
	return a->port == b->port ||
	       (url_port_is_default(a) && url_port_is_default(b));
}

/*
 * A host in lower case that begins its last label with a letter is spelled as
 * we spell it: it is no number, has no escape and no user stands before it.
 */
bool
url_is_off_host(const char *text, const struct url *site)
{
	const char *host = NULL, *last;
	char plain[254];
	size_t n;

	if (strncasecmp(text, "http://", 7) == 0)
		host = text + 7;
	else if (strncasecmp(text, "https://", 8) == 0)
		host = text + 8;
	else
		return false;
	n = strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-.");
	if (n == 0 || n >= sizeof(plain) || (host[n] != '\0' && host[n] != '/'))
		return false;
	memcpy(plain, host, n);
	plain[n] = '\0';
	last = strrchr(plain, '.');
	last = last == NULL ? plain : last + 1;
	return *last >= 'a' && *last <= 'z' &&
	       !url_same_host(plain, site->host);
}

/* The byte that "%XX" at p stands for; -1 when p is no escape. */
static int
unescape_byte(const char *p)
{
	static const char hex[] = "0123456789abcdef0123456789ABCDEF";
	const char *hi, *lo;

	if (p[0] != '%' || p[1] == '\0' || p[2] == '\0')
		return -1;
	hi = strchr(hex, p[1]);
	lo = strchr(hex, p[2]);
	if (hi == NULL || lo == NULL)
		return -1;
	return ((int)(hi - hex) & 15) << 4 | ((int)(lo - hex) & 15);
}

/* Adds n bytes with those escapes undone that mean the same without. */
static void
add_plain(struct buf *b, const char *s, size_t n, const char *same)
{
	for (size_t i = 0; i < n; i++) {
		int c = unescape_byte(s + i);

		if (c > 0 && strchr(same, c) != NULL) {
			buf_addc(b, (char)c);
			i += 2;
		} else {
			buf_addc(b, s[i]);
		}
	}
}

/*
 * remove_session: a session in a part of the path.  For the key alone: a
 * server that wants one leads every other address to one that has it.
 */
static void
remove_session(struct buf *b, size_t from)
{
	char *p = b->data + from;
	size_t n;

	while ((p = strchr(p, '(')) != NULL) {
		n = p[-1] == '/' ? url_session_part(p) : 0;
		if (n == 0) {
			p++;
			continue;
		}
		memmove(p, p + n, strlen(p + n) + 1);
		buf_cut(b, b->len - n);
	}
}

static void
add_key_path(struct buf *b, const char *path)
{
	size_t from = b->len, w;
	const char *last;

	add_plain(b, path, strlen(path), "!$&'()*+,;=:@");
	w = from;
	for (size_t r = from; r < b->len; r++)
		if (b->data[r] != '/' || w == from || b->data[w - 1] != '/')
			b->data[w++] = b->data[r];
	buf_cut(b, w);
	remove_session(b, from);
	last = strrchr(b->data + from, '/') + 1;
	for (size_t i = 0; i < sizeof(index_names) / sizeof(*index_names); i++)
		if (strcasecmp(last, index_names[i]) == 0) {
			buf_cut(b, (size_t)(last - b->data));
			break;
		}
	if (b->data[b->len - 1] == '/')
		buf_cut(b, b->len - 1);
}

struct query_param {
	const char *at;
	size_t n;
};

static size_t
name_length(const struct query_param *p)
{
	const char *eq = memchr(p->at, '=', p->n);

	return eq ? (size_t)(eq - p->at) : p->n;
}

/* By name; parameters of one name keep their order. */
static int
by_name(const void *x, const void *y)
{
	const struct query_param *a = x, *b = y;
	size_t na = name_length(a), nb = name_length(b);
	int c = memcmp(a->at, b->at, na < nb ? na : nb);

	if (c != 0)
		return c;
	if (na != nb)
		return na < nb ? -1 : 1;
	return a->at < b->at ? -1 : 1;
}

static void
add_key_query(struct arena *a, struct buf *b, const char *q)
{
	size_t n = 1, k = 0;
	struct query_param *p;

	for (const char *s = q; *s != '\0'; s++)
		n += *s == '&';
	p = arena_array(a, n, sizeof(*p));
	for (; k < n; k++) {
		p[k].at = q;
		p[k].n = strcspn(q, "&");
		q += p[k].n + 1;
	}
	qsort(p, n, sizeof(*p), by_name);
	for (k = 0; k < n; k++) {
		buf_addc(b, k == 0 ? '?' : '&');
		add_plain(b, p[k].at, p[k].n, "!$'()*,;:@/?");
	}
}

const char *
url_twin_key(struct arena *a, const struct url *u)
{
	struct buf b;
	const char *key;

	buf_init(&b, 4 * URL_MAX_BYTES);
	buf_adds(&b, bare_host(u->host));
	if (!url_port_is_default(u))
		buf_printf(&b, ":%d", u->port);
	add_key_path(&b, u->path);
	if (u->query != NULL)
		add_key_query(a, &b, u->query);
	key = arena_strndup(a, b.data, b.len);
	buf_release(&b);
	return key;
}
