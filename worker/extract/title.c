#include "worker/extract/title.h"

#include "core/wordlist.h"
#include "worker/extract/one_line.h"
#include "worker/extract/word_lists.h"

#include <string.h>

#define PARTS 12

struct title_part {
	struct slice text;
	size_t at; /* of the separator before it, in the title */
};

static struct slice
slice_of(const char *s)
{
	return (struct slice){s, strlen(s)};
}

static unsigned
split_title(const char *title, struct title_part *parts)
{
	const char *start = title;
	unsigned n = 0;
	size_t at = 0;

	for (const char *p = title; *p != '\0'; p++) {
		size_t len = wordlist_starts(word_list_title_separators, p);

		if (len == 0 || n == PARTS - 1 || p == start)
			continue;
		parts[n++] =
		    (struct title_part){{start, (size_t)(p - start)}, at};
		at = (size_t)(p - title);
		start = p + len;
		p = start - 1;
	}
	parts[n++] = (struct title_part){slice_of(start), at};
	return n;
}

/* is_host: the part spells the host: "MDN Web Docs" no, "Example" yes. */
static bool
is_host(struct slice part, const char *host)
{
	char squeezed[64];
	size_t n = 0, len;

	if (strncmp(host, "www.", 4) == 0)
		host += 4;
	for (size_t i = 0; i < part.len && n < sizeof(squeezed) - 1; i++) {
		char c = part.s[i];

		if ((c | 32) >= 'a' && (c | 32) <= 'z')
			squeezed[n++] = c | 32;
		else if (c >= '0' && c <= '9')
			squeezed[n++] = c;
	}
	squeezed[n] = '\0';
	/* A label of the host, or all of it without dots. */
	for (const char *h = host; n >= 2 && *h != '\0';) {
		len = strcspn(h, ".:/");
		if (len == n && strncasecmp(h, squeezed, n) == 0)
			return true;
		h += len;
		h += *h != '\0';
	}
	len = strlen(host);
	for (size_t i = 0, k = 0; i < len; i++) {
		if (host[i] == '.' || host[i] == '-')
			continue;
		if (k >= n || (host[i] | 32) != squeezed[k])
			return false;
		k++;
		if (k == n)
			return i + 1 == len;
	}
	return false;
}

static bool
is_site(const struct meta *m, struct slice part, const char *host)
{
	const char *names[] = {m->site_name, m->ld_site};

	for (size_t k = 0; k < 2; k++)
		if (names[k][0] != '\0' &&
		    one_line_is_alike(part, slice_of(names[k])))
			return true;
	return is_host(part, host);
}

/* from_h1: the heading is the title's first or last parts. */
static const char *
from_h1(const struct meta *m, const char *title, const char *h1,
    const struct title_part *parts, unsigned n, const char **site)
{
	struct slice head = slice_of(h1), t = slice_of(title);

	if (h1[0] == '\0' || n < 2)
		return NULL;
	for (unsigned k = n - 1; k > 0; k--) {
		struct slice front = {title, parts[k].at};
		struct slice back = {
		    parts[k].text.s, t.len - (size_t)(parts[k].text.s - title)};

		if (one_line_is_alike(front, head)) {
			*site = one_line_join(m->arena, back, 200);
			return one_line_join(m->arena, front, t.len);
		}
		if (one_line_is_alike(back, head)) {
			*site = one_line_join(m->arena, front, 200);
			return one_line_join(m->arena, back, t.len);
		}
	}
	return NULL;
}

static unsigned
shared_words(const struct meta *m, struct slice v)
{
	return one_line_count_words(one_line_join(m->arena, v, 2000));
}

/* without_site: the title less the parts at its ends that name the site. */
static const char *
without_site(const struct meta *m, const char *title, const char *host,
    const struct title_part *parts, unsigned n, const char **site)
{
	unsigned from = 0, to = n;
	size_t start, end;

	while (to - from > 1 && is_site(m, parts[to - 1].text, host))
		*site = one_line_join(m->arena, parts[--to].text, 200);
	if (to == n)
		while (to - from > 1 && is_site(m, parts[from].text, host))
			*site =
			    one_line_join(m->arena, parts[from++].text, 200);
	if (to == n && from == 0 && n > 1) {
		struct slice rest = {title, parts[n - 1].at};
		unsigned kept = shared_words(m, rest);
		unsigned cut = shared_words(m, parts[n - 1].text);

		/* Nobody says what the site is called: its name is short. */
		if (cut <= 5 && kept >= 2 && kept + 1 >= cut)
			*site = one_line_join(m->arena, parts[--to].text, 200);
	}
	start = (size_t)(parts[from].text.s - title);
	end = to == n ? strlen(title) : parts[to].at;
	return one_line_join(
	    m->arena, (struct slice){title + start, end - start}, 2000);
}

const char *
title_find(const struct meta *m, const char *h1, const char *host, bool home,
    const char **site)
{
	struct title_part parts[PARTS];
	const char *title = m->title, *found;
	unsigned n;

	*site = "";
	if (title[0] == '\0')
		title = m->og_title;
	if (title[0] == '\0')
		title = h1[0] != '\0' ? h1 : m->ld_title;
	if (title[0] == '\0' || home)
		return title;
	n = split_title(title, parts);
	/* The heading has it whole, and no part of it is known as the site. */
	if (one_line_is_alike(slice_of(title), slice_of(h1)) &&
	    !is_site(m, parts[0].text, host) &&
	    !is_site(m, parts[n - 1].text, host))
		return title;
	found = from_h1(m, title, h1, parts, n, site);
	if (found == NULL)
		found = without_site(m, title, host, parts, n, site);
	return found;
}
