#include "ws/http_head.h"

#include "core/text.h"

#include <string.h>
#include <strings.h>

/* A part of the request, without a terminator. */
struct head_span {
	const char *p;
	size_t len;
};

static const char no_request[] = "The request is not valid HTTP.";

/* ---- tokens ------------------------------------------------------------ */

/* tchar of RFC 9110. */
static bool
is_token_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') ||
	       (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool
is_token(struct head_span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_token_char(s.p[i]))
			return false;
	return s.len > 0;
}

static bool
is_control(char c)
{
	return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

static struct head_span
span_trim(struct head_span s)
{
	while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = (struct head_span){s.p + 1, s.len - 1};
	while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* The next word of a list, trimmed; false at its end. */
static bool
next_word(const char **list, struct head_span *out)
{
	size_t n = strcspn(*list, ",");

	if (**list == '\0')
		return false;
	*out = span_trim((struct head_span){*list, n});
	*list += n + ((*list)[n] == ',');
	return true;
}

bool
http_head_has_token(const char *list, const char *token)
{
	size_t n = strlen(token);
	struct head_span s;

	while (list != NULL && next_word(&list, &s))
		if (s.len == n && strncasecmp(s.p, token, n) == 0)
			return true;
	return false;
}

const char *
http_head_first_token(struct arena *a, const char *list)
{
	struct head_span s;

	while (list != NULL && next_word(&list, &s))
		if (is_token(s))
			return arena_strndup(a, s.p, s.len);
	return NULL;
}

/* ---- lines ------------------------------------------------------------ */

/* Empty lines before a request are ignored (RFC 9112, 2.2). */
static size_t
skip_empty(const char *p, size_t len)
{
	size_t i = 0;

	while (i < len && (p[i] == '\r' || p[i] == '\n'))
		i++;
	return i;
}

size_t
http_head_length(const char *p, size_t len)
{
	size_t i = skip_empty(p, len);
	const char *nl;

	for (; i < len && (nl = memchr(p + i, '\n', len - i)) != NULL;) {
		i = (size_t)(nl - p) + 1;
		if (i < len && p[i] == '\n')
			return i + 1;
		if (i + 1 < len && p[i] == '\r' && p[i + 1] == '\n')
			return i + 2;
	}
	return 0;
}

/* The line at *p, without its end; *p goes behind it. */
static struct head_span
next_line(const char **p, const char *end)
{
	const char *nl = memchr(*p, '\n', (size_t)(end - *p));
	struct head_span s = {*p, (size_t)((nl == NULL ? end : nl) - *p)};

	*p = nl == NULL ? end : nl + 1;
	if (s.len > 0 && s.p[s.len - 1] == '\r')
		s.len--;
	return s;
}

/* The word up to the next space; s goes behind that. */
static struct head_span
next_space_word(struct head_span *s)
{
	const char *sp = memchr(s->p, ' ', s->len);
	struct head_span word = {
	    s->p, sp == NULL ? s->len : (size_t)(sp - s->p)};
	size_t used = word.len + (sp != NULL);

	*s = (struct head_span){s->p + used, s->len - used};
	return word;
}

/* ---- the address ------------------------------------------------------ */

/* NULL, and *why, when it does not decode to text. */
static const char *
span_decode(struct arena *a, struct head_span s, bool plus, const char **why)
{
	char *out = arena_alloc(a, s.len + 1), c;
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		c = s.p[i];
		if (c == '%') {
			if (s.len - i < 3 || text_hex(s.p[i + 1]) < 0 ||
			    text_hex(s.p[i + 2]) < 0) {
				*why = "The address contains a '%' that is not "
				       "followed by two hexadecimal digits.";
				return NULL;
			}
			c = (char)(text_hex(s.p[i + 1]) << 4 |
				   text_hex(s.p[i + 2]));
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		if (is_control(c)) {
			*why = "The address contains a control character.";
			return NULL;
		}
		out[n++] = c;
	}
	if (!text_valid(out, n)) {
		*why = "The address is not UTF-8 text.";
		return NULL;
	}
	out[n] = '\0';
	return out;
}

static int
parse_arg(struct arena *a, struct head_span s, struct http_head *out,
    const char **why)
{
	const char *eq = memchr(s.p, '=', s.len);
	size_t n = eq == NULL ? s.len : (size_t)(eq - s.p);
	struct http_head_field *f;

	if (out->nargs == HTTP_HEAD_ARGS_MAX) {
		out->too_many_args = true;
		return 0;
	}
	f = &out->args[out->nargs];
	f->name = span_decode(a, (struct head_span){s.p, n}, true, why);
	f->value = eq == NULL ? ""
			      : span_decode(a,
				    (struct head_span){eq + 1, s.len - n - 1},
				    true, why);
	if (f->name == NULL || f->value == NULL)
		return 400;
	out->nargs++;
	return 0;
}

static int
parse_query(struct arena *a, struct head_span s, struct http_head *out,
    const char **why)
{
	const char *p = s.p, *end = s.p + s.len, *amp;
	int bad = 0;

	for (; p < end && bad == 0; p = amp + 1) {
		amp = memchr(p, '&', (size_t)(end - p));
		if (amp == NULL)
			amp = end;
		if (amp > p)
			bad = parse_arg(a,
			    (struct head_span){p, (size_t)(amp - p)}, out, why);
	}
	return bad;
}

/* "http://host" before the path is allowed in any request. */
static struct head_span
target_path(struct head_span s)
{
	const char *slash;
	size_t n = 0;

	if (s.len >= 7 && strncasecmp(s.p, "http://", 7) == 0)
		n = 7;
	else if (s.len >= 8 && strncasecmp(s.p, "https://", 8) == 0)
		n = 8;
	if (n == 0)
		return s;
	slash = memchr(s.p + n, '/', s.len - n);
	if (slash == NULL)
		return (struct head_span){"/", 1};
	return (struct head_span){slash, s.len - (size_t)(slash - s.p)};
}

static int
parse_target(struct arena *a, struct head_span s, struct http_head *out,
    const char **why)
{
	const char *mark;
	struct head_span path;

	s = target_path(s);
	if (s.len > 0 && (mark = memchr(s.p, '#', s.len)) != NULL)
		s.len = (size_t)(mark - s.p);
	if (s.len == 0 || (s.p[0] != '/' && !(s.len == 1 && s.p[0] == '*'))) {
		*why = "The request has no path that starts with /.";
		return 400;
	}
	mark = memchr(s.p, '?', s.len);
	path = (struct head_span){
	    s.p, mark == NULL ? s.len : (size_t)(mark - s.p)};
	out->path = span_decode(a, path, false, why);
	if (out->path == NULL) {
		out->path = "";
		return 400;
	}
	if (mark == NULL)
		return 0;
	return parse_query(
	    a, (struct head_span){mark + 1, s.len - path.len - 1}, out, why);
}

static int
parse_version(struct head_span s, struct http_head *out, const char **why)
{
	if (s.len != 8 || memcmp(s.p, "HTTP/", 5) != 0 || s.p[6] != '.' ||
	    s.p[5] < '0' || s.p[5] > '9' || s.p[7] < '0' || s.p[7] > '9') {
		*why = no_request;
		return 400;
	}
	if (s.p[5] != '1') {
		*why = "Only HTTP/1.0 and HTTP/1.1 are supported.";
		return 505;
	}
	out->minor = s.p[7] - '0';
	return 0;
}

static int
parse_request_line(struct arena *a, struct head_span line,
    struct http_head *out, const char **why)
{
	struct head_span method = next_space_word(&line),
			 target = next_space_word(&line);
	int bad, worse;

	if (!is_token(method) || target.len == 0 || line.len == 0) {
		*why = no_request;
		return 400;
	}
	out->method = arena_strndup(a, method.p, method.len);
	bad = parse_target(a, target, out, why);
	worse = parse_version(line, out, why);
	return worse != 0 ? worse : bad;
}

/* ---- the fields ------------------------------------------------------- */

static int
parse_field(struct arena *a, struct head_span line, struct http_head *out,
    const char **why)
{
	const char *colon = memchr(line.p, ':', line.len);
	struct head_span name, value;
	char *lower;

	name = (struct head_span){
	    line.p, colon == NULL ? 0 : (size_t)(colon - line.p)};
	value = span_trim((struct head_span){line.p + name.len + 1,
	    colon == NULL ? 0 : line.len - name.len - 1});
	/* Folded lines and spaces before the colon, too (RFC 9112, 5). */
	if (!is_token(name)) {
		*why = "A request header has an invalid name.";
		return 400;
	}
	for (size_t i = 0; i < value.len; i++)
		if (is_control(value.p[i])) {
			*why = "A request header contains a control character.";
			return 400;
		}
	if (out->nfields == HTTP_HEAD_FIELDS_MAX) {
		*why = "The request has too many headers.";
		return 431;
	}
	lower = arena_strndup(a, name.p, name.len);
	for (char *p = lower; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p |= 32;
	out->fields[out->nfields++] = (struct http_head_field){
	    lower, arena_strndup(a, value.p, value.len)};
	return 0;
}

static int
field_count(const struct http_head *h, const char *name)
{
	int n = 0;

	for (int i = 0; i < h->nfields; i++)
		n += strcmp(h->fields[i].name, name) == 0;
	return n;
}

int
http_head_parse(struct arena *a, const char *p, size_t len,
    struct http_head *out, const char **why)
{
	const char *end = p + len;
	struct head_span line;
	int bad, worse, hosts;

	*out = (struct http_head){.method = "", .path = ""};
	p += skip_empty(p, len);
	line = next_line(&p, end);
	bad = parse_request_line(a, line, out, why);
	/* The rest is read even then: the answer repeats what it is called. */
	while (p < end) {
		line = next_line(&p, end);
		if (line.len == 0)
			break;
		worse = parse_field(
		    a, line, out, bad == 0 ? why : &(const char *){NULL});
		bad = bad == 0 ? worse : bad;
	}
	hosts = field_count(out, "host");
	if (bad == 0 && (hosts > 1 || (hosts == 0 && out->minor > 0))) {
		*why = "The request must name one host.";
		bad = 400;
	}
	return bad;
}

const char *
http_head_field(struct arena *a, const struct http_head *h, const char *name)
{
	const char *all = NULL;
	const char *between = strcmp(name, "cookie") == 0 ? "; " : ", ";

	for (int i = 0; i < h->nfields; i++) {
		if (strcmp(h->fields[i].name, name) != 0)
			continue;
		all = all == NULL ? h->fields[i].value
				  : arena_printf(a, "%s%s%s", all, between,
					h->fields[i].value);
	}
	return all;
}
