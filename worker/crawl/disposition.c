#include "worker/crawl/disposition.h"

#include "core/log.h"

struct words {
	const char *name;
	const char *sentence;
	const char *summed; /* "3 pages ..." */
};

static const struct words words[FATE_MAX] = {
    [FATE_PENDING] = {"pending", "Not looked at yet.", "were not looked at"},
    [FATE_LISTED] = {"listed", "Listed.", "are listed"},
    [FATE_TWIN] = {"twin", "Another spelling of the address of a page.",
	"are other spellings of an address"},
    [FATE_REDIRECT] = {"redirect", "It leads to another page of the site.",
	"lead to other pages"},
    [FATE_CANONICAL] = {"canonical", "It names another page as the one to use.",
	"name another page as the one to use"},
    [FATE_SAME_TEXT] = {"same_text",
	"It says word for word what another page says.",
	"say what another page says"},
    [FATE_FURTHER] = {"further_page",
	"It is a further page of a list; only its links were read.",
	"are further pages of a list"},
    [FATE_VIEW] = {"view",
	"It shows a page of the site another way: sorted, for printing, to "
	"be edited, or as it was.",
	"show other pages another way"},
    [FATE_TASK] = {"task",
	"It is for doing something (signing in, buying, searching), not for "
	"reading.",
	"are for signing in, buying or searching"},
    [FATE_OTHER_SITE] = {"other_site",
	"It belongs to another site, or leads to one.",
	"belong or lead to other sites"},
    [FATE_ADDRESS] = {"bad_address",
	"It is no web address that can be visited.",
	"are no web addresses that can be visited"},
    [FATE_ROBOTS] = {"robots", "The site's robots.txt does not allow it.",
	"are not allowed by robots.txt"},
    [FATE_NOINDEX] = {"noindex", "The page asks not to be indexed.",
	"ask not to be indexed"},
    [FATE_EXCLUDED] = {"excluded", "An exclude pattern of the order fits it.",
	"were excluded by the order"},
    [FATE_NOT_INCLUDED] = {"not_included",
	"No include pattern of the order fits it.",
	"fit no include pattern of the order"},
    [FATE_NOT_PAGE] = {"not_page", "It is not an HTML page.",
	"are not HTML pages"},
    [FATE_HTTP] = {"http_error", "The server answered with an error.",
	"were answered with an error"},
    [FATE_FETCH] = {"fetch_error", "It could not be fetched.",
	"could not be fetched"},
    [FATE_TOO_BIG] = {"too_big", "The page is larger than the limit.",
	"are larger than the limit"},
    [FATE_PARSE] = {"parse_error", "Reading the page cost too much or failed.",
	"could not be read"},
    [FATE_EMPTY] = {"empty", "The page has no text.", "have no text"},
    [FATE_SCRIPT] = {"needs_javascript",
	"The page shows its text only with JavaScript, which is not run here.",
	"show their text only with JavaScript, which is not run here"},
    [FATE_LANGUAGE] = {"language",
	"It is in another language than the one chosen.",
	"are in other languages than the one chosen"},
    [FATE_VERSION] = {"version",
	"It is of another version of the documentation than the one kept.",
	"are of other versions than the one kept"},
    [FATE_TRAP] = {"trap", "It is one of too many variations of one page.",
	"are endless variations of a page"},
    [FATE_DEPTH] = {"too_deep", "It is too many links away from the home page.",
	"are too many links away from the home page"},
    [FATE_LIMIT] = {"over_limit", "The limit of pages was reached before it.",
	"are over the limit of pages"},
    [FATE_TIME] = {"out_of_time", "The time was over before it.",
	"were not reached in time"},
    [FATE_GONE] = {"site_gone",
	"The site stopped answering, or asked for a pause, before it.",
	"were not reached before the site stopped answering or asked for a "
	"pause"},
    [FATE_BY_HAND] = {"by_hand", "It was removed from the file by hand.",
	"were removed by hand"},
};

static const struct words *
words_of(enum fate fate)
{
	if ((unsigned)fate >= FATE_MAX)
		BUG("no such fate: %d", (int)fate);
	return &words[fate];
}

const char *
fate_name(enum fate fate)
{
	return words_of(fate)->name;
}

const char *
fate_sentence(enum fate fate)
{
	return words_of(fate)->sentence;
}

const char *
fate_short(enum fate fate)
{
	return words_of(fate)->summed;
}
