/*
 * llms_edits: what a person changed in a generated llms.txt, in a form that
 * outlives the file.
 *
 * Edits are kept by URL, each with the words that were generated when it was
 * made ("was") and those that replace them ("is").  Applied to the next file of
 * the site they override the generator; where the generated words have changed
 * since, that is reported as a conflict.  Applied to the file they were made
 * from, they give the edited file to the byte (in its one form, llms_print).
 */
#ifndef CORE_LLMS_EDITS_H
#define CORE_LLMS_EDITS_H

#include "core/llms_parse.h"
#include "core/rc.h"

#include <stdbool.h>

struct arena;
struct json_object;

/* is == NULL: not edited.  was may be NULL: nothing was there. */
struct llms_text_edit {
	const char *is, *was;
};

enum llms_edit_kind { LLMS_EDITED, LLMS_ADDED, LLMS_REMOVED };

struct llms_edit {
	enum llms_edit_kind kind;
	const char *url;
	struct llms_text_edit title, text, section;
	/* With section.is: the URL of the line before; "": it is the first. */
	const char *after;
	/* Added beside its twin (llms_twin_key): stays a line of its own. */
	bool alone;
};

struct llms_section_edit {
	struct llms_text_edit name; /* was == NULL: not renamed */
	const char *after; /* name before; "": the first; NULL: not moved */
};

struct llms_edits {
	struct llms_text_edit title, summary;
	const char *
	    *info; /* paragraphs in place of was_info; NULL: not edited */
	size_t ninfo;
	const char **was_info;
	size_t nwas_info;
	struct llms_section_edit *sections; /* in the order of the file */
	size_t nsections;
	struct llms_edit
	    *links; /* in the order of the file, removed ones last */
	size_t nlinks;
};

/* llms_edits_count: how many there are. */
size_t llms_edits_count(const struct llms_edits *e);

/*
 * llms_edits_derive: what was edited from generated to edited, both valid.
 * shown is the file that the person had before them (generated, with old
 * applied); an old edit stays where the person left its line alone.  out
 * borrows from all of them.
 */
void llms_edits_derive(struct arena *a, const struct llms_file *generated,
    const struct llms_file *shown, const struct llms_file *edited,
    const struct llms_edits *old, struct llms_edits *out);

/*
 * llms_twin_key: the URL without its scheme and "www.": equal for addresses
 * that a site moves between.  It points into url.
 */
const char *llms_twin_key(const char *url);

/*
 * llms_edits_rebase: out is e for a generated file whose site may have moved
 * (http and https, "www." and without): the edits name the URLs that their
 * pages have there.  Derive and apply do it themselves.  It borrows from both.
 */
void llms_edits_rebase(struct arena *a, const struct llms_file *generated,
    const struct llms_edits *e, struct llms_edits *out);

/* An edit that holds although other words were generated since. */
struct llms_conflict {
	const char *url;       /* NULL: of the file itself */
	const char *what;      /* "title", "description", "section", "summary",
				  "information" */
	const char *was, *now; /* generated, then and now */
	const char *is;        /* what stands in the file */
};

struct llms_edits_outcome {
	size_t applied;                  /* edits that hold */
	struct llms_conflict *conflicts; /* in the order of the edits */
	size_t nconflicts;
	const struct llms_edit **orphaned; /* their lines are gone */
	size_t norphaned;
};

/*
 * llms_edits_apply: out is generated with the edits; it borrows from both.
 * It may have become invalid (no link is left): check it.
 */
void llms_edits_apply(struct arena *a, const struct llms_file *generated,
    const struct llms_edits *e, struct llms_file *out,
    struct llms_edits_outcome *outcome);

/*
 * llms_edits_json: {"version":1, "title","summary","information":{is,was},
 * "sections":[{is,was,after}], "links":[{url,kind,title,description,section:
 * {is,was},after,alone}]}; what is not edited is left out.  The caller owns it.
 */
struct json_object *llms_edits_json(const struct llms_edits *e);

/*
 * llms_edits_read: strings are borrowed from o.  E_INPUT: it was not made by
 * llms_edits_json.
 */
MUST_CHECK enum rc llms_edits_read(
    struct arena *a, struct json_object *o, struct llms_edits *out);

#endif
