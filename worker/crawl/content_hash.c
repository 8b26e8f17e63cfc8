#include "worker/crawl/content_hash.h"

#include "core/checksum.h"

#include <stdbool.h>
#include <string.h>

/* A scan over Markdown that goes forward only. */
struct markdown_scan {
	const char *start;
	const char *at;
	bool in_target;  /* of a link or a picture: after its "](" */
	bool is_picture; /* the last "[" stood after a "!" */
};

/* ends_target: a byte that no target of a Markdown link has. */
static bool
ends_target(char c)
{
	return c == ')' || c == ' ' || c == '\n';
}

static void
markdown_scan_to(struct markdown_scan *w, const char *to)
{
	for (; w->at < to; w->at++) {
		char c = *w->at;

		if (c == '[')
			w->is_picture = w->at > w->start && w->at[-1] == '!';
		else if (c == '(' && w->at > w->start && w->at[-1] == ']')
			w->in_target = true;
		else if (ends_target(c))
			w->in_target = false;
	}
}

uint64_t
content_hash(const char *title, const char *md, size_t n)
{
	const char *end = md + n, *from = md, *at = md;
	struct markdown_scan w = {.start = md, .at = md};
	uint64_t h = checksum64_add(0, title, strlen(title));

	while ((at = memchr(at, '?', (size_t)(end - at))) != NULL) {
		markdown_scan_to(&w, at);
		if (!w.in_target || w.is_picture) {
			at++;
			continue;
		}
		h = checksum64_add(h, from, (size_t)(at - from));
		while (at < end && !ends_target(*at))
			at++;
		from = at;
	}
	return checksum64_add(h, from, (size_t)(end - from));
}
