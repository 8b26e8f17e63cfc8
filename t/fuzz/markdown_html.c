/*
 * Markdown of a stranger: the HTML has only the elements that prose needs,
 * and no attribute but those two that libcmark gives lists and code.
 */
#include "t/fuzz/fuzz.h"

#include "core/arena.h"
#include "fcgi/markdown.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What may follow "<". */
static const char *const known[] = {"p>", "/p>", "em>", "/em>", "strong>",
    "/strong>", "code>", "/code>", "code class=\"language-", "pre>", "/pre>",
    "blockquote>", "/blockquote>", "ul>", "/ul>", "ol>", "/ol>", "ol start=\"",
    "li>", "/li>", "hr />", "br />", "h2>", "/h2>", "h3>", "/h3>", "h4>",
    "/h4>", "h5>", "/h5>", "h6>", "/h6>", NULL};

static void
check(const char *html)
{
	while ((html = strchr(html, '<')) != NULL) {
		const char *const *k = known;

		html++;
		while (*k != NULL && strncmp(html, *k, strlen(*k)) != 0)
			k++;
		if (*k == NULL)
			abort();
		/* An attribute ends before another could begin. */
		if (strchr(*k, '"') != NULL) {
			html += strlen(*k);
			html += strcspn(html, "\"<>");
			if (strncmp(html, "\">", 2) != 0)
				abort();
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct json_object *o = markdown_html((const char *)data, len);
	const char *rest;
	struct arena a;

	check(json_object_get_string(o));
	json_object_put(o);
	arena_init(&a);
	(void)markdown_title(
	    &a, arena_strndup(&a, (const char *)data, len), &rest);
	arena_release(&a);
	return 0;
}
