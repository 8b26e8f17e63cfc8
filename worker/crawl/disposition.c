#include "worker/crawl/disposition.h"

#include "core/log.h"

struct disposition_words {
	const char *name;
	const char *sentence;
	const char *summed; /* "3 pages ..." */
};

static const struct disposition_words words[DISPOSITION_MAX] = {
    [DISPOSITION_PENDING] = {"pending", "Not looked at yet.",
	"were not looked at"},
    [DISPOSITION_LISTED] = {"listed", "Listed.", "are listed"},
    [DISPOSITION_TWIN] = {"twin", "Another spelling of the address of a page.",
	"are other spellings of an address"},
    [DISPOSITION_REDIRECT] = {"redirect",
	"It leads to another page of the site.", "lead to other pages"},
    [DISPOSITION_CANONICAL] = {"canonical",
	"It names another page as the one to use.",
	"name another page as the one to use"},
    [DISPOSITION_SAME_TEXT] = {"same_text",
	"It says word for word what another page says.",
	"say what another page says"},
    [DISPOSITION_FURTHER_PAGE] = {"further_page",
	"It is a further page of a list; only its links were read.",
	"are further pages of a list"},
    [DISPOSITION_VIEW] = {"view",
	"It shows a page of the site another way: sorted, for printing, to "
	"be edited, or as it was.",
	"show other pages another way"},
    [DISPOSITION_TASK] = {"task",
	"It is for doing something (signing in, buying, searching), not for "
	"reading.",
	"are for signing in, buying or searching"},
    [DISPOSITION_OTHER_SITE] = {"other_site",
	"It belongs to another site, or leads to one.",
	"belong or lead to other sites"},
    [DISPOSITION_BAD_ADDRESS] = {"bad_address",
	"It is no web address that can be visited.",
	"are no web addresses that can be visited"},
    [DISPOSITION_ROBOTS] = {"robots",
	"The site's robots.txt does not allow it.",
	"are not allowed by robots.txt"},
    [DISPOSITION_NOINDEX] = {"noindex", "The page asks not to be indexed.",
	"ask not to be indexed"},
    [DISPOSITION_EXCLUDED] = {"excluded",
	"An exclude pattern of the order fits it.",
	"were excluded by the order"},
    [DISPOSITION_NOT_INCLUDED] = {"not_included",
	"No include pattern of the order fits it.",
	"fit no include pattern of the order"},
    [DISPOSITION_NOT_PAGE] = {"not_page", "It is not an HTML page.",
	"are not HTML pages"},
    [DISPOSITION_HTTP_ERROR] = {"http_error",
	"The server answered with an error.", "were answered with an error"},
    [DISPOSITION_FETCH_ERROR] = {"fetch_error", "It could not be fetched.",
	"could not be fetched"},
    [DISPOSITION_TOO_BIG] = {"too_big", "The page is larger than the limit.",
	"are larger than the limit"},
    [DISPOSITION_PARSE_ERROR] = {"parse_error",
	"Reading the page cost too much or failed.", "could not be read"},
    [DISPOSITION_EMPTY] = {"empty", "The page has no text.", "have no text"},
    [DISPOSITION_NEEDS_JAVASCRIPT] = {"needs_javascript",
	"The page shows its text only with JavaScript, which is not run here.",
	"show their text only with JavaScript, which is not run here"},
    [DISPOSITION_LANGUAGE] = {"language",
	"It is in another language than the one chosen.",
	"are in other languages than the one chosen"},
    [DISPOSITION_VERSION] = {"version",
	"It is of another version of the documentation than the one kept.",
	"are of other versions than the one kept"},
    [DISPOSITION_TRAP] = {"trap",
	"It is one of too many variations of one page.",
	"are endless variations of a page"},
    [DISPOSITION_TOO_DEEP] = {"too_deep",
	"It is too many links away from the home page.",
	"are too many links away from the home page"},
    [DISPOSITION_OVER_LIMIT] = {"over_limit",
	"The limit of pages was reached before it.",
	"are over the limit of pages"},
    [DISPOSITION_OUT_OF_TIME] = {"out_of_time", "The time was over before it.",
	"were not reached in time"},
    [DISPOSITION_SITE_GONE] = {"site_gone",
	"The site stopped answering, or asked for a pause, before it.",
	"were not reached before the site stopped answering or asked for a "
	"pause"},
    [DISPOSITION_BY_HAND] = {"by_hand", "It was removed from the file by hand.",
	"were removed by hand"},
};

static const struct disposition_words *
disposition_words_of(enum disposition disposition)
{
	if ((unsigned)disposition >= DISPOSITION_MAX)
		BUG("no such fate: %d", (int)disposition);
	return &words[disposition];
}

const char *
disposition_name(enum disposition disposition)
{
	return disposition_words_of(disposition)->name;
}

const char *
disposition_sentence(enum disposition disposition)
{
	return disposition_words_of(disposition)->sentence;
}

const char *
disposition_summary(enum disposition disposition)
{
	return disposition_words_of(disposition)->summed;
}
