/*
 * catalog: sentences for people in their language.
 *
 * The id of a sentence is its English text, as in GNU gettext.  po/LANG.po has
 * the translations; tools/po.pl compiles them in.  xgettext finds the ids by
 * N_() and by the functions that Makefile lists (make pot).
 */
#ifndef CORE_CATALOG_H
#define CORE_CATALOG_H

#include <stddef.h>

/* N_: marks a literal as a sentence for people; catalog_text shows it. */
#define N_(id) id

struct catalog_entry {
	const char *id;
	const char *text;
};

/* One language other than English. */
struct catalog {
	const char *lang;                    /* "de", "pt-BR" (RFC 5646) */
	const struct catalog_entry *entries; /* in the order of their ids */
	size_t n;
};

extern const struct catalog catalogs[]; /* ended by lang NULL */

/*
 * catalog_language: of a list as Accept-Language has it, without weights and
 * the dearest first ("de-AT,de,en"), the first language that there is a catalog
 * of (or that it is a variant of), or English; "en" where there is none.
 */
const char *catalog_language(const char *list);

/* catalog_text: id in that language, or id itself where nothing is known. */
const char *catalog_text(const char *lang, const char *id);

#endif
