#include "worker/extract/sitemap_repair.h"

#include "core/text.h"
#include "worker/extract/entity.h"

#include <string.h>

/* XML's own names, and the numbers they stand for. */
static const struct reference {
	const char *name, *number;
} references[] = {
    {"&amp;", "&#38;"},
    {"&lt;", "&#60;"},
    {"&gt;", "&#62;"},
    {"&quot;", "&#34;"},
    {"&apos;", "&#39;"},
};

/* The one of them that n bytes at p begin with, or NULL. */
static const struct reference *
named_reference(const char *p, size_t n)
{
	for (size_t k = 0; k < sizeof(references) / sizeof(*references); k++) {
		size_t len = strlen(references[k].name);

		if (len <= n && memcmp(p, references[k].name, len) == 0)
			return &references[k];
	}
	return NULL;
}

/*
 * html_name: the text of a reference by a name of HTML, at the start of n
 * bytes, in to; its bytes there, 0 for none.  *took: bytes of the reference.
 */
static size_t
html_name(const char *p, size_t n, char to[SITEMAP_HELD_BYTES], size_t *took)
{
	char name[SITEMAP_HELD_BYTES + 8];
	size_t len = 1;
	struct slice out;

	while (len < n && len < SITEMAP_HELD_BYTES - 1 &&
	       ((p[len] | 0x20) >= 'a' ? (p[len] | 0x20) <= 'z'
				       : p[len] >= '0' && p[len] <= '9'))
		len++;
	if (len == n || p[len] != ';' || len < 2)
		return 0;
	*took = ++len;
	memcpy(name + 8, p, len);
	out = entity_decode(name + 8, len, false, 8);
	/* What is left of a name that is none begins as one. */
	if (out.len == 0 || out.len > len || out.s[out.len - 1] == ';')
		return 0;
	memcpy(to, out.s, out.len);
	return out.len;
}

/* add_numbers: n bytes of UTF-8 as references of XML, for any encoding. */
static void
add_numbers(struct buf *out, const char *p, size_t n)
{
	while (n > 0) {
		size_t len;
		int32_t c = text_decode(p, n, &len);

		if (c > 0)
			buf_printf(out, "&#%d;", (int)c);
		p += len;
		n -= len;
	}
}

/* Whether n bytes at p, from "&" on, are a character's number. */
static bool
is_number(const char *p, size_t n)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	bool hex = n > 2 && p[2] == 'x';
	size_t i = hex ? 3 : 2, first = i;

	if (n < 4 || p[1] != '#')
		return false;
	while (i < n && memchr(digits, p[i], hex ? 22 : 10) != NULL)
		i++;
	return i > first && i < n && p[i] == ';';
}

/* Follows "<![CDATA[" and "]]>", byte by byte. */
static void
follow_cdata(struct sitemap_repair *r, char c)
{
	const char *mark = r->in_cdata ? "]]>" : "<![CDATA[";

	if (c == mark[r->matched]) {
		if (mark[++r->matched] == '\0') {
			r->in_cdata = !r->in_cdata;
			r->matched = 0;
		}
	} else if (!r->in_cdata || c != ']' || r->matched != 2) {
		/* "]]]>" ends it too. */
		r->matched = c == mark[0];
	}
}

/*
 * mend_reference: adds the "&" of n bytes at p as XML has it, with what belongs
 * to it; returns how many bytes that were, 0 for a number, which stays.
 */
static size_t
mend_reference(
    struct sitemap_repair *r, struct buf *out, const char *p, size_t n)
{
	const struct reference *ref;
	char text[SITEMAP_HELD_BYTES];
	size_t took = 1, len;

	if (is_number(p, n))
		return 0;
	if ((ref = named_reference(p, n)) != NULL) {
		buf_adds(out, ref->number);
		return strlen(ref->name);
	}
	len = html_name(p, n, text, &took);
	if (len > 0)
		add_numbers(out, text, len);
	else
		buf_adds(out, "&#38;");
	r->repaired = true;
	if (r->line == 0)
		r->line = r->lines + 1;
	return len > 0 ? took : 1;
}

/* Held back: a "&" too near the end to judge, unless final. */
static void
repair_piece(struct sitemap_repair *r, struct buf *out, const char *p, size_t n,
    bool final)
{
	size_t plain = 0, took;

	for (size_t i = 0; i < n; i++) {
		if (p[i] != '&' || r->in_cdata) {
			r->lines += p[i] == '\n';
			if (r->matched > 0 || p[i] == '<' || p[i] == ']')
				follow_cdata(r, p[i]);
			continue;
		}
		r->matched = 0;
		buf_add(out, p + plain, i - plain);
		plain = i;
		if (n - i < SITEMAP_HELD_BYTES && !final &&
		    memchr(p + i, ';', n - i) == NULL) {
			r->held_n = n - i;
			memcpy(r->held, p + i, n - i);
			return;
		}
		took = mend_reference(r, out, p + i, n - i);
		plain += took;
		i += took > 0 ? took - 1 : 0;
	}
	buf_add(out, p + plain, n - plain);
}

void
sitemap_repair(struct sitemap_repair *r, struct buf *out, const char *p,
    size_t n, bool final)
{
	struct buf joined;

	if (r->held_n == 0) {
		repair_piece(r, out, p, n, final);
		return;
	}
	buf_init(&joined, SITEMAP_HELD_BYTES + n);
	buf_add(&joined, r->held, r->held_n);
	buf_add(&joined, p, n);
	r->held_n = 0;
	repair_piece(r, out, joined.data, joined.len, final);
	buf_release(&joined);
}

void
sitemap_unescape(struct buf *b)
{
	char text[SITEMAP_HELD_BYTES];
	size_t to = 0, took, n;

	for (size_t i = 0; i < b->len; i += took) {
		took = 1;
		n = b->data[i] == '&'
			? html_name(b->data + i, b->len - i, text, &took)
			: 0;
		if (n == 0) {
			took = 1;
			b->data[to++] = b->data[i];
		} else {
			memcpy(b->data + to, text, n);
			to += n;
		}
	}
	buf_cut(b, to);
}
