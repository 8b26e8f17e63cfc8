#include "worker/crawl/rules/pagination.h"

#include "core/arena.h"
#include "core/sum.h"
#include "core/text.h"
#include "worker/crawl/frontier.h"
#include "worker/site/text_line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A list of more pages is none. */
#define PAGES_DIGITS 5

/* How sure an address is that it is a further page's. */
enum sign { SIGN_NONE, SIGN_MAYBE, SIGN_SURE };

struct paged {
	enum sign sign;
	const char *first;  /* target of the list's first page */
	const char *number; /* "2", or what is counted in its stead */
	bool post;          /* "p", which blogs have for their posts, too */
};

/* Parameters of further pages, and those that count entries or may be any. */
static const char *const sure[] = {"paged", "pageno", "page_no", "pagenum",
    "page_num", "pagenumber", "page_number", "currentpage", "current_page",
    NULL};
static const char *const maybe[] = {
    "page", "pg", "p", "pn", "start", "offset", "skip", "seite", NULL};
/* What is written on links to them; case counts outside ASCII. */
static const char *const onward[] = {"next", "next page", "previous",
    "previous page", "prev", "older", "newer", "older posts", "newer posts",
    "older entries", "newer entries", "older articles", "newer articles",
    "last", "first", "last page", "load more", "show more", "weiter", "nächste",
    "zurück", "suivant", "siguiente", "seguinte", "successivo", "volgende",
    "Далее", "Дальше", "Вперед", "Вперёд", "Назад", "Следующая", "Предыдущая",
    "Следующая страница", "Предыдущая страница", "Далі", "Επόμενη",
    "Προηγούμενη", "次へ", "前へ", "次のページ", "前のページ", "下一页",
    "上一页", "下一頁", "上一頁", "다음", "이전", NULL};
/* The parameters' names as the beginning of a path's last part, "page-2". */
static const char *const parts[] = {"page", "seite", "pagina", "p", NULL};

/* number_of: digits at s up to n bytes, and nothing else; or NULL. */
static const char *
number_of(struct arena *a, const char *s, size_t n)
{
	if (n == 0 || n > PAGES_DIGITS || strspn(s, "0123456789") < n)
		return NULL;
	return arena_strndup(a, s, n);
}

static bool
is_one_of(const char *const *words, const char *s, size_t n)
{
	for (size_t i = 0; words[i] != NULL; i++)
		if (strlen(words[i]) == n && strncasecmp(words[i], s, n) == 0)
			return true;
	return false;
}

static bool
is_post(const char *name, size_t n)
{
	return n == 1 && (*name == 'p' || *name == 'P');
}

/* by_query: "/shop?c=3" of "/shop?c=3&page=2". */
static void
by_query(struct arena *a, const struct url *u, struct paged *out)
{
	const char *sep = "?", *first = u->path;

	for (const char *s = u->query; s != NULL;) {
		size_t n = strcspn(s, "&"), name = strcspn(s, "=&");
		const char *number =
		    name < n ? number_of(a, s + name + 1, n - name - 1) : NULL;
		enum sign sign = number == NULL              ? SIGN_NONE
				 : is_one_of(sure, s, name)  ? SIGN_SURE
				 : is_one_of(maybe, s, name) ? SIGN_MAYBE
							     : SIGN_NONE;

		if (sign > out->sign) {
			out->sign = sign;
			out->number = number;
			out->post = is_post(s, name);
		} else {
			first =
			    arena_printf(a, "%s%s%.*s", first, sep, (int)n, s);
			sep = "&";
		}
		s = s[n] == '&' ? s + n + 1 : NULL;
	}
	out->first = first;
}

/* by_path: "/blog/" of "/blog/page/2", "/blog/page-2.html". */
static void
by_path(struct arena *a, const struct url *u, struct paged *out)
{
	const char *end = u->path + strlen(u->path), *s, *up, *dot;

	while (end > u->path + 1 && end[-1] == '/')
		end--;
	for (s = end; s > u->path && s[-1] != '/';)
		s--;
	dot = memchr(s, '.', (size_t)(end - s));
	end = dot == NULL ? end : dot;
	out->number = number_of(a, s, (size_t)(end - s));
	for (up = s > u->path ? s - 1 : s; up > u->path && up[-1] != '/';)
		up--;
	if (out->number != NULL && s - up == 5 &&
	    strncasecmp(up, "page/", 5) == 0) {
		out->sign = SIGN_SURE;
		s = up;
	} else if (out->number != NULL && s - up > 1 &&
		   is_one_of(parts, up, (size_t)(s - up - 1))) {
		out->sign = SIGN_MAYBE;
		out->post = is_post(up, (size_t)(s - up - 1));
		s = up;
	} else {
		size_t n = strcspn(s, "-_0123456789");
		const char *at = s + n + strspn(s + n, "-_");

		if (!is_one_of(parts, s, n) || at >= end ||
		    (out->number = number_of(a, at, (size_t)(end - at))) ==
			NULL)
			return;
		out->sign = SIGN_MAYBE;
		out->post = is_post(s, n);
	}
	out->first = arena_strndup(a, u->path, (size_t)(s - u->path));
}

/* says_page: the title has "page 2" in it, as lists do. */
static bool
says_page(struct arena *a, const char *title, const char *number)
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

/* is_sign: an arrow, a quotation mark in its stead, dots, a wide digit. */
static bool
is_sign(int32_t c)
{
	return (c >= 0x80 && c < 0xc0) || (c >= 0x2000 && c < 0x2c00) ||
	       (c >= 0x3000 && c <= 0x3003) || (c >= 0x3008 && c < 0x3020) ||
	       (c >= 0xfe00 && c < 0xfe10) || (c >= 0xff10 && c <= 0xff1e) ||
	       (c >= 0x1f000 && c < 0x20000);
}

/* without_signs: "Next" of "Next »"; a blank is left of an arrow. */
static const char *
without_signs(struct arena *a, const char *label)
{
	size_t n = strlen(label), to = 0, len;
	char *out = arena_strndup(a, label, n);

	for (size_t i = 0; i < n; i += len) {
		if (is_sign(text_decode(label + i, n - i, &len))) {
			out[to++] = ' ';
		} else {
			memcpy(out + to, label + i, len);
			to += len;
		}
	}
	out[to] = '\0';
	return out;
}

/* leads_on: what is written on the links to further pages. */
static bool
leads_on(struct arena *a, const char *label)
{
	size_t digits = 0, letters = 0;

	label = without_signs(a, label);
	for (size_t i = 0; onward[i] != NULL; i++)
		if (plain_same(label, onward[i]))
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
paged_said(const char *title)
{
	uint32_t sum = (uint32_t)sum64(0, title, strlen(title));

	return *title == '\0' || sum != 0 ? sum : 1;
}

/*
 * is_told: it is said to be a further page of the list that begins at first.
 * Of what may be a post's number neither "Next" nor the blog's title say so.
 */
static bool
is_told(struct frontier *f, uint32_t i, struct arena *a, const struct paged *p,
    const char *title, uint32_t first)
{
	const char *label = frontier_at(f, i)->label;

	if (says_page(a, title, p->number))
		return true;
	if (p->post)
		return label != NULL && (plain_same(label, p->number) ||
					    says_page(a, label, p->number));
	if (label != NULL && *label != '\0')
		return leads_on(a, label);
	return *title != '\0' &&
	       frontier_at(f, first)->said == paged_said(title);
}

/* is_further: the list's own page is one that can be listed. */
static bool
is_further(struct frontier *f, uint32_t i, struct arena *a, const char *title)
{
	struct paged p = {.sign = SIGN_NONE};
	enum fate fate;
	uint32_t first;
	struct url u, to;

	if (url_parse(a, frontier_url(f, i, a), &u) != OK)
		return false;
	if (u.query != NULL)
		by_query(a, &u, &p);
	else
		by_path(a, &u, &p);
	if (p.sign == SIGN_NONE || url_resolve(a, &u, p.first, &to) != OK)
		return false;
	first = frontier_find(f, to.text);
	first = first == FRONTIER_NONE ? first : frontier_page(f, first);
	if (first == FRONTIER_NONE || first == i)
		return false;
	fate = frontier_at(f, first)->fate;
	if (fate != FATE_LISTED && fate != FATE_PENDING)
		return false;
	return p.sign == SIGN_SURE || is_told(f, i, a, &p, title, first);
}

bool
paged_further(struct frontier *f, uint32_t i, const char *title)
{
	struct arena scratch;
	bool further;

	if (i == 0 || frontier_at(f, i)->from_sitemap)
		return false;
	arena_init(&scratch);
	further = is_further(f, i, &scratch, title);
	arena_release(&scratch);
	return further;
}
