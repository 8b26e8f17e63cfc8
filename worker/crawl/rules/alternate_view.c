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
enum values {
	ANY,    /* anything, or nothing */
	ORDER,  /* what lists are sorted by, as in "price_asc" or "-date" */
	NUMBER, /* digits alone */
	PLACE,  /* an address to go on to */
	ONE,    /* one letter or digit */
	CODE,   /* three letters, of a currency */
	SWITCH, /* nothing, or that it is on or off */
	LIST,   /* one of those listed */
};

/* What such a parameter means. */
enum meaning {
	SHOWN, /* the page without it, shown another way */
	PAST,  /* its history and its workshop: the page is linked elsewhere */
	DONE,  /* something is done */
};

struct parameter {
	const char *names; /* with a space before and after each */
	enum values values;
	const char *listed; /* the same way; "export_*" is a prefix;
			       of ORDER and LIST */
	enum meaning meaning;
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
#define DEEDS                                                                  \
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
	ANY, NULL, SHOWN},
    {" order ", ORDER, ORDERS, SHOWN},
    {" dir direction sd ", LIST, " asc desc ascending descending up down a d ",
	SHOWN},
    {" sk ", ONE, NULL, SHOWN},
    {" limit variant ", NUMBER, NULL, SHOWN},
    {" currency ", CODE, NULL, SHOWN},
    {" c ", LIST, " n;o=a n;o=d m;o=a m;o=d s;o=a s;o=d d;o=a d;o=d ", SHOWN},
    {" view display layout viewmode view_mode mode format output outputtype ",
	LIST, LOOKS, SHOWN},
    {" view ", LIST, " edit history diff previous next unread newest ", PAST},
    {" format output ", LIST, " pdf rss atom feed json xml txt csv ical ",
	SHOWN},
    {" tmpl ", LIST, " component print ", SHOWN},
    {" print printable printview print_view printer_friendly amp mobile noamp "
     "preview ",
	SWITCH, NULL, SHOWN},
    {" share replytocom replyto like_comment unapproved moderation-hash "
     "highlight hilit _escaped_fragment_ preview_id preview_nonce ",
	ANY, NULL, SHOWN},
    {" oldid diff veaction redlink mobileaction curdiff ", ANY, NULL, PAST},
    {" redirect ", LIST, " no ", SHOWN},
    {" rev ", NUMBER, NULL, PAST},
    {" action do ", LIST, WORKSHOP, PAST},
    {" action do mode ", LIST, DEEDS, DONE},
    {" mode ", LIST, " edit delete email contactadmin ", DONE},
    {" add-to-cart add_to_cart addtocart add-to-wishlist add_to_wishlist "
     "remove_item ",
	ANY, NULL, DONE},
    {" _wpnonce returnto return_to returnurl return_url redirect_to "
     "redirect_uri redirect_url redirecturl backurl back_url ",
	ANY, NULL, SHOWN},
    {" next redirect destination continue back from referer referrer ", PLACE,
	NULL, SHOWN},
    {" search searchword search_query ", ANY, NULL, DONE},
};

/* Pages that are for doing something, by the last part of the path. */
static const char tasks[] =
    " login log-in logout log-out signin sign-in signout sign-out signup "
    "sign-up register wp-login wp-signup wp-register lost-password "
    "lostpassword forgot-password forgotpassword password-reset "
    "reset-password reset_password cart basket checkout warenkorb panier "
    "my-account myaccount wishlist unsubscribe" SEARCHES;
/* Of searches, the parameters that say what is sought. */
static const char sought[] =
    " q s query term keyword keywords search_id author_id ";
/* Folders that tell of commands and calls, which may be called as tasks. */
static const char references[] =
    " docs doc documentation api reference ref manual man guide guides help "
    "cli command commands commandline git api-reference cli-reference ";
/* So without any doubt. */
static const char sure_tasks[] = " wp-login wp-signup wp-register ";
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
static const char cart_deeds[] = " add remove update delete ";

/* is_in: the n bytes at s are one of the words, in any case. */
static bool
is_in(const char *words, const char *s, size_t n)
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
is_place(const char *v, size_t n)
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
 * is_order: "-born", or nothing but words of orders, as "price_asc" is: the
 * order may also be one of animals.
 */
static bool
is_order(const char *listed, const char *v, size_t n)
{
	static const char between[] = "_-+.:,";
	size_t len;

	if (n > 1 && (*v == '-' || *v == '+') && is_letters(v + 1, n - 1))
		return true;
	for (size_t i = 0; i < n; i += len + 1) {
		len = strcspn(v + i, between);
		len = len < n - i ? len : n - i;
		if (!is_in(listed, v + i, len))
			return false;
	}
	return n > 0;
}

static bool
takes(const struct parameter *p, const char *v, size_t n)
{
	size_t digits = strspn(v, "0123456789");

	switch (p->values) {
	case ANY:
		return true;
	case ORDER:
		return is_order(p->listed, v, n);
	case NUMBER:
		return n > 0 && digits >= n;
	case PLACE:
		return is_place(v, n);
	case ONE:
		return n == 1;
	case CODE:
		return n == 3 && is_letters(v, n);
	case SWITCH:
		return n == 0 || is_in(switches, v, n);
	case LIST:
		return is_in(p->listed, v, n);
	}
	return false;
}

/* find: what the parameter of n bytes means; NULL: part of the page. */
static const struct parameter *
find(const char *s, size_t n)
{
	size_t name = 0;

	while (name < n && s[name] != '=')
		name++;
	for (size_t i = 0; i < sizeof(parameters) / sizeof(*parameters); i++) {
		const struct parameter *p = &parameters[i];
		size_t from = name < n ? name + 1 : n;

		if (name > 0 && is_in(p->names, s, name) &&
		    takes(p, s + from, n - from))
			return p;
	}
	return NULL;
}

/* asks: one of the query's parameters is called so. */
static bool
asks(const struct url *u, const char *names)
{
	for (const char *s = u->query; s != NULL;) {
		if (is_in(names, s, strcspn(s, "=&")))
			return true;
		s = strchr(s, '&');
		s = s == NULL ? s : s + 1;
	}
	return false;
}

/* What a front controller's parameters may be besides views. */
struct front {
	bool alone;  /* nothing else says which page is meant */
	bool unsaid; /* it is not said of which page the history is asked */
};

static void
read_front(const struct url *u, struct front *out)
{
	const char *s = strrchr(u->path, '/') + 1, *more;

	*out = (struct front){false};
	if (u->query == NULL ||
	    (u->path[1] != '\0' && !is_in(fronts, s, strlen(s))))
		return;
	more = strchr(u->query, '&');
	/* A component of Joomla has views of its own. */
	out->alone = more == NULL || more[1] == '\0' ||
		     strncmp(u->query, "option=com_", 11) == 0;
	/* "/?HomePage&action=edit", as some wikis have it. */
	out->unsaid =
	    !asks(u, page_names) && u->query[strcspn(u->query, "=&")] == '=';
}

/* is_route: what p means says at a front controller which page is shown. */
static bool
is_route(const struct front *f, const struct parameter *p, const char *s)
{
	return p->values == LIST && is_in(routes, s, strcspn(s, "=&")) &&
	       (p->meaning == PAST ? f->unsaid : f->alone);
}

/* read_query: what is done counts more than what is shown. */
static void
read_query(struct arena *a, const struct url *u, struct view *out)
{
	const char *sep = "?";
	bool past = false;
	struct front front;
	struct buf page;

	read_front(u, &front);
	buf_init(&page, URL_MAX_BYTES);
	buf_adds(&page, u->path);
	for (const char *s = u->query; s != NULL;) {
		size_t n = strcspn(s, "&");
		const struct parameter *p = find(s, n);

		if (p != NULL && is_route(&front, p, s))
			p = NULL;
		if (p == NULL) {
			buf_adds(&page, sep);
			buf_add(&page, s, n);
			sep = "&";
		} else if (p->meaning == DONE || out->fate == FATE_PENDING) {
			out->fate = p->meaning == DONE ? FATE_TASK : FATE_VIEW;
			out->why = arena_printf(a, "by its parameter %.*s",
			    (int)strcspn(s, "=&"), s);
		}
		past |= p != NULL && p->meaning == PAST;
		s = s[n] == '&' ? s + n + 1 : NULL;
	}
	if (out->fate == FATE_VIEW && !past)
		out->page = arena_strndup(a, page.data, page.len);
	buf_release(&page);
}

/* last_part: of the path, without the slash after it and its ending. */
static const char *
last_part(const struct url *u, size_t *n)
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
 * fills_cart: "/cart/add/17", "/cart?add=17": each visit would put something
 * in.
 */
static bool
fills_cart(const struct url *u)
{
	const char *last;
	size_t len;

	for (const char *s = u->path; *s == '/';) {
		size_t n = strcspn(++s, "/"), m;

		if (is_in(carts, s, n) && s[n] == '/') {
			m = strcspn(s + n + 1, "/");
			if (is_in(cart_deeds, s + n + 1, m))
				return true;
		}
		s += n;
	}
	last = last_part(u, &len);
	return is_in(carts, last, len) && asks(u, cart_deeds);
}

/*
 * is_tool: a page of a wiki's own, "Special:Search".  The one that lists all
 * pages is worth reading.
 */
static bool
is_tool(const struct url *u)
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

/* is_reference: of "/docs/cli/login", which tells what the command does. */
static bool
is_reference(const struct url *u, const char *last)
{
	for (const char *s = u->path + 1; s < last;) {
		size_t n = strcspn(s, "/");

		if (is_in(references, s, n))
			return true;
		s += n + 1;
	}
	return false;
}

/* is_deed_route: "/index.php?action=register", a form or a page. */
static bool
is_deed_route(const struct url *u)
{
	const struct parameter *p;
	struct front front;

	read_front(u, &front);
	for (const char *s = front.alone ? u->query : NULL; s != NULL;) {
		p = find(s, strcspn(s, "&"));
		if (p != NULL && p->meaning == DONE && is_route(&front, p, s))
			return true;
		s = strchr(s, '&');
		s = s == NULL ? s : s + 1;
	}
	return false;
}

bool
view_may_be_task(const struct url *u)
{
	size_t n;
	const char *s = last_part(u, &n);

	return (is_in(tasks, s, n) && !is_reference(u, s)) ||
	       strncasecmp(s, "special:", 8) == 0 || is_deed_route(u);
}

bool
view_is_task(uint32_t words, bool code)
{
	return words < TASK_WORDS && !code;
}

/* searches_site: "/?s=words", as blogs have it, or "/search?q=words". */
static bool
searches_site(const struct url *u)
{
	size_t n;
	const char *s = last_part(u, &n);

	if (is_in(SEARCHES, s, n))
		return asks(u, sought);
	return u->query != NULL && strncmp(u->query, "s=", 2) == 0 &&
	       (strcmp(u->path, "/") == 0 ||
		   strcmp(u->path, "/index.php") == 0);
}

/* is_sure_task: by its path alone. */
static bool
is_sure_task(const struct url *u)
{
	size_t n;
	const char *s = last_part(u, &n);

	return is_in(sure_tasks, s, n) ||
	       (is_in(forum_tasks, s, n) &&
		   strncasecmp(s + n, ".php", 4) == 0) ||
	       (strncmp(u->path, "/wp-admin", 9) == 0 &&
		   (u->path[9] == '/' || u->path[9] == '\0'));
}

void
view_judge(struct arena *a, const struct url *u, struct view *out)
{
	*out = (struct view){.fate = FATE_PENDING};
	if (is_sure_task(u) || fills_cart(u) || is_tool(u) || searches_site(u))
		out->fate = FATE_TASK;
	else if (u->query != NULL)
		read_query(a, u, out);
}

const char *
view_amp(struct arena *a, const struct url *u)
{
	size_t n = strlen(u->path);

	n -= n > 1 && u->path[n - 1] == '/';
	if (n < 5 || u->query != NULL ||
	    strncmp(u->path + n - 4, "/amp", 4) != 0)
		return NULL;
	return arena_strndup(a, u->path, n - 3);
}
