#include "worker/crawl/rules/alternate_view.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/url.h"
#include "core/wordlist.h"
#include "worker/crawl/words.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* A page called "search" with more words than this is about searching. */
#define TASK_WORDS 100

/* What the value of a parameter must be for its name to mean a view. */
enum parameter_values {
	VALUE_ANY,     /* anything, or nothing */
	VALUE_ORDER,   /* what lists are sorted by, as in "price_asc" or "-date"
			*/
	VALUE_NUMBER,  /* digits alone */
	VALUE_ADDRESS, /* an address to go on to */
	VALUE_ONE_CHARACTER, /* one letter or digit */
	VALUE_CURRENCY,      /* three letters, of a currency */
	VALUE_SWITCH,        /* nothing, or that it is on or off */
	VALUE_LISTED,        /* one of those listed */
	VALUE_BEGINS,        /* it begins with one of those listed */
};

/* What such a parameter means. */
enum parameter_meaning {
	MEANS_VIEW,    /* the page without it, shown another way */
	MEANS_HISTORY, /* its history and its workshop: the page is linked
			  elsewhere */
	MEANS_ACTION,  /* something is done */
};

struct parameter {
	const char *const *names;
	enum parameter_values values;
	const char *const *listed; /* of VALUE_ORDER, _LISTED and _BEGINS */
	enum parameter_meaning meaning;
};

static const struct parameter parameters[] = {
#define PARAMETER(values, meaning, listed, ...) \
	{(const char *const[]){__VA_ARGS__, NULL}, values, listed, meaning},
#include "worker/crawl/rules/view_parameters.def"
#undef PARAMETER
};

static bool
is_address_value(const char *v, size_t n)
{
	return (n > 0 && *v == '/') ||
	       (n > 2 && strncasecmp(v, "%2F", 3) == 0) ||
	       (n > 4 && strncasecmp(v, "http", 4) == 0);
}

static bool
is_letters(const char *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isalpha((unsigned char)v[i]))
			return false;
	return true;
}

/*
 * is_sort_order: "-born", or nothing but words of orders, as "price_asc" is:
 * the order may also be one of animals.
 */
static bool
is_sort_order(const char *const *listed, const char *v, size_t n)
{
	static const char between[] = "_-+.:,";
	size_t len;

	if (n > 1 && (*v == '-' || *v == '+') && is_letters(v + 1, n - 1))
		return true;
	for (size_t i = 0; i < n; i += len + 1) {
		len = strcspn(v + i, between);
		len = len < n - i ? len : n - i;
		if (!wordlist_has(listed, v + i, len))
			return false;
	}
	return n > 0;
}

static bool
parameter_takes(const struct parameter *p, const char *v, size_t n)
{
	size_t digits = strspn(v, "0123456789");

	switch (p->values) {
	case VALUE_ANY:
		return true;
	case VALUE_ORDER:
		return is_sort_order(p->listed, v, n);
	case VALUE_NUMBER:
		return n > 0 && digits >= n;
	case VALUE_ADDRESS:
		return is_address_value(v, n);
	case VALUE_ONE_CHARACTER:
		return n == 1;
	case VALUE_CURRENCY:
		return n == 3 && is_letters(v, n);
	case VALUE_SWITCH:
		return n == 0 || wordlist_has(words_switches, v, n);
	case VALUE_LISTED:
		return wordlist_has(p->listed, v, n);
	case VALUE_BEGINS:
		return wordlist_begins(p->listed, v, n);
	}
	return false;
}

/*
 * parameter_find: what the parameter of n bytes means; NULL: part of the page.
 */
static const struct parameter *
parameter_find(const char *s, size_t n)
{
	size_t name = 0;

	while (name < n && s[name] != '=')
		name++;
	for (size_t i = 0; i < sizeof(parameters) / sizeof(*parameters); i++) {
		const struct parameter *p = &parameters[i];
		size_t from = name < n ? name + 1 : n;

		if (name > 0 && wordlist_has(p->names, s, name) &&
		    parameter_takes(p, s + from, n - from))
			return p;
	}
	return NULL;
}

/* query_has_parameter: one of the query's parameters is called so. */
static bool
query_has_parameter(const struct url *u, const char *const *names)
{
	for (const char *s = u->query; s != NULL;) {
		if (wordlist_has(names, s, strcspn(s, "=&")))
			return true;
		s = strchr(s, '&');
		s = s == NULL ? s : s + 1;
	}
	return false;
}

/* What a front controller's parameters may be besides views. */
struct front_controller {
	bool alone;  /* nothing else says which page is meant */
	bool unsaid; /* it is not said of which page the history is asked */
};

static void
front_controller_read(const struct url *u, struct front_controller *out)
{
	const char *s = strrchr(u->path, '/') + 1, *more;

	*out = (struct front_controller){false};
	if (u->query == NULL ||
	    (u->path[1] != '\0' &&
		!wordlist_has(words_front_scripts, s, strlen(s))))
		return;
	more = strchr(u->query, '&');
	/* A component of Joomla has views of its own. */
	out->alone = more == NULL || more[1] == '\0' ||
		     strncmp(u->query, "option=com_", 11) == 0;
	/* "/?HomePage&action=edit", as some wikis have it. */
	out->unsaid = !query_has_parameter(u, words_page_parameters) &&
		      u->query[strcspn(u->query, "=&")] == '=';
}

/* is_route: what p means says at a front controller which page is shown. */
static bool
is_route(
    const struct front_controller *f, const struct parameter *p, const char *s)
{
	return (p->values == VALUE_LISTED || p->values == VALUE_BEGINS) &&
	       wordlist_has(words_route_parameters, s, strcspn(s, "=&")) &&
	       (p->meaning == MEANS_HISTORY ? f->unsaid : f->alone);
}

/* alternate_view_read_query: what is done counts more than what is shown. */
static void
alternate_view_read_query(
    struct arena *a, const struct url *u, struct alternate_view *out)
{
	const char *sep = "?";
	bool past = false;
	struct front_controller front;
	struct buf page;

	front_controller_read(u, &front);
	buf_init(&page, URL_MAX_BYTES);
	buf_adds(&page, u->path);
	for (const char *s = u->query; s != NULL;) {
		size_t n = strcspn(s, "&");
		const struct parameter *p = parameter_find(s, n);

		if (p != NULL && is_route(&front, p, s))
			p = NULL;
		if (p == NULL) {
			buf_adds(&page, sep);
			buf_add(&page, s, n);
			sep = "&";
		} else if (p->meaning == MEANS_ACTION ||
			   out->disposition == DISPOSITION_PENDING) {
			out->disposition = p->meaning == MEANS_ACTION
					       ? DISPOSITION_TASK
					       : DISPOSITION_VIEW;
			out->why = arena_printf(a, "by its parameter %.*s",
			    (int)strcspn(s, "=&"), s);
		}
		past |= p != NULL && p->meaning == MEANS_HISTORY;
		s = s[n] == '&' ? s + n + 1 : NULL;
	}
	if (out->disposition == DISPOSITION_VIEW && !past)
		out->page = arena_strndup(a, page.data, page.len);
	buf_release(&page);
}

/* last_path_part: of the path, without the slash after it and its ending. */
static const char *
last_path_part(const struct url *u, size_t *n)
{
	const char *end = u->path + strlen(u->path), *s, *dot;

	while (end > u->path + 1 && end[-1] == '/')
		end--;
	for (s = end; s > u->path && s[-1] != '/';)
		s--;
	dot = memchr(s, '.', (size_t)(end - s));
	*n = (size_t)((dot != NULL && dot > s ? dot : end) - s);
	return s;
}

/*
 * changes_cart: "/cart/add/17", "/cart?add=17": each visit would put something
 * in.
 */
static bool
changes_cart(const struct url *u)
{
	const char *last;
	size_t len;

	for (const char *s = u->path; *s == '/';) {
		size_t n = strcspn(++s, "/"), m;

		if (wordlist_has(words_carts, s, n) && s[n] == '/') {
			m = strcspn(s + n + 1, "/");
			if (wordlist_has(words_cart_actions, s + n + 1, m))
				return true;
		}
		s += n;
	}
	last = last_path_part(u, &len);
	return wordlist_has(words_carts, last, len) &&
	       query_has_parameter(u, words_cart_actions);
}

/*
 * is_wiki_tool: a page of a wiki's own, "Special:Search".  The one that lists
 * all pages is worth reading.
 */
static bool
is_wiki_tool(const struct url *u)
{
	const char *s = strrchr(u->path, '/') + 1;
	const char *title =
	    u->query == NULL ? NULL : strcasestr(u->query, "title=");
	size_t n;

	for (const char *p = u->path; *p != '\0'; p++)
		if (*p == '/' && strchr(p, ':') != NULL &&
		    strncasecmp(p + 1, "special:", 8) == 0)
			s = p + 1;
	if (title != NULL && (title == u->query || title[-1] == '&'))
		s = title + 6;
	n = wordlist_starts(words_wiki_tool_starts, s);
	return n > 0 && strncasecmp(s + n, "allpages", 8) != 0;
}

/*
 * is_reference_page: of "/docs/cli/login", which tells what the command does.
 */
static bool
is_reference_page(const struct url *u, const char *last)
{
	for (const char *s = u->path + 1; s < last;) {
		size_t n = strcspn(s, "/");

		if (wordlist_has(words_reference_folders, s, n))
			return true;
		s += n + 1;
	}
	return false;
}

/* is_action_route: "/index.php?action=register", a form or a page. */
static bool
is_action_route(const struct url *u)
{
	const struct parameter *p;
	struct front_controller front;

	front_controller_read(u, &front);
	for (const char *s = front.alone ? u->query : NULL; s != NULL;) {
		p = parameter_find(s, strcspn(s, "&"));
		if (p != NULL && p->meaning == MEANS_ACTION &&
		    is_route(&front, p, s))
			return true;
		s = strchr(s, '&');
		s = s == NULL ? s : s + 1;
	}
	return false;
}

bool
may_be_task_address(const struct url *u)
{
	size_t n;
	const char *s = last_path_part(u, &n);

	return (wordlist_has(words_task_pages, s, n) &&
		   !is_reference_page(u, s)) ||
	       strncasecmp(s, "special:", 8) == 0 || is_action_route(u);
}

bool
is_task_page(uint32_t words, bool code)
{
	return words < TASK_WORDS && !code;
}

/* is_site_search: "/?s=words", as blogs have it, or "/search?q=words". */
static bool
is_site_search(const struct url *u)
{
	size_t n;
	const char *s = last_path_part(u, &n);

	if (wordlist_has(words_searches, s, n))
		return query_has_parameter(u, words_search_parameters);
	return u->query != NULL && strncmp(u->query, "s=", 2) == 0 &&
	       (strcmp(u->path, "/") == 0 ||
		   strcmp(u->path, "/index.php") == 0);
}

/* is_certain_task: by its path alone. */
static bool
is_certain_task(const struct url *u)
{
	size_t n;
	const char *s = last_path_part(u, &n);

	return wordlist_has(words_certain_tasks, s, n) ||
	       (wordlist_has(words_forum_tasks, s, n) &&
		   strncasecmp(s + n, ".php", 4) == 0) ||
	       (strncmp(u->path, "/wp-admin", 9) == 0 &&
		   (u->path[9] == '/' || u->path[9] == '\0'));
}

void
alternate_view_judge(
    struct arena *a, const struct url *u, struct alternate_view *out)
{
	*out = (struct alternate_view){.disposition = DISPOSITION_PENDING};
	if (is_certain_task(u) || changes_cart(u) || is_wiki_tool(u) ||
	    is_site_search(u))
		out->disposition = DISPOSITION_TASK;
	else if (u->query != NULL)
		alternate_view_read_query(a, u, out);
}

const char *
amp_page_target(struct arena *a, const struct url *u)
{
	size_t n = strlen(u->path);

	n -= n > 1 && u->path[n - 1] == '/';
	if (n < 5 || u->query != NULL ||
	    strncmp(u->path + n - 4, "/amp", 4) != 0)
		return NULL;
	return arena_strndup(a, u->path, n - 3);
}
