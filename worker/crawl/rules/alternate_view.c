#include "worker/crawl/rules/alternate_view.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/url.h"

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
};

/* What such a parameter means. */
enum parameter_meaning {
	MEANS_VIEW,    /* the page without it, shown another way */
	MEANS_HISTORY, /* its history and its workshop: the page is linked
			  elsewhere */
	MEANS_ACTION,  /* something is done */
};

struct parameter {
	const char *names; /* with a space before and after each */
	enum parameter_values values;
	const char *listed; /* the same way; "export_*" is a prefix;
			       of VALUE_ORDER and VALUE_LISTED */
	enum parameter_meaning meaning;
};

#define LOOKS                                                                  \
	" grid list table tiles tile gallery cards compact thumbs thumbnails " \
	"print printable printer mobile desktop amp raw source embed "
#define ORDERS                                                            \
	" asc ascending desc descending by price date time name title "   \
	"alpha alphabetical author created updated modified published "   \
	"release released added size length popular popularity "          \
	"relevance relevancy rating rated rank ranking score vote votes " \
	"views hits sales bestselling comments replies new newest newly " \
	"latest recent old oldest top best low high lowest highest to "   \
	"random rand default position featured id at az za a z "
#define SEARCHES                                                \
	" search search-results searchresults advanced-search " \
	"advancedsearch advsearch suche recherche "
#define ACTIONS                                                                \
	" login logout signin signup register lostpassword resendpwd reply "   \
	"quote post newtopic add addtocart add_to_cart subscribe unsubscribe " \
	"compose sendpassword resend_act report search "
#define WORKSHOP                                                         \
	" edit submit history info raw render delete protect unprotect " \
	"move watch unwatch purge print printpage revert rollback diff " \
	"formedit credits revisions source backlink export_* markread "  \
	"lastpost nextnewest nextoldest recent media index profile admin "

static const struct parameter parameters[] = {
    {" sort sortby sort_by sort-by sort_order sortorder sort_dir sortdir "
     "sort_direction orderby order_by order-by ordering orderdir order_dir "
     "orderway product_list_order product_list_dir product_list_mode "
     "product_list_limit per_page perpage per-page pagesize page_size "
     "items_per_page itemsperpage results_per_page ",
	VALUE_ANY, NULL, MEANS_VIEW},
    {" order ", VALUE_ORDER, ORDERS, MEANS_VIEW},
    {" dir direction sd ", VALUE_LISTED,
	" asc desc ascending descending up down a d ", MEANS_VIEW},
    {" sk ", VALUE_ONE_CHARACTER, NULL, MEANS_VIEW},
    {" limit variant ", VALUE_NUMBER, NULL, MEANS_VIEW},
    {" currency ", VALUE_CURRENCY, NULL, MEANS_VIEW},
    {" c ", VALUE_LISTED, " n;o=a n;o=d m;o=a m;o=d s;o=a s;o=d d;o=a d;o=d ",
	MEANS_VIEW},
    {" view display layout viewmode view_mode mode format output outputtype ",
	VALUE_LISTED, LOOKS, MEANS_VIEW},
    {" view ", VALUE_LISTED, " edit history diff previous next unread newest ",
	MEANS_HISTORY},
    {" format output ", VALUE_LISTED,
	" pdf rss atom feed json xml txt csv ical ", MEANS_VIEW},
    {" tmpl ", VALUE_LISTED, " component print ", MEANS_VIEW},
    {" print printable printview print_view printer_friendly amp mobile noamp "
     "preview ",
	VALUE_SWITCH, NULL, MEANS_VIEW},
    {" share replytocom replyto like_comment unapproved moderation-hash "
     "highlight hilit _escaped_fragment_ preview_id preview_nonce ",
	VALUE_ANY, NULL, MEANS_VIEW},
    {" oldid diff veaction redlink mobileaction curdiff ", VALUE_ANY, NULL,
	MEANS_HISTORY},
    {" redirect ", VALUE_LISTED, " no ", MEANS_VIEW},
    {" rev ", VALUE_NUMBER, NULL, MEANS_HISTORY},
    {" action do ", VALUE_LISTED, WORKSHOP, MEANS_HISTORY},
    {" action do mode ", VALUE_LISTED, ACTIONS, MEANS_ACTION},
    {" mode ", VALUE_LISTED, " edit delete email contactadmin ", MEANS_ACTION},
    {" add-to-cart add_to_cart addtocart add-to-wishlist add_to_wishlist "
     "remove_item ",
	VALUE_ANY, NULL, MEANS_ACTION},
    {" _wpnonce returnto return_to returnurl return_url redirect_to "
     "redirect_uri redirect_url redirecturl backurl back_url ",
	VALUE_ANY, NULL, MEANS_VIEW},
    {" next redirect destination continue back from referer referrer ",
	VALUE_ADDRESS, NULL, MEANS_VIEW},
    {" search searchword search_query ", VALUE_ANY, NULL, MEANS_ACTION},
};

/* Pages that are for doing something, by the last part of the path. */
static const char tasks[] =
    " login log-in logout log-out signin sign-in signout sign-out signup "
    "sign-up register wp-login wp-signup wp-register lost-password "
    "lostpassword forgot-password forgotpassword password-reset "
    "reset-password reset_password cart basket checkout warenkorb panier "
    "my-account myaccount wishlist unsubscribe" SEARCHES;
/* Of searches, the parameters that say what is sought. */
static const char search_parameters[] =
    " q s query term keyword keywords search_id author_id ";
/* Folders that tell of commands and calls, which may be called as tasks. */
static const char references[] =
    " docs doc documentation api reference ref manual man guide guides help "
    "cli command commands commandline git api-reference cli-reference ";
/* So without any doubt. */
static const char certain_tasks[] = " wp-login wp-signup wp-register ";
/* Scripts of forums; without their ending these are words as others. */
static const char forum_tasks[] =
    " ucp mcp posting newreply newthread viewonline ";
/* Values of what is switched on or off. */
static const char switches[] =
    " 0 1 2 true false yes no y n on off print amp mobile friendly pdf ";
/* Scripts that show every page of a site; so does "/". */
static const char fronts[] = " index.php index.asp index.aspx index.cgi "
			     "index.pl index.jsp index.cfm default.asp "
			     "default.aspx ";
/* Of views and deeds, those that may say it: "/?view=gallery". */
static const char routes[] = " view display layout mode action do ";
/* Parameters that say which page of a site a script shows. */
static const char page_names[] = " title id page page_id topic article name n "
				 "p t f tid fid pid threadid ";
/* What is done to a cart, as the part or the parameter after it. */
static const char carts[] = " cart basket checkout wishlist ";
static const char cart_actions[] = " add remove update delete ";

/* is_word_in: the n bytes at s are one of the words, in any case. */
static bool
is_word_in(const char *words, const char *s, size_t n)
{
	for (const char *w = words + 1; *w != '\0'; w += strcspn(w, " ") + 1) {
		size_t len = strcspn(w, " ");
		bool prefix = w[len - 1] == '*';

		len -= prefix;
		if ((prefix ? n >= len : n == len) &&
		    strncasecmp(w, s, len) == 0)
			return true;
	}
	return false;
}

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
is_sort_order(const char *listed, const char *v, size_t n)
{
	static const char between[] = "_-+.:,";
	size_t len;

	if (n > 1 && (*v == '-' || *v == '+') && is_letters(v + 1, n - 1))
		return true;
	for (size_t i = 0; i < n; i += len + 1) {
		len = strcspn(v + i, between);
		len = len < n - i ? len : n - i;
		if (!is_word_in(listed, v + i, len))
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
		return n == 0 || is_word_in(switches, v, n);
	case VALUE_LISTED:
		return is_word_in(p->listed, v, n);
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

		if (name > 0 && is_word_in(p->names, s, name) &&
		    parameter_takes(p, s + from, n - from))
			return p;
	}
	return NULL;
}

/* query_has_parameter: one of the query's parameters is called so. */
static bool
query_has_parameter(const struct url *u, const char *names)
{
	for (const char *s = u->query; s != NULL;) {
		if (is_word_in(names, s, strcspn(s, "=&")))
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
	    (u->path[1] != '\0' && !is_word_in(fronts, s, strlen(s))))
		return;
	more = strchr(u->query, '&');
	/* A component of Joomla has views of its own. */
	out->alone = more == NULL || more[1] == '\0' ||
		     strncmp(u->query, "option=com_", 11) == 0;
	/* "/?HomePage&action=edit", as some wikis have it. */
	out->unsaid = !query_has_parameter(u, page_names) &&
		      u->query[strcspn(u->query, "=&")] == '=';
}

/* is_route: what p means says at a front controller which page is shown. */
static bool
is_route(
    const struct front_controller *f, const struct parameter *p, const char *s)
{
	return p->values == VALUE_LISTED &&
	       is_word_in(routes, s, strcspn(s, "=&")) &&
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

		if (is_word_in(carts, s, n) && s[n] == '/') {
			m = strcspn(s + n + 1, "/");
			if (is_word_in(cart_actions, s + n + 1, m))
				return true;
		}
		s += n;
	}
	last = last_path_part(u, &len);
	return is_word_in(carts, last, len) &&
	       query_has_parameter(u, cart_actions);
}

/*
 * is_wiki_tool: a page of a wiki's own, "Special:Search".  The one that lists
 * all pages is worth reading.
 */
static bool
is_wiki_tool(const struct url *u)
{
	static const char *const starts[] = {
	    "special:", "spezial:", "sp%C3%A9cial:", "especial:", NULL};
	const char *s = strrchr(u->path, '/') + 1;
	const char *title =
	    u->query == NULL ? NULL : strcasestr(u->query, "title=");

	for (const char *p = u->path; *p != '\0'; p++)
		if (*p == '/' && strchr(p, ':') != NULL &&
		    strncasecmp(p + 1, "special:", 8) == 0)
			s = p + 1;
	if (title != NULL && (title == u->query || title[-1] == '&'))
		s = title + 6;
	for (size_t i = 0; starts[i] != NULL; i++) {
		size_t n = strlen(starts[i]);

		if (strncasecmp(s, starts[i], n) == 0)
			return strncasecmp(s + n, "allpages", 8) != 0;
	}
	return false;
}

/*
 * is_reference_page: of "/docs/cli/login", which tells what the command does.
 */
static bool
is_reference_page(const struct url *u, const char *last)
{
	for (const char *s = u->path + 1; s < last;) {
		size_t n = strcspn(s, "/");

		if (is_word_in(references, s, n))
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

	return (is_word_in(tasks, s, n) && !is_reference_page(u, s)) ||
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

	if (is_word_in(SEARCHES, s, n))
		return query_has_parameter(u, search_parameters);
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

	return is_word_in(certain_tasks, s, n) ||
	       (is_word_in(forum_tasks, s, n) &&
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
