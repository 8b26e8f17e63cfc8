#include "worker/site/outline.h"

#include "core/arena.h"
#include "core/buf.h"
#include "worker/site/text_line.h"
#include "worker/site/crawled_site.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* Of a home page that lists thousands the rest is left out, bytes. */
#define NOTE_BYTES 262144
#define DEPTH_MAX 16
#define HEADING_CHARS 60

/* ---- writing it down ---- */

/* link_target: the URL of a link that s begins with, and its length; or NULL.
 */
static const char *
link_target(const char *s, size_t n, size_t *len)
{
	size_t depth = 0, i;

	if (n == 0 || s[0] != '[')
		return NULL;
	for (i = 0; i < n; i++) {
		if (s[i] == '\\')
			i++;
		else if (s[i] == '[')
			depth++;
		else if (s[i] == ']' && --depth == 0)
			break;
	}
	if (i + 2 >= n || s[i + 1] != '(')
		return NULL;
	s += i + 2;
	for (*len = 0; *len < n - i - 2; (*len)++)
		if (s[*len] == ')' || s[*len] == ' ')
			return *len == 0 ? NULL : s;
	return NULL;
}

/* after_marker: past "- ", "3. " and "**" of a list's item; 0: it is none. */
static size_t
after_marker(const char *s, size_t n)
{
	size_t i = strspn(s, "0123456789");

	if (i > 0 && i + 1 < n && s[i] == '.' && s[i + 1] == ' ')
		i += 2;
	else if (n > 1 && strchr("-*+", s[0]) != NULL && s[1] == ' ')
		i = 2;
	else
		i = 0;
	if (i + 2 < n && s[i] == '*' && s[i + 1] == '*')
		i += 2;
	return i;
}

static void
note_line(struct buf *b, struct arena *a, const char *s, size_t n)
{
	size_t indent = 0, marker, len;
	const char *url;

	while (indent < n && s[indent] == ' ')
		indent++;
	s += indent;
	n -= indent;
	if (n > 2 && s[0] == '#') {
		while (n > 0 && (*s == '#' || *s == ' ')) {
			s++;
			n--;
		}
		buf_printf(b, "#\t%s\n", text_line_markdown(a, s, n));
		return;
	}
	marker = n == 0 ? 0 : after_marker(s, n);
	url = marker == 0 ? NULL : link_target(s + marker, n - marker, &len);
	/* A term is above the list that follows it. */
	if (s[0] != '*' || s[1] != '*')
		indent++;
	if (url != NULL)
		buf_printf(b, "%zu\t%.*s\n", indent, (int)len, url);
}

const char *
outline_note(struct arena *a, const char *md, size_t n)
{
	const char *end = md + n, *out;
	struct arena scratch;
	struct buf b;

	arena_init(&scratch);
	buf_init(&b, 2 * NOTE_BYTES);
	while (md < end && b.len < NOTE_BYTES) {
		const char *lf = memchr(md, '\n', (size_t)(end - md));

		lf = lf == NULL ? end : lf;
		note_line(&b, &scratch, md, (size_t)(lf - md));
		md = lf + 1;
	}
	out = buf_ok(&b) ? arena_strdup(a, b.data) : "";
	buf_release(&b);
	arena_release(&scratch);
	return out;
}

/* ---- reading it ---- */

struct url_index {
	const char *url;
	uint32_t page;
};

static int
url_compare(const void *x, const void *y)
{
	const struct url_index *a = x, *b = y;

	return strcmp(a->url, b->url);
}

/* text_line_url: without its fragment and a folder's "index.html". */
static const char *
text_line_url(struct arena *a, const char *url, size_t n)
{
	static const char index[] = "/index.html";
	const char *hash = memchr(url, '#', n);

	if (hash != NULL)
		n = (size_t)(hash - url);
	if (n >= sizeof(index) && memcmp(url + n - (sizeof(index) - 1), index,
				      sizeof(index) - 1) == 0)
		n -= sizeof(index) - 2;
	return arena_strndup(a, url, n);
}

static struct url_index *
by_url(struct arena *a, const struct crawled_site *site)
{
	struct url_index *k = arena_array(a, site->npages + 1, sizeof(*k));

	for (uint32_t i = 0; i < site->npages; i++)
		k[i] = (struct url_index){text_line_url(a, site->pages[i].url,
					      strlen(site->pages[i].url)),
		    i};
	if (site->npages > 1)
		qsort(k, site->npages, sizeof(*k), url_compare);
	return k;
}

/* The lists that are open: the page and the indent of each. */
struct nesting {
	uint32_t page[DEPTH_MAX];
	size_t indent[DEPTH_MAX];
	size_t n;
	const char *heading;
};

static void
take_item(struct outline *o, struct nesting *in, size_t indent, uint32_t page,
    uint32_t home)
{
	while (in->n > 0 && in->indent[in->n - 1] >= indent)
		in->n--;
	if (page != SITE_NONE && page != home && o->parent[page] == SITE_NONE &&
	    o->heading[page] == NULL) {
		uint32_t up = in->n == 0 ? SITE_NONE : in->page[in->n - 1];

		o->parent[page] = up == page ? SITE_NONE : up;
		/* Who has others below it, and is below none, is at the top. */
		if (up != SITE_NONE && up != page && o->parent[up] == SITE_NONE)
			o->parent[up] = home;
		if (up == SITE_NONE && in->heading != NULL) {
			o->heading[page] = in->heading;
			o->headings++;
		}
	}
	if (in->n < DEPTH_MAX) {
		in->page[in->n] = page;
		in->indent[in->n++] = indent;
	}
}

void
outline_find(
    struct arena *a, const struct crawled_site *site, struct outline *o)
{
	struct url_index *k = by_url(a, site), probe, *found;
	const char *s = site->front.outline, *lf;
	struct nesting in = {.n = 0};

	o->parent = arena_array(a, site->npages + 1, sizeof(*o->parent));
	o->heading = arena_array(a, site->npages + 1, sizeof(*o->heading));
	o->headings = 0;
	for (size_t i = 0; i < site->npages; i++)
		o->parent[i] = SITE_NONE;
	for (; s != NULL && (lf = strchr(s, '\n')) != NULL; s = lf + 1) {
		const char *tab = s + strcspn(s, "\t") + 1;

		if (*s == '#') {
			const char *h =
			    arena_strndup(a, tab, (size_t)(lf - tab));

			in.heading =
			    *h == '\0' || text_line_length(h) > HEADING_CHARS
				? NULL
				: h;
			in.n = 0;
			continue;
		}
		probe.url = text_line_url(a, tab, (size_t)(lf - tab));
		found =
		    bsearch(&probe, k, site->npages, sizeof(*k), url_compare);
		take_item(o, &in, strtoul(s, NULL, 10),
		    found == NULL ? SITE_NONE : found->page, site->home);
	}
}
