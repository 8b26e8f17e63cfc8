/*
 * disposition: what became of a URL, and how that is told to people.
 *
 * Every URL a crawl has heard of ends as DISPOSITION_LISTED or with one of the
 * other dispositions: that is the ledger of report.json.
 */
#ifndef WORKER_CRAWL_DISPOSITION_H
#define WORKER_CRAWL_DISPOSITION_H

enum disposition {
	DISPOSITION_PENDING, /* not decided yet; none is at the end */
	DISPOSITION_LISTED,
	DISPOSITION_TWIN,      /* another spelling of a page's address */
	DISPOSITION_REDIRECT,  /* leads to another page of the site */
	DISPOSITION_CANONICAL, /* names another page as the one to use */
	DISPOSITION_SAME_TEXT, /* says word for word what another page says */
	DISPOSITION_FURTHER_PAGE, /* a further page of a list */
	DISPOSITION_VIEW,         /* a page of the site, shown another way */
	DISPOSITION_TASK,       /* a login, a cart, a search: not for reading */
	DISPOSITION_OTHER_SITE, /* of another site, or leads there */
	DISPOSITION_BAD_ADDRESS, /* nothing that could be visited */
	DISPOSITION_ROBOTS,      /* robots.txt forbids it */
	DISPOSITION_NOINDEX,     /* the page asks not to be indexed */
	DISPOSITION_EXCLUDED,    /* by a pattern of the order */
	DISPOSITION_NOT_INCLUDED,
	DISPOSITION_NOT_PAGE,   /* an image, a PDF, ...: by its name or its type
				 */
	DISPOSITION_HTTP_ERROR, /* the server answered with an error */
	DISPOSITION_FETCH_ERROR, /* there was no usable answer */
	DISPOSITION_TOO_BIG,
	DISPOSITION_PARSE_ERROR, /* too costly to read, or it broke the parser
				  */
	DISPOSITION_EMPTY,       /* no text */
	DISPOSITION_NEEDS_JAVASCRIPT, /* no text without JavaScript */
	DISPOSITION_LANGUAGE,    /* in another language than the one chosen */
	DISPOSITION_VERSION,     /* of another version than the one chosen */
	DISPOSITION_TRAP,        /* one of endless variations of a page */
	DISPOSITION_TOO_DEEP,    /* too many links away from the home page */
	DISPOSITION_OVER_LIMIT,  /* the limit of pages was reached before */
	DISPOSITION_OUT_OF_TIME, /* the time was over before */
	DISPOSITION_SITE_GONE, /* the site stopped answering before, or wants a
				  pause */
	DISPOSITION_BY_HAND,   /* a person took it out of the file */
	DISPOSITION_MAX
};

/* disposition_name: as a word for report.json, "noindex". */
const char *disposition_name(enum disposition disposition);

/* disposition_sentence: for people, "The page asks not to be indexed." */
const char *disposition_sentence(enum disposition disposition);

/*
 * disposition_summary: after a number of pages, for a sentence that sums up:
 * "ask not to be indexed".
 */
const char *disposition_summary(enum disposition disposition);

#endif
