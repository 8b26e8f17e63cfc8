/*
 * fate: what became of a URL, and how that is told to people.
 *
 * Every URL a crawl has heard of ends as FATE_LISTED or with one of the other
 * fates: that is the ledger of report.json.
 */
#ifndef WORKER_CRAWL_DISPOSITION_H
#define WORKER_CRAWL_DISPOSITION_H

enum fate {
	FATE_PENDING, /* not decided yet; none is at the end */
	FATE_LISTED,
	FATE_TWIN,       /* another spelling of a page's address */
	FATE_REDIRECT,   /* leads to another page of the site */
	FATE_CANONICAL,  /* names another page as the one to use */
	FATE_SAME_TEXT,  /* says word for word what another page says */
	FATE_FURTHER,    /* a further page of a list */
	FATE_VIEW,       /* a page of the site, shown another way */
	FATE_TASK,       /* a login, a cart, a search: not for reading */
	FATE_OTHER_SITE, /* of another site, or leads there */
	FATE_ADDRESS,    /* nothing that could be visited */
	FATE_ROBOTS,     /* robots.txt forbids it */
	FATE_NOINDEX,    /* the page asks not to be indexed */
	FATE_EXCLUDED,   /* by a pattern of the order */
	FATE_NOT_INCLUDED,
	FATE_NOT_PAGE, /* an image, a PDF, ...: by its name or its type */
	FATE_HTTP,     /* the server answered with an error */
	FATE_FETCH,    /* there was no usable answer */
	FATE_TOO_BIG,
	FATE_PARSE,    /* too costly to read, or it broke the parser */
	FATE_EMPTY,    /* no text */
	FATE_SCRIPT,   /* no text without JavaScript */
	FATE_LANGUAGE, /* in another language than the one chosen */
	FATE_VERSION,  /* of another version than the one chosen */
	FATE_TRAP,     /* one of endless variations of a page */
	FATE_DEPTH,    /* too many links away from the home page */
	FATE_LIMIT,    /* the limit of pages was reached before */
	FATE_TIME,     /* the time was over before */
	FATE_GONE,     /* the site stopped answering before, or wants a pause */
	FATE_BY_HAND,  /* a person took it out of the file */
	FATE_MAX
};

/* fate_name: as a word for report.json, "noindex". */
const char *fate_name(enum fate fate);

/* fate_sentence: for people, "The page asks not to be indexed." */
const char *fate_sentence(enum fate fate);

/*
 * fate_short: after a number of pages, for a sentence that sums up: "ask not
 * to be indexed".
 */
const char *fate_short(enum fate fate);

#endif
