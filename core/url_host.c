#include "core/url_host.h"

#include "core/idn.h"
#include "core/log.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <string.h>

static bool
is_ip(const char *host)
{
	struct in_addr v4;

	return host[0] == '[' || inet_pton(AF_INET, host, &v4) == 1;
}

/* Labels of letters, digits, "-" and "_"; the last one not a number. */
static bool
host_is_valid(const char *h)
{
	size_t label = 0, digits = 0, n = strlen(h);

	if (n == 0 || n > 253)
		return false;
	for (const char *p = h; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '.') {
			if (label == 0 || label > 63)
				return false;
			label = digits = 0;
			continue;
		}
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' &&
		    c != '_')
			return false;
		label++;
		digits += c >= '0' && c <= '9';
	}
	return label > 0 && label <= 63 && digits < label;
}

/* "[2001:DB8::1]" in the form of RFC 5952; zones are not for the net. */
static enum rc
host_v6(struct arena *a, const char *raw, const char **out)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr v6;
	size_t n = strlen(raw);

	if (n < 3 || n >= sizeof(text) + 2 || raw[n - 1] != ']')
		return E_INPUT;
	memcpy(text, raw + 1, n - 2);
	text[n - 2] = '\0';
	if (inet_pton(AF_INET6, text, &v6) != 1)
		return E_INPUT;
	inet_ntop(AF_INET6, &v6, text, sizeof(text));
	*out = arena_printf(a, "[%s]", text);
	return OK;
}

static bool
is_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

/* "0x7f" is a number to who connects (WHATWG URL, "ends in a number"). */
static bool
ends_in_hex(const char *h)
{
	const char *dot = strrchr(h, '.');

	h = dot == NULL ? h : dot + 1;
	return h[0] == '0' && h[1] == 'x' &&
	       h[2 + strspn(h + 2, "0123456789abcdef")] == '\0';
}

static enum rc canonical(
    struct arena *a, const char *raw, int depth, const char **out);

/* A name that was changed or escaped may spell an address: parse it again. */
static enum rc
host_again(struct arena *a, const char *ascii, int depth, const char **out)
{
	CURLU *u = curl_url();
	char *text = arena_printf(a, "http://%s/", ascii), *host = NULL;
	enum rc rc = E_INPUT;

	if (u == NULL)
		fatal("out of memory");
	if (curl_url_set(u, CURLUPART_URL, text, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK)
		rc = canonical(a, host, depth + 1, out);
	curl_free(host);
	curl_url_cleanup(u);
	return rc;
}

static enum rc
canonical(struct arena *a, const char *raw, int depth, const char **out)
{
	char *h = arena_strdup(a, raw);
	size_t n = strlen(h);
	const char *ascii = h;
	bool dot = n > 1 && h[n - 1] == '.';

	if (h[0] == '[')
		return host_v6(a, raw, out);
	for (char *p = h; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	if (dot)
		h[n - 1] = '\0';
	if (!is_ascii(h) && idn_to_ascii(a, h, &ascii, NULL) != OK)
		return E_INPUT;
	if ((dot || ascii != h || ends_in_hex(ascii)) && !is_ip(h))
		return depth > 2 ? E_INPUT : host_again(a, ascii, depth, out);
	if (!is_ip(h) && !host_is_valid(h))
		return E_INPUT;
	*out = h;
	return OK;
}

enum rc
url_host_canonical(struct arena *a, const char *raw, const char **out)
{
	return canonical(a, raw, 0, out);
}
