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
bare(const char *host)
{
	/* "www.org" is a domain of its own. */
	if (strncmp(host, "www.", 4) == 0 && strchr(host + 4, '.') != NULL)
		return host + 4;
	return host;
}

bool
url_same_host(const char *a, const char *b)
{
	return strcmp(bare(a), bare(b)) == 0;
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
url_elsewhere(const char *text, const struct url *site)
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
unescape(const char *p)
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
		int c = unescape(s + i);

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

struct param {
	const char *at;
	size_t n;
};

static size_t
name_length(const struct param *p)
{
	const char *eq = memchr(p->at, '=', p->n);

	return eq ? (size_t)(eq - p->at) : p->n;
}

/* By name; parameters of one name keep their order. */
static int
by_name(const void *x, const void *y)
{
	const struct param *a = x, *b = y;
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
	struct param *p;

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
	buf_adds(&b, bare(u->host));
	if (!url_port_is_default(u))
		buf_printf(&b, ":%d", u->port);
	add_key_path(&b, u->path);
	if (u->query != NULL)
		add_key_query(a, &b, u->query);
	key = arena_strndup(a, b.data, b.len);
	buf_release(&b);
	return key;
}

/* ---- globs --------------------------------------------------------------- */

/*
 * One step of a pattern or path, percent-decoded.  A "*" counts as a glob only
 * where it is written, not as "%2A".
 */
struct step {
	int c;      /* the byte; 0 at the end */
	size_t len; /* bytes it takes */
};

static struct step
step_at(const char *p)
{
	int c = unescape(p);

	if (c > 0)
		return (struct step){c, 3};
	return (struct step){(unsigned char)*p, *p != '\0'};
}

/* Where to go on when what follows a star does not fit. */
struct retry {
	const char *pattern; /* after the star; NULL: no star seen */
	const char *text;    /* where the next attempt begins */
	bool whole;          /* whole segments only, "/" + "**" + "/" */
};

/* Moves the attempt on by one byte, or one segment; false at the end. */
static bool
advance(struct retry *r, bool cross)
{
	if (r->pattern == NULL || *r->text == '\0')
		return false;
	if (r->whole) {
		r->text += strcspn(r->text, "/");
		if (*r->text == '\0')
			return false;
		r->text++;
		return true;
	}
	if (!cross && *r->text == '/')
		return false;
	r->text += step_at(r->text).len;
	return true;
}

/*
 * Takes the star at *p, if there is one; *t is where the text stands.  A
 * wide star forgets the narrow ones before it: what they took stays taken.
 */
static bool
take_star(
    const char **p, const char **t, struct retry *narrow, struct retry *wide)
{
	const char *s = *p;

	if (s[0] == '/' && s[1] == '*' && s[2] == '*') {
		if (s[3] == '\0' && (**t == '/' || **t == '\0')) {
			*p = s + 3;
			*t += strlen(*t);
			return true;
		}
		if (s[3] != '/' || **t != '/')
			return false;
		*wide = (struct retry){s + 4, *t + 1, true};
	} else if (s[0] == '*' && s[1] == '*') {
		*wide = (struct retry){s + strspn(s, "*"), *t, false};
	} else if (s[0] == '*') {
		*narrow = (struct retry){s + 1, *t, false};
		*p = s + 1;
		return true;
	} else {
		return false;
	}
	narrow->pattern = NULL;
	*p = wide->pattern;
	*t = wide->text;
	return true;
}

static bool
glob(const char *p, const char *t)
{
	struct retry narrow = {0}, wide = {0};

	for (;;) {
		struct step ps, ts;

		if (take_star(&p, &t, &narrow, &wide))
			continue;
		ps = step_at(p);
		ts = step_at(t);
		if (ps.c == ts.c) {
			if (ps.c == 0)
				return true;
			p += ps.len;
			t += ts.len;
		} else if (advance(&narrow, false)) {
			p = narrow.pattern;
			t = narrow.text;
		} else if (advance(&wide, true)) {
			narrow.pattern = NULL;
			p = wide.pattern;
			t = wide.text;
		} else {
			return false;
		}
	}
}

static bool
prefix(const char *p, const char *t)
{
	for (;;) {
		struct step ps = step_at(p), ts = step_at(t);

		if (ps.c == 0)
			return true;
		if (ps.c != ts.c)
			return false;
		p += ps.len;
		t += ts.len;
	}
}

/* "https://host/docs/" as a pattern is "/docs/". */
static const char *
without_site(const char *p)
{
	const char *at;

	if (strncasecmp(p, "http://", 7) != 0 &&
	    strncasecmp(p, "https://", 8) != 0)
		return p;
	at = strstr(p, "://") + 3;
	at += strcspn(at, "/");
	return *at != '\0' ? at : "/";
}

bool
url_glob_match(const char *pattern, const struct url *u)
{
	char full[URL_MAX_BYTES + 8];
	const char *p = without_site(pattern), *text, *lead = "";
	size_t n = strlen(p);

	if (n > URL_MAX_BYTES)
		return false;
	if (*p != '/')
		lead = *p == '*' ? "/**/" : "/";
	memcpy(full, lead, strlen(lead));
	memcpy(full + strlen(lead), p, n + 1);
	text = strchr(p, '?') != NULL ? u->target : u->path;
	return strchr(p, '*') != NULL ? glob(full, text) : prefix(full, text);
}
