#include "worker/extract/base.h"

#include <string.h>
#include <strings.h>

static bool
alpha(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* scheme: the length of "http" in "http:..."; 0 without one. */
static size_t
scheme(struct slice s)
{
	size_t i = 0;

	if (s.len == 0 || !alpha(s.s[0]))
		return 0;
	while (
	    i < s.len && (alpha(s.s[i]) || (s.s[i] >= '0' && s.s[i] <= '9') ||
			     s.s[i] == '+' || s.s[i] == '-' || s.s[i] == '.'))
		i++;
	return i < s.len && s.s[i] == ':' ? i : 0;
}

/* until: the part of s before the first byte out of stop. */
static struct slice
until(struct slice s, const char *stop)
{
	size_t i = 0;

	for (; i < s.len; i++)
		for (const char *c = stop; *c != '\0'; c++)
			if (s.s[i] == *c)
				return (struct slice){s.s, i};
	return s;
}

static struct slice
from(struct slice s, size_t n)
{
	return (struct slice){s.s + n, s.len - n};
}

static bool
web(struct slice name)
{
	return slice_is(name, "http") || slice_is(name, "https");
}

bool
base_init(struct base *b, const char *url)
{
	struct slice s = {url, url == NULL ? 0 : strlen(url)};
	size_t n = scheme(s);

	memset(b, 0, sizeof(*b));
	if (n == 0 || s.len > BASE_URL_MAX || s.len < n + 3 ||
	    memcmp(s.s + n, "://", 3) != 0 || !web((struct slice){s.s, n}))
		return false;
	b->text = url;
	b->scheme = (struct slice){s.s, n};
	s = from(s, n + 3);
	b->authority = until(s, "/?#\\");
	s = from(s, b->authority.len);
	b->path = until(s, "?#");
	s = from(s, b->path.len);
	b->query = until(s, "#");
	return b->authority.len > 0;
}

static bool
plain(unsigned char c)
{
	switch (c) {
	case '(':
	case ')':
	case '<':
	case '>':
	case '"':
	case '`':
	case '\\':
	case 127:
		return false;
	default:
		return c > ' ';
	}
}

/*
 * put: as much of a URL as a text can hold: no white space, no parentheses
 * (Markdown's), no quotes or angle brackets.
 */
static void
put(struct buf *out, struct slice s)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t start = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.s[i];
		char code[3];

		if (plain(c))
			continue;
		buf_add(out, s.s + start, i - start);
		start = i + 1;
		if (c == '\n' || c == '\r' || c == '\t')
			continue;
		code[0] = '%';
		code[1] = hex[c >> 4];
		code[2] = hex[c & 15];
		if (c == '\\')
			buf_addc(out, '/');
		else
			buf_add(out, code, 3);
	}
	buf_add(out, s.s + start, s.len - start);
}

/* up: drops the last segment of the path that starts at root. */
static void
up(struct buf *out, size_t root)
{
	size_t n = out->len;

	while (n > root && out->data[n - 1] != '/')
		n--;
	buf_cut(out, n);
}

/* put_path: appends a relative path, following "." and "..". */
static void
put_path(struct buf *out, size_t root, struct slice path)
{
	while (path.len > 0) {
		struct slice seg = until(path, "/\\");
		bool more = seg.len < path.len;

		path = from(path, seg.len + (more ? 1 : 0));
		if (seg.len == 1 && seg.s[0] == '.')
			continue;
		if (seg.len == 2 && memcmp(seg.s, "..", 2) == 0) {
			if (out->len > root)
				buf_cut(out, out->len - 1);
			up(out, root);
			if (out->len == root)
				buf_addc(out, '/');
			continue;
		}
		put(out, seg);
		if (more)
			buf_addc(out, '/');
	}
}

/* put_host: scheme and authority, in lower case. */
static void
put_host(struct buf *out, struct slice name, struct slice authority)
{
	size_t at = out->len;

	put(out, name);
	buf_add(out, "://", 3);
	put(out, authority);
	for (size_t i = at; i < out->len; i++)
		if (out->data[i] >= 'A' && out->data[i] <= 'Z')
			out->data[i] |= 32;
}

/* put_tail: path, query and fragment behind a host. */
static void
put_tail(struct buf *out, struct slice s, bool fragment)
{
	struct slice path = until(s, "?#");
	size_t root = out->len;

	buf_addc(out, '/');
	if (path.len > 0 && (path.s[0] == '/' || path.s[0] == '\\'))
		put_path(out, root, from(path, 1));
	else
		put_path(out, root, path);
	s = from(s, path.len);
	put(out, fragment ? s : until(s, "#"));
}

/* relative: ref has neither scheme nor host. */
static void
relative(const struct base *b, struct slice ref, bool fragment, struct buf *out)
{
	struct slice path = until(ref, "?#"), rest = from(ref, path.len);
	size_t root;

	put_host(out, b->scheme, b->authority);
	if (path.len > 0 && (path.s[0] == '/' || path.s[0] == '\\')) {
		put_tail(out, ref, fragment);
		return;
	}
	root = out->len;
	if (b->path.len == 0)
		buf_addc(out, '/');
	put(out, b->path);
	if (path.len > 0) {
		up(out, root);
		put_path(out, root, path);
	} else if (rest.len == 0 || rest.s[0] != '?') {
		put(out, b->query);
	}
	put(out, fragment ? rest : until(rest, "#"));
}

/* slashes: how many of either kind s begins with. */
static size_t
slashes(struct slice s)
{
	size_t n = 0;

	while (n < s.len && (s.s[n] == '/' || s.s[n] == '\\'))
		n++;
	return n;
}

/* whole: a host and what follows it; whatever slashes came before. */
static bool
whole(struct slice name, struct slice rest, bool fragment, struct buf *out)
{
	struct slice host = until(rest, "/?#\\");

	if (host.len == 0 || name.len == 0)
		return false;
	put_host(out, name, host);
	put_tail(out, from(rest, host.len), fragment);
	return true;
}

/* join: as WHATWG URL, 4.4 reads a reference of a page. */
static bool
join(const struct base *b, struct slice ref, bool fragment, struct buf *out)
{
	size_t n = scheme(ref), lead;
	struct slice name = {ref.s, n}, rest = n > 0 ? from(ref, n + 1) : ref;
	bool same = n == 0 || (name.len == b->scheme.len &&
				  strncasecmp(name.s, b->scheme.s, n) == 0);

	if (n > 0 && slice_is(name, "mailto")) {
		put(out, ref);
		return true;
	}
	if (n > 0 && !web(name))
		return false;
	lead = slashes(rest);
	/* "http:a" is "a" on a page of http, and a host's name elsewhere. */
	if (lead >= 2 || !same)
		return whole(
		    n > 0 ? name : b->scheme, from(rest, lead), fragment, out);
	if (b->text == NULL)
		return false;
	relative(b, rest, fragment, out);
	return true;
}

bool
base_join(
    const struct base *b, struct slice ref, bool fragment, struct buf *out)
{
	struct slice line, rest;
	struct buf joined;
	bool good;

	ref = slice_trim(ref);
	if (ref.len == 0 || ref.len > BASE_URL_MAX)
		return false;
	line = until(ref, "\t\r\n");
	if (line.len == ref.len)
		return join(b, ref, fragment, out);
	/* As browsers do: a URL may be broken over lines anywhere. */
	buf_init(&joined, ref.len);
	for (rest = ref; rest.len > 0;
	     rest = from(rest, rest.len > 0 ? 1 : 0)) {
		line = until(rest, "\t\r\n");
		buf_add(&joined, line.s, line.len);
		rest = from(rest, line.len);
	}
	good = joined.len > 0 &&
	       join(b, (struct slice){joined.data, joined.len}, fragment, out);
	buf_release(&joined);
	return good;
}

const char *
base_join_str(
    const struct base *b, struct arena *a, struct slice ref, bool fragment)
{
	struct buf out;
	const char *s = "";

	buf_init(&out, BASE_URL_MAX * 4);
	if (base_join(b, ref, fragment, &out) && buf_ok(&out) &&
	    strncasecmp(out.data, "http", 4) == 0)
		s = arena_strndup(a, out.data, out.len);
	buf_release(&out);
	return s;
}
