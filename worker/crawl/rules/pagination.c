#include "worker/crawl/rules/pagination.h"

#include "core/arena.h"
#include "core/checksum.h"
#include "core/text.h"
#include "worker/crawl/frontier.h"
#include "worker/site/text_line.h"
#include "core/wordlist.h"
#include "worker/crawl/words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A list of more pages is none. */
#define PAGES_DIGITS 5

/* How sure an address is that it is a further page's. */
enum pagination_sign { SIGN_NONE, SIGN_MAYBE, SIGN_SURE };

struct pagination {
	enum pagination_sign sign;
	const char *first;  /* target of the list's first page */
	const char *number; /* "2", or what is counted in its stead */
	bool post;          /* "p", which blogs have for their posts, too */
};

/* page_number_of: digits at s up to n bytes, and nothing else; or NULL. */
static const char *
page_number_of(struct arena *a, const char *s, size_t n)
{
	if (n == 0 || n > PAGES_DIGITS || strspn(s, "0123456789") < n)
		return NULL;
	return arena_strndup(a, s, n);
}

static bool
may_be_post(const char *name, size_t n)
{
	return n == 1 && (*name == 'p' || *name == 'P');
}

/* pagination_by_query: "/shop?c=3" of "/shop?c=3&page=2". */
static void
pagination_by_query(
    struct arena *a, const struct url *u, struct pagination *out)
{
	const char *sep = "?", *first = u->path;

	for (const char *s = u->query; s != NULL;) {
		size_t n = strcspn(s, "&"), name = strcspn(s, "=&");
		const char *number =
		    name < n ? page_number_of(a, s + name + 1, n - name - 1)
			     : NULL;
		enum pagination_sign sign =
		    number == NULL ? SIGN_NONE
		    : wordlist_has(words_sure_page_parameters, s, name)
			? SIGN_SURE
		    : wordlist_has(words_possible_page_parameters, s, name)
			? SIGN_MAYBE
			: SIGN_NONE;

		if (sign > out->sign) {
			out->sign = sign;
			out->number = number;
			out->post = may_be_post(s, name);
		} else {
			first =
			    arena_printf(a, "%s%s%.*s", first, sep, (int)n, s);
			sep = "&";
		}
		s = s[n] == '&' ? s + n + 1 : NULL;
	}
	out->first = first;
}

/* pagination_by_path: "/blog/" of "/blog/page/2", "/blog/page-2.html". */
static void
pagination_by_path(struct arena *a, const struct url *u, struct pagination *out)
{
	const char *end = u->path + strlen(u->path), *s, *up, *dot;

	while (end > u->path + 1 && end[-1] == '/')
		end--;
	for (s = end; s > u->path && s[-1] != '/';)
		s--;
	dot = memchr(s, '.', (size_t)(end - s));
	end = dot == NULL ? end : dot;
	out->number = page_number_of(a, s, (size_t)(end - s));
	for (up = s > u->path ? s - 1 : s; up > u->path && up[-1] != '/';)
		up--;
	if (out->number != NULL && s - up == 5 &&
	    strncasecmp(up, "page/", 5) == 0) {
		out->sign = SIGN_SURE;
		s = up;
	} else if (out->number != NULL && s - up > 1 &&
		   wordlist_has(
		       words_page_path_names, up, (size_t)(s - up - 1))) {
		out->sign = SIGN_MAYBE;
		out->post = may_be_post(up, (size_t)(s - up - 1));
		s = up;
	} else {
		size_t n = strcspn(s, "-_0123456789");
		const char *at = s + n + strspn(s + n, "-_");

		if (!wordlist_has(words_page_path_names, s, n) || at >= end ||
		    (out->number = page_number_of(a, at, (size_t)(end - at))) ==
			NULL)
			return;
		out->sign = SIGN_MAYBE;
		out->post = may_be_post(s, n);
	}
	out->first = arena_strndup(a, u->path, (size_t)(s - u->path));
}

/* says_page_number: the title has "page 2" in it, as lists do. */
static bool
says_page_number(struct arena *a, const char *title, const char *number)
{
	static const char *const words[] = {
	    "page", "seite", "pagina", "p\xc3\xa1gina", NULL};

	for (size_t i = 0; words[i] != NULL; i++) {
		const char *say = arena_printf(a, "%s %s", words[i], number);
		const char *at = strcasestr(title, say);

		if (at != NULL && strspn(at + strlen(say), "0123456789") == 0)
			return true;
	}
	return false;
}

/* is_symbol: an arrow, a quotation mark in its stead, dots, a wide digit. */
static bool
is_symbol(int32_t c)
{
	return (c >= 0x80 && c < 0xc0) || (c >= 0x2000 && c < 0x2c00) ||
	       (c >= 0x3000 && c <= 0x3003) || (c >= 0x3008 && c < 0x3020) ||
	       (c >= 0xfe00 && c < 0xfe10) || (c >= 0xff10 && c <= 0xff1e) ||
	       (c >= 0x1f000 && c < 0x20000);
}

/* without_symbols: "Next" of "Next »"; a blank is left of an arrow. */
static const char *
without_symbols(struct arena *a, const char *label)
{
	size_t n = strlen(label), to = 0, len;
	char *out = arena_strndup(a, label, n);

	for (size_t i = 0; i < n; i += len) {
		if (is_symbol(text_decode(label + i, n - i, &len))) {
			out[to++] = ' ';
		} else {
			memcpy(out + to, label + i, len);
			to += len;
		}
	}
	out[to] = '\0';
	return out;
}

/* is_pager_label: what is written on the links to further pages. */
static bool
is_pager_label(struct arena *a, const char *label)
{
	size_t digits = 0, letters = 0;

	label = without_symbols(a, label);
	for (size_t i = 0; words_page_link_labels[i] != NULL; i++)
		if (text_line_same(label, words_page_link_labels[i]))
			return true;
	if (strncasecmp(label, "page ", 5) == 0 ||
	    strncasecmp(label, "go to page ", 11) == 0)
		return true;
	for (const char *s = label; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		digits += isdigit(c) != 0;
		letters += isalpha(c) || c >= 0x80;
	}
	/* "2", or an arrow. */
	return letters == 0 && digits <= PAGES_DIGITS;
}

uint32_t
title_hash(const char *title)
{
	uint32_t sum = (uint32_t)checksum64_add(0, title, strlen(title));

	return *title == '\0' || sum != 0 ? sum : 1;
}

/*
 * is_confirmed_further_page: it is said to be a further page of the list that
 * begins at first. Of what may be a post's number neither "Next" nor the blog's
 * title say so.
 */
static bool
is_confirmed_further_page(struct frontier *f, uint32_t i, struct arena *a,
    const struct pagination *p, const char *title, uint32_t first)
{
	const char *label = frontier_at(f, i)->label;

	if (says_page_number(a, title, p->number))
		return true;
	if (p->post)
		return label != NULL &&
		       (text_line_same(label, p->number) ||
			   says_page_number(a, label, p->number));
	if (label != NULL && *label != '\0')
		return is_pager_label(a, label);
	return *title != '\0' &&
	       frontier_at(f, first)->title_hash == title_hash(title);
}

/* is_further_page: the list's own page is one that can be listed. */
static bool
is_further_page(
    struct frontier *f, uint32_t i, struct arena *a, const char *title)
{
	struct pagination p = {.sign = SIGN_NONE};
	enum disposition disposition;
	uint32_t first;
	struct url u, to;

	if (url_parse(a, frontier_url(f, i, a), &u) != OK)
		return false;
	if (u.query != NULL)
		pagination_by_query(a, &u, &p);
	else
		pagination_by_path(a, &u, &p);
	if (p.sign == SIGN_NONE || url_resolve(a, &u, p.first, &to) != OK)
		return false;
	first = frontier_find(f, to.text);
	first = first == FRONTIER_NONE ? first : frontier_canonical(f, first);
	if (first == FRONTIER_NONE || first == i)
		return false;
	disposition = frontier_at(f, first)->disposition;
	if (disposition != DISPOSITION_LISTED &&
	    disposition != DISPOSITION_PENDING)
		return false;
	return p.sign == SIGN_SURE ||
	       is_confirmed_further_page(f, i, a, &p, title, first);
}

bool
is_pagination_page(struct frontier *f, uint32_t i, const char *title)
{
	struct arena scratch;
	bool further;

	if (i == 0 || frontier_at(f, i)->from_sitemap)
		return false;
	arena_init(&scratch);
	further = is_further_page(f, i, &scratch, title);
	arena_release(&scratch);
	return further;
}
