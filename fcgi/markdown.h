/*
 * markdown: Markdown that a language model wrote, as HTML for our pages.
 *
 * CommonMark by libcmark, and nothing a stranger could use: tags are shown as
 * text, links and pictures become their words, headings start at the second
 * level (the page has the first).
 */
#ifndef FCGI_MARKDOWN_H
#define FCGI_MARKDOWN_H

#include "core/arena.h"
#include "core/json.h"

#include <stddef.h>

/* More is not rendered (bytes). */
#define MARKDOWN_MAX (256 << 10)

/*
 * markdown_html: n bytes as a text that templates write as it is; the first
 * MARKDOWN_MAX bytes of what is longer.  The caller owns it.
 */
struct json_object *markdown_html(const char *text, size_t n);

/*
 * markdown_title: the heading "# Title" that text begins with, in the arena,
 * and what follows it in *rest; NULL, and text, where there is none.
 */
const char *markdown_title(
    struct arena *a, const char *text, const char **rest);

#endif
