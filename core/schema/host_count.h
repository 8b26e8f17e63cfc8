/*
 * host_count: what a count found out about a host, as workers write it and
 * platen-web reads it (column hosts.detail):
 *
 *	{"urls":9021,"listed":8900,
 *	 "paths":[{"pattern":"/docs/" + "**","level":1,"rest":false,"urls":70,
 *	   "listed":60}],
 *	 "languages":[{"code":"de","urls":700}],
 *	 "quote":{"at":"2026-01-02T03:04:05Z","path":"/product/item-7",
 *	   "startMs":1200,"pageMs":12.5,"models":{"ollama":{"model":"llama3.2",
 *	     "startMs":800,"pageMs":1500,"batch":16,"cut":false}}}}
 *
 * The quote is there once something was measured.  Readers trust nothing in
 * it: a worker wrote it.
 */
#ifndef CORE_SCHEMA_HOST_COUNT_H
#define CORE_SCHEMA_HOST_COUNT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct json_object;

/*
 * Pages by path.  A row belongs to the last one before it of a lower level;
 * its urls include theirs.
 */
struct host_count_path {
	const char *pattern; /* "/docs/" + "**" */
	long level;
	bool rest;   /* what is under the pattern and in no row beside it */
	long urls;   /* known pages */
	long listed; /* of them, those that are not left out for their version
			or language whatever is ordered */
};

struct host_count_language {
	const char *code; /* "de" */
	long urls;
};

/* What was measured, in milliseconds. */
struct host_count_quote {
	const char *at;   /* when, "2026-01-02T03:04:05Z"; NULL: not known */
	const char *path; /* of the page that was the sample */
	double start_ms;  /* until the first page may be fetched; < 0: not
			     known */
	double page_ms;   /* from one page to the next, fetched and read by the
			     rules of an order */
};

/* How long a model takes, which has to write the words of each page. */
struct host_count_model {
	const char *model; /* "llama3.2" */
	double start_ms;   /* until its first word */
	double page_ms;    /* for the words on one page after that */
	long batch;        /* pages that it is asked about at once */
	bool cut;          /* it was cut off: page_ms is the least it takes */
};

/* ---- writing, for workers ---- */

/* host_count_new: without paths, languages and a quote; in the arena. */
struct json_object *host_count_new(struct arena *a, size_t urls, size_t listed);

/* host_count_put_path: adds a row to a list, which the caller owns. */
void host_count_put_path(
    struct json_object *list, const struct host_count_path *p);

/* host_count_put_language: the same of a language. */
void host_count_put_language(
    struct json_object *list, const struct host_count_language *l);

/* host_count_put_lists: the lists go to the count, and are its own then. */
void host_count_put_lists(struct json_object *count, struct json_object *paths,
    struct json_object *languages);

/* host_count_put_quote: one without models. */
void host_count_put_quote(
    struct json_object *count, const struct host_count_quote *q);

/* host_count_put_model: adds the provider's model to the quote. */
void host_count_put_model(struct json_object *count, const char *provider,
    const struct host_count_model *m);

/* ---- reading, for pages; count may be NULL ---- */

/* host_count_is_complete: it has paths, as every count that ended has. */
bool host_count_is_complete(struct json_object *count);

/* host_count_urls: all pages; 0: not known. */
long host_count_urls(struct json_object *count);

size_t host_count_npaths(struct json_object *count);

/* host_count_path: the i-th row; false: it is none. */
bool host_count_path(
    struct json_object *count, size_t i, struct host_count_path *out);

/* host_count_languages: the list, which is the count's; NULL: there is none. */
struct json_object *host_count_languages(struct json_object *count);

size_t host_count_nlanguages(struct json_object *count);
void host_count_language(
    struct json_object *count, size_t i, struct host_count_language *out);

/* host_count_quote: false: nothing was measured. */
bool host_count_quote(struct json_object *count, struct host_count_quote *out);

/* host_count_model: of the provider; false: its model was not measured. */
bool host_count_model(struct json_object *count, const char *provider,
    struct host_count_model *out);

#endif
