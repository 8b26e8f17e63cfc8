#include "core/site_input.h"

#include "core/idn.h"
#include "core/text.h"
#include "core/url.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What is being taken apart; say() puts the sentence into why. */
struct input {
	struct arena *a;
	struct site_input *out;
	const char *why;
	char *text; /* trimmed; then without the scheme */
	char *site; /* host and port as typed */
	char *host; /* the host as typed */
	const char *port;
};

#define say(in, ...) ((in)->why = arena_printf((in)->a, __VA_ARGS__), E_INPUT)

/* As much of what was typed as a sentence can carry, never half a letter. */
static const char *
quote_input(struct input *in, const char *s)
{
	size_t n = strlen(s);

	if (n <= 60)
		return arena_printf(in->a, "\"%s\"", s);
	n = 57;
	while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	return arena_printf(in->a, "\"%.*s...\"", (int)n, s);
}

/* White space and marks that come along when a name is pasted. */
static const char *const around[] = {" ", "\t", "\n", "\r", "\v", "\f",
    "\xc2\xa0", "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x80\x8e",
    "\xe2\x80\x8f", "\xe2\x81\xa0", "\xe3\x80\x80", "\xef\xbb\xbf", "\"", "'",
    "<", ">", "`", "\xe2\x80\x9c", "\xe2\x80\x9d"};

static char *
trim_space(struct arena *a, const char *s)
{
	size_t n = strlen(s), i, k;
	const size_t max = sizeof(around) / sizeof(around[0]);

	do {
		for (i = 0; i < max; i++) {
			k = strlen(around[i]);
			if (n >= k && memcmp(s, around[i], k) == 0) {
				s += k;
				n -= k;
				break;
			}
			if (n >= k && memcmp(s + n - k, around[i], k) == 0) {
				n -= k;
				break;
			}
		}
	} while (i < max);
	return arena_strndup(a, s, n);
}

static enum rc
check_text(struct input *in)
{
	size_t n = strlen(in->text);

	if (n == 0)
		return say(in, "Enter a hostname, such as example.org.");
	if (n > SITE_INPUT_MAX_BYTES)
		return say(in,
		    "The address is %zu characters long. The maximum is %d. "
		    "Enter only the hostname.",
		    n, SITE_INPUT_MAX_BYTES);
	if (!text_valid(in->text, strlen(in->text)))
		return say(in, "The hostname is not valid UTF-8 text. Type it "
			       "again by hand.");
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)in->text[i] < ' ' || in->text[i] == 0x7f)
			return say(in, "The hostname contains a line break or "
				       "control character. Enter one hostname, "
				       "such as example.org.");
	return OK;
}

/* A scheme that is written without "//" and cannot be a host with a port. */
static bool
is_other_scheme(const char *s, size_t n)
{
	static const char *const names[] = {"mailto", "javascript", "data",
	    "file", "tel", "about", "blob", "view-source", "sms", "urn"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == n && strncasecmp(s, names[i], n) == 0)
			return true;
	return false;
}

/* Takes one "https://" off, as sloppily as it is often typed. */
static enum rc
take_scheme_once(struct input *in, bool *taken)
{
	char *s = in->text;
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	*taken = false;
	if (n == 0 || s[n] != ':')
		return OK;
	if (n == 4 && strncasecmp(s, "http", 4) == 0)
		in->out->scheme = "http";
	else if (n == 5 && strncasecmp(s, "https", 5) == 0)
		in->out->scheme = "https";
	else if (is_other_scheme(s, n) || (s[n + 1] == '/' && s[n + 2] == '/'))
		return say(in,
		    "%s can't be used. Enter an http or https address, "
		    "such as example.org.",
		    quote_input(in, s));
	else
		return OK;
	*taken = true;
	in->text += n + 1;
	return OK;
}

static enum rc
take_scheme(struct input *in)
{
	bool taken = true;
	enum rc rc = OK;

	for (char *p = in->text; *p != '\0' && *p != '?' && *p != '#'; p++)
		if (*p == '\\')
			*p = '/';
	/* "http://https://example.org" happens when one is pasted. */
	while (rc == OK && taken) {
		rc = take_scheme_once(in, &taken);
		in->text += strspn(in->text, "/");
	}
	return rc;
}

static enum rc
check_port(struct input *in, const char *port)
{
	long n;

	if (*port == '\0')
		return OK;
	if (strlen(port) > 5 || strspn(port, "0123456789") != strlen(port) ||
	    (n = strtol(port, NULL, 10)) < 1 || n > 65535)
		return say(in,
		    "%s is not a port number. Enter a number from 1 to 65535 "
		    "after the colon.",
		    quote_input(in, port));
	in->port = port;
	return OK;
}

/* host and port of "host:port", "[v6]:port", or an IPv6 without brackets. */
static enum rc
split_site(struct input *in)
{
	struct in6_addr v6;
	char *s = in->site, *colon;

	if (inet_pton(AF_INET6, s, &v6) == 1) {
		in->host = arena_printf(in->a, "[%s]", s);
		return OK;
	}
	in->host = s;
	if (s[0] != '[') {
		colon = strchr(s, ':');
	} else if ((colon = strchr(s, ']')) != NULL) {
		colon++;
		if (*colon != ':' && *colon != '\0')
			return say(
			    in, "%s is not a hostname.", quote_input(in, s));
	}
	if (colon == NULL || *colon == '\0')
		return OK;
	in->host = arena_strndup(in->a, s, (size_t)(colon - s));
	return check_port(in, colon + 1);
}

static enum rc
take_site(struct input *in)
{
	size_t n = strcspn(in->text, "/?#");
	char *at;

	in->site = arena_strndup(in->a, in->text, n);
	at = strrchr(in->site, '@');
	if (at != NULL)
		return say(in,
		    "%s contains a user name or is an email address. Enter "
		    "only the hostname%s%s.",
		    quote_input(in, in->site), at[1] ? ": " : "",
		    at[1] ? at + 1 : "");
	if (strpbrk(in->site, " ,;") != NULL)
		return say(in,
		    "Enter one hostname at a time, such as example.org, not "
		    "%s.",
		    quote_input(in, in->site));
	return split_site(in);
}

static enum rc
fault_v6(struct input *in)
{
	if (strchr(in->host, '%') != NULL)
		return say(in,
		    "Remove \"%%\" and everything after it from %s; IPv6 zones "
		    "work only on your own machine.",
		    quote_input(in, in->host));
	return say(
	    in, "%s is not a valid IPv6 address.", quote_input(in, in->host));
}

/* Faults of an ASCII host that show without a parser. */
static const char *
fault_labels(const char *h)
{
	size_t n = strlen(h), label = 0, longest = 0;
	const char *last;

	if (n > 0 && h[n - 1] == '.')
		n--;
	if (n > 253)
		return "is longer than the 253 characters a hostname can have";
	if (h[0] == '.' || strstr(h, "..") != NULL)
		return "has a dot with nothing before it";
	for (size_t i = 0; i < n; i++) {
		if (h[i] == '-' &&
		    (label == 0 || i + 1 == n || h[i + 1] == '.'))
			return "has a part that begins or ends with a hyphen";
		label = h[i] == '.' ? 0 : label + 1;
		longest = label > longest ? label : longest;
	}
	if (longest > 63)
		return "has a part of more than 63 characters between two "
		       "dots";
	last = memrchr(h, '.', n);
	last = last != NULL ? last + 1 : h;
	if (strspn(last, "0123456789") == n - (size_t)(last - h))
		return "looks like an IP address but is not a valid one";
	return NULL;
}

/* Says what is wrong with a host that no parser takes. */
static enum rc
input_fault(struct input *in)
{
	const char *ascii, *why = NULL;

	if (in->host[0] == '\0')
		return say(in, "That doesn't contain a hostname. Enter one, "
			       "such as example.org.");
	if (in->host[0] == '[')
		return fault_v6(in);
	if (idn_to_ascii(in->a, in->host, &ascii, &why) == OK)
		why = NULL;
	else
		ascii = in->host;
	if (fault_labels(ascii) != NULL)
		why = fault_labels(ascii);
	return say(in, "%s %s. Enter a hostname, such as example.org.",
	    quote_input(in, in->host),
	    why ? why : "has a character that hostnames cannot have");
}

/* The folder of a page: a name with a suffix of a page is not a folder. */
static bool
is_page_name(const char *name)
{
	static const char *const suffixes[] = {".html", ".htm", ".xhtml",
	    ".shtml", ".php", ".asp", ".aspx", ".jsp", ".cgi", ".md", ".txt",
	    ".xml", ".pdf"};
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		size_t k = strlen(suffixes[i]);

		if (n > k && strcasecmp(name + n - k, suffixes[i]) == 0)
			return true;
	}
	return false;
}

/* "/docs/" and "/docs" include what is under them, a page its folder. */
static const char *
include_of(struct arena *a, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	size_t n = strlen(path);

	if (strchr(path, '*') != NULL)
		return path;
	if (is_page_name(name))
		n = (size_t)(name - path);
	while (n > 0 && path[n - 1] == '/')
		n--;
	return n == 0 ? NULL : arena_printf(a, "%.*s/**", (int)n, path);
}

static enum rc
take_host(struct input *in)
{
	struct site_input *out = in->out;
	const char *one, *two, *rest = in->text + strlen(in->site);
	struct url u;

	if (idn_mixes_scripts(in->host, &one, &two))
		return say(in,
		    "%s mixes %s and %s letters in one name. Use one alphabet.",
		    quote_input(in, in->host), one, two);
	if (out->scheme == NULL && in->port != NULL && atoi(in->port) == 443)
		out->scheme = "https";
	if (url_parse(in->a, arena_printf(in->a, "http://%s/", in->host), &u) !=
		OK ||
	    (in->host[0] != '[' && fault_labels(u.host) != NULL &&
		strspn(u.host, "0123456789.") != strlen(u.host)))
		return input_fault(in);
	if (url_parse(in->a,
		arena_printf(in->a, "%s://%s%s%s%s",
		    out->scheme ? out->scheme : "http", in->host,
		    in->port ? ":" : "", in->port ? in->port : "", rest),
		&u) != OK)
		return say(in,
		    "The path after %s is too long. Enter only the hostname.",
		    quote_input(in, in->host));
	if (out->scheme == NULL && in->port != NULL && u.port == 80)
		out->scheme = "http";
	out->host = u.host;
	out->display = idn_display(in->a, u.host);
	out->port = url_port_is_default(&u) ? 0 : u.port;
	out->include = include_of(in->a, u.path);
	out->name = out->port == 0
			? out->host
			: arena_printf(in->a, "%s:%d", out->host, out->port);
	return OK;
}

enum rc
site_input_parse(
    struct arena *a, const char *text, struct site_input *out, const char **why)
{
	struct input in = {.a = a, .out = out};
	enum rc rc;

	*out = (struct site_input){0};
	in.text = trim_space(a, text ? text : "");
	rc = check_text(&in);
	if (rc == OK)
		rc = take_scheme(&in);
	if (rc == OK)
		rc = take_site(&in);
	if (rc == OK)
		rc = take_host(&in);
	*why = in.why;
	return rc;
}

const char *
site_input_url(struct arena *a, const struct site_input *in, const char *scheme)
{
	return arena_printf(
	    a, "%s://%s/", in->scheme ? in->scheme : scheme, in->name);
}
