#include "worker/crawl/sitemap_repair.h"

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
named(const char *p, size_t n)
{
	for (size_t k = 0; k < sizeof(references) / sizeof(*references); k++) {
		size_t len = strlen(references[k].name);

		if (len <= n && memcmp(p, references[k].name, len) == 0)
			return &references[k];
	}
	return NULL;
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
follow(struct sitemap_repair *r, char c)
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

/* Held back: a "&" too near the end to judge, unless final. */
static void
repair(struct sitemap_repair *r, struct buf *out, const char *p, size_t n,
    bool final)
{
	const struct reference *ref;
	size_t plain = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] != '&' || r->in_cdata) {
			if (r->matched > 0 || p[i] == '<' || p[i] == ']')
				follow(r, p[i]);
			continue;
		}
		r->matched = 0;
		if (n - i < SITEMAP_HELD_BYTES && !final &&
		    memchr(p + i, ';', n - i) == NULL) {
			buf_add(out, p + plain, i - plain);
			r->held_n = n - i;
			memcpy(r->held, p + i, n - i);
			return;
		}
		if (is_number(p + i, n - i))
			continue;
		ref = named(p + i, n - i);
		buf_add(out, p + plain, i - plain);
		plain = i + (ref != NULL ? strlen(ref->name) : 1);
		buf_adds(out, ref != NULL ? ref->number : "&#38;");
		r->repaired |= ref == NULL;
	}
	buf_add(out, p + plain, n - plain);
}

void
sitemap_repair(struct sitemap_repair *r, struct buf *out, const char *p,
    size_t n, bool final)
{
	struct buf joined;

	if (r->held_n == 0) {
		repair(r, out, p, n, final);
		return;
	}
	buf_init(&joined, SITEMAP_HELD_BYTES + n);
	buf_add(&joined, r->held, r->held_n);
	buf_add(&joined, p, n);
	r->held_n = 0;
	repair(r, out, joined.data, joined.len, final);
	buf_release(&joined);
}
