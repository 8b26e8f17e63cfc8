#include "core/url_host.h"

#include "core/idn.h"
#include "core/text.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

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

/* ---- IPv4 in any base (WHATWG URL, 3.5, "IPv4 parser") ------------------- */

/*
 * number_of: the n bytes at s as one part of an address: "0x7f", "0177",
 * "127"; -1: they are none.  What no address holds is too large to matter.
 */
static int64_t
number_of(const char *s, size_t n)
{
	int base = 10;
	int64_t v = 0;

	if (n == 0)
		return -1;
	if (n > 1 && s[0] == '0') {
		base = s[1] == 'x' ? 16 : 8;
		s += base == 16 ? 2 : 1;
		n -= base == 16 ? 2 : 1;
	}
	for (; n > 0; s++, n--) {
		int digit = text_hex(*s);

		if (digit < 0 || digit >= base)
			return -1;
		if (v <= UINT32_MAX)
			v = v * base + digit;
	}
	return v;
}

/* ends_in_number: who connects takes the whole for an address. */
static bool
ends_in_number(const char *h)
{
	const char *dot = strrchr(h, '.');
	const char *last = dot == NULL ? h : dot + 1;
	size_t n = strlen(last);

	if (n > 0 && strspn(last, "0123456789") == n)
		return true;
	return number_of(last, n) >= 0;
}

/* host_v4: h, which ends in a number and not in a dot, in four parts. */
static enum rc
host_v4(struct arena *a, const char *h, const char **out)
{
	int64_t part[4], last, v = 0;
	size_t n = 0;

	for (;; h++) {
		size_t k = strcspn(h, ".");

		if (n == 4 || (part[n++] = number_of(h, k)) < 0)
			return E_INPUT;
		h += k;
		if (*h == '\0')
			break;
	}
	last = part[--n];
	for (size_t i = 0; i < n; i++) {
		if (part[i] > 255)
			return E_INPUT;
		v = v << 8 | part[i];
	}
	/* The last part fills what the others leave. */
	if (last >= (int64_t)1 << 8 * (4 - n))
		return E_INPUT;
	v = v << 8 * (4 - n) | last;
	*out = arena_printf(a, "%d.%d.%d.%d", (int)(v >> 24),
	    (int)(v >> 16 & 255), (int)(v >> 8 & 255), (int)(v & 255));
	return OK;
}

/* ---- names --------------------------------------------------------------- */

/* host_unescape: raw with "%XX" undone once; NULL: that is no text. */
static char *
host_unescape(struct arena *a, const char *raw)
{
	size_t n = strlen(raw), k = 0;
	char *h = arena_strndup(a, raw, n);

	for (size_t i = 0; i < n; i++) {
		int hi, lo;

		if (h[i] == '%' && n - i > 2 &&
		    (hi = text_hex(h[i + 1])) >= 0 &&
		    (lo = text_hex(h[i + 2])) >= 0) {
			h[k++] = (char)(hi << 4 | lo);
			i += 2;
		} else {
			h[k++] = h[i];
		}
	}
	h[k] = '\0';
	return text_valid(h, k) ? h : NULL;
}

static void
host_lower(char *h)
{
	for (; *h != '\0'; h++)
		if (*h >= 'A' && *h <= 'Z')
			*h = (char)(*h - 'A' + 'a');
}

/* is_sound: no "xn--" label of an ASCII name stands for what is no name. */
static bool
is_sound(struct arena *a, const char *h)
{
	for (; *h != '\0'; h += *h == '.') {
		size_t n = strcspn(h, ".");

		if (strncmp(h, "xn--", 4) == 0 &&
		    !idn_label_is_valid(arena_strndup(a, h, n)))
			return false;
		h += n;
	}
	return true;
}

enum rc
url_host_canonical(struct arena *a, const char *raw, const char **out)
{
	const char *ascii;
	size_t n;
	char *h;

	if (raw[0] == '[')
		return host_v6(a, raw, out);
	h = host_unescape(a, raw);
	if (h == NULL)
		return E_INPUT;
	host_lower(h);
	ascii = h;
	if (!is_ascii(h) && idn_to_ascii(a, h, &ascii, NULL) != OK)
		return E_INPUT;
	if (!is_sound(a, ascii))
		return E_INPUT;
	h = arena_strdup(a, ascii);
	n = strlen(h);
	if (n > 1 && h[n - 1] == '.')
		h[n - 1] = '\0';
	if (ends_in_number(h))
		return host_v4(a, h, out);
	if (!host_is_valid(h))
		return E_INPUT;
	*out = h;
	return OK;
}
