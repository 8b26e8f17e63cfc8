#include "worker/extract/base_url.h"

#include <string.h>
#include <strings.h>

static bool
is_ascii_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* scheme_length: the length of "http" in "http:..."; 0 without one. */
static size_t
scheme_length(struct slice s)
{
	size_t i = 0;

	if (s.len == 0 || !is_ascii_letter(s.s[0]))
		return 0;
	while (i < s.len &&
	       (is_ascii_letter(s.s[i]) || (s.s[i] >= '0' && s.s[i] <= '9') ||
		   s.s[i] == '+' || s.s[i] == '-' || s.s[i] == '.'))
		i++;
	return i < s.len && s.s[i] == ':' ? i : 0;
}

/* slice_until: the part of s before the first byte out of stop. */
static struct slice
slice_until(struct slice s, const char *stop)
{
	size_t i = 0;

	for (; i < s.len; i++)
		for (const char *c = stop; *c != '\0'; c++)
			if (s.s[i] == *c)
				return (struct slice){s.s, i};
	return s;
}

static struct slice
slice_from(struct slice s, size_t n)
{
	return (struct slice){s.s + n, s.len - n};
}

static bool
is_web_scheme(struct slice name)
{
	return slice_is(name, "http") || slice_is(name, "https");
}

bool
base_url_parse(struct base_url *b, const char *url)
{
	struct slice s = {url, url == NULL ? 0 : strlen(url)};
	size_t n = scheme_length(s);

	memset(b, 0, sizeof(*b));
	if (n == 0 || s.len > BASE_URL_MAX || s.len < n + 3 ||
	    memcmp(s.s + n, "://", 3) != 0 ||
	    !is_web_scheme((struct slice){s.s, n}))
		return false;
	b->text = url;
	b->scheme = (struct slice){s.s, n};
	s = slice_from(s, n + 3);
	b->authority = slice_until(s, "/?#\\");
	s = slice_from(s, b->authority.len);
	b->path = slice_until(s, "?#");
	s = slice_from(s, b->path.len);
	b->query = slice_until(s, "#");
	return b->authority.len > 0;
}

static bool
is_url_byte(unsigned char c)
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
 * url_put: as much of a URL as a text can hold: no white space, no parentheses
 * (Markdown's), no quotes or angle brackets.
 */
static void
url_put(struct buf *out, struct slice s)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t start = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.s[i];
		char code[3];

		if (is_url_byte(c))
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

/* path_up: drops the last segment of the path that starts at root. */
static void
path_up(struct buf *out, size_t root)
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
		struct slice seg = slice_until(path, "/\\");
		bool more = seg.len < path.len;

		path = slice_from(path, seg.len + (more ? 1 : 0));
		if (seg.len == 1 && seg.s[0] == '.')
			continue;
		if (seg.len == 2 && memcmp(seg.s, "..", 2) == 0) {
			if (out->len > root)
				buf_cut(out, out->len - 1);
			path_up(out, root);
			if (out->len == root)
				buf_addc(out, '/');
			continue;
		}
		url_put(out, seg);
		if (more)
			buf_addc(out, '/');
	}
}

/* put_host: scheme and authority, in lower case. */
static void
put_host(struct buf *out, struct slice name, struct slice authority)
{
	size_t at = out->len;

	url_put(out, name);
	buf_add(out, "://", 3);
	url_put(out, authority);
	for (size_t i = at; i < out->len; i++)
		if (out->data[i] >= 'A' && out->data[i] <= 'Z')
			out->data[i] |= 32;
}

/* put_tail: path, query and fragment behind a host. */
static void
put_tail(struct buf *out, struct slice s, bool fragment)
{
	struct slice path = slice_until(s, "?#");
	size_t root = out->len;

	buf_addc(out, '/');
	if (path.len > 0 && (path.s[0] == '/' || path.s[0] == '\\'))
		put_path(out, root, slice_from(path, 1));
	else
		put_path(out, root, path);
	s = slice_from(s, path.len);
	url_put(out, fragment ? s : slice_until(s, "#"));
}

/* resolve_relative: ref has neither scheme nor host. */
static void
resolve_relative(
    const struct base_url *b, struct slice ref, bool fragment, struct buf *out)
{
	struct slice path = slice_until(ref, "?#"),
		     rest = slice_from(ref, path.len);
	size_t root;

	put_host(out, b->scheme, b->authority);
	if (path.len > 0 && (path.s[0] == '/' || path.s[0] == '\\')) {
		put_tail(out, ref, fragment);
		return;
	}
	root = out->len;
	if (b->path.len == 0)
		buf_addc(out, '/');
	url_put(out, b->path);
	if (path.len > 0) {
		path_up(out, root);
		put_path(out, root, path);
	} else if (rest.len == 0 || rest.s[0] != '?') {
		url_put(out, b->query);
	}
	url_put(out, fragment ? rest : slice_until(rest, "#"));
}

/* leading_slashes: how many of either kind s begins with. */
static size_t
leading_slashes(struct slice s)
{
	size_t n = 0;

	while (n < s.len && (s.s[n] == '/' || s.s[n] == '\\'))
		n++;
	return n;
}

/* resolve_absolute: a host and what follows it; whatever slashes came before.
 */
static bool
resolve_absolute(
    struct slice name, struct slice rest, bool fragment, struct buf *out)
{
	struct slice host = slice_until(rest, "/?#\\");

	if (host.len == 0 || name.len == 0)
		return false;
	put_host(out, name, host);
	put_tail(out, slice_from(rest, host.len), fragment);
	return true;
}

/* resolve_reference: as WHATWG URL, 4.4 reads a reference of a page. */
static bool
resolve_reference(
    const struct base_url *b, struct slice ref, bool fragment, struct buf *out)
{
	size_t n = scheme_length(ref), lead;
	struct slice name = {ref.s, n},
		     rest = n > 0 ? slice_from(ref, n + 1) : ref;
	bool same = n == 0 || (name.len == b->scheme.len &&
				  strncasecmp(name.s, b->scheme.s, n) == 0);

	if (n > 0 && slice_is(name, "mailto")) {
		url_put(out, ref);
		return true;
	}
	if (n > 0 && !is_web_scheme(name))
		return false;
	lead = leading_slashes(rest);
	/* "http:a" is "a" on a page of http, and a host's name elsewhere. */
	if (lead >= 2 || !same)
		return resolve_absolute(n > 0 ? name : b->scheme,
		    slice_from(rest, lead), fragment, out);
	if (b->text == NULL)
		return false;
	resolve_relative(b, rest, fragment, out);
	return true;
}

bool
base_url_resolve(
    const struct base_url *b, struct slice ref, bool fragment, struct buf *out)
{
	struct slice line, rest;
	struct buf joined;
	bool good;

	ref = slice_trim(ref);
	if (ref.len == 0 || ref.len > BASE_URL_MAX)
		return false;
	line = slice_until(ref, "\t\r\n");
	if (line.len == ref.len)
		return resolve_reference(b, ref, fragment, out);
	/* As browsers do: a URL may be broken over lines anywhere. */
	buf_init(&joined, ref.len);
	for (rest = ref; rest.len > 0;
	     rest = slice_from(rest, rest.len > 0 ? 1 : 0)) {
		line = slice_until(rest, "\t\r\n");
		buf_add(&joined, line.s, line.len);
		rest = slice_from(rest, line.len);
	}
	good = joined.len > 0 &&
	       resolve_reference(
		   b, (struct slice){joined.data, joined.len}, fragment, out);
	buf_release(&joined);
	return good;
}

const char *
base_url_resolve_str(
    const struct base_url *b, struct arena *a, struct slice ref, bool fragment)
{
	struct buf out;
	const char *s = "";

	buf_init(&out, BASE_URL_MAX * 4);
	if (base_url_resolve(b, ref, fragment, &out) && buf_ok(&out) &&
	    strncasecmp(out.data, "http", 4) == 0)
		s = arena_strndup(a, out.data, out.len);
	buf_release(&out);
	return s;
}
