#include "worker/crawl/view.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/url.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* A page called "search" with more words than this is about searching. */
#define TASK_WORDS 300

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
    "my-account myaccount wishlist search search-results searchresults "
    "advanced-search advancedsearch advsearch suche recherche unsubscribe ";
/* So without any doubt. */
static const char sure_tasks[] = " wp-login wp-signup wp-register ";
/* Scripts of forums; without their ending these are words as others. */
static const char forum_tasks[] =
    " ucp mcp posting newreply newthread viewonline ";
/* Values of what is switched on or off. */
static const char switches[] =
    " 0 1 2 true false yes no y n on off print amp mobile friendly pdf ";
/* What is done to a cart, as the part after it. */
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

/* read_query: what is done counts more than what is shown. */
static void
read_query(struct arena *a, const struct url *u, struct view *out)
{
	const char *sep = "?";
	bool past = false;
	struct buf page;

	buf_init(&page, URL_MAX_BYTES);
	buf_adds(&page, u->path);
	for (const char *s = u->query; s != NULL;) {
		size_t n = strcspn(s, "&");
		const struct parameter *p = find(s, n);

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

/* fills_cart: "/cart/add/17": each visit would put something in. */
static bool
fills_cart(const struct url *u)
{
	for (const char *s = u->path; *s == '/';) {
		size_t n = strcspn(++s, "/"), m;

		if (is_in(carts, s, n) && s[n] == '/') {
			m = strcspn(s + n + 1, "/");
			if (is_in(cart_deeds, s + n + 1, m))
				return true;
		}
		s += n;
	}
	return false;
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

bool
view_may_be_task(const struct url *u)
{
	size_t n;
	const char *s = last_part(u, &n);

	return is_in(tasks, s, n) || strncasecmp(s, "special:", 8) == 0;
}

bool
view_is_task(uint32_t words)
{
	return words < TASK_WORDS;
}

/* searches_site: "/?s=words", as blogs have it. */
static bool
searches_site(const struct url *u)
{
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
	const char *s;
	size_t n;

	*out = (struct view){.fate = FATE_PENDING};
	s = last_part(u, &n);
	if (is_sure_task(u) || fills_cart(u) || is_tool(u) ||
	    searches_site(u) || (u->query != NULL && is_in(tasks, s, n)))
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
